"""Reviews; the contract calls them comments, and the form for one a master_record_review."""

from collections.abc import Mapping
from typing import Any

from babel import Locale

from gateway.wire import documents as doc
from gateway.wire import money, times
from gateway.wire.catalogue import record_staff
from gateway.wire.fields import Id, Money, Request, Text, Whole, WishedDay
from gateway.wire.languages import contract_language
from gateway.wire.pages import PagedQuerySchema, page_wanted

OF_STAFF, OF_LOCATION = 1, 0
LONGEST_TEXT, LONGEST_NAME, LONGEST_REASON = 5000, 255, 1000
REVIEW_EXAMPLE: dict[str, Any] = {"rating": 5, "text": "Lovely, as ever.", "name": "Camille"}
COMMENT_EXAMPLE: dict[str, Any] = {"mark": 5, "text": "Lovely, as ever.", "name": "Camille"}
LATER_EXAMPLE: dict[str, Any] = {"hours": 24}
HIDE_EXAMPLE: dict[str, Any] = {"reason": "Insults a colleague"}
ANSWER_EXAMPLE: dict[str, Any] = {"text": "Thank you for coming!"}


class CommentSchema(doc.Answer):
    """A review of a staff member or of the location."""

    id = doc.whole()
    salon_id = doc.whole()
    type = doc.whole("1: of a staff member, 0: of the location", enum=[0, 1])
    master_id = doc.whole("0: of the location")
    text = doc.text()
    date = doc.text(example="2026-11-20 10:00:00")
    rating = doc.whole("1 to 5")
    user_id = doc.whole("Always 0: who it was is not told")
    user_name = doc.text("As the client wants to be called; null: unnamed", null=True)
    user_avatar = doc.text(doc.NOT_KEPT)
    record_id = doc.whole()
    answer = doc.text("Our own: what the business says to it, or empty")
    answered_at = doc.text("Our own", null=True)


class DeskReviewSchema(CommentSchema):
    """The same for staff."""

    hidden = doc.flag()
    hidden_reason = doc.text()


class CommentsQuerySchema(PagedQuerySchema):
    staff_id = Id(load_default=0, metadata={"description": "Only of this person; 0 is any"})
    comment_id = Id(load_default=0, metadata={"description": "Only this one; 0 is any"})
    start_date = WishedDay(load_default=None)
    end_date = WishedDay(load_default=None, metadata={"description": "With this day"})
    rating = Whole(least=0, most=5, load_default=0, metadata={"description": "0 is any"})


class DeskReviewsQuerySchema(PagedQuerySchema):
    """Which page."""


class NewCommentSchema(Request):
    mark = Whole(least=1, most=5, required=True)
    text = Text(load_default="", most=LONGEST_TEXT, lines=True)
    name = Text(load_default="", most=LONGEST_NAME, metadata={"description": "Shown to everybody"})


class NewReviewSchema(Request):
    rating = Whole(least=1, most=5, required=True)
    text = Text(load_default="", allow_none=True, most=LONGEST_TEXT, lines=True)
    name = Text(
        load_default="",
        allow_none=True,
        most=LONGEST_NAME,
        metadata={"description": "Our own: shown to everybody"},
    )
    tips_amount = Money(
        load_default=None, allow_none=True, metadata={"description": "Refused for now, except 0"}
    )
    redirect_prefix = Text(load_default="", allow_none=True, most=2000)


class LaterSchema(Request):
    hours = Whole(least=1, most=720, load_default=24)


class HideSchema(Request):
    reason = Text(required=True, most=LONGEST_REASON, lines=True)


class AnswerSchema(Request):
    text = Text(required=True, most=LONGEST_TEXT, lines=True)


class ReviewedMasterSchema(doc.Answer):
    id = doc.whole()
    name = doc.text()
    company_id = doc.whole()
    specialization = doc.text()
    rating = doc.number()
    show_rating = doc.bit()
    avatar = doc.text()
    prepaid = doc.text()
    position = doc.either(doc.titled(), doc.EMPTY_ARRAY)


class ReviewedCompanySchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    logo = doc.text()
    address = doc.text()


class ReviewedRecordSchema(doc.Answer):
    id = doc.whole()
    payed_cost = doc.number("What was agreed")
    date = doc.text(example="2026-11-20T10:00:00+01:00")


class CurrencySchema(doc.Answer):
    id = doc.whole(doc.NOT_KEPT)
    iso = doc.text(example="EUR")
    name = doc.text()
    symbol = doc.text()
    is_symbol_after_amount = doc.flag()


class AgreementLinksSchema(doc.Answer):
    terms_of_use = doc.text(doc.NOT_KEPT)
    confidentiality_agreement = doc.text(doc.NOT_KEPT)


class LanguageSchema(doc.Answer):
    id = doc.whole()
    locale = doc.text(example="fr-FR")
    iso = doc.text(example="fr")


class ReviewFormSchema(doc.Answer):
    """The form in which a client reviews one appointment."""

    favicon_url = doc.text(doc.NOT_KEPT)
    is_review_submitted = doc.flag()
    page_title = doc.text()
    master = doc.one(ReviewedMasterSchema)
    company = doc.one(ReviewedCompanySchema)
    location = doc.one(ReviewedCompanySchema, "The same as company")
    tips = doc.either(doc.EMPTY_ARRAY, about="Empty until tips can be paid")
    record = doc.one(ReviewedRecordSchema)
    currency = doc.one(CurrencySchema)
    agreement_links = doc.one(AgreementLinksSchema)
    language = doc.one(LanguageSchema)
    can_review = doc.flag("Our own")
    reason = doc.text(
        "Our own, why not: visit_not_over, visit_cancelled, visit_missed, already_reviewed",
        null=True,
    )
    ask_again_at = doc.text("Our own: when to ask, after it was put off. UTC", null=True)


class ChargeSchema(doc.Answer):
    url = doc.text("Where tips are paid; null: there is nothing to pay", null=True)


class ReviewedSchema(doc.Answer):
    """What follows a review."""

    charge = doc.one(ChargeSchema)
    review_id = doc.whole("Our own")


class PutOffSchema(doc.Answer):
    ask_again_at = doc.text("UTC, ISO 8601")


def comments_wanted(company_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of ``list_reviews``."""
    return {
        "location_id": company_id,
        "staff_id": query["staff_id"] or None,
        "review_id": query["comment_id"] or None,
        "from_day": query["start_date"],
        "to_day": query["end_date"],
        "rating": query["rating"] or None,
        **page_wanted(query),
    }


def review_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "rating": form["rating"],
        "text": form["text"] or "",
        "name": form["name"] or "",
        "with_tips": bool(form["tips_amount"]),
    }


def comment(review: Mapping[str, Any]) -> dict[str, Any]:
    """A published review in the contract's words."""
    zone = review["timezone"]
    return {
        "id": review["id"],
        "salon_id": review["location_id"],
        "type": OF_LOCATION if review["staff_id"] is None else OF_STAFF,
        "master_id": review["staff_id"] or 0,
        "text": review["text"],
        "date": times.wall(review["created_at"], zone),
        "rating": review["rating"],
        "user_id": 0,
        "user_name": review["name"] or None,
        "user_avatar": "",
        "record_id": review["appointment_id"],
        "answer": review["answer"],
        "answered_at": review["answered_at"] and times.iso(review["answered_at"], zone),
    }


def desk_review(review: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **comment(review),
        "hidden": review["hidden_at"] is not None,
        "hidden_reason": review["hidden_reason"],
    }


def review_form(form: Mapping[str, Any], *, locale: str) -> dict[str, Any]:
    """The form in the contract's words."""
    appointment = form["appointment"]
    location, staff = appointment["location"], record_staff(appointment["staff"])
    language = contract_language(form["language"])
    company = {
        "id": location["id"],
        "title": location["title"],
        "logo": form["logo_url"] or "",
        "address": location["address"] or "",
    }
    shown = ("id", "name", "specialization", "rating", "show_rating", "avatar", "position")
    return {
        "favicon_url": "",
        "is_review_submitted": form["is_submitted"],
        "page_title": location["title"],
        "master": {
            **{name: staff[name] for name in shown},
            "company_id": location["id"],
            "prepaid": "forbidden",
        },
        "company": company,
        "location": company,
        "tips": [],
        "record": {
            "id": appointment["id"],
            "payed_cost": money.amount(form["total_minor"], location["currency"]),
            "date": times.iso(appointment["starts_at"], location["timezone"]),
        },
        "currency": _currency(location["currency"], locale),
        "agreement_links": {"terms_of_use": "", "confidentiality_agreement": ""},
        "language": {"id": language["id"], "locale": language["code"], "iso": form["language"]},
        "can_review": form["refusal"] is None,
        "reason": form["refusal"],
        "ask_again_at": form["ask_again_at"],
    }


def _currency(code: str, locale: str) -> dict[str, Any]:
    spoken = Locale.parse(locale)
    return {
        "id": 0,
        "iso": code,
        "name": spoken.currencies.get(code, code),
        "symbol": money.symbol(code, locale),
        "is_symbol_after_amount": not spoken.currency_formats["standard"].pattern.startswith("¤"),
    }
