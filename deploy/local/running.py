"""What runs as long as a ``with`` lasts."""

from abc import ABC, abstractmethod
from typing import Self


class Running(ABC):
    """Something that is started and stopped, by hand or by a `with`.

    `start` leaves nothing running when it fails.
    """

    @abstractmethod
    def start(self) -> None: ...

    @abstractmethod
    def stop(self) -> None: ...

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
