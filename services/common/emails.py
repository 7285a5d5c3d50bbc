"""E-mail addresses: one form of each, so that one account belongs to one address."""

from marshmallow import ValidationError, validate

from services.common.errors import Invalid

LONGEST = 254

_fits = validate.Length(max=LONGEST)
_is_email = validate.Email()


def normal_email(typed: str) -> str:
    """The address in small letters, or ``email_malformed``.

    By the letter of the standard capitals could matter before the @; no provider lets them.
    """
    email = typed.strip().lower()
    try:
        _fits(email)
        _is_email(email)
    except ValidationError as error:
        raise Invalid("email_malformed", fields={"email": "not an address"}) from error
    return email
