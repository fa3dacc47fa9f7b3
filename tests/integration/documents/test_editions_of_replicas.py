"""Two replicas with two editions of one paper, on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from chassis.entrypoints import Event
from chassis.work import Work
from contracts.data_request import DataRequestWithdrawn
from contracts.documents import VerifyDocument
from contracts.envelope import SYSTEM, EventData
from services.documents.service import DocumentsService
from tests.integration.documents.complaint_details import responded
from tests.integration.documents.data_details import prepared
from tests.integration.documents.details import issued, revoked
from tests.integration.documents.replies import REPLIES
from tests.real import eventually
from tests.support import Bench

ADU, DTA = "ADU-20261123-0001", "DTA-20261123-0001"
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    """The service on an empty PostgreSQL database."""
    desk = Bench(DocumentsService, tmp_path, database_url)
    desk.rpc.replies = dict(REPLIES)
    yield desk
    desk.close()


def somebody_waits(desk: Bench) -> bool:
    """Whether a connection waits for another's lock."""
    with desk.session() as session:
        return bool(session.scalar(WAITING))


@pytest.mark.parametrize(("first", "second"), [(1, 2), (2, 1)])
def test_the_newer_edition_counts_though_both_are_stored_at_once(
    desk: Bench, first: int, second: int
) -> None:
    """The second replica waits until the first has committed, and sees what it issued."""
    while_another_is_told(desk, ADU, responded(first), responded(second))
    statuses = {
        each.edition: desk.ask(VerifyDocument(code=each.code)).status for each in issued(desk)
    }
    assert statuses == {1: "superseded", 2: "valid"}
    assert len(revoked(desk)) == 1


@pytest.mark.parametrize("draft_first", [True, False])
@pytest.mark.parametrize("edition", [1, 2])
def test_no_draft_outlives_a_withdrawal_of_the_same_moment(
    desk: Bench, edition: int, draft_first: bool
) -> None:
    """They take turns, also when there is no draft yet that could be locked."""
    for earlier in range(1, edition):
        desk.tell(prepared(earlier), DTA)
    events: list[EventData] = [prepared(edition), DataRequestWithdrawn()]
    first, second = events if draft_first else reversed(events)
    while_another_is_told(desk, DTA, first, second)
    drafts = issued(desk)
    assert len(drafts) == edition
    statuses = {desk.ask(VerifyDocument(code=draft.code)).status for draft in drafts}
    assert statuses <= {"revoked", "superseded"}
    assert sorted(each.code for each in revoked(desk)) == sorted(each.code for each in drafts)


def while_another_is_told(desk: Bench, case: str, first: EventData, second: EventData) -> None:
    """One replica has handled the first and not committed yet when another gets the second."""
    told: list[str] = []
    other = Thread(target=lambda: told.append(desk.tell(second, case)), daemon=True)
    with desk.store.unit("first", SYSTEM) as work:
        handle(desk, case, first, work)
        other.start()
        eventually(lambda: somebody_waits(desk), "waiting replica")
    other.join(30)
    assert told == ["done"]


def handle(desk: Bench, case: str, data: EventData, work: Work) -> None:
    """What the service does with an event, in a unit that is not committed by it."""
    event: Event[EventData] = Event(
        id="0190a000-0000-7000-8000-000000000001",
        case=case,
        time=work.now,
        actor=SYSTEM,
        data=data,
    )
    getattr(DocumentsService, f"on_{data.event}").__wrapped__(desk.service, event, work)
