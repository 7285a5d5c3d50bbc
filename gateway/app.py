"""The gateway as a WSGI application, for gunicorn and for the embedded launcher alike."""

from flask import Blueprint, Flask, Response, jsonify, redirect
from flask_swagger_ui import get_swaggerui_blueprint
from werkzeug import Response as BaseResponse

from gateway import access, caching, context, cors, errors, limits, protection
from gateway.access_table import ACCESS, DEVELOPMENT_ACCESS
from gateway.openapi import create_api, document
from gateway.routes import (
    accounts,
    activities,
    activity_desk,
    agreements,
    availability,
    booking,
    calendars,
    catalogue,
    categories,
    client_notes,
    clients,
    desk,
    development,
    forms,
    holds,
    images,
    invitations,
    labels,
    link_pages,
    locations,
    loyalty,
    notifications,
    operation,
    own_places,
    own_sessions,
    partner_keys,
    photos,
    records,
    reference,
    resources,
    review_desk,
    reviews,
    schedules,
    searches,
    second_factors,
    services,
    sessions,
    staff,
    staff_passwords,
    staff_users,
    tags,
    timetables,
    visits,
    waitlist,
)
from gateway.routes import (
    settings as settings_routes,
)
from services.common.config import Settings
from services.common.rpc.client import RpcClient

LARGEST_BODY = 1024 * 1024
SUBJECTS = (
    forms,
    holds,
    locations,
    catalogue,
    availability,
    agreements,
    sessions,
    accounts,
    own_sessions,
    second_factors,
    staff_passwords,
    activities,
    booking,
    records,
    calendars,
    own_places,
    reviews,
    review_desk,
    resources,
    loyalty,
    notifications,
    desk,
    activity_desk,
    visits,
    waitlist,
    clients,
    client_notes,
    labels,
    schedules,
    services,
    categories,
    staff,
    images,
    staff_users,
    timetables,
    settings_routes,
    reference,
    searches,
    tags,
    invitations,
    partner_keys,
    operation,
)


def create_app(settings: Settings, rpc: RpcClient | None = None) -> Flask:
    """The application; AccessError when a route is not in the access table.

    Nothing is connected to before the first call.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, PROVIDE_AUTOMATIC_OPTIONS=False)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]

    client = rpc or RpcClient(settings.amqp_uri, timeout_seconds=settings.rpc_timeout_seconds)
    context.install(app, context.Gateway(settings, client))
    limits.install(app, settings)
    caching.install(app, settings)
    protection.install(app, settings)
    errors.register(app)
    _add_routes(app, settings)
    return app


def _add_routes(app: Flask, settings: Settings) -> None:
    table = dict(ACCESS)
    api = create_api(app, settings)
    for subject in SUBJECTS:
        api.register_blueprint(subject.routes)
    if settings.is_dev:
        table |= DEVELOPMENT_ACCESS
        api.register_blueprint(development.routes)
    _add_documents(app)
    access.guard(app, table)
    cors.install(app, settings, table)
    app.extensions["openapi"] = document(api, app, table)


def _add_documents(app: Flask) -> None:
    documents = Blueprint("documents", __name__)

    @documents.get("/")
    def root() -> BaseResponse:
        return redirect("/docs")

    @documents.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(app.extensions["openapi"])

    app.register_blueprint(documents)
    app.register_blueprint(link_pages.routes)
    app.register_blueprint(photos.routes)
    app.register_blueprint(
        get_swaggerui_blueprint(
            "/docs",
            "/openapi.json",
            config={"app_name": "Kabinet", "oauth2RedirectUrl": "/docs/oauth2-redirect.html"},
        )
    )
