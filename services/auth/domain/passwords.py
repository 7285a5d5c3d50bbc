"""What may be a password, and what a login is."""

SHORTEST, LONGEST = 10, 128


def normal_login(typed: str) -> str:
    """The one form of a login; people write theirs with capitals and stray spaces.

    An e-mail address is only made small: two letters are not one in a mailbox's name.
    """
    login = "".join(typed.split())
    return login.lower() if "@" in login else login.casefold()


def fault_of(password: str, *, login: str) -> str | None:
    """Why this cannot be the password of that login, as a stable code; None when it can.

    Length is what makes a password hard to guess; rules about capitals and signs do not.
    """
    if len(password) < SHORTEST:
        return "password_too_short"
    if len(password) > LONGEST:
        return "password_too_long"
    if len(set(password)) < 4 or normal_login(password) == normal_login(login):
        return "password_too_simple"
    return None
