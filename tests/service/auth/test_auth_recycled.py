"""Numbers change hands: who has one now is not who had it long ago, unless they know more."""

import pytest
from sqlalchemy import select

from services.auth.models import Consent, Document, DocumentKind
from services.auth.use_cases.consents import accepted_at, publish_document
from services.common.errors import Conflict, NotFound, Unauthenticated
from tests.service.auth.conftest import (
    DAYS,
    EMAIL,
    OTHER_PASSWORD,
    OTHER_PHONE,
    PASSWORD,
    PHONE,
    Auth,
    at_once,
    digest_of,
    refused,
)
from tests.service.conftest import NOW

LONG = 181 * DAYS


def client(auth: Auth, phone: str = PHONE, *, after: float = 0, **more: object) -> int:
    """Sign in with a code; whose account that is."""
    signed_in = auth.sign_in(auth.get_code(phone, after=after), phone, after=after, **more)
    user_id: int = signed_in["user"]["id"]
    return user_id


def publish_agreement(auth: Auth) -> tuple[int, int]:
    """The id and version of a text that everybody is asked to accept."""
    with auth.database.write() as session:
        version = publish_document(
            session,
            kind=DocumentKind.USER_AGREEMENT,
            location_id=None,
            contents={"en": "Terms"},
            is_required=False,
            now=NOW,
        )
        return session.scalars(select(Document.id)).one(), version


def test_who_proves_a_number_again_in_time_is_the_same_person(auth: Auth) -> None:
    first = client(auth)

    assert client(auth, after=179 * DAYS) == first
    assert client(auth, after=(179 + 179) * DAYS) == first


def test_after_long_a_number_is_a_new_persons_and_the_old_account_keeps_the_rest(
    auth: Auth,
) -> None:
    token = auth.sign_in(auth.get_code())["token"]
    new = client(auth, after=LONG)

    old, other = auth.users()[1], auth.users()[new]
    assert (old.phone, old.phone_proven_at, old.merged_into_id) == (None, None, None)
    assert (new, other.phone) == (2, PHONE)
    assert auth.announced("user_merged") == []
    assert not auth.is_alive(token, after=LONG)  # it was idle for too long by itself
    assert client(auth, after=LONG + 60) == new


def test_who_is_signed_in_keeps_a_number_that_was_proven_long_ago_but_it_opens_nothing(
    auth: Auth,
) -> None:
    auth.settings["session_idle_days"] = 365
    token = auth.sign_in(auth.get_code())["token"]

    def told(after: float) -> tuple[object, object]:
        user = auth.identify(token, after=after)["user"]
        return user["phone"], user["phone_is_fresh"]

    assert told(179 * DAYS) == (PHONE, True)
    assert told(LONG) == (PHONE, False)
    client(auth, after=LONG + 60, user_digest=digest_of(token))
    assert told(LONG + 61) == (PHONE, True)


def test_a_token_of_the_old_account_keeps_it(auth: Auth) -> None:
    old = client(auth)
    auth.settings["session_idle_days"] = 365
    token = auth.sign_in(auth.get_code(after=60), after=60)["token"]

    assert client(auth, after=LONG + 60, user_digest=digest_of(token)) == old
    # And the number counts as proven anew.
    assert client(auth, after=LONG + 160 * DAYS) == old


def test_a_token_that_was_signed_out_does_not(auth: Auth) -> None:
    old = client(auth)
    auth.settings["session_idle_days"] = 365
    token = auth.sign_in(auth.get_code(after=60), after=60)["token"]
    auth.worker(120).sign_out(request={"user_digest": digest_of(token)})

    assert client(auth, after=LONG + 60, user_digest=digest_of(token)) != old


def test_nor_does_the_token_of_somebody_else(auth: Auth) -> None:
    old = client(auth)
    other = auth.sign_in(auth.get_code(OTHER_PHONE, after=LONG), OTHER_PHONE, after=LONG)

    assert client(auth, after=LONG, user_digest=digest_of(other["token"])) != old


def test_the_owner_of_an_appointment_of_the_old_account_keeps_it(auth: Auth) -> None:
    old = client(auth)

    assert client(auth, after=LONG, owner_id=old) == old


def test_an_appointment_of_another_account_is_of_no_use(auth: Auth) -> None:
    client(auth)
    other = client(auth, OTHER_PHONE)

    assert client(auth, after=LONG, owner_id=other) == 3


def test_the_password_keeps_the_old_account(auth: Auth) -> None:
    user_id = auth.add_account()
    auth.take_phone(user_id, PHONE, after=60)

    assert client(auth, after=LONG + 60, password=PASSWORD) == user_id


def test_a_wrong_password_is_told_and_makes_no_new_account(auth: Auth) -> None:
    auth.take_phone(auth.add_account(), PHONE, after=60)
    code = auth.get_code(after=LONG + 60)

    with refused("password_incorrect", Unauthenticated):
        auth.sign_in(code, after=LONG + 60, password=OTHER_PASSWORD)
    assert len(auth.users()) == 1
    # The code was not used up by it.
    assert auth.sign_in(code, after=LONG + 61, password=PASSWORD)["user"]["id"] == 1


def test_an_account_with_an_email_is_entered_by_it_after_its_number_is_gone(auth: Auth) -> None:
    user_id = auth.add_account()
    auth.take_phone(user_id, PHONE, after=60)
    new = client(auth, after=LONG + 60)

    assert new != user_id
    assert (
        auth.enter(after=LONG + 61)["user"] | {"phone": None} == auth.enter(after=LONG + 62)["user"]
    )
    assert auth.enter(login=EMAIL, after=LONG + 63)["user"]["id"] == user_id


def test_whose_number_was_taken_in_good_faith_takes_it_back_from_the_empty_account(
    auth: Auth,
) -> None:
    """An honest owner who came without a second fact: they enter otherwise, and prove it again."""
    user_id = auth.add_account()
    auth.take_phone(user_id, PHONE, after=60)
    empty = client(auth, after=LONG + 60)

    auth.take_phone(user_id, PHONE, after=LONG + 1000)
    assert auth.users()[user_id].phone == PHONE
    assert auth.users()[empty].merged_into_id == user_id
    assert auth.announced("user_merged") == [{"user_id": empty, "into_user_id": user_id}]


def test_a_number_that_was_proven_long_ago_resets_no_password(auth: Auth) -> None:
    auth.take_phone(auth.add_account(), PHONE, after=60)
    worker = auth.worker(LONG + 60)
    worker.request_password_reset(request={"login": PHONE})
    code = auth.last_text(after=LONG + 60)["code"]

    with refused("account_not_found", NotFound):
        worker.reset_password(request={"login": PHONE, "code": code, "password": OTHER_PASSWORD})
    assert auth.enter(after=LONG + 61)


def test_of_many_front_ends_that_prove_an_old_number_at_once_one_account_comes(
    auth: Auth,
) -> None:
    client(auth)
    partners = range(10, 14)
    codes = {
        partner: auth.get_code(after=LONG + 61 * place, partner_id=partner)
        for place, partner in enumerate(partners)
    }
    late = LONG + 61 * 4

    def enter(place: int) -> object:
        partner = partners[place]
        return auth.sign_in(codes[partner], after=late, partner_id=partner)["user"]["id"]

    assert set(at_once(4, enter)) == {2}
    assert len(auth.users()) == 2


def test_one_person_with_two_numbers_becomes_one_account(auth: Auth) -> None:
    first, token = client(auth), auth.sign_in(auth.get_code(after=60), after=60)["token"]
    second = client(auth, OTHER_PHONE, after=60)
    auth.change(first, name="Anna")

    shown = auth.take_phone(second, PHONE, after=200)
    assert (shown["phone"], shown["name"]) == (PHONE, "Anna")
    gone = auth.users()[first]
    assert (gone.phone, gone.name, gone.merged_into_id) == (None, "", second)
    assert auth.announced("user_merged") == [{"user_id": first, "into_user_id": second}]
    assert not auth.is_alive(token, after=201)


def test_a_merge_forgets_nothing(auth: Auth) -> None:
    """Neither what was agreed to, nor that no messages are wanted."""
    document_id, version = publish_agreement(auth)
    merged, kept = client(auth), client(auth, OTHER_PHONE)
    auth.change(merged, notifications_enabled=False)
    with auth.database.write() as session:
        session.add(
            Consent(
                document_id=document_id,
                recipient=PHONE,
                user_id=merged,
                partner_id=1,
                given_at=NOW,
                proven_at=NOW,
            )
        )

    auth.take_phone(kept, PHONE, after=200)
    assert auth.users()[kept].notifications_enabled is False
    assert auth.announced("user_changed")[-1] == {"user_id": kept, "notifications_enabled": False}
    with auth.database.read() as session:
        assert list(accepted_at(session, kept, None)) == [version]


def test_the_number_of_an_account_that_can_prove_itself_is_refused_once_it_is_proven(
    auth: Auth,
) -> None:
    other = auth.add_account()
    auth.take_phone(other, PHONE, after=60)
    user_id = client(auth, OTHER_PHONE, after=60)

    worker = auth.signed_in_worker(user_id, 200)
    sent = worker.request_phone_change(request={"phone": PHONE})
    assert sent == worker.request_phone_change(request={"phone": "+33612345670"})
    code = auth.text(auth.sent()[-2].data["challenge_id"], after=200)["code"]
    with refused("code_incorrect"):
        auth.change(user_id, after=200, phone=PHONE, phone_code="000000")
    with pytest.raises(Conflict) as told:
        auth.change(user_id, after=200, phone=PHONE, phone_code=code)
    assert told.value.code == "phone_of_another_account"
    assert auth.users()[user_id].phone == OTHER_PHONE
    assert auth.users()[other].phone == PHONE


def test_an_old_number_of_an_account_that_can_prove_itself_is_let_go(auth: Auth) -> None:
    other = auth.add_account()
    auth.take_phone(other, PHONE, after=60)
    user_id = client(auth, OTHER_PHONE, after=LONG)

    auth.take_phone(user_id, PHONE, after=LONG + 61)
    assert auth.users()[user_id].phone == PHONE
    assert (auth.users()[other].phone, auth.users()[other].email) == (None, EMAIL)


def test_two_who_want_each_others_numbers_at_once_end_as_one(auth: Auth) -> None:
    ids = [client(auth), client(auth, OTHER_PHONE)]
    wanted = [OTHER_PHONE, PHONE]
    codes = []
    for user_id, phone in zip(ids, wanted, strict=True):
        auth.signed_in_worker(user_id, 100).request_phone_change(request={"phone": phone})
        codes.append(auth.last_text(after=100)["code"])

    at_once(
        2,
        lambda place: auth.change(
            ids[place], after=101, phone=wanted[place], phone_code=codes[place]
        ),
    )
    users = auth.users()
    assert sum(user.merged_into_id is None for user in users.values()) == 1
    assert len([user for user in users.values() if user.phone]) == 1


def test_a_code_for_one_account_changes_no_other(auth: Auth) -> None:
    first, second = client(auth), client(auth, OTHER_PHONE)
    auth.signed_in_worker(first).request_phone_change(request={"phone": "+33612345670"})
    code = auth.last_text()["code"]

    with refused("code_incorrect"):
        auth.change(second, phone="+33612345670", phone_code=code)
    with refused("code_incorrect"):
        auth.sign_in(code, "+33612345670")
