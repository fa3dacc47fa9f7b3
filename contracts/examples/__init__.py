"""One message of each event as it travels, for the published documents and for tests.

They tell of three made-up cases, one of each kind. No person is behind any of them.
"""

from contracts.envelope import CloudEvent, EventData
from contracts.examples import (
    complaints,
    data_request,
    documents,
    intake,
    operations,
    subject,
    verification,
)
from contracts.examples.cases import Told

_TOLD = (
    *intake.TOLD,
    *verification.TOLD,
    *data_request.TOLD,
    *complaints.TOLD,
    *documents.TOLD,
    *operations.TOLD,
    *subject.TOLD,
)


def example(event: type[EventData]) -> CloudEvent:
    """A message of the event. Raises KeyError for an event without an example."""
    return _BY_EVENT[event]


def _message(position: int, told: Told) -> CloudEvent:
    return CloudEvent(
        id=f"0199aa10-5c00-7000-8000-0000000001{position:02d}",
        source=f"/services/{told.data.source}",
        type=told.data.cloud_event_type(),
        subject=told.case,
        time=told.time,
        sequence="1",
        correlationid=told.case,
        causationid=f"0199aa10-5c00-7000-8000-0000000002{position:02d}",
        actor=told.actor.id,
        actorrole=told.actor.role,
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        data=told.data.model_dump(mode="json"),
    )


_BY_EVENT = {type(told.data): _message(position, told) for position, told in enumerate(_TOLD, 1)}
