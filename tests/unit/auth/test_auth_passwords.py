"""What may be a password, and which spellings are one login."""

import pytest

from services.auth.domain.passwords import fault_of, normal_login


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", "password_too_short"),
        ("a" * 9, "password_too_short"),
        ("nine char", "password_too_short"),
        ("ten chars!", None),
        ("correct horse battery staple", None),
        ("пароль из слов", None),
        ("abcd" * 32, None),
        ("abcd" * 32 + "e", "password_too_long"),
        ("aaaaaaaaaaaa", "password_too_simple"),
        ("abcabcabcabc", "password_too_simple"),
        ("owner@example.com", "password_too_simple"),
        (" OWNER@example.com", "password_too_simple"),
    ],
)
def test_a_password_is_long_and_not_the_login(password: str, fault: str | None) -> None:
    assert fault_of(password, login="owner@example.com") == fault


@pytest.mark.parametrize(
    "typed", ["owner@example.com", " Owner@Example.COM\n", "owner @example.com"]
)
def test_capitals_and_spaces_make_no_other_login(typed: str) -> None:
    assert normal_login(typed) == "owner@example.com"
