"""Codes follow RFC 4226, belong to one challenge and purpose, and are read as people write them."""

from collections import Counter
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.codes import PROVE_PHONE, code_of, hotp, is_right

SECRET = "s" * 32
RFC_4226 = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split()
RFC_6238_SHA256 = {
    0x1: "46119246",
    0x23523EC: "68084774",
    0x23523ED: "67062674",
    0x273EF07: "91819424",
    0x3F940AA: "90698825",
    0x27BC86AA: "77737706",
}


@pytest.mark.parametrize(("counter", "code"), list(enumerate(RFC_4226)))
def test_codes_are_those_of_rfc_4226(counter: int, code: str) -> None:
    key = b"12345678901234567890"
    assert hotp(key, counter.to_bytes(8, "big"), digits=6, algorithm="sha1") == code


@pytest.mark.parametrize(("counter", "code"), RFC_6238_SHA256.items())
def test_with_the_longer_hash_they_are_those_of_rfc_6238(counter: int, code: str) -> None:
    key = b"12345678901234567890123456789012"
    assert hotp(key, counter.to_bytes(8, "big"), digits=8) == code


@given(st.text(min_size=1), st.uuids(), st.integers(4, 8))
def test_a_code_is_always_the_same_and_of_its_length(secret: str, challenge, length: int) -> None:
    code = code_of(secret, str(challenge), purpose=PROVE_PHONE, length=length)

    assert code == code_of(secret, str(challenge), purpose=PROVE_PHONE, length=length)
    assert len(code) == length and code.isascii() and code.isdigit()


def test_another_challenge_purpose_or_secret_has_another_code() -> None:
    def code(secret: str, challenge: str, purpose: str) -> str:
        return code_of(secret, challenge, purpose=purpose, length=8)

    challenge, other = str(uuid4()), str(uuid4())
    codes = {
        code(SECRET, challenge, PROVE_PHONE),
        code(SECRET, other, PROVE_PHONE),
        code(SECRET, challenge, "change_phone"),
        code("t" * 32, challenge, PROVE_PHONE),
    }
    assert len(codes) == 4


def test_every_digit_comes_as_often_as_any_other() -> None:
    codes = [code_of(SECRET, str(number), purpose=PROVE_PHONE, length=6) for number in range(5000)]

    for place in range(6):
        counts = Counter(code[place] for code in codes)
        assert len(counts) == 10
        assert all(400 < count < 600 for count in counts.values())


@pytest.mark.parametrize("typed", ["012345", " 012 345 ", "012-345", "12345", "٠١٢٣٤٥"])
def test_a_right_code_is_right_however_it_is_written(typed: str) -> None:
    assert is_right(typed, "012345")


@pytest.mark.parametrize(
    "typed", ["", " ", "123456", "0123450", "0012345", "01234", "abcdef", "01234\ud800"]
)
def test_a_wrong_code_is_wrong(typed: str) -> None:
    assert not is_right(typed, "012345")


def test_nothing_is_not_a_code_of_zeros() -> None:
    assert not is_right("", "000000")
    assert not is_right("x", "000000")
