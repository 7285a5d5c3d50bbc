"""The account a server runs under when we are root and the server must not be."""

import hashlib
import os
import pwd
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_CANDIDATES = ("postgres", "nobody")
_SHARED_PARENT = Path("/var/tmp")  # noqa: S108 - what we find there is used only if it is ours


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


def reachable_folder(folder: Path, account: Account) -> Path:
    """`folder`, or a stand-in for it under /var/tmp when `account` cannot get to it.

    The home of root is closed to others, so a project that lies there has no place of its own
    for a server that must not be root. The stand-in is always the same for the same `folder`.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    if all(_may_pass(parent, account) for parent in folder.parents):
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    stand_in = _SHARED_PARENT / f"kabinet-{digest}"
    try:
        stand_in.mkdir(mode=0o700)
    except FileExistsError:
        _refuse_a_stranger(stand_in, {os.geteuid(), account.uid})
    return stand_in


def _may_pass(folder: Path, account: Account) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)


def _refuse_a_stranger(path: Path, owners: Iterable[int]) -> None:
    status = path.lstat()
    if path.is_symlink() or status.st_uid not in owners:
        raise OSError(f"{path} belongs to somebody else; remove it and start again")
