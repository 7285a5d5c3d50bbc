"""Hashing passwords: argon2id, beside everything else the service does."""

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from services.auth.domain.passwords import fault_of
from services.common.bus.heavy import off_the_hub
from services.common.errors import Invalid

# One of OWASP's equals; more memory would be the largest part of the service's.
_hasher = PasswordHasher(time_cost=3, memory_cost=12_288, parallelism=1)

DECOY = (
    "$argon2id$v=19$m=12288,t=3,p=1$22Fg4b6TU0xDubYZI2Z7BA"
    "$G4H36U/WL3Y/uaFwYMwAcLWxTxSTwuYUGuVgY6oGGTo"
)
"""Stands in for the hash of a login that does not exist, so that it is refused as slowly.

Of 256 random bits that nobody has kept, so no password matches it.
"""


def checked_hash(password: str, *logins: str | None) -> str:
    """The hash of a password that may be one for these logins, else why it may not.

    It takes its time: never in a transaction.
    """
    refuse_unfit(password, *logins)
    return hash_of(password)


def refuse_unfit(password: str, *logins: str | None) -> None:
    """``password_too_short``, ``…_long`` or ``…_simple``, where it may be none for these logins."""
    for login in logins or (None,):
        if fault := fault_of(password, login=login or ""):
            raise Invalid(fault, fields={"password": fault})


def hash_of(password: str) -> str:
    return off_the_hub(_hasher.hash, _bytes_of(password))


def matches(password_hash: str, password: str) -> bool:
    try:
        return off_the_hub(_hasher.verify, password_hash, _bytes_of(password))
    except VerifyMismatchError:
        return False


def _bytes_of(password: str) -> bytes:
    """Whatever a JSON text can hold."""
    return password.encode("utf-8", errors="surrogatepass")
