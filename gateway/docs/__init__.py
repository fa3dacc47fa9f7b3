"""The OpenAPI document, a page that shows it without the network, and what problems mean."""

from importlib.resources import files

from flask import Blueprint, Response, current_app

from contracts.errors import TEXTS, ErrorCode
from gateway.answers import answer, public
from gateway.context import here
from gateway.openapi import dated
from gateway.problems import STATUS, ApiProblem

DOCUMENT = "openapi_json"
"""Where the app keeps the document's text, its examples not dated yet."""

_FOLDER = files(__name__)
_ASSETS = {
    "docs.js": "text/javascript",
    "docs.css": "text/css",
    "page.css": "text/css",
}
"""Served under /docs, by media type."""

docs = Blueprint("docs", __name__)


@docs.get("/openapi.json")
def openapi_json() -> Response:
    """The OpenAPI 3.1 document."""
    gateway = here()
    now = gateway.clock.now().astimezone(gateway.zone)
    document = dated(current_app.extensions[DOCUMENT], now)
    return public(Response(document, mimetype="application/json"))


@docs.get("/docs")
def page() -> Response:
    """The document to read."""
    return _file("index.html", "text/html")


@docs.get("/docs/<asset>")
def asset(asset: str) -> Response:
    """The page's script and styles."""
    if asset not in _ASSETS:
        raise ApiProblem(ErrorCode.NOT_FOUND)
    return _file(asset, _ASSETS[asset])


def _file(name: str, media_type: str) -> Response:
    return public(Response(_FOLDER.joinpath(name).read_bytes(), mimetype=media_type))


@docs.get("/problems/<problem>")
def explain_problem(problem: str) -> Response:
    """What a problem's `type` leads to."""
    if problem not in set(ErrorCode):
        raise ApiProblem(ErrorCode.NOT_FOUND)
    code = ErrorCode(problem)
    title_id, title_en = TEXTS[code]
    return public(
        answer({"code": code, "status": STATUS[code], "title_id": title_id, "title_en": title_en})
    )
