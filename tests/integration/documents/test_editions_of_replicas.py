"""Two replicas with two editions of one paper, on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from chassis.entrypoints import Event
from contracts.complaints import ComplaintResponded
from contracts.documents import VerifyDocument
from contracts.envelope import SYSTEM
from services.documents.service import DocumentsService
from tests.integration.documents.complaint_details import responded
from tests.integration.documents.details import issued, revoked
from tests.integration.documents.replies import REPLIES
from tests.real import eventually
from tests.support import Bench

ADU = "ADU-20261123-0001"
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
    told: list[str] = []
    other = Thread(target=lambda: told.append(desk.tell(responded(second), ADU)), daemon=True)
    with desk.store.unit("first", SYSTEM) as work:
        event: Event[ComplaintResponded] = Event(
            id="0190a000-0000-7000-8000-000000000001",
            case=ADU,
            time=work.now,
            actor=SYSTEM,
            data=responded(first),
        )
        DocumentsService.on_complaint_responded.__wrapped__(desk.service, event, work)
        other.start()
        eventually(lambda: somebody_waits(desk), "waiting replica")
    other.join(30)
    assert told == ["done"]
    statuses = {
        each.edition: desk.ask(VerifyDocument(code=each.code)).status for each in issued(desk)
    }
    assert statuses == {1: "superseded", 2: "valid"}
    assert len(revoked(desk)) == 1
