"""The pages that links in letters lead to.

Mail programs look at every link before people do: reading a page changes nothing,
its button does. They need no script, and nothing from elsewhere.
"""

import base64
import hashlib
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from gateway.context import locale, rpc
from gateway.errors import refused
from gateway.wire.link_pages import PURPOSES, common_words, words_of
from gateway.wire.texts import text
from services.common.errors import Invalid, Refusal, TooManyAttempts

routes = Blueprint("link_pages", __name__, template_folder="../templates")

COMMANDS = {
    "confirm": "confirm_sign_up",
    "password": "reset_password_by_link",
    "invitation": "accept_invitation",
    "staff-password": "reset_staff_password_by_link",
}
STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 26rem; margin: 10vh auto; padding: 0 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
label { display: block; margin: 1rem 0 .25rem; }
input, button { box-sizing: border-box; width: 100%; padding: .75rem; font: inherit;
  border: 1px solid #767676; border-radius: .5rem; }
button { margin-top: 1.5rem; border: 0; background: #1d4ed8; color: #fff; cursor: pointer; }
:focus-visible { outline: 3px solid #60a5fa; outline-offset: 2px; }
.error { padding: .75rem; border-left: 4px solid #dc2626; background: #dc26261a; }
"""
HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{HASH}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
PATH = f"/account/<any({', '.join(map(repr, COMMANDS))}):kind>/<token>"


@routes.get(PATH)
def show(kind: str, token: str) -> Response:
    try:
        return _form(kind, _email_of(kind, token))
    except Refusal as refusal:
        return _refused(kind, refusal)


@routes.post(PATH)
def act(kind: str, token: str) -> Response:
    wished = {"token": token, "password": request.form.get("password", "")}
    if kind == "invitation":
        wished["name"] = request.form.get("name", "")
    try:
        email = _email_of(kind, token)
    except Refusal as refusal:
        return _refused(kind, refusal)
    try:
        rpc.command("auth", COMMANDS[kind], request=wished)
    except (Invalid, TooManyAttempts) as refusal:
        return _form(kind, email, refusal)
    except Refusal as refusal:
        return _refused(kind, refusal)
    words = words_of(kind, locale())
    return _page(title=words.title, text=words.done)


def _email_of(kind: str, token: str) -> str:
    """Whose letter it was; refused when the link opens nothing."""
    shown = rpc.call("auth", "look_at_link", token=token, purpose=PURPOSES[kind])
    email: str = shown["email"]
    return email


def _form(kind: str, email: str, refusal: Refusal | None = None) -> Response:
    words = words_of(kind, locale())
    return _page(
        title=words.title,
        text=words.text.format(email=email),
        words=words,
        with_name=kind == "invitation",
        name=request.form.get("name", "")[:255],
        is_known=kind == "confirm",
        error=_text(refusal) if refusal else None,
        status=refused(refusal).status_code if refusal else 200,
    )


def _refused(kind: str, refusal: Refusal) -> Response:
    """Nothing can be done here."""
    title = words_of(kind, locale()).title
    return _page(title=title, error=_text(refusal), status=refused(refusal).status_code)


def _text(refusal: Refusal) -> str:
    return text(refusal.code, locale(), refusal.params) or common_words(locale()).refused


def _page(*, status: int = 200, **facts: Any) -> Response:
    language = locale()
    html = render_template(
        "link_page.html", language=language, style=STYLE, common=common_words(language), **facts
    )
    response = make_response(html, status)
    response.headers.update(HEADERS)
    return response
