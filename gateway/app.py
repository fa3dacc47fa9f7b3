"""Puts the HTTP application together."""

from datetime import timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import structlog
from flask import Flask, Response, g, request
from flask.json.provider import DefaultJSONProvider
from flask_openapi3.openapi import OpenAPI

from chassis.clock import Clock
from chassis.metrics import REQUEST_SECONDS, REQUESTS
from chassis.store import Store
from gateway import refusals
from gateway.access import admit, caller, client_key
from gateway.access_codes import AccessCodes
from gateway.api import (
    attachments,
    cases,
    complaints,
    correspondence,
    data_requests,
    documents,
    events,
    health,
    ledger,
    login,
    logout,
    oidc_login,
    regions,
    reports,
    requests,
    residents,
    standards,
    status,
    tasks,
    verifications,
    webhooks,
)
from gateway.context import EXTENSION, Gateway, Readiness, Rpc
from gateway.docs import DOCUMENT, docs
from gateway.headers import set_headers
from gateway.incoming import IncomingRequest, limit_body, refuse_other_media
from gateway.oidc.provider import Provider
from gateway.oidc.tickets import Tickets
from gateway.openapi import INFO, SECURITY_SCHEMES, openapi_json
from gateway.problems import Problem, answer_with_problems, validation_problem
from gateway.scanning import Scanning
from gateway.settings import GatewaySettings
from gateway.throttle import Throttle
from gateway.tokens import Tokens

RESOURCES = (
    standards,
    regions,
    attachments,
    requests,
    complaints,
    status,
    residents,
    correspondence,
    documents,
    login,
    oidc_login,
    logout,
    tasks,
    cases,
    verifications,
    data_requests,
    reports,
    webhooks,
    events,
    ledger,
    health,
)
"""The modules of gateway/api, in the order of the OpenAPI document."""


METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def build_app(
    settings: GatewaySettings, store: Store, rpc: Rpc, clock: Clock, readiness: Readiness
) -> OpenAPI:
    """The WSGI application; reads the secrets `access_code` and `token`. Raises SettingsError."""
    app = OpenAPI(
        "gateway",
        info=INFO,
        security_schemes=SECURITY_SCHEMES,
        validation_error_model=Problem,
        validation_error_callback=validation_problem,
        doc_ui=False,
        static_folder=None,
    )
    app.request_class = IncomingRequest
    app.json = PlainJson(app)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.extensions[EXTENSION] = _gateway(settings, store, rpc, clock, readiness)
    _set_order_of_work(app, settings)
    answer_with_problems(app)
    for resource in RESOURCES:
        app.register_api(resource.api)
    app.register_blueprint(docs)
    app.extensions[DOCUMENT] = openapi_json(app)
    return app


class PlainJson(DefaultJSONProvider):
    """JSON in the order it was written in, its characters as they are."""

    sort_keys = False
    ensure_ascii = False


def _gateway(
    settings: GatewaySettings, store: Store, rpc: Rpc, clock: Clock, readiness: Readiness
) -> Gateway:
    lifetime = timedelta(minutes=settings.token_ttl_minutes)
    return Gateway(
        settings=settings,
        store=store,
        rpc=rpc,
        clock=clock,
        readiness=readiness,
        access_codes=AccessCodes(settings.secret("access_code")),
        tokens=Tokens(settings.secret("token"), lifetime, clock, demo=settings.demo),
        throttle=Throttle(store, clock),
        tickets=Tickets.under(settings.secret("token"), clock),
        provider=Provider(settings, clock) if settings.oidc_issuer else None,
        scanning=Scanning(settings.scanner),
        zone=ZoneInfo(settings.time_zone),
    )


def _set_order_of_work(app: Flask, settings: GatewaySettings) -> None:
    """What happens around every view: note, headers, limits, admission."""
    app.before_request(_begin_note)
    set_headers(app, settings.allowed_origins, settings.hsts_seconds)
    app.before_request(lambda: limit_body(request, settings.max_attachment_bytes))
    app.before_request(admit)
    app.before_request(lambda: refuse_other_media(request))
    app.after_request(_note)


def _begin_note() -> None:
    g.started = perf_counter()


def _note(response: Response) -> Response:
    """One log line and two figures for a request, by its route; paths and bodies stay out."""
    seconds = perf_counter() - g.started
    route = request.url_rule.rule if request.url_rule else "unknown"
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(route, method, str(response.status_code)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    admitted = "caller" in g  # before that, what stands for a case may be any text
    structlog.get_logger().info(
        "request_answered",
        route=route,
        method=method,
        status=response.status_code,
        case=(request.view_args or {}).get("tracking_number") if admitted else None,
        actor=caller().actor.id if admitted else None,
        request_id=g.request_id,
        ms=round(seconds * 1000, 1),
    )
    refusals.report(route, method, response.status_code, client_key)
    return response
