"""The OpenAPI document, a page that shows it without the network, and what problems mean."""

from flask import Blueprint, Response, current_app, send_from_directory

from contracts.errors import TEXTS, ErrorCode
from gateway.answers import answer, public
from gateway.problems import STATUS, ApiProblem

DOCUMENT = "openapi_json"
"""Where the app keeps the document's text."""

ASSETS = ("docs.js", "docs.css", "page.css")

docs = Blueprint("docs", __name__, root_path=__path__[0])


@docs.get("/openapi.json")
def openapi_json() -> Response:
    """The OpenAPI 3.1 document."""
    return public(Response(current_app.extensions[DOCUMENT], mimetype="application/json"))


@docs.get("/docs")
def page() -> Response:
    """The document to read."""
    return send_from_directory(__path__[0], "index.html", max_age=300)


@docs.get("/docs/<asset>")
def asset(asset: str) -> Response:
    """The page's script and styles."""
    if asset not in ASSETS:
        raise ApiProblem(ErrorCode.NOT_FOUND)
    return send_from_directory(__path__[0], asset, max_age=300)


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
