"""Comments on clients, files about them, and the blacklist, for staff."""

from typing import Any

from flask import Response

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.responses import answer, done, page
from gateway.wire import client_notes as wire
from gateway.wire.client_notes import (
    BlacklistEntrySchema,
    BlacklistQuerySchema,
    BlockFormSchema,
    ClientCommentFormSchema,
    ClientCommentSchema,
)
from gateway.wire.documents import EMPTY_ARRAY
from gateway.wire.pages import page_wanted
from gateway.wire.shapes import COUNTED, RECORDS, envelope

routes = Routes(
    "client_notes", __name__, url_prefix="/api/v1", description="Comments and blacklist, for staff"
)
LARGEST_PAGE_SIZE = 200


@routes.get("/company/<id:company_id>/clients/files/<id:client_id>")
@routes.answers_bare({"oneOf": [envelope(EMPTY_ARRAY, COUNTED), EMPTY_ARRAY]})
def client_files(company_id: int, client_id: int) -> Response:
    """Files about a client: always none, for none are kept"""
    rpc.call("booking", "get_client", location_id=company_id, client_id=client_id)
    return answer([], meta={"count": 0})


@routes.get("/clients/<id:company_id>/clients/<id:client_id>/comments")
@routes.answers(ClientCommentSchema, many=True, meta=COUNTED)
def client_comments(company_id: int, client_id: int) -> Response:
    """What staff noted about a client, the newest first"""
    found = rpc.call("booking", "list_client_comments", location_id=company_id, client_id=client_id)
    told = [wire.comment_told(one) for one in found["comments"]]
    return answer(told, meta={"count": len(told)})


@routes.post("/clients/<id:company_id>/clients/<id:client_id>/comments")
@routes.arguments(ClientCommentFormSchema, example=wire.COMMENT_EXAMPLE)
@routes.answers(ClientCommentSchema, status=201)
def add_client_comment(form: dict[str, Any], company_id: int, client_id: int) -> Response:
    """Note something about a client"""
    request = {"location_id": company_id, "client_id": client_id, "text": form["text"]}
    return answer(
        wire.comment_told(rpc.command("booking", "add_client_comment", request=request)),
        status=201,
    )


@routes.delete("/clients/<id:company_id>/clients/<id:client_id>/comments/<id:comment_id>")
@routes.answers_nothing(status=204)
def delete_client_comment(company_id: int, client_id: int, comment_id: int) -> Response:
    """Take a comment back"""
    request = {"location_id": company_id, "client_id": client_id, "comment_id": comment_id}
    rpc.command("booking", "delete_client_comment", request=request)
    return done(204)


@routes.get("/company/<id:company_id>/blacklist")
@routes.arguments(BlacklistQuerySchema, location="query")
@routes.answers_page(BlacklistEntrySchema, RECORDS)
def blacklist(query: dict[str, Any], company_id: int) -> Response:
    """Who cannot book online, the newest first"""
    wanted = page_wanted(query, largest=LARGEST_PAGE_SIZE)
    found = rpc.call("booking", "list_blacklist", location_id=company_id, **wanted)
    told = [wire.blacklist_entry(one) for one in found["items"]]
    return page(told, page=wanted["page"], total=found["total"])


@routes.post("/company/<id:company_id>/blacklist")
@routes.arguments(BlockFormSchema, example=wire.BLOCK_EXAMPLE)
@routes.answers(BlacklistEntrySchema, status=201)
def block_client(form: dict[str, Any], company_id: int) -> Response:
    """Take no more online bookings of a phone or a client; once blocked, they stay so"""
    request = {"location_id": company_id, **wire.block_wanted(form)}
    return answer(
        wire.blacklist_entry(rpc.command("booking", "block_client", request=request)), status=201
    )


@routes.delete("/company/<id:company_id>/blacklist/<id:entry_id>")
@routes.answers_nothing(status=204)
def unblock_client(company_id: int, entry_id: int) -> Response:
    """Take online bookings again"""
    request = {"location_id": company_id, "entry_id": entry_id}
    rpc.command("booking", "unblock_client", request=request)
    return done(204)
