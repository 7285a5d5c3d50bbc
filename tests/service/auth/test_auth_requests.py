"""Asking for a code: what is sent, what is sent again, and when nothing is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.auth.models import DocumentKind
from services.auth.use_cases import codes, throttles
from services.auth.use_cases.consents import publish_document
from services.common.errors import Invalid, NotFound, TooManyAttempts, Unauthenticated
from tests.service.auth.conftest import APP, MINUTES, OTHER_PHONE, PHONE, Auth, refused, wrong
from tests.service.conftest import NOW


def test_a_code_is_announced_and_its_text_can_be_asked_for(auth: Auth) -> None:
    answer = auth.request_code("06 12 34 56 78", country_code="fr", locale="de")

    assert answer == {
        "expires_in_seconds": 600,
        "next_send_in_seconds": 60,
        "length": 6,
    }
    [event] = auth.sent()
    [challenge] = auth.challenges()
    assert (event.source, event.type) == ("auth", "code_requested")
    assert (event.subject, event.sequence) == (f"challenge/{challenge.id}", 1)
    assert event.data == {
        "challenge_id": challenge.id,
        "purpose": "prove_phone",
        "medium": "sms",
        "locale": "de",
        "expires_at": "2030-06-03T06:10:00Z",
        "contact": {"phone": PHONE, "email": None},
    }
    text = auth.text(challenge.id)
    assert (text["recipient"], text["expires_at"]) == (PHONE, "2030-06-03T06:10:00Z")
    assert len(text["code"]) == 6 and text["code"].isdigit()


def test_without_a_language_it_is_the_calls(auth: Auth) -> None:
    auth.worker(locale="es").request_code(request={"phone": PHONE})

    assert auth.sent()[0].data["locale"] == "es"


@pytest.mark.parametrize("length", [4, 8])
def test_codes_are_as_long_as_configured(auth: Auth, length: int) -> None:
    auth.code_length = length

    assert auth.request_code()["length"] == length
    code = auth.text(auth.challenges()[0].id)["code"]
    assert len(code) == length
    assert auth.prove(code)["phone"] == PHONE


def test_a_repeated_request_sends_the_same_code_again(auth: Auth) -> None:
    first = auth.get_code()
    assert auth.get_code(after=60) == first
    assert auth.get_code(after=9 * MINUTES + 59) == first

    [challenge] = auth.challenges()
    assert [(event.subject, event.sequence) for event in auth.sent()] == [
        (f"challenge/{challenge.id}", number) for number in (1, 2, 3)
    ]


def test_the_code_of_each_message_is_good_for_ten_minutes(auth: Auth) -> None:
    code = auth.get_code()
    again = auth.request_code(after=5 * MINUTES)

    assert again["expires_in_seconds"] == 600
    assert auth.sent()[1].data["expires_at"] == "2030-06-03T06:15:00Z"
    assert auth.prove(code, after=15 * MINUTES - 1)["phone"] == PHONE


def test_after_ten_minutes_it_is_another_code(auth: Auth) -> None:
    first = auth.get_code()
    auth.request_code(after=5 * MINUTES)
    second = auth.get_code(after=10 * MINUTES)

    assert second != first
    assert len(auth.challenges()) == 2
    with refused("code_incorrect"):
        auth.prove(first, after=10 * MINUTES + 1)
    assert auth.prove(second, after=10 * MINUTES + 1)["phone"] == PHONE


def test_a_code_that_was_guessed_at_too_often_is_followed_by_another(auth: Auth) -> None:
    first = auth.get_code()
    for step in range(1, 6):
        with refused("code_incorrect"):
            auth.prove(wrong(first, step))
    second = auth.get_code(after=60)

    assert second != first
    assert auth.prove(second, after=61)["phone"] == PHONE


def test_a_used_code_is_followed_by_another(auth: Auth) -> None:
    first = auth.get_code()
    auth.sign_in(first)

    assert auth.get_code(after=60) != first


def test_a_proven_code_that_was_not_used_is_sent_again(auth: Auth) -> None:
    first = auth.get_code()
    proof = auth.prove(first)

    assert auth.get_code(after=60) == first
    assert auth.prove(first, after=61) == proof


def test_the_next_is_sent_after_a_minute(auth: Auth) -> None:
    auth.request_code()

    with refused("code_sent_recently", TooManyAttempts, seconds=60):
        auth.request_code()
    with refused("code_sent_recently", TooManyAttempts, seconds=1):
        auth.request_code(after=59.5)
    assert auth.request_code(after=60)["next_send_in_seconds"] == 60
    assert len(auth.sent()) == 2


def test_there_are_five_in_ten_minutes(auth: Auth) -> None:
    answers = [auth.request_code(after=after) for after in (0, 60, 120, 180, 240)]

    assert [answer["next_send_in_seconds"] for answer in answers] == [60, 60, 60, 60, 360]
    with refused("code_sends_used_up", TooManyAttempts, seconds=355):
        auth.request_code(after=245)
    with refused("code_sends_used_up", TooManyAttempts, seconds=1):
        auth.request_code(after=599)
    assert auth.request_code(after=600)["next_send_in_seconds"] == 60
    assert len(auth.sent()) == 6


def test_a_refused_request_changes_nothing_but_is_counted(auth: Auth) -> None:
    auth.request_code()
    before = auth.dump()

    with refused("code_sent_recently", TooManyAttempts, seconds=30):
        auth.request_code(after=30)
    after = auth.dump()
    counted = after.pop("code_decisions")
    sent = before.pop("code_decisions")
    assert [row[2:] for row in sent] == [("+3361", "sent", 1)]
    assert [row[2:] for row in counted] == [("+3361", "phone_recently", 1), ("+3361", "sent", 1)]
    assert after == before


def test_the_limits_are_the_phones_whoever_asks(auth: Auth) -> None:
    auth.request_code()

    with refused("code_sent_recently", TooManyAttempts, seconds=50):
        auth.request_code(after=10, partner_id=APP)
    assert auth.request_code(OTHER_PHONE, after=10)["next_send_in_seconds"] == 60


def test_each_partner_has_a_code_of_its_own(auth: Auth) -> None:
    code = auth.get_code()
    other = auth.get_code(after=60, partner_id=APP)

    assert other != code
    assert (
        auth.prove(code, after=61)["proof_id"]
        != (auth.prove(other, after=61, partner_id=APP)["proof_id"])
    )


def test_known_and_unknown_numbers_get_the_same_answer_for_the_same_work(auth: Auth) -> None:
    auth.sign_in(auth.get_code())
    with auth.database.write() as session:
        codes.forget_old(session, now=NOW + timedelta(days=2))
        throttles.forget_old(session, now=NOW + timedelta(days=2))
    with auth.statements() as for_known:
        known = auth.request_code(PHONE)
    with auth.statements() as for_unknown:
        unknown = auth.request_code(OTHER_PHONE)

    assert known == unknown
    assert for_known == for_unknown


@pytest.mark.parametrize(
    "phone", ["", "12", "not a phone", "+336123", "+999999999999", "٠٦١٢٣٤٥٦٧٨", "06 12 34 56 78"]
)
def test_what_is_no_phone_gets_no_code(auth: Auth, phone: str) -> None:
    before = auth.dump()

    with pytest.raises(Invalid) as refusal:
        auth.request_code(phone)
    assert refusal.value.code == "phone_malformed"
    assert auth.dump() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": None},
        {"phone": "+336\x0012345678"},
        {"phone": "6" * 51},
        {"country_code": "France"},
        {"locale": "f\x00"},
        {"locale": "f" * 21},
        {"colour": "blue"},
    ],
)
def test_a_request_of_a_wrong_shape_is_refused(auth: Auth, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        auth.worker().request_code(request={"phone": PHONE} | changes)
    assert refusal.value.code == "validation_failed"


def test_nobody_without_a_partner_gets_a_code(auth: Auth) -> None:
    with refused("partner_key_missing", Unauthenticated):
        auth.worker(viewer={}).request_code(request={"phone": PHONE})


def test_the_same_command_twice_sends_one_code(auth: Auth) -> None:
    request = {"phone": PHONE, "country_code": None, "locale": "fr"}
    first = auth.worker(command_id="key:1").request_code(request=request)
    again = auth.worker(5, command_id="key:1").request_code(request=request)

    assert again == first
    assert len(auth.sent()) == 1


def test_the_text_of_a_challenge_that_is_over_is_not_told(auth: Auth) -> None:
    code = auth.get_code()
    [challenge] = auth.challenges()

    assert auth.text(challenge.id, after=599)["code"] == code
    with refused("challenge_over", NotFound):
        auth.text(challenge.id, after=600)
    auth.sign_in(code)
    with refused("challenge_over", NotFound):
        auth.text(challenge.id)


def test_nor_that_of_one_that_nobody_can_guess_any_more(auth: Auth) -> None:
    code = auth.get_code()
    for step in range(1, 6):
        with refused("code_incorrect"):
            auth.prove(wrong(code, step))

    with refused("challenge_over", NotFound):
        auth.text(auth.challenges()[0].id)


@pytest.mark.parametrize("unknown", ["x", "0" * 36])
def test_nor_that_of_one_that_never_was(auth: Auth, unknown: str) -> None:
    with refused("challenge_over", NotFound):
        auth.text(unknown)


def test_challenges_are_forgotten_the_day_after(auth: Auth) -> None:
    auth.request_code()
    [challenge] = auth.challenges()
    a_day_after = challenge.expires_at + codes.KEPT_FOR

    with auth.database.write() as session:
        codes.forget_old(session, now=a_day_after)
    assert auth.count("challenges") == 1
    with auth.database.write() as session:
        codes.forget_old(session, now=a_day_after + timedelta(seconds=1))
    assert auth.count("challenges") == 0


@pytest.mark.parametrize("photo_folder", ["", "photos"])
def test_the_service_forgets_by_itself(auth: Auth, tmp_path: Path, photo_folder: str) -> None:
    auth.settings["photo_folder"] = photo_folder and str(tmp_path / photo_folder)
    today = (datetime.now(UTC) - NOW).total_seconds()
    with auth.database.write() as session:
        text = {"kind": DocumentKind.PRIVACY_POLICY, "location_id": None, "is_required": False}
        version = publish_document(session, **text, contents={"en": "We keep little."}, now=NOW)
    said = {"agreements": [{"kind": "privacy_policy", "version": version}]}
    auth.request_code(after=today - 91 * 86_400, **said)
    auth.request_code(after=today, **said)

    assert auth.worker().forget_old() is False
    assert [event.data["challenge_id"] for event in auth.sent()][1:] == [
        challenge.id for challenge in auth.challenges()
    ]
    for table in ("throttles", "consents", "code_decisions"):
        assert auth.count(table) == 1, table
