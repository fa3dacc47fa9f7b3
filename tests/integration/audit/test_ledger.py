"""The ledger on a real database: every event once, in order, without gaps, never changed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from contracts import intake
from contracts.audit import LedgerPage, ReadLedger
from contracts.catalogue import SUBSCRIBERS
from contracts.envelope import CloudEvent
from contracts.examples import example
from services.audit.models import Entry, Head, append
from services.audit.service import AuditService
from tests.support import Bench

EVENTS = [example(event) for event in SUBSCRIBERS]
INSERT = text(
    'INSERT INTO ledger ("index", event_id, "case", source, type, "time", body, leaf, recorded_at)'
    " VALUES (:index, :event_id, 'c', 's', 't', '2026-11-20', '{}', 'l', '2026-11-20')"
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Bench]:
    """The audit service on its own migrated SQLite file."""
    bench = Bench(AuditService, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def filled(office: Bench) -> Bench:
    """The audit service with one event of each kind in its ledger."""
    for event in EVENTS:
        take(office, event)
    return office


def take(office: Bench, event: CloudEvent) -> str:
    """Deliver an event through the inbox; "done" or "duplicate"."""
    return office.deliver(event, "on_any_event")


def ledger(office: Bench, after: int = 0, limit: int = 1000) -> LedgerPage:
    """A page of the ledger, as it is answered."""
    shown: LedgerPage = office.ask(ReadLedger(after=after, limit=limit))
    return shown


def indexes(page: LedgerPage) -> list[int]:
    return [entry.index for entry in page.entries]


def append_and_fail(office: Bench, event: CloudEvent) -> None:
    """An append whose transaction does not come to its end."""
    with office.store.unit("test") as work:
        append(work.session, event, work.now)
        raise ZeroDivisionError


def forget_the_inbox(office: Bench) -> None:
    """As when the inbox was cleaned before a dead letter was replayed."""
    with office.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM inbox"))


def test_events_of_every_service_are_indexed_from_one_in_the_order_they_came(
    filled: Bench,
) -> None:
    """The index counts without gaps over all publishers."""
    page = ledger(filled)
    assert indexes(page) == list(range(1, len(EVENTS) + 1))
    assert [entry.event["id"] for entry in page.entries] == [event.id for event in EVENTS]
    assert page.size == page.last == len(EVENTS)


def test_an_entry_is_the_event_as_it_was_published(office: Bench) -> None:
    """The text is kept to the byte, with attributes that this version does not know."""
    published = example(intake.RequestReceived).body()[:-1] + ',"tracestate":"a=1"}'
    take(office, CloudEvent.model_validate_json(published))
    with office.session() as session:
        row = session.get_one(Entry, 1)
    assert row.body == published
    assert ledger(office).entries[0].event == json.loads(published)


def test_an_entry_has_the_bytes_that_the_outbox_published(office: Bench) -> None:
    """What a unit of work writes into the outbox is what the ledger holds."""
    with office.store.unit("command-1") as work:
        work.emit(EVENTS[0].subject, intake.RequestReceived.model_validate(EVENTS[0].data))
    with office.session() as session:
        published = session.scalars(select(office.store.tables.outbox.c.body)).one()
    take(office, CloudEvent.model_validate_json(published))
    with office.session() as session:
        assert session.get_one(Entry, 1).body == published


def test_an_entry_can_be_found_without_reading_its_text(office: Bench) -> None:
    """Case, source, type and both times have columns of their own."""
    event = example(intake.RequestWithdrawn)
    take(office, event)
    with office.session() as session:
        row = session.get_one(Entry, 1)
    assert (row.event_id, row.case) == (event.id, event.subject)
    assert (row.source, row.type, row.time) == (event.source, event.type, event.time)
    assert row.recorded_at == office.clock.now()


def test_a_repeated_event_is_recorded_once(office: Bench) -> None:
    """The inbox drops it, and the next event takes the next index."""
    first, second = EVENTS[:2]
    assert [take(office, event) for event in (first, first, second)] == [
        "done",
        "duplicate",
        "done",
    ]
    assert indexes(ledger(office)) == [1, 2]


def test_a_repetition_that_the_inbox_has_forgotten_leaves_no_gap(office: Bench) -> None:
    """The ledger itself knows its events, and gives the index back."""
    first, second = EVENTS[:2]
    take(office, first)
    forget_the_inbox(office)
    take(office, first)
    take(office, second)
    page = ledger(office)
    assert [entry.event["id"] for entry in page.entries] == [first.id, second.id]
    assert indexes(page) == [1, 2]
    assert page.size == 2


def test_a_failed_transaction_leaves_no_gap(office: Bench) -> None:
    """An index taken in a transaction that is rolled back is taken again."""
    take(office, EVENTS[0])
    with pytest.raises(ZeroDivisionError):
        append_and_fail(office, EVENTS[1])
    take(office, EVENTS[2])
    page = ledger(office)
    assert indexes(page) == [1, 2]
    assert page.entries[1].event["id"] == EVENTS[2].id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET body = '{}'",
        'UPDATE ledger SET "index" = 99 WHERE "index" = 3',
        "DELETE FROM ledger",
        'DELETE FROM ledger WHERE "index" = (SELECT max("index") FROM ledger)',
    ],
)
def test_the_database_refuses_to_change_an_entry(filled: Bench, statement: str) -> None:
    """Triggers hold the ledger append-only, whoever connects."""
    with pytest.raises(DatabaseError, match="append-only"), filled.store.engine.begin() as session:
        session.execute(text(statement))
    assert [entry.event["id"] for entry in ledger(filled).entries] == [e.id for e in EVENTS]


@pytest.mark.parametrize("index", [0, 1, len(EVENTS), len(EVENTS) + 2])
def test_the_database_refuses_any_index_but_the_next(filled: Bench, index: int) -> None:
    """Neither a gap nor a second entry with an index can be written."""
    with pytest.raises(DatabaseError, match="no gaps"), filled.store.engine.begin() as session:
        session.execute(INSERT, {"index": index, "event_id": "new"})


def test_replacing_an_entry_by_inserting_over_it_changes_nothing(filled: Bench) -> None:
    """SQLite's INSERT OR REPLACE removes a row without a delete trigger; here it does not."""
    over = text(INSERT.text.replace("INSERT", "INSERT OR REPLACE"))
    with filled.store.engine.begin() as connection:
        connection.execute(over, {"index": len(EVENTS) + 1, "event_id": EVENTS[0].id})
    assert [entry.event["id"] for entry in ledger(filled).entries] == [e.id for e in EVENTS]


def test_a_head_that_lost_count_is_an_error_not_a_lost_event(filled: Bench) -> None:
    """An index that is taken is no sign of a repeated event: nothing is dropped in silence."""
    with filled.store.engine.begin() as connection:
        connection.execute(text("UPDATE ledger_head SET size = 0"))
    new = EVENTS[0].model_copy(update={"id": "another"})
    with pytest.raises(DatabaseError, match="no gaps"):
        take(filled, new)


def test_the_ledger_is_read_page_by_page(filled: Bench) -> None:
    """Going on from each page's `last` shows every entry once."""
    seen: list[int] = []
    page = ledger(filled, limit=7)
    while page.entries:
        assert len(page.entries) <= 7
        assert page.size == len(EVENTS)
        seen += indexes(page)
        assert len(seen) <= len(EVENTS)
        page = ledger(filled, after=page.last, limit=7)
    assert seen == list(range(1, len(EVENTS) + 1))
    assert page.last == len(EVENTS)


def test_reading_from_beyond_the_end_gives_nothing(filled: Bench) -> None:
    """A reader that is ahead, as after a restore, gets its own place back."""
    page = ledger(filled, after=500)
    assert (page.entries, page.last, page.size) == ((), 500, len(EVENTS))


def test_an_empty_ledger_has_an_empty_page(office: Bench) -> None:
    """Before the first event there is no head either."""
    page = ledger(office)
    assert (page.entries, page.last, page.size) == ((), 0, 0)
    with office.session() as session:
        assert session.get(Head, 1) is None


@pytest.mark.parametrize("wrong", [{"after": -1}, {"limit": 0}, {"limit": 1001}])
def test_a_page_of_no_sensible_size_cannot_be_asked_for(wrong: dict[str, int]) -> None:
    """The contract bounds the page, so that a reply stays a message."""
    with pytest.raises(ValidationError):
        ReadLedger(**wrong)


def test_the_audit_service_publishes_nothing(filled: Bench) -> None:
    """It would take its own events for ever."""
    assert filled.emitted() == []
