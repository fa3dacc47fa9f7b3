"""Data requests, from the agency head's disposition to the handover."""

from dataclasses import replace
from datetime import datetime

from contracts.data_request import (
    ClarificationReceived,
    ClarificationRequested,
    DataDownloaded,
    DataHandedOver,
    DataPrepared,
    DataRequestApproved,
    DataRequestDispositioned,
    DataRequestRejected,
    DataRequestWithdrawn,
    HandoverSigned,
    Side,
)
from contracts.envelope import EventData
from gateway.case_view import CaseView, Kept, Package
from gateway.stages import CaseKind, Stage

_STAGES: dict[type[EventData], Stage] = {
    DataRequestDispositioned: Stage.DISPOSITIONED,
    ClarificationRequested: Stage.CLARIFICATION_REQUESTED,
    ClarificationReceived: Stage.DISPOSITIONED,
    DataRequestApproved: Stage.IN_PREPARATION,
    DataRequestRejected: Stage.REJECTED,
    DataPrepared: Stage.PREPARED,
    DataHandedOver: Stage.HANDED_OVER,
    DataRequestWithdrawn: Stage.WITHDRAWN,
}


def apply(case: CaseView, data: EventData, published: datetime) -> CaseView:
    """Where the data request has come."""
    stage = _STAGES.get(type(data))
    if stage is not None:
        case = case.with_part("data_request", stage=stage)
    match data:
        case DataRequestApproved():
            return replace(case, assigned_to=data.social_worker)
        case DataRequestRejected():
            rejected = replace(case, rejection=data.ground)
            return _ended(rejected, data, data.decided_at.astimezone(published.tzinfo))
        case DataPrepared():
            package = Package(data.edition, data.package_sha256, data.size)
            # What was signed before was another package.
            return replace(case, package=package, signed=())
        case HandoverSigned():
            return _signed(case, data.side)
        case DataHandedOver():
            handed_over = replace(case, purpose=data.purpose)
            return _ended(handed_over, data, data.handed_over_at.astimezone(published.tzinfo))
        case DataDownloaded():
            return replace(case, downloads=max(case.downloads, data.number))
    return case


def _signed(case: CaseView, side: Side) -> CaseView:
    signed = tuple(each for each in Side if each is side or each in case.signed)
    if set(signed) == set(Side):
        stage = Stage.HANDED_OVER
    else:
        stage = Stage.SIGNED_BY_OFFICE if side is Side.OFFICE else Stage.SIGNED_BY_REQUESTER
    return replace(case.with_part("data_request", stage=stage), signed=signed)


def _ended(case: CaseView, data: DataRequestRejected | DataHandedOver, at: datetime) -> CaseView:
    return replace(
        case,
        kind=CaseKind.DATA_REQUEST,
        standard=(data.standard, data.standard_version),
        kept=Kept(at, data.in_time, data.working_minutes),
    )
