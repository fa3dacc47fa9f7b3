"""The events of one data request, as its services publish them."""

from datetime import timedelta

from contracts.data_request import (
    ClarificationReceived,
    ClarificationRequested,
    Complexity,
    DataDownloaded,
    DataHandedOver,
    DataPrepared,
    DataRequestApproved,
    DataRequestDispositioned,
    DataRequestRejected,
    HandoverSigned,
    RejectionGround,
    Side,
)
from contracts.documents import DocumentKind
from contracts.envelope import DeadlinePause, EventData, StepDue
from contracts.intake import Channel, Purpose, RequestCompleted, RequestKind, RequestReceived
from tests.case_events import DEADLINE, DUE, RECEIPT, RECEIVED_AT

DATA_CASE = "DTA-20261123-0001"
STANDARD = {"standard": "data_request", "standard_version": "2026-1"}
AN_HOUR = timedelta(hours=1)
PROMISED = DEADLINE.model_copy(update={"working_days": 3, "due": DUE + timedelta(days=2)})
ASKED_BACK = PROMISED.model_copy(
    update={
        "due": None,
        "paused": True,
        "pauses": (
            DeadlinePause(
                start=RECEIVED_AT + AN_HOUR, end=None, reason_code="clarification_requested"
            ),
        ),
    }
)
SHA256 = "b" * 64


def step(name: str, hours: int = 24) -> StepDue:
    """A step that is due so many hours after the receipt."""
    return StepDue(step=name, due=RECEIVED_AT + hours * AN_HOUR)


DATA_ASKED = RequestReceived(
    kind=RequestKind.DATA_REQUEST,
    channel=Channel.WEB,
    purpose=Purpose.ACADEMIC_RESEARCH,
    district=None,
    village=None,
    received_at=RECEIVED_AT,
    deadline=PROMISED,
    step=step("disposition"),
    **STANDARD,
)
DATA_COMPLETED = RequestCompleted(
    **DATA_ASKED.model_dump(include=set(RequestCompleted.model_fields)), data_types=2
)
DISPOSITIONED = DataRequestDispositioned(step=step("review"))
ASKED = ClarificationRequested(deadline=ASKED_BACK)
CLARIFIED = ClarificationReceived(deadline=PROMISED, step=step("review", 30))
APPROVED = DataRequestApproved(
    complexity=Complexity.MODERATE,
    data_types=2,
    working_days=5,
    social_worker="wulan",
    deadline=PROMISED.model_copy(update={"working_days": 5, "due": DUE + timedelta(days=4)}),
    step=step("preparation", 48),
)
PREPARED = DataPrepared(
    edition=1,
    package_sha256=SHA256,
    size=2048,
    tables=1,
    suppressed_cells=0,
    flagged_cells=0,
    step=step("handover", 72),
)
SIGNED_BY_OFFICE = HandoverSigned(side=Side.OFFICE, step=PREPARED.step)
SIGNED_BY_REQUESTER = HandoverSigned(side=Side.REQUESTER, step=PREPARED.step)
HANDED_OVER = DataHandedOver(
    purpose=Purpose.ACADEMIC_RESEARCH,
    package_sha256=SHA256,
    handed_over_at=RECEIVED_AT + 50 * AN_HOUR,
    in_time=True,
    working_minutes=900,
    **STANDARD,
)
DOWNLOADED = DataDownloaded(number=1, package_sha256=SHA256)
REJECTED = DataRequestRejected(
    ground=RejectionGround.POLITICAL_PURPOSE,
    decided_at=RECEIVED_AT + 2 * AN_HOUR,
    in_time=True,
    working_minutes=120,
    **STANDARD,
)
DRAFT = RECEIPT.model_copy(update={"kind": DocumentKind.HANDOVER_DRAFT, "code": "DR4FT"})
RECORD = RECEIPT.model_copy(update={"kind": DocumentKind.HANDOVER_RECORD, "code": "R3C0RD"})

TO_THE_HANDOVER: tuple[EventData, ...] = (
    DATA_ASKED,
    DATA_COMPLETED,
    DISPOSITIONED,
    APPROVED,
    PREPARED,
    DRAFT,
    SIGNED_BY_OFFICE,
    SIGNED_BY_REQUESTER,
    HANDED_OVER,
    RECORD,
    DOWNLOADED,
)
"""A data request from the letter to the download, in the order of the procedure."""
