"""Group events, for staff: made, moved with everybody in them, called off, repeated."""

from typing import Any

from flask import Response

from gateway.context import expected_version, locale, public_base, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import activities as shown
from gateway.wire import activity_desk as wire
from gateway.wire.activities import ActivitySchema
from gateway.wire.activity_desk import (
    ChangeActivitySchema,
    DuplicateActivitySchema,
    DuplicationStrategySchema,
    NamedStrategySchema,
    NewActivitySchema,
)
from gateway.wire.shapes import ACCEPTED, COUNTED, TAGGED

routes = Routes("activity_desk", __name__, url_prefix="/api/v1", description="Group events, staff")
STRATEGIES = "/activity/<id:company_id>/duplication_strategy"


@routes.post("/activity/<id:company_id>")
@routes.arguments(NewActivitySchema, example=wire.EXAMPLE)
@routes.answers(ActivitySchema, status=201, headers=TAGGED)
def create_activity(form: dict[str, Any], company_id: int) -> Response:
    """A new group event"""
    request = {"location_id": company_id, **wire.activity_changes(form)}
    made = rpc.command("booking", "create_class", request=request)
    return answer(shown.activity(made, public_base()), status=201, version=made["version"])


@routes.put("/activity/<id:company_id>/<id:activity_id>")
@routes.takes_version
@routes.arguments(ChangeActivitySchema, example=wire.EXAMPLE)
@routes.answers(ActivitySchema, headers=TAGGED)
def change_activity(form: dict[str, Any], company_id: int, activity_id: int) -> Response:
    """Change a group event; where it goes, its records go with it"""
    request = {
        "location_id": company_id,
        "class_id": activity_id,
        "version": expected_version(),
        **wire.activity_changes(form),
    }
    changed = rpc.command("booking", "update_class", request=request)
    return answer(shown.activity(changed, public_base()), version=changed["version"])


@routes.delete("/activity/<id:company_id>/<id:activity_id>")
@routes.answers_nothing(status=202, meta=ACCEPTED)
def delete_activity(company_id: int, activity_id: int) -> Response:
    """Call a group event off, and cancel its records; called off before, it stays so"""
    request = {"location_id": company_id, "class_id": activity_id}
    rpc.command("booking", "delete_class", request=request)
    return done(202, meta={"message": "Accepted"})


@routes.post("/activity/<id:company_id>/<id:activity_id>/duplicate")
@routes.arguments(DuplicateActivitySchema, example=wire.REPEAT_EXAMPLE)
@routes.answers(ActivitySchema, status=201, many=True, meta=COUNTED)
def duplicate_activity(form: dict[str, Any], company_id: int, activity_id: int) -> Response:
    """The same event at other times: all of them or none"""
    request = {"location_id": company_id, "class_id": activity_id, **wire.copies_wanted(form)}
    made = rpc.command("booking", "repeat_class", request=request)["classes"]
    told = [shown.activity(one, public_base()) for one in made]
    return answer(told, meta={"count": len(told)}, status=201)


@routes.get(STRATEGIES)
@routes.answers(DuplicationStrategySchema, many=True, meta=COUNTED)
def strategies(company_id: int) -> Response:
    """The ways of repeating that have a name"""
    found = rpc.call("booking", "list_series_plans", location_id=company_id)["plans"]
    told = [wire.strategy_told(one, locale()) for one in found]
    return answer(told, meta={"count": len(told)})


@routes.post(STRATEGIES)
@routes.arguments(NamedStrategySchema, example=wire.STRATEGY_EXAMPLE)
@routes.answers(DuplicationStrategySchema, status=201)
def create_strategy(form: dict[str, Any], company_id: int) -> Response:
    """Give a way of repeating a name"""
    request = {"location_id": company_id, "title": form["title"], **wire.strategy_wanted(form)}
    made = rpc.command("booking", "create_series_plan", request=request)
    return answer(wire.strategy_told(made, locale()), status=201)


@routes.post(f"{STRATEGIES}/<id:strategy_id>")
@routes.arguments(NamedStrategySchema, example=wire.STRATEGY_EXAMPLE)
@routes.answers(DuplicationStrategySchema)
def change_strategy(form: dict[str, Any], company_id: int, strategy_id: int) -> Response:
    """Let it be as told from now on"""
    request = {
        "location_id": company_id,
        "plan_id": strategy_id,
        "title": form["title"],
        **wire.strategy_wanted(form),
    }
    changed = rpc.command("booking", "update_series_plan", request=request)
    return answer(wire.strategy_told(changed, locale()))


@routes.delete(f"{STRATEGIES}/<id:strategy_id>")
@routes.answers_nothing(status=202, meta=ACCEPTED)
def delete_strategy(company_id: int, strategy_id: int) -> Response:
    """Forget it; the events that were made by it stay"""
    request = {"location_id": company_id, "plan_id": strategy_id}
    rpc.command("booking", "delete_series_plan", request=request)
    return done(202, meta={"message": "Accepted"})
