"""Labels and custom fields in the contract's words."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import validate

from gateway.wire import documents as doc
from gateway.wire.fields import INVALID, Choice, Flag, Request, Several, Text
from gateway.wire.items import item_list, items
from services.common.errors import NotFound

LABEL_ENTITIES = {
    "common": "common",
    "client": "client",
    "record": "appointment",
    "activity": "class",
    "0": "common",
    "1": "client",
    "2": "appointment",
    "3": "class",
}
FIELD_ENTITIES = {"record": "appointment", "client": "client"}
KINDS = {
    "text": "Text",
    "number": "Number",
    "select": "One of a list",
    "list": "Several of a list",
    "date": "Date",
    "datetime": "Date and time",
}
LABEL_EXAMPLE: dict[str, Any] = {"title": "VIP", "color": "#f44336"}
FIELD_EXAMPLE: dict[str, Any] = {
    "code": "pet",
    "title": "Your pet",
    "type": "select",
    "values": ["cat", "dog"],
    "show_in_ui": True,
    "user_can_edit": True,
}
COLOR = r"(#[0-9a-fA-F]{3,8})?\Z"


class Color(Text):
    """As the web writes them, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=20, **kwargs)
        self.validators.append(validate.Regexp(COLOR, error=INVALID))


class ChangeLabelSchema(Request):
    """What is to change; what is left out stays as it is."""

    title = Text(least=1)
    color = Color()
    icon = Text(most=50)
    font_color = Color()


class LabelFormSchema(ChangeLabelSchema):
    title = Text(least=1, required=True)


class LabelSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    color = doc.text(example="#f44336")
    icon = doc.text()
    font_color = doc.text()
    entity = doc.text("common, client, record or activity")


class TagSchema(LabelSchema):
    class Meta:
        exclude = ("id",)


TAGS = item_list(TagSchema)


class FieldKind(Choice):
    """A type by its code, or as ``{code}``, in which it is told."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(*KINDS, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        told = value.get("code") if isinstance(value, Mapping) else value
        return super()._deserialize(told, attr, data, **kwargs)


class ChangeCustomFieldSchema(Request):
    """Code and type cannot change: answers were given to them."""

    title = Text(least=1)
    values = Several(
        Text(least=1),
        validate=validate.Length(max=100, error=INVALID),
    )
    show_in_ui = Flag()
    user_can_edit = Flag()


class CustomFieldFormSchema(ChangeCustomFieldSchema):
    code = Text(least=1, most=50, required=True)
    title = Text(least=1, required=True)
    type = FieldKind(required=True, metadata={"description": ", ".join(KINDS)})


class CustomFieldTypeSchema(doc.Answer):
    code = doc.text(example="select")
    title = doc.text()


class CustomFieldQuestionSchema(doc.Answer):
    id = doc.whole()
    code = doc.text("The key of the answer")
    title = doc.text()
    type = doc.one(CustomFieldTypeSchema)
    show_in_ui = doc.flag()
    user_can_edit = doc.flag()
    values = doc.texts("Those to choose from")


class CustomFieldSchema(doc.Answer):
    id = doc.whole()
    salon_id = doc.whole()
    custom_field = doc.one(CustomFieldQuestionSchema)


def label_entity(word: str) -> str:
    return _entity(LABEL_ENTITIES, word)


def field_entity(word: str) -> str:
    return _entity(FIELD_ENTITIES, word)


def _entity(known: Mapping[str, str], word: str) -> str:
    if word not in known:
        raise NotFound("not_found")
    return known[word]


def label_told(label: Mapping[str, Any]) -> dict[str, Any]:
    entity = next(word for word, ours in LABEL_ENTITIES.items() if ours == label["entity"])
    names = ("id", "title", "color", "icon", "font_color")
    return {**{name: label[name] for name in names}, "entity": entity}


def tags_told(labels: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return items("tag", {str(one.pop("id")): one for one in map(label_told, labels)})


def field_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    ours = {
        "code": "code",
        "title": "title",
        "type": "kind",
        "values": "choices",
        "show_in_ui": "is_shown",
        "user_can_edit": "is_editable",
    }
    return {ours[name]: value for name, value in form.items()}


def field_told(field: Mapping[str, Any], location_id: int) -> dict[str, Any]:
    return {
        "id": field["id"],
        "salon_id": location_id,
        "custom_field": {
            "id": field["id"],
            "code": field["code"],
            "title": field["title"],
            "type": {"code": field["kind"], "title": KINDS[field["kind"]]},
            "show_in_ui": field["is_shown"],
            "user_can_edit": field["is_editable"],
            "values": field["choices"],
        },
    }
