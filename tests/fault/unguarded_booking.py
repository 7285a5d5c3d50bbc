"""The booking service without its locks, to show what they are for. Never run it for anybody."""

import deploy.patched  # noqa: F401, I001  (before anything else)

from deploy.serve import main
from services.booking.use_cases import choice


def lock_nobody(_session: object, _staff: object) -> None:
    """Let everybody look at once."""


choice.lock_chosen = lock_nobody

if __name__ == "__main__":
    main("booking")
