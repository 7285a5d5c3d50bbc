"""Reviews: who may write them, when, how often, and what they do to ratings."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.booking.domain.reviews import token_of
from services.booking.models import Appointment, Business, Location, Review, StaffMember
from services.booking.use_cases import ratings, reviews
from services.common.errors import Refusal
from tests.callers import a_right
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Refused, Salon, a_person
from tests.service.conftest import at_once, tally

ANN = a_person()
BEFORE = datetime(2030, 6, 4, 8, 59, tzinfo=UTC)
AFTER = datetime(2030, 6, 4, 9, 0, tzinfo=UTC)
"""When the visit of ``a_wish`` ends: 11:00 in Paris."""


def token(booked: dict[str, Any]) -> str:
    return token_of(booked["appointment_id"], booked["hash"])


def by_link(
    salon: Salon, booked: dict[str, Any], *, now: datetime = AFTER, viewer: Any = None, **said: Any
) -> Any:
    request = {"token": token(booked), "rating": 5, **said}
    return salon.do("review_by_link", now=now, viewer=viewer, **request)


def signed_in(
    salon: Salon, staff_id: int | None, *, viewer: Any = ANN, now: datetime = AFTER, **said: Any
) -> Any:
    request = {"location_id": 1, "staff_id": staff_id, "rating": 4, **said}
    return salon.do("review_visit", viewer=viewer, now=now, **request)


def rated(salon: Salon, model: type[Any] = StaffMember, row_id: int = 1) -> tuple[float, int, int]:
    with salon.database.read() as session:
        row = session.get_one(model, row_id)
        return row.rating, row.votes_count, row.comments_count


def listed(salon: Salon, **wanted: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = salon.at_location("list_reviews", **wanted)["items"]
    return items


def mark_no_show(salon: Salon, booked: dict[str, Any]) -> None:
    told = {"location_id": 1, "appointment_id": booked["appointment_id"], "attendance": "no_show"}
    salon.do("update_appointment", viewer=salon.staff(), **told)


def test_a_review_is_shown_and_counted(salon: Salon) -> None:
    [booked] = salon.book()
    by_link(salon, booked, rating=5, text="Lovely", name="Ann")
    [told] = listed(salon)
    assert (told["rating"], told["text"], told["name"], told["staff_id"]) == (5, "Lovely", "Ann", 1)
    assert rated(salon) == rated(salon, Location) == (5.0, 1, 1)
    assert salon.read(booked)["staff"]["rating"] == 5.0
    [olga] = salon.at_location("list_bookable_staff")["staff"]
    assert (olga["rating"], olga["votes_count"], olga["comments_count"]) == (5.0, 1, 1)
    assert salon.at_location("get_location")["votes_count"] == 1


def test_a_business_may_keep_its_peoples_ratings_to_itself(salon: Salon) -> None:
    [booked] = salon.book()
    by_link(salon, booked, text="Lovely")
    salon.change(StaffMember, salon.olga, rating_shown=False)
    for told in (salon.read(booked)["staff"], salon.at_location("list_bookable_staff")["staff"][0]):
        assert told["rating_shown"] is False
        assert (told["rating"], told["votes_count"], told["comments_count"]) == (0.0, 0, 0)
    assert rated(salon) == (5.0, 1, 1)


def test_a_visit_is_reviewed_once_it_is_over(salon: Salon, refused: Refused) -> None:
    [booked] = salon.book()
    with refused("visit_not_over"):
        by_link(salon, booked, now=BEFORE)
    with refused("no_visit_to_review"):
        signed_in(salon, 1, now=BEFORE)
    by_link(salon, booked)


def test_what_did_not_take_place_is_not_reviewed(salon: Salon, refused: Refused) -> None:
    [cancelled] = salon.book()
    salon.cancel(cancelled)
    [missed] = salon.book()
    mark_no_show(salon, missed)
    with refused("visit_cancelled"):
        by_link(salon, cancelled)
    with refused("visit_missed"):
        by_link(salon, missed)
    for staff_id in (1, None):
        with refused("no_visit_to_review"):
            signed_in(salon, staff_id)


def test_a_visit_is_reviewed_once_whichever_way(salon: Salon, refused: Refused) -> None:
    [booked] = salon.book()
    by_link(salon, booked, text="Lovely")
    with refused("already_reviewed"):
        by_link(salon, booked, rating=1)
    with refused("already_reviewed"):
        signed_in(salon, 1)
    with refused("already_reviewed"):
        salon.do("put_review_off", token=token(booked), now=AFTER)
    signed_in(salon, None)
    with refused("already_reviewed"):
        signed_in(salon, None, text="More")
    assert rated(salon) == (5.0, 1, 1)
    assert rated(salon, Location) == (4.5, 2, 1)


def test_two_appointments_of_one_visit_are_one_visit(salon: Salon, refused: Refused) -> None:
    first, second = salon.book(a_wish(handle=1), a_wish(handle=2, starts_at="2030-06-04T12:00:00"))
    later = AFTER + timedelta(hours=4)
    by_link(salon, first, now=later)
    with refused("already_reviewed"):
        by_link(salon, second, now=later, text="again")


def test_a_click_more_is_the_same_review(salon: Salon) -> None:
    [booked] = salon.book()
    assert by_link(salon, booked) == by_link(salon, booked)
    assert salon.count(Review) == 1


def test_only_who_was_there_reviews_staff_and_location(salon: Salon, refused: Refused) -> None:
    salon.book()
    maria = salon.add_staff(name="Maria")
    with refused("no_visit_to_review"):
        signed_in(salon, maria)
    for staff_id in (1, None):
        with refused("no_visit_to_review"):
            signed_in(salon, staff_id, viewer=a_person(9, "+33600000000"))
    for viewer in ({}, salon.staff()):
        with refused("forbidden"):
            signed_in(salon, 1, viewer=viewer)
    with refused("staff_not_found"):
        signed_in(salon, 999)
    with refused("location_not_found"):
        signed_in(salon, 1, location_id=999)
    salon.change(Business, 1, client_accounts=False)
    with refused("no_visit_to_review"):
        signed_in(salon, 1)


@pytest.mark.parametrize("guess", ["", "1", "1-", "0-" + "0" * 32, "1-" + "0" * 32, "x" * 65])
def test_a_guessed_token_opens_nothing(salon: Salon, guess: str) -> None:
    salon.book()
    for ask in (
        lambda: salon.ask("get_review_form", token=guess),
        lambda: salon.do("review_by_link", token=guess, rating=5, now=AFTER),
        lambda: salon.do("put_review_off", token=guess, now=AFTER),
    ):
        with pytest.raises(Refusal) as told:
            ask()
        assert told.value.code in ("review_link_unknown", "validation_failed")
    assert salon.count(Review) == 0


def test_a_token_is_for_one_appointment_and_tells_nothing_of_the_hash(
    salon: Salon, refused: Refused
) -> None:
    [one] = salon.book()
    [other] = salon.book(a_wish(starts_at="2030-06-04T12:00:00"))
    assert one["hash"] not in token(one)
    swapped = token(one).replace(f"{one['appointment_id']}-", f"{other['appointment_id']}-")
    with refused("review_link_unknown"):
        salon.ask("get_review_form", token=swapped, now=AFTER)
    key_of_another = {"partner_id": 2, "partner_business_ids": [999]}
    with refused("review_link_unknown"):
        salon.see("get_review_form", key_of_another, token=token(one))


def test_the_form_says_whether_and_why_not(salon: Salon) -> None:
    [booked] = salon.book()

    def form(now: datetime = AFTER) -> tuple[bool, str | None]:
        told = salon.ask("get_review_form", token=token(booked), now=now)
        return told["is_submitted"], told["refusal"]

    assert form(BEFORE) == (False, "visit_not_over")
    assert form() == (False, None)
    asked = salon.do("put_review_off", token=token(booked), hours=48, now=AFTER)
    assert asked == {"ask_again_at": "2030-06-06T09:00:00Z"}
    assert (
        asked["ask_again_at"] == salon.ask("get_review_form", token=token(booked))["ask_again_at"]
    )
    by_link(salon, booked)
    assert form() == (True, "already_reviewed")


def test_tips_are_refused_until_something_can_be_paid(salon: Salon, refused: Refused) -> None:
    [booked] = salon.book()
    with refused("tips_unavailable"):
        by_link(salon, booked, with_tips=True)


@pytest.mark.parametrize("said", [{"rating": 0}, {"rating": 6}, {"rating": "5"}, {"text": None}])
def test_what_is_no_mark_is_refused(salon: Salon, refused: Refused, said: dict[str, Any]) -> None:
    [booked] = salon.book()
    with refused("validation_failed"):
        by_link(salon, booked, **said)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("  Ann  C. ", "Ann C."), ("", ""), ("ann@example.com", ""), ("+33 6 12 34 56 78", "")],
)
def test_no_name_is_published_that_reaches_somebody(salon: Salon, name: str, shown: str) -> None:
    [booked] = salon.book()
    by_link(salon, booked, name=name)
    assert listed(salon)[0]["name"] == shown


def test_reviews_are_found_by_what_they_are(salon: Salon) -> None:
    maria = salon.add_staff(name="Maria")
    for number, (staff_id, rating) in enumerate([(1, 5), (maria, 3), (maria, 4)]):
        day = f"2030-06-{4 + number:02}"
        [booked] = salon.book(a_wish(staff_id=staff_id, starts_at=f"{day}T10:00:00"))
        by_link(salon, booked, rating=rating, now=AFTER + timedelta(days=number))

    def ratings_of(**wanted: Any) -> list[int]:
        return [one["rating"] for one in listed(salon, **wanted)]

    assert ratings_of() == [4, 3, 5]
    assert ratings_of(staff_id=maria) == [4, 3]
    assert ratings_of(rating=5) == [5]
    assert ratings_of(review_id=1) == [5]
    assert ratings_of(from_day="2030-06-05", to_day="2030-06-05") == [3]
    assert ratings_of(page=2, page_size=2) == [5]
    assert rated(salon, row_id=maria) == (3.5, 2, 0)
    assert rated(salon, Location) == (4.0, 3, 0)


@pytest.fixture
def reviewed(salon: Salon) -> dict[str, Any]:
    [booked] = salon.book()
    by_link(salon, booked, text="Rude words")
    return {"location_id": 1, "review_id": 1}


def test_staff_hide_a_review_for_a_reason_and_show_it_again(
    salon: Salon, refused: Refused, reviewed: dict[str, Any]
) -> None:
    owner = salon.staff()
    with refused("reason_missing"):
        salon.do("hide_review", viewer=owner, **reviewed, reason=" ")
    for reason in ("Insults", "Another"):
        told = salon.do("hide_review", viewer=owner, **reviewed, reason=reason)
        assert told["hidden_reason"] == "Insults"
    assert listed(salon) == []
    assert rated(salon) == rated(salon, Location) == (0.0, 0, 0)
    [kept] = salon.see("list_reviews_for_staff", owner, location_id=1)["items"]
    assert kept["hidden_reason"] == "Insults"
    for _ in range(2):
        salon.do("show_review_again", viewer=owner, **reviewed)
    assert rated(salon) == rated(salon, Location) == (5.0, 1, 1)


def test_staff_answer_a_review(salon: Salon, reviewed: dict[str, Any]) -> None:
    salon.do("answer_review", viewer=salon.staff(), **reviewed, text="Thank you")
    assert listed(salon)[0]["answer"] == "Thank you"
    salon.do("answer_review", viewer=salon.staff(), **reviewed, text="")
    assert (listed(salon)[0]["answer"], listed(salon)[0]["answered_at"]) == ("", None)


def test_only_who_may_looks_after_reviews(
    salon: Salon, refused: Refused, reviewed: dict[str, Any]
) -> None:
    elsewhere = {**salon.staff(), "rights": [a_right(business_id=999)]}
    viewers = {"forbidden": [{}, ANN, elsewhere], "permission_missing": [salon.staff(role="staff")]}
    for code, who in viewers.items():
        for viewer in who:
            with refused(code):
                salon.do("hide_review", viewer=viewer, **reviewed, reason="x")
            with refused(code):
                salon.do("answer_review", viewer=viewer, **reviewed, text="x")
            with refused(code):
                salon.see("list_reviews_for_staff", viewer, location_id=1)
    with refused("review_not_found"):
        salon.do("hide_review", viewer=salon.staff(), **reviewed | {"review_id": 9}, reason="x")


def test_it_is_announced_without_its_words(salon: Salon) -> None:
    [booked] = salon.book()
    by_link(salon, booked, text="Lovely", name="Annie")
    event = salon.events()[-1]
    assert (event["type"], event["subject"], event["sequence"]) == ("review_created", "review/1", 1)
    assert event["data"]["has_text"] is True
    assert "Lovely" not in str(event)
    assert "Annie" not in str(event)
    assert token(booked) not in str(salon.events())


class TestAtOnce:
    @pytest.fixture
    def backend(self) -> str:
        return "postgresql"

    def test_the_same_review_fifty_times_at_once_is_one(self, salon: Salon) -> None:
        [booked] = salon.book()
        answers = at_once([lambda: by_link(salon, booked)] * 50)
        assert set(tally(answers)) <= {"done", "command_in_progress"}
        assert rated(salon) == rated(salon, Location) == (5.0, 1, 0)

    def test_of_fifty_different_ones_of_one_visit_one_counts(self, salon: Salon) -> None:
        [booked] = salon.book()
        tasks = [lambda n=n: by_link(salon, booked, text=f"No. {n}") for n in range(50)]  # type: ignore[misc]
        outcome = tally(at_once(tasks))
        assert outcome["done"] == 1
        assert set(outcome) <= {"done", "already_reviewed", "busy"}
        assert salon.count(Review) == 1

    def many(self, salon: Salon) -> list[dict[str, Any]]:
        """Twenty visits of as many people to the same person."""
        return [
            salon.book(
                a_wish(starts_at=f"2030-06-{4 + number // 9:02}T{9 + number % 9:02}:00:00"),
                client=a_client(number),
            )[0]
            for number in range(20)
        ]

    def write_all(self, salon: Salon, visits: list[dict[str, Any]]) -> float:
        later = AFTER + timedelta(days=9)
        tasks = [
            lambda one=one, n=n: by_link(salon, one, rating=1 + n % 5, now=later)  # type: ignore[misc]
            for n, one in enumerate(visits)
        ]
        return float(tally(at_once(tasks))["done"])

    def test_ratings_are_exact_however_many_review_at_once(self, salon: Salon) -> None:
        assert self.write_all(salon, self.many(salon)) == 20
        assert rated(salon) == rated(salon, Location) == (3.0, 20, 0)

    def test_without_the_locks_they_are_not(
        self, salon: Salon, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        visits = self.many(salon)
        count = ratings._store
        monkeypatch.setattr(reviews, "lock_staff", lambda *_: None)
        monkeypatch.setattr(ratings, "lock_location", lambda *_: None)

        def late(*told: Any) -> None:
            time.sleep(0.05)
            count(*told)

        monkeypatch.setattr(ratings, "_store", late)
        self.write_all(salon, visits)
        assert rated(salon)[1] < salon.count(Review) == 20

    def test_a_visit_that_is_cancelled_meanwhile_is_reviewed_before_or_not_at_all(
        self, salon: Salon
    ) -> None:
        [booked] = salon.book()
        at_desk = {"location_id": 1, "appointment_id": booked["appointment_id"]}
        owner = salon.staff()
        answers = at_once(
            [lambda: salon.do("delete_appointment", viewer=owner, now=AFTER, **at_desk)]
            + [lambda n=n: by_link(salon, booked, text=str(n)) for n in range(9)]  # type: ignore[misc]
        )
        outcome = tally(answers[1:])
        assert tally(answers[:1]) == {"done": 1}
        assert set(outcome) <= {"done", "already_reviewed", "visit_cancelled"}
        assert salon.count(Review) == outcome["done"] <= 1
        assert salon.count(Appointment) == 1
        assert rated(salon)[1] == outcome["done"]
