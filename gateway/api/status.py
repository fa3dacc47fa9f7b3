"""Where a case stands."""

from typing import Any

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.retry import Unavailable
from contracts.errors import ErrorCode
from gateway import stream
from gateway.access import caller, still_admitted
from gateway.answers import NOT_CHANGED, tagged
from gateway.api.case_status import CaseStatus
from gateway.api.forms import CasePath
from gateway.context import here
from gateway.problems import ApiProblem
from gateway.status import StatusView, status_of

api = APIBlueprint(
    "status",
    __name__,
    url_prefix="/v1/status/<tracking_number>",
    abp_tags=[Tag(name="status", description="Where a case stands")],
)

NEWEST_CASE_SECONDS = 2.0
"""How long a status is waited for that its own access code asks for: it may be just registered."""

EVENT_STREAM: dict[Any, Any] = {
    "description": (
        "Server-sent events named `status`; data is the body of the status call. The schema is one "
        "event's."
    ),
    "content": {
        "text/event-stream": {
            "schema": {
                "type": "object",
                "properties": {
                    "event": {"const": "status"},
                    "id": {"type": "string"},
                    "data": {
                        "type": "string",
                        "contentMediaType": "application/json",
                        "contentSchema": {"$ref": "#/components/schemas/CaseStatus"},
                    },
                },
                "required": ["data"],
            }
        }
    },
}


@api.get("", responses={200: CaseStatus, **NOT_CHANGED})
def read_status(path: CasePath) -> Response:
    """Where the case stands

    With the deadline explained day by day, the timeline, the documents, what happens next, and what
    the resident may do. The ETag changes when the status does. A wrong access code and an unknown
    number get one answer.
    """
    status = present_status(path.tracking_number)
    response = Response(status.body, mimetype="application/json")
    response.vary.update(("Authorization", "X-Access-Code"))
    return tagged(response, status.tag)


@api.get("/stream", responses={200: EVENT_STREAM})
def stream_status(path: CasePath) -> Response:
    """The status now, and whenever it changes

    Go on after a break with `Last-Event-ID`, the id of the last event received.
    """
    present_status(path.tracking_number)
    last = request.headers.get("Last-Event-ID")
    case, actor = path.tracking_number, caller().actor
    events = stream.events(here().store, case, actor, last, admitted=still_admitted())
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(events, mimetype="text/event-stream", headers=headers)


def present_status(tracking_number: str) -> StatusView:
    """The status; raises ApiProblem case_not_found, and Unavailable for a case on its way."""
    store = here().store
    if caller().case is not None:
        status = stream.wait_for_change(store, tracking_number, 0, NEWEST_CASE_SECONDS)
        if status is None:  # only we can have given out the right code: its event is on the way
            raise Unavailable("gateway")
        return status
    with store.reading() as session:
        status = status_of(session, tracking_number)
    if status is None:
        raise ApiProblem(ErrorCode.CASE_NOT_FOUND)
    return status
