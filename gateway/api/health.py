"""For operations: whether it lives, whether it can work, what it counts."""

from http import HTTPStatus
from typing import Any, Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from gateway.answers import answer
from gateway.context import here

api = APIBlueprint(
    "health",
    __name__,
    abp_tags=[Tag(name="operations", description="For those who run the system")],
)

METRICS: dict[Any, Any] = {
    "description": "Prometheus text format",
    "content": {"text/plain": {"schema": {"type": "string"}}},
}


class Live(BaseModel):
    status: Literal["live"] = "live"


class Ready(BaseModel):
    """`checks`: what this process needs, and whether it is there."""

    status: Literal["ready", "not_ready"]
    checks: dict[str, bool]


@api.get("/health/live", responses={200: Live})
def live() -> Response:
    """Whether the process answers"""
    return answer(Live())


@api.get("/health/ready", responses={200: Ready, 503: Ready})
def ready() -> Response:
    """Whether database and broker are there"""
    checks = dict(here().readiness())
    if all(checks.values()):
        return answer(Ready(status="ready", checks=checks))
    return answer(Ready(status="not_ready", checks=checks), HTTPStatus.SERVICE_UNAVAILABLE)


@api.get("/metrics", responses={200: METRICS})
def metrics() -> Response:
    """What the process counts"""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
