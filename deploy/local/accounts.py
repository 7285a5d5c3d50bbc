"""The account a server runs under when we are root and the server must not be."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    def owns(self, path: Path) -> None:
        """Give `path` (of which we are the owner now) to this account."""
        os.chown(path, self.uid, self.gid)


def unprivileged_account() -> Account | None:
    """Who a server should run as: an account without rights when we are root, else ourselves.

    `None` means ourselves. Refuses with `OSError` when we are root and there is no such account.
    """
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise OSError(f"no unprivileged account on this machine: none of {', '.join(_CANDIDATES)}")
