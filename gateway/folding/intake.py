"""Reception of both kinds of request."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import EventData
from contracts.intake import (
    RequestCompleted,
    RequestKind,
    RequestReceived,
    RequestReturned,
    RequestSupplemented,
    RequestWithdrawn,
)
from gateway.case_view import CaseView
from gateway.stages import CaseKind, Stage


def apply(case: CaseView, data: EventData, published: datetime) -> CaseView:
    """Until the request is complete, and again when it is withdrawn."""
    match data:
        case RequestReceived():
            return _known(case, data, published).with_part("intake", stage=Stage.RECEIVED)
        case RequestReturned():
            returned = case.with_part("intake", stage=Stage.RETURNED)
            return replace(returned, missing=data.missing)
        case RequestSupplemented():
            supplemented = case.with_part("intake", stage=Stage.RECEIVED)
            return replace(supplemented, missing=())
        case RequestCompleted():
            completed = _known(case, data, published).with_part("intake", stage=_completed(data))
            return replace(completed, missing=())
        case RequestWithdrawn():
            return case.with_part("intake", stage=Stage.WITHDRAWN)
    return case


def _completed(data: RequestCompleted) -> Stage:
    """A data request is complete when it is made: it goes straight to the agency head."""
    return Stage.RECEIVED if data.kind is RequestKind.DATA_REQUEST else Stage.IDENTIFIED


def _known(
    case: CaseView, data: RequestReceived | RequestCompleted, published: datetime
) -> CaseView:
    return replace(
        case,
        kind=CaseKind(data.kind.value),
        purpose=data.purpose,
        standard=(data.standard, data.standard_version),
        district=data.district,
        received_at=data.received_at.astimezone(published.tzinfo),
    )
