"""What a case's events add up to.

`fold` is pure and right whatever the order in which the events came, and however often: each
service's events are read by its own sequence, and the case's stage is put together from what each
service says of its own part. So a service whose clock runs behind cannot turn a case back.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from contracts.catalogue import event_model
from contracts.envelope import CloudEvent, EventData
from gateway.case_view import CaseView, Moment
from gateway.folding import clocks, complaints, data_request, documents, intake, verification
from gateway.folding.timeline import stands_in_timeline, variant
from gateway.order import in_order

NOT_SHOWN = frozenset(
    {
        "personal_data_read",
        "notification_sent",
        "notification_failed",
        "dead_letter_replayed",
        "dead_letter_discarded",
    }
)
"""Kept, but no step of the case: they move nothing that a resident or an officer is shown."""

_FOLDERS: Mapping[str, Callable[[CaseView, EventData, datetime], CaseView]] = {
    "intake": intake.apply,
    "verification": verification.apply,
    "data_request": data_request.apply,
    "complaints": complaints.apply,
    "documents": documents.apply,
}


def fold(tracking_number: str, events: Iterable[CloudEvent]) -> CaseView:
    """The case that these events tell of; the same for the same events in any order.

    Events that this version does not know, or cannot read, stand in the timeline and change
    nothing else.
    """
    distinct = {event.id: event for event in events if is_shown(event)}
    case = CaseView(tracking_number)
    for event in in_order(distinct.values()):
        data = _read(event)
        case = replace(case, version=case.version + 1, updated_at=event.time)
        if data is not None:
            case = _apply(case, data, event.time)
        if stands_in_timeline(data):
            moment = Moment(event.time, event.event_name, variant(data), event.actorrole.value)
            case = replace(case, timeline=(*case.timeline, moment))
    return case


def is_shown(event: CloudEvent) -> bool:
    """Whether the event is a step of the case."""
    return event.event_name not in NOT_SHOWN


def _read(event: CloudEvent) -> EventData | None:
    model = event_model(event)
    if model is None:
        return None
    try:
        return model.model_validate(event.data)
    except ValidationError:
        return None


def _apply(case: CaseView, data: EventData, published: datetime) -> CaseView:
    case = clocks.apply(case, data, published)
    apply = _FOLDERS.get(data.source)
    return apply(case, data, published) if apply else case
