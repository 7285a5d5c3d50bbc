"""Verdicts on partner keys: asked once at a time, believed for a second."""

import hashlib
import threading
from typing import Any

import pytest

from gateway.partners import PartnerKeys
from services.common.errors import Unauthenticated

PARTNER = {"id": 3, "title": "Demo"}


class Auth:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.digests: list[str] = []

    def verify(self, digest: str) -> dict[str, Any]:
        self.digests.append(digest)
        return PARTNER


def test_the_key_itself_does_not_travel():
    auth = Auth()
    assert PartnerKeys().partner_of("secret", auth.verify) == PARTNER
    assert auth.digests == [hashlib.sha256(b"secret").hexdigest()]


def test_a_verdict_is_believed_for_a_second_from_the_moment_it_was_asked_for():
    now = 100.0

    def verify_slowly(digest: str) -> dict[str, Any]:
        nonlocal now
        now += 0.6
        return auth.verify(digest)

    auth, keys = Auth(), PartnerKeys(clock=lambda: now)
    keys.partner_of("k", verify_slowly)
    now = 101.0
    keys.partner_of("k", auth.verify)
    assert len(auth.digests) == 1
    now = 101.01
    keys.partner_of("k", auth.verify)
    assert len(auth.digests) == 2


def test_keys_are_told_apart():
    auth, keys = Auth(), PartnerKeys()
    keys.partner_of("one", auth.verify)
    keys.partner_of("two", auth.verify)
    assert len(set(auth.digests)) == 2


def test_a_refusal_is_raised_and_not_remembered():
    keys = PartnerKeys()

    def refuse(digest: str) -> dict[str, Any]:
        raise Unauthenticated("partner_key_unknown")

    with pytest.raises(Unauthenticated):
        keys.partner_of("k", refuse)
    assert keys.partner_of("k", Auth().verify) == PARTNER


def test_of_many_who_ask_at_once_one_asks_auth_and_all_get_its_answer():
    keys, auth, asked, go_on = PartnerKeys(), Auth(), threading.Event(), threading.Event()

    def verify(digest: str) -> dict[str, Any]:
        asked.set()
        assert go_on.wait(5)
        return auth.verify(digest)

    answers: list[Any] = []

    def ask() -> None:
        answers.append(keys.partner_of("k", verify))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert asked.wait(5)
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert answers == [PARTNER] * 8
    assert len(auth.digests) == 1


def test_old_verdicts_do_not_pile_up():
    now = 100.0
    keys = PartnerKeys(clock=lambda: now)
    for number in range(50):
        keys.partner_of(f"k{number}", Auth().verify)
        now += 0.5
    assert len(keys._verdicts) <= 3
