"""The drafts of a handover that will not take place count no more, whatever comes first."""

import pytest

from contracts.data_request import DataRequestRejected, DataRequestWithdrawn, RejectionGround
from contracts.documents import DocumentKind, VerifyDocument
from contracts.envelope import EventData
from tests.integration.documents.data_details import DATA_ASKED, prepared
from tests.integration.documents.details import issued, revoked
from tests.support import MONDAY_MORNING, Bench

DTA, OTHER = "DTA-20261123-0001", "DTA-20261123-0002"
ENDS = (
    DataRequestWithdrawn(),
    DataRequestRejected(
        ground=next(iter(RejectionGround)),
        decided_at=MONDAY_MORNING,
        in_time=True,
        working_minutes=90,
        standard="data_request",
        standard_version="2026-1",
    ),
)


def drafts(desk: Bench, case: str = DTA) -> list[str]:
    """The codes of a case's drafts, in the order in which they were issued."""
    told = desk.emitted("document_issued")
    kind = DocumentKind.HANDOVER_DRAFT
    return [e.data["code"] for e in told if e.subject == case and e.data["kind"] == kind]


def status(desk: Bench, code: str) -> str:
    """What the verify page says."""
    answer: str = desk.ask(VerifyDocument(code=code)).status
    return answer


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.event)
@pytest.mark.parametrize("draft_first", [True, False])
def test_no_draft_outlives_its_data_request(desk: Bench, end: EventData, draft_first: bool) -> None:
    """Also one that is issued only then; it is told of once, after it was issued."""
    events = [prepared(1), end] if draft_first else [end, prepared(1)]
    for data in events:
        desk.tell(data, DTA)
    desk.tell(end, DTA)
    [draft] = drafts(desk)
    assert status(desk, draft) == "revoked"
    assert [(each.code, each.reason) for each in revoked(desk)] == [(draft, "revoked")]
    names = [event.event_name for event in desk.emitted()]
    assert names == ["document_issued", "document_revoked"]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_later_edition_of_a_draft_is_revoked_too(desk: Bench, order: tuple[int, int]) -> None:
    """Each is told of once."""
    first, second = order
    desk.tell(prepared(first), DTA)
    desk.tell(DataRequestWithdrawn(), DTA)
    desk.tell(prepared(second), DTA)
    assert [status(desk, code) for code in drafts(desk)] == ["revoked", "revoked"]
    assert sorted(each.code for each in revoked(desk)) == sorted(drafts(desk))


def test_a_superseded_draft_stays_superseded(desk: Bench) -> None:
    """It did not count before."""
    for data in (prepared(1), prepared(2), DataRequestWithdrawn()):
        desk.tell(data, DTA)
    assert [status(desk, code) for code in drafts(desk)] == ["superseded", "revoked"]


def test_the_receipt_and_other_cases_stay_valid(desk: Bench) -> None:
    """That something was handed in remains true."""
    desk.tell(DATA_ASKED, DTA)
    desk.tell(prepared(1), OTHER)
    desk.tell(DataRequestWithdrawn(), DTA)
    assert {status(desk, each.code) for each in issued(desk)} == {"valid"}
    assert revoked(desk) == []
