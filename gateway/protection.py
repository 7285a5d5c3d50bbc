"""Headers that tell browsers what they may do with our answers: as little as possible."""

from flask import Flask, Response, g, request

from services.common.config import Settings

# Answers are data: nothing in them is loaded, run or framed.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
# The page to try the API, which has a script of its own in it.
DOCUMENTATION_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
DOCUMENTATION = "swagger_ui.show"
A_YEAR = 365 * 24 * 3600
# What opens something without signing in must lie in no cache either.
SECRET_ARGUMENTS = frozenset({"record_hash", "token"})


def install(app: Flask, settings: Settings) -> None:
    """Protect every answer; what a route has set itself stays."""
    is_https = settings.public_url.startswith("https://") and not settings.is_dev

    def protect(response: Response) -> Response:
        headers = response.headers
        is_page = request.endpoint == DOCUMENTATION
        headers.setdefault(
            "Content-Security-Policy", DOCUMENTATION_POLICY if is_page else DATA_POLICY
        )
        headers.setdefault("X-Content-Type-Options", "nosniff")
        # Paths hold hashes that open appointments.
        headers.setdefault("Referrer-Policy", "no-referrer")
        if _is_private():
            headers.setdefault("Cache-Control", "no-store")
        if is_https:
            headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}")
        return response

    app.after_request(protect)


def _is_private() -> bool:
    return g.viewer["user_id"] is not None or bool(
        SECRET_ARGUMENTS & (request.view_args or {}).keys()
    )
