"""Consent: asked for before a code is sent, kept with who gave it, asked again when it changes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.auth.models import Consent, Document, DocumentKind
from services.auth.use_cases import codes
from services.auth.use_cases.consents import accepted_at, forget_old, publish_document
from services.common.errors import Invalid, Refusal, Unauthenticated
from tests.service.auth.conftest import (
    EMAIL,
    MINUTES,
    OTHER_PASSWORD,
    OTHER_PHONE,
    PASSWORD,
    PHONE,
    WEB,
    Auth,
    at_once,
    wrong,
)
from tests.service.conftest import NOW

POLICY, TERMS = DocumentKind.PRIVACY_POLICY, DocumentKind.USER_AGREEMENT
HERE, ELSEWHERE = 1, 2
ADDRESS = "198.51.100.7"
DAY = 24 * 60 * MINUTES


def publish(auth: Auth, kind: DocumentKind = POLICY, **changes: Any) -> int:
    details = {
        "location_id": None,
        "contents": {"en": "We keep little.", "fr": "Nous gardons peu."},
        "is_required": True,
        "now": NOW,
    }
    with auth.database.write() as session:
        return publish_document(session, kind=kind, **{**details, **changes})


def yes(*versions: int, kind: DocumentKind = POLICY) -> list[dict[str, Any]]:
    return [{"kind": kind.value, "version": version} for version in versions]


def ask(auth: Auth, agreements: Sequence[Any] = (), **more: Any) -> dict[str, Any]:
    where = {"location_id": HERE, "agreements": list(agreements), "address": ADDRESS}
    return auth.request_code(**{**where, **more})


def consents(auth: Auth) -> list[Consent]:
    with auth.database.read() as session:
        return list(session.scalars(select(Consent).order_by(Consent.id)))


def shown(auth: Auth, location_id: int = HERE, **viewer: Any) -> list[dict[str, Any]]:
    worker = auth.worker(viewer={"partner_id": WEB, "user_id": None, **viewer})
    documents: list[dict[str, Any]] = worker.list_documents(location_id=location_id)["documents"]
    return documents


def named(refusal: Refusal) -> dict[str, Any]:
    assert refusal.code == "consent_required"
    return refusal.fields


def last_code(auth: Auth) -> str:
    code: str = auth.text(auth.sent()[-1].data["challenge_id"])["code"]
    return code


def test_where_nothing_is_published_nobody_is_asked(auth):
    assert shown(auth) == []
    ask(auth)
    assert consents(auth) == []


def test_without_the_consent_no_code_is_sent_and_nothing_is_kept(auth):
    version = publish(auth)
    before = auth.dump()

    with pytest.raises(Invalid) as refused:
        ask(auth)

    assert named(refused.value) == {"agreements.privacy_policy": str(version)}
    assert auth.sent() == []
    assert auth.dump() == before


def test_a_known_phone_is_asked_like_an_unknown_one(auth):
    """And without looking at who it is: the answer tells nothing."""
    version = publish(auth)
    ask(auth, yes(version))
    auth.sign_in(last_code(auth))

    for phone in (PHONE, OTHER_PHONE):
        with auth.statements() as statements, pytest.raises(Invalid) as refused:
            ask(auth, phone=phone, after=5 * MINUTES)
        assert named(refused.value) == {"agreements.privacy_policy": str(version)}
        assert not any("FROM users" in one or "FROM consents" in one for one in statements)


def test_who_accepted_what_when_and_from_where_is_kept(auth):
    version = publish(auth)
    ask(auth, yes(version))

    [consent] = consents(auth)

    with auth.database.read() as session:
        document = session.get_one(Document, consent.document_id)
    assert (document.version, document.language) == (version, "en")
    assert (consent.recipient, consent.address, consent.given_at) == (PHONE, ADDRESS, NOW)
    assert (consent.partner_id, consent.location_id) == (WEB, HERE)
    assert (consent.user_id, consent.proven_at) == (None, None)


def test_it_counts_once_the_code_has_shown_who_it_was(auth):
    version = publish(auth)
    ask(auth, yes(version))
    code = last_code(auth)
    with pytest.raises(Invalid):
        auth.sign_in(wrong(code))
    assert consents(auth)[0].proven_at is None

    user = auth.sign_in(code, after=60)["user"]

    [consent] = consents(auth)
    assert consent.user_id == user["id"]
    assert consent.proven_at == NOW + timedelta(seconds=60)
    [accepted] = shown(auth, user_id=user["id"])
    assert accepted["accepted_at"] == NOW.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_booking_proves_it_too(auth):
    version = publish(auth)
    ask(auth, yes(version))

    auth.prove(last_code(auth))

    assert consents(auth)[0].proven_at == NOW


def test_what_was_not_proven_is_nobodys_and_is_forgotten(auth):
    """Anybody can type anybody's number."""
    version = publish(auth)
    ask(auth, yes(version), phone=OTHER_PHONE)
    ask(auth, yes(version))
    user = auth.sign_in(last_code(auth))["user"]
    assert len(consents(auth)) == 2

    viewer = {"user_id": user["id"] + 1, "phone": OTHER_PHONE}
    assert [one["accepted_at"] for one in shown(auth, **viewer)] == [None]
    forget(auth, after=2 * DAY)
    assert [consent.recipient for consent in consents(auth)] == [PHONE]


def forget(auth: Auth, *, after: float) -> None:
    with auth.database.write() as session:
        forget_old(session, now=NOW + timedelta(seconds=after))


def test_somebody_without_a_phone_has_not_accepted_what_others_without_one_have(auth):
    somebody = add_user(auth, PHONE)
    agree(auth, publish(auth), user_id=somebody, phone=None)

    assert [one["accepted_at"] for one in shown(auth, user_id=99)] == [None]


def test_the_next_owner_of_a_number_has_not_accepted_what_the_last_one_has(auth):
    version = publish(auth)
    ask(auth, yes(version))
    last = auth.sign_in(last_code(auth))["user"]["id"]

    assert [one["accepted_at"] for one in shown(auth, user_id=last, phone=PHONE)] != [None]
    assert [one["accepted_at"] for one in shown(auth, user_id=last + 1, phone=PHONE)] == [None]


def add_user(auth: Auth, phone: str) -> int:
    user_id: int = auth.sign_in(auth.get_code(phone), phone)["user"]["id"]
    return user_id


def agree(auth: Auth, version: int, *, user_id: int | None, phone: str | None = PHONE) -> Any:
    worker = auth.worker(viewer={"partner_id": WEB, "user_id": user_id, "phone": phone})
    request = {"location_id": HERE, "agreements": yes(version), "address": ADDRESS}
    return worker.agree(request=request)


def test_a_changed_text_is_asked_again(auth):
    old = publish(auth)
    ask(auth, yes(old))
    user = auth.sign_in(last_code(auth))["user"]
    new = publish(auth, contents={"en": "We keep a little more."})
    assert new > old

    with pytest.raises(Invalid) as refused:
        ask(auth, yes(old), after=5 * MINUTES)

    assert named(refused.value) == {"agreements.privacy_policy": str(new)}
    assert [one["accepted_at"] for one in shown(auth, user_id=user["id"], phone=PHONE)] == [None]
    agree(auth, new, user_id=user["id"])
    agree(auth, new, user_id=user["id"])
    [now] = shown(auth, user_id=user["id"], phone=PHONE)
    assert now["accepted_at"] is not None


def test_nobody_who_is_not_signed_in_agrees_without_a_code(auth):
    version = publish(auth)

    with pytest.raises(Unauthenticated):
        agree(auth, version, user_id=None)


def test_a_location_has_its_own_texts_and_the_installations(auth):
    general, terms = publish(auth), publish(auth, TERMS, is_required=False)
    own = publish(auth, location_id=HERE, contents={"fr": "Chez nous."})

    assert [(one["kind"], one["version"]) for one in shown(auth)] == [
        (POLICY, own),
        (TERMS, terms),
    ]
    assert [one["version"] for one in shown(auth, ELSEWHERE)] == [general, terms]
    ask(auth, yes(own))
    ask(auth, yes(general), location_id=ELSEWHERE, phone=OTHER_PHONE)


def test_the_same_code_sent_again_is_one_consent(auth):
    version = publish(auth)
    ask(auth, yes(version))
    ask(auth, yes(version), after=2 * MINUTES)

    assert len(consents(auth)) == 1


@pytest.mark.parametrize("stranger", ["first", "second"])
def test_nobody_consents_for_somebody_else(auth, stranger):
    """Who types the code has said only what every request for it says."""
    required = publish(auth)
    optional = publish(auth, TERMS, is_required=False)
    ticks = [yes(required) + yes(optional, kind=TERMS), yes(required)]
    if stranger == "second":
        ticks.reverse()
    for number, ticked in enumerate(ticks):
        ask(auth, ticked, after=number * 2 * MINUTES)
    auth.sign_in(last_code(auth), after=3 * MINUTES)

    [consent] = consents(auth)
    assert consent.proven_at is not None
    assert consent.given_at == NOW + timedelta(seconds=2 * MINUTES)


def test_fifty_at_once_for_one_phone_leave_one_consent(auth):
    version = publish(auth)

    answers = at_once(10, lambda _: ask(auth, yes(version)))

    assert sum(isinstance(answer, dict) for answer in answers) == 1
    assert len(consents(auth)) == 1


def test_an_account_by_email_needs_it_too(auth):
    """Without a location it is what holds everywhere."""
    version = publish(auth)
    publish(auth, TERMS, location_id=ELSEWHERE)
    with pytest.raises(Invalid) as refused:
        auth.sign_up()
    assert named(refused.value) == {"agreements.privacy_policy": str(version)}
    assert auth.sent() == []

    auth.sign_up(agreements=yes(version), address=ADDRESS)
    assert consents(auth)[0].proven_at is None
    auth.confirm(auth.last_text()["link_token"], after=60)

    [consent] = consents(auth)
    assert consent.user_id == auth.enter(after=61)["user"]["id"]
    assert (consent.given_at, consent.proven_at) == (NOW, NOW + timedelta(seconds=60))
    assert (consent.recipient, consent.address, consent.partner_id) == (EMAIL, ADDRESS, WEB)


def test_its_terms_are_a_version_of_the_agreement_even_where_codes_need_none(auth):
    old = publish(auth, TERMS, is_required=False)
    version = publish(auth, TERMS, is_required=False)
    for said in ([], yes(old, kind=TERMS)):
        with pytest.raises(Invalid) as refused:
            auth.sign_up(agreements=said)
        assert named(refused.value) == {"agreements.user_agreement": str(version)}
    assert auth.sent() == []
    auth.sign_up(agreements=yes(version, kind=TERMS), location_id=HERE)
    auth.confirm(auth.last_text()["link_token"])
    [consent] = consents(auth)
    assert (consent.location_id, consent.proven_at) == (HERE, NOW)


def test_who_confirms_an_account_has_accepted_what_came_with_their_password(auth):
    """Whoever else has asked for one under that address, and whatever text held then."""
    old = publish(auth, TERMS)
    auth.sign_up(agreements=yes(old, kind=TERMS))
    new = publish(auth, TERMS)
    auth.sign_up(password=OTHER_PASSWORD, agreements=yes(new, kind=TERMS), after=61)
    auth.confirm(auth.last_text(after=61)["link_token"], after=62)

    user_id = next(iter(auth.users()))
    with auth.database.read() as session:
        assert list(accepted_at(session, user_id, None)) == [old]
    with auth.database.write() as session:
        codes.forget_old(session, now=NOW + timedelta(days=3))
    assert [consent.user_id for consent in consents(auth)] == [user_id]


def test_a_wish_keeps_what_it_accepted_as_long_as_it_can_be_confirmed(auth):
    """A second request for the letter makes it last longer."""
    version = publish(auth, TERMS)
    auth.sign_up(agreements=yes(version, kind=TERMS))
    auth.sign_up(agreements=yes(version, kind=TERMS), password=OTHER_PASSWORD, after=DAY - 60)
    late = DAY + 3600
    with auth.database.write() as session:
        forget_old(session, now=NOW + timedelta(seconds=late))
    auth.confirm(auth.last_text(after=late)["link_token"], after=late)
    with auth.database.read() as session:
        assert list(accepted_at(session, next(iter(auth.users())), None)) == [version]


def test_who_is_signed_in_names_only_what_is_new(auth):
    policy = publish(auth)
    ask(auth, yes(policy))
    user_id = auth.sign_in(last_code(auth))["user"]["id"]
    terms = publish(auth, TERMS)
    worker = auth.signed_in_worker(user_id, 60)
    for _ in range(2):
        worker.agree(request={"location_id": HERE, "agreements": yes(terms, kind=TERMS)})
    assert len(consents(auth)) == 2


def enter(auth, *said, after=0.0, password=PASSWORD):
    request = {"login": EMAIL, "password": password, "location_id": HERE, "address": ADDRESS}
    return auth.worker(after).sign_in_with_password(request=request | {"agreements": list(said)})


def test_who_signs_in_with_a_password_is_asked_for_what_is_new_and_that_once(auth):
    auth.add_account()
    version = publish(auth)
    for after in range(1, 8):  # and it is no failure of the password
        with pytest.raises(Invalid) as refused:
            enter(auth, after=after)
        assert named(refused.value) == {"agreements.privacy_policy": str(version)}
    sessions = auth.count("sessions")
    with pytest.raises(Unauthenticated):  # whose password is wrong, is told nothing of it
        enter(auth, password="wrong password", after=8)

    assert enter(auth, *yes(version), after=9)["token"]
    assert enter(auth, after=10)["token"] and enter(auth, *yes(version), after=11)["token"]
    assert auth.count("sessions") == sessions + 3
    [consent] = consents(auth)
    assert (consent.location_id, consent.address, consent.recipient) == (HERE, ADDRESS, EMAIL)
    assert consent.proven_at == consent.given_at == NOW + timedelta(seconds=9)


def test_so_is_who_resets_it_with_a_code(auth):
    user_id = auth.add_account()
    version = publish(auth)
    auth.worker(100).request_password_reset(request={"login": EMAIL})
    request = {
        "login": EMAIL,
        "code": auth.last_text(after=100)["code"],
        "password": OTHER_PASSWORD,
    }
    with pytest.raises(Invalid) as refused:
        auth.worker(101).reset_password(request=request)
    assert named(refused.value)
    request["agreements"] = yes(version)
    assert auth.worker(102).reset_password(request=request)["user"]["id"] == user_id
    assert [consent.user_id for consent in consents(auth)] == [user_id]


def test_an_empty_text_is_not_published(auth):
    for contents in ({}, {"en": " "}, {"en": "text", "fr": ""}):
        with pytest.raises(Invalid, match="document_empty"):
            publish(auth, contents=contents)
