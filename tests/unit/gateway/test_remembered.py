"""Answers that are remembered for a moment: asked for once at a time, believed for a second."""

import threading
from typing import Any

import pytest

from gateway.partners import digest_of, identities
from gateway.remembered import Remembered
from services.common.errors import Unauthenticated

VERDICT = {"partner": {"id": 3}, "user": None}


class Auth:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self) -> dict[str, Any]:
        self.asked += 1
        return VERDICT


def test_a_secret_travels_as_its_digest():
    assert digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_verdict_is_believed_for_a_second_from_the_moment_it_was_asked_for():
    now = 100.0

    def ask_slowly() -> dict[str, Any]:
        nonlocal now
        now += 0.6
        return auth.ask()

    auth, verdicts = Auth(), Remembered(seconds=1.0, clock=lambda: now)
    verdicts.get("k", ask_slowly)
    now = 101.0
    verdicts.get("k", auth.ask)
    assert auth.asked == 1
    now = 101.01
    verdicts.get("k", auth.ask)
    assert auth.asked == 2


def test_identities_are_believed_for_no_longer_than_a_second():
    assert identities().seconds == 1.0


def test_pairs_of_a_key_and_a_token_are_told_apart():
    auth, verdicts = Auth(), identities()
    for pair in (("p", None), ("p", "u"), ("p", "v"), ("q", "u")):
        verdicts.get(pair, auth.ask)
    assert auth.asked == 4


def test_what_is_forgotten_is_asked_for_anew():
    auth, verdicts = Auth(), identities()
    verdicts.get("k", auth.ask)
    verdicts.forget("k")
    verdicts.forget("never heard of")
    verdicts.get("k", auth.ask)
    assert auth.asked == 2


def test_a_refusal_is_raised_and_not_remembered():
    verdicts = identities()

    def refuse() -> dict[str, Any]:
        raise Unauthenticated("session_unknown")

    with pytest.raises(Unauthenticated):
        verdicts.get("k", refuse)
    assert verdicts.get("k", Auth().ask) == VERDICT


def test_of_many_who_ask_at_once_one_asks_auth_and_all_get_its_answer():
    verdicts, auth, asked, go_on = identities(), Auth(), threading.Event(), threading.Event()

    def ask() -> dict[str, Any]:
        asked.set()
        assert go_on.wait(5)
        return auth.ask()

    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(verdicts.get("k", ask))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    assert asked.wait(5)
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert answers == [VERDICT] * 8
    assert auth.asked == 1


def test_old_answers_do_not_pile_up():
    now = 100.0
    verdicts = Remembered(seconds=1.0, clock=lambda: now)
    for number in range(50):
        verdicts.get(number, Auth().ask)
        now += 0.5
    assert len(verdicts._answers) <= 3


def test_of_too_many_answers_the_oldest_are_forgotten():
    verdicts = Remembered(seconds=60.0, most=10)
    for number in range(50):
        verdicts.get(number, Auth().ask)
    assert list(verdicts._answers) == list(range(40, 50))
    auth = Auth()
    verdicts.get(49, auth.ask)
    verdicts.get(39, auth.ask)
    assert auth.asked == 1
