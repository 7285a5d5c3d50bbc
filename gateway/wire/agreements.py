"""Texts that people are asked to accept before a code is sent to them."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import fields, validate

from gateway.wire import documents as doc
from gateway.wire.fields import INVALID, Coded, Inner, Request, Several, Whole

KINDS = ("privacy_policy", "user_agreement")
AGREEMENT_EXAMPLE: dict[str, Any] = {"type": "privacy_policy", "version": 1}
AGREE_EXAMPLE: dict[str, Any] = {"agreements": [AGREEMENT_EXAMPLE]}


class Kind(Coded, fields.String):
    """Which text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.OneOf(KINDS, error=INVALID), **kwargs)


class AgreementSchema(Request):
    """A version of a text that somebody accepts."""

    type = Kind(required=True)
    version = Whole(required=True, least=1)


def Agreements(**kwargs: Any) -> Several:  # noqa: N802
    """The texts that somebody accepts."""
    limits = validate.Length(max=20, error=INVALID)
    return Several(Inner(AgreementSchema), validate=limits, **kwargs)


class AgreeSchema(Request):
    agreements = Agreements(required=True)


class AgreementTextSchema(doc.Answer):
    """A text, empty where there is none to accept."""

    type = doc.text(enum=list(KINDS))
    version = doc.whole("What to name when it is accepted; 0 when there is none")
    language = doc.text()
    is_required = doc.flag("Without it no code is sent")
    content = doc.text("Text or HTML, as the business wrote it")


class PrivacyPolicySchema(doc.Answer):
    agreement = doc.one(AgreementTextSchema)


class OwnAgreementSchema(AgreementTextSchema):
    """A text, and whether the signed-in client has accepted this version of it."""

    is_accepted = doc.flag()
    accepted_at = doc.text("UTC, ISO 8601", null=True)


class FormAgreementSchema(doc.Answer):
    """A text that the form asks to accept."""

    type = doc.text(enum=list(KINDS))
    version = doc.whole()
    is_required = doc.flag()


def agreements_given(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a request accepts, in our words."""
    return [{"kind": one["type"], "version": one["version"]} for one in form["agreements"] or []]


def privacy_policy(documents: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    found = [agreement(one) for one in documents if one["kind"] == "privacy_policy"]
    nothing = {
        "type": "privacy_policy",
        "version": 0,
        "language": "",
        "is_required": False,
        "content": "",
    }
    return {"agreement": found[0] if found else nothing}


def agreement(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": document["kind"],
        "version": document["version"],
        "language": document["language"],
        "is_required": document["is_required"],
        "content": document["content"],
    }


def own_agreement(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **agreement(document),
        "is_accepted": document["accepted_at"] is not None,
        "accepted_at": document["accepted_at"],
    }


def form_agreement(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": document["kind"],
        "version": document["version"],
        "is_required": document["is_required"],
    }
