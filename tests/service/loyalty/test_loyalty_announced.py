"""What loyalty announces is what the committed examples say."""

import json
from typing import Any

import pytest

from services.loyalty.events import EVENTS, CardEvent
from tests.service.loyalty.conftest import ROOT, Chain, an_event

EXAMPLES = ROOT / "tests" / "contract" / "events"
REQUEST_ID = "01936d2e-7c1a-7b30-9a41-000000000001"


def timeless(envelope: dict[str, Any]) -> dict[str, Any]:
    return envelope | {"id": "", "time": ""}


@pytest.mark.parametrize("event", EVENTS)
def test_the_example_is_what_the_first_visit_leads_to(chain: Chain, event: CardEvent) -> None:
    chain.hear(an_event(1) | {"requestid": REQUEST_ID})

    [announced] = [one for one in chain.events() if one["type"] == event.type]
    example = json.loads((EXAMPLES / f"loyalty.{event.type}.json").read_text())
    assert timeless(announced) == timeless(example)
    assert event.data_schema().validate(announced["data"]) == {}
