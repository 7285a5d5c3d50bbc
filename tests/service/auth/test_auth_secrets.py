"""Codes, tokens and passwords stand in no table, no event, no log and no refusal."""

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import structlog
from sqlalchemy import select

from deploy import asyncapi
from services.auth.events import CodeRequested
from services.auth.models import Base
from services.common.config import DEVELOPMENT_SECRET
from services.common.db import PERSONAL
from services.common.errors import Refusal, to_error
from services.common.outbox import outbox
from tests.service.auth.conftest import PASSWORD, PHONE, Auth, wrong

EXAMPLE = Path(__file__).parents[2] / "contract" / "events" / "auth.code_requested.json"
REQUEST_ID = "01936d2e-7c1a-7b30-9a41-000000000001"


def envelope(auth: Auth) -> dict[str, Any]:
    """The announced event, as it would travel."""
    with auth.database.read() as session:
        told = session.scalars(select(outbox.c.envelope)).one()
    travelling: dict[str, Any] = json.loads(json.dumps(told))
    return travelling


def refusals_of(auth: Auth, code: str) -> list[dict[str, Any]]:
    """What callers are told who are refused in every way there is."""
    told = []
    for act in (
        lambda: auth.prove(wrong(code)),
        lambda: auth.sign_in(wrong(code, 2)),
        lambda: auth.prove(code, "not a phone"),
        lambda: auth.prove(code, after=10_000),
        lambda: auth.prove(code + " " * 50),
        lambda: auth.staff_sign_in("wrong " + PASSWORD),
        lambda: auth.staff_sign_in("wrong " + PASSWORD, login="\x00"),
        auth.request_code,
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        told.append(to_error(refusal.value) | {"text": repr(refusal.value)})
    return told


def test_no_secret_is_left_anywhere(
    auth: Auth, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Codes of eight digits: six of them stand by chance in some instant or digest."""
    caplog.set_level(logging.DEBUG)
    auth.database.engine.echo = "debug"
    auth.code_length = 8
    auth.add_staff()
    code = auth.get_code()
    proof = auth.prove(code)
    auth.book_with(proof["proof_id"])
    told = refusals_of(auth, code)
    later = auth.get_code(after=60)
    client, staff = auth.sign_in(later, after=61), auth.staff_sign_in()

    out, err = capfd.readouterr()
    rest = "\n".join([str(auth.dump()), json.dumps(told), caplog.text, out, err])
    assert "SELECT" in caplog.text and "challenges" in rest
    secrets = [code, later, client["token"], staff["token"], PASSWORD, DEVELOPMENT_SECRET]
    assert [one for one in secrets if one in rest] == []
    # A hash of a code is as good as the code: there are only a few to try.
    hashed = [hashlib.sha256(one.encode()).hexdigest() for one in (code, later)]
    assert [one for one in hashed if one in rest] == []


def test_no_attempt_is_remembered_as_a_command(auth: Auth) -> None:
    """The fingerprint of its request would be a hash of the code."""
    code = auth.get_code()
    request = {"phone": PHONE, "country_code": None, "code": code}
    auth.worker(command_id="key:1").prove_phone(request=request)
    auth.worker(command_id="key:2").sign_in(request=request | {"device": None})

    assert auth.count("commands") == 0


def test_the_phone_stands_in_contact_alone(auth: Auth) -> None:
    auth.request_code()
    event = envelope(auth)

    assert event["data"].pop("contact") == {"phone": PHONE, "email": None}
    assert PHONE.removeprefix("+") not in json.dumps(event)


def test_every_column_with_a_phone_is_tagged_as_personal(auth: Auth) -> None:
    auth.sign_in(auth.get_code())
    found = {
        (table, place)
        for table, rows in auth.dump().items()
        for row in rows
        for place, value in enumerate(row)
        if PHONE in str(value)
    }

    for table, place in found - {("outbox", 3)}:
        column = list(Base.metadata.tables[table].columns)[place]
        assert column.info == PERSONAL, f"{table}.{column.name}"


def test_what_is_announced_is_what_was_promised(auth: Auth) -> None:
    auth.request_code()
    document = asyncapi.document()
    payload = document["components"]["messages"]["auth.code_requested"]["payload"]
    validator = jsonschema.Draft202012Validator(
        payload | {"components": document["components"]},
        format_checker=jsonschema.FormatChecker(["date-time"]),
    )

    validator.validate(envelope(auth))
    assert CodeRequested.data_schema().validate(envelope(auth)["data"]) == {}


def test_the_committed_example_is_still_what_is_announced(auth: Auth) -> None:
    def without_chance(event: dict[str, Any]) -> dict[str, Any]:
        challenge_id = event["data"]["challenge_id"]
        assert event["subject"] == f"challenge/{challenge_id}"
        data = event["data"] | {"challenge_id": ""}
        return event | {"id": "", "time": "", "subject": "", "data": data}

    with structlog.contextvars.bound_contextvars(request_id=REQUEST_ID):
        auth.request_code()

    example = json.loads(EXAMPLE.read_text())
    assert without_chance(envelope(auth)) == without_chance(example)
