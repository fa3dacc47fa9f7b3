"""The read model, built anew from the ledger."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from contracts.audit import LedgerPage, ReadLedger
from contracts.envelope import CloudEvent
from gateway.models import CaseStatus, StoredEvent
from gateway.read_model import stored
from gateway.rebuild import Rebuilt, rebuild
from gateway.service import GatewayService
from services.audit.service import AuditService
from tests.case_events import COMPLETED, RECEIVED, TO_THE_LETTER, Story
from tests.complaint_events import REOPENED, TO_THE_RESOLUTION
from tests.data_request_events import TO_THE_HANDOVER
from tests.support import Bench

PAGE = 4


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Bench]:
    """The gateway's service on an empty database."""
    bench = Bench(GatewayService, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Bench]:
    """The audit service with an empty ledger."""
    bench = Bench(AuditService, tmp_path)
    yield bench
    bench.close()


def everything() -> list[CloudEvent]:
    """Cases of each kind: closed, open, and one of which only its receipt is there."""
    closed, begun, bare = (Story(f"VRF-20261123-{number:04}") for number in (1, 2, 3))
    begun.tell(RECEIVED, COMPLETED)
    begun.publish("intake", "personal_data_read", {"purpose": "visit", "fields": ["nik"]})
    begun.publish("intake", "deadline_approaching", {})
    others = [
        *Story("DTA-20261123-0001").tell(*TO_THE_HANDOVER),
        *Story("ADU-20261123-0001").tell(*TO_THE_RESOLUTION, REOPENED),
    ]
    return [*closed.tell(*TO_THE_LETTER), *begun.events, *bare.tell(TO_THE_LETTER[1]), *others]


def take(bench: Bench, events: Iterable[CloudEvent]) -> None:
    for event in events:
        bench.deliver(event, "on_any_event")


def pages(audit: Bench) -> Iterator[LedgerPage]:
    """The ledger as the audit service hands it out."""
    after = 0
    while (page := audit.ask(ReadLedger(after=after, limit=PAGE))).entries:
        yield page
        after = page.last


def tables(gateway: Bench) -> list[Any]:
    """Every row of the read model."""
    with gateway.session() as session:
        events, cases = StoredEvent.__table__, CaseStatus.__table__
        return [
            *session.execute(select(events).order_by(events.c.id)).all(),
            *session.execute(select(cases).order_by(cases.c.tracking_number)).all(),
        ]


def test_a_rebuild_gives_the_very_same_tables(gateway: Bench, audit: Bench) -> None:
    """Built from nothing, out of the ledger alone."""
    take(gateway, everything())
    take(audit, everything())
    before = tables(gateway)
    with gateway.store.unit("test") as work:
        work.session.execute(delete(StoredEvent))
        work.session.execute(delete(CaseStatus))
    assert rebuild(gateway.store, pages(audit)) == Rebuilt(
        events=len(everything()), removed=0, cases=5
    )
    assert tables(gateway) == before


def test_a_rebuild_repairs_whatever_was_wrong(gateway: Bench, audit: Bench) -> None:
    """Changed rows, invented events, and cases that no event tells of."""
    take(gateway, everything())
    take(audit, everything())
    before = tables(gateway)
    invented = Story("VRF-20261123-0099").tell(RECEIVED)[0]
    with gateway.store.unit("test") as work:
        work.session.execute(update(StoredEvent).values(body="{}", document_code=None))
        work.session.execute(update(CaseStatus).values(body="{}", stage="received", version=77))
        work.session.add(StoredEvent(**stored(invented)))
        work.session.add(CaseStatus(tracking_number="VRF-20261123-0098", version=1, body="{}"))
    assert rebuild(gateway.store, pages(audit)).removed == 1
    assert tables(gateway) == before


def test_an_entry_that_is_no_event_any_more_hinders_no_rebuild(
    gateway: Bench, audit: Bench
) -> None:
    """It is left out, and what the gateway has of it stays."""
    take(gateway, everything())
    take(audit, everything())
    before = tables(gateway)
    with audit.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER ledger_refuses_update")
        connection.exec_driver_sql("UPDATE ledger SET body = '{' WHERE \"index\" = 2")
    rebuilt = rebuild(gateway.store, pages(audit))
    assert (rebuilt.events, rebuilt.removed) == (len(everything()) - 1, 0)
    assert tables(gateway) == before


def test_a_rebuild_keeps_what_the_ledger_does_not_hold_yet(gateway: Bench, audit: Bench) -> None:
    """The inbox would never let it in again."""
    take(gateway, everything())
    take(audit, everything()[:5])
    before = tables(gateway)
    assert rebuild(gateway.store, pages(audit)).removed == 0
    assert tables(gateway) == before


def test_events_that_come_during_a_rebuild_are_not_lost(gateway: Bench, audit: Bench) -> None:
    """The gateway goes on between two pages."""
    events = everything()
    take(audit, events)

    def with_traffic() -> Iterator[LedgerPage]:
        for page in pages(audit):
            yield page
            take(gateway, [events.pop()])

    take(gateway, everything()[:3])
    rebuild(gateway.store, with_traffic())
    take(gateway, events)
    after = tables(gateway)
    rebuild(gateway.store, pages(audit))
    assert tables(gateway) == after


def test_a_rebuild_may_be_repeated(gateway: Bench, audit: Bench) -> None:
    """One that was interrupted is simply run again."""
    take(audit, everything())
    some = pages(audit)
    rebuild(gateway.store, [next(some), next(some)])
    rebuild(gateway.store, pages(audit))
    once = tables(gateway)
    assert rebuild(gateway.store, pages(audit)) == Rebuilt(
        events=len(everything()), removed=0, cases=5
    )
    assert tables(gateway) == once
