"""The client base of a business, for its staff."""

from typing import Any

from flask import Response

from gateway.context import expected_version, locale, location_facts, rpc
from gateway.openapi import Routes
from gateway.refusals import TABLE
from gateway.responses import answer, done, page
from gateway.wire import client_search as searching
from gateway.wire import clients as wire
from gateway.wire.client_search import FoundClientSchema, SearchClientsSchema
from gateway.wire.clients import (
    ChangeClientSchema,
    ClientSchema,
    ClientsQuerySchema,
    NewClientSchema,
    NewClientsSchema,
)
from gateway.wire.problems import flat, in_contract_words, reason_of, worded
from gateway.wire.shapes import CREATED_EACH, FOUND, RECORDS, TAGGED
from gateway.wire.texts import text

routes = Routes("clients", __name__, url_prefix="/api/v1", description="Clients, for staff")


@routes.get("/clients/<id:company_id>")
@routes.arguments(ClientsQuerySchema, location="query")
@routes.answers_page(ClientSchema, RECORDS)
def clients(query: dict[str, Any], company_id: int) -> Response:
    """Clients of the location's business, page by page"""
    names_money = query["paid_min"] is not None or query["paid_max"] is not None
    currency = location_facts(company_id)["currency"] if names_money else ""
    wanted = wire.clients_wanted(query, currency)
    found = rpc.call("booking", "list_clients", location_id=company_id, **wanted)
    return page(
        [_told(client) for client in found["items"]], page=wanted["page"], total=found["total"]
    )


@routes.post("/clients/<id:company_id>")
@routes.arguments(NewClientSchema, example=wire.CLIENT_EXAMPLE)
@routes.answers(ClientSchema, status=201, headers=TAGGED)
def create_client(form: dict[str, Any], company_id: int) -> Response:
    """Add a client; one who was deleted is there again"""
    request = {"location_id": company_id, **wire.client_wanted(form)}
    made = rpc.command("booking", "create_client", request=request)
    return answer(_told(made), status=201, version=made["version"])


@routes.post("/clients/<id:company_id>/bulk")
@routes.arguments(NewClientsSchema, example={"clients": [wire.CLIENT_EXAMPLE]})
@routes.answers(ClientSchema, status=201, many=True, meta=CREATED_EACH)
def create_clients(form: dict[str, Any], company_id: int) -> Response:
    """Add many clients; those who cannot be added stand in `meta.errors`, by row from 0"""
    wanted, wrong = wire.each_client_wanted(form["clients"])
    errors = [_unreadable(row, messages) for row, messages in wrong.items()]
    created: list[Any] = []
    if wanted:
        request = {"location_id": company_id, "clients": [client for _, client in wanted]}
        made = rpc.command("booking", "create_clients", request=request)
        created = made["clients"]
        rows = [row for row, _ in wanted]
        errors += [_refused(rows[error["row"]], error) for error in made["errors"]]
    errors.sort(key=lambda error: error["row"])
    return answer([_told(client) for client in created], status=201, meta={"errors": errors})


@routes.get("/client/<id:company_id>/<id:client_id>")
@routes.answers(ClientSchema, headers=TAGGED)
def client(company_id: int, client_id: int) -> Response:
    """One client"""
    found = rpc.call("booking", "get_client", location_id=company_id, client_id=client_id)
    return answer(_told(found), version=found["version"])


@routes.put("/client/<id:company_id>/<id:client_id>")
@routes.takes_version
@routes.arguments(ChangeClientSchema, example=wire.CLIENT_EXAMPLE)
@routes.answers(ClientSchema, headers=TAGGED)
def update_client(form: dict[str, Any], company_id: int, client_id: int) -> Response:
    """Change a client; what is left out stays as it is"""
    request = {
        "location_id": company_id,
        "client_id": client_id,
        "version": expected_version(),
        **wire.client_wanted(form),
    }
    changed = rpc.command("booking", "update_client", request=request)
    return answer(_told(changed), version=changed["version"])


@routes.delete("/client/<id:company_id>/<id:client_id>")
@routes.answers_nothing(status=204)
def delete_client(company_id: int, client_id: int) -> Response:
    """Delete a client; of one with appointments stays what the books need"""
    request = {"location_id": company_id, "client_id": client_id}
    rpc.command("booking", "delete_client", request=request)
    return done(204)


@routes.post("/company/<id:company_id>/clients/search")
@routes.arguments(SearchClientsSchema, example=searching.SEARCH_EXAMPLE)
@routes.answers(FoundClientSchema, many=True, meta=FOUND)
def search_clients(form: dict[str, Any], company_id: int) -> Response:
    """Clients by filters, with the fields that are asked for"""
    wanted = searching.search_wanted(form, location_facts(company_id)["currency"])
    found = rpc.call("booking", "search_clients", location_id=company_id, **wanted)
    told = [searching.found_client(client, form["fields"]) for client in found["items"]]
    return answer(told, meta={"total_count": found["total"]})


def _told(client: dict[str, Any]) -> dict[str, Any]:
    return wire.client_told(client, locale=locale())


def _unreadable(row: int, messages: Any) -> dict[str, Any]:
    fields = flat(messages)
    reason = reason_of(fields)
    return _error(row, reason if reason in TABLE else "validation_failed", fields)


def _refused(row: int, refusal: dict[str, Any]) -> dict[str, Any]:
    return _error(
        row,
        refusal["code"],
        in_contract_words(flat(refusal["fields"]), routes.name),
        refusal["params"],
    )


def _error(
    row: int, reason: str, fields: dict[str, list[str]], params: dict[str, Any] | None = None
) -> dict[str, Any]:
    known = TABLE.get(reason) or TABLE["validation_failed"]
    return {
        "row": row,
        "code": known.number,
        "reason": reason,
        "message": text(known.text or reason, locale(), params) or reason,
        "fields": worded(fields, locale()),
    }
