"""The status as a stream of server-sent events."""

from collections.abc import Iterator
from pathlib import Path

import eventlet
import pytest

from contracts.envelope import RESIDENT, Actor, Role
from gateway.changes import changes
from gateway.read_model import record
from gateway.service import GatewayService
from gateway.status import status_of
from gateway.stream import Pace, events, wait_for_change
from tests.case_events import CASE, COMPLETED, RECEIVED, Story, told
from tests.complaint_events import CHECKED, COMPLAINED, COMPLAINT
from tests.support import Bench

SECONDS = 20.0
PATIENT = Pace(heartbeat=SECONDS, look=SECONDS, lifetime=SECONDS)
RETRY = b"retry: 3000\n\n"
HEARTBEAT = b": still here\n\n"


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Bench]:
    """The gateway's service on an empty database."""
    bench = Bench(GatewayService, tmp_path)
    yield bench
    bench.close()


def shown(gateway: Bench) -> bytes:
    """The status as the stream sends it."""
    with gateway.session() as session:
        status = status_of(session, CASE)
    assert status is not None
    return f"id: {status.version}\nevent: status\ndata: {status.body}\n\n".encode()


def test_a_stream_begins_with_the_status_as_it_is(gateway: Bench) -> None:
    """Its id is the version, its data the body of the plain call, on one line."""
    gateway.deliver(told(RECEIVED)[0], "on_any_event")
    stream = events(gateway.store, CASE, RESIDENT, None, PATIENT)
    assert [next(stream), next(stream)] == [RETRY, shown(gateway)]
    assert shown(gateway).count(b"\n") == 4
    stream.close()


@pytest.mark.parametrize("last", ["0", "7", "x", "", "-1", "9" * 5000, "\u0662"])
def test_a_client_that_has_something_else_gets_the_status(gateway: Bench, last: str) -> None:
    """Any other Last-Event-ID than the present version is answered with the present status."""
    gateway.deliver(told(RECEIVED)[0], "on_any_event")
    stream = events(gateway.store, CASE, RESIDENT, last, PATIENT)
    assert [next(stream), next(stream)] == [RETRY, shown(gateway)]
    stream.close()


def test_a_client_that_is_up_to_date_hears_of_the_next_change_only(gateway: Bench) -> None:
    """It goes on from its Last-Event-ID, woken by the change itself."""
    request, completion = told(RECEIVED, COMPLETED)
    gateway.deliver(request, "on_any_event")
    stream = events(gateway.store, CASE, RESIDENT, "1", PATIENT)
    next(stream)
    with eventlet.Timeout(SECONDS / 2):
        waiting = eventlet.spawn(next, stream)
        eventlet.sleep(0)
        gateway.deliver(completion, "on_any_event")
        assert waiting.wait() == shown(gateway)
    stream.close()


def test_a_change_that_another_replica_stored_is_found_by_looking(gateway: Bench) -> None:
    """No bell rings in this process then."""
    request, completion = told(RECEIVED, COMPLETED)
    gateway.deliver(request, "on_any_event")
    with eventlet.Timeout(SECONDS):
        waiting = eventlet.spawn(wait_for_change, gateway.store, CASE, 1, SECONDS, 0.01)
        eventlet.sleep(0)
        with gateway.store.unit("another replica") as work:
            record(work.session, completion)
        status = waiting.wait()
    assert status is not None
    assert status.version == 2


def test_a_stream_of_a_case_that_is_not_there_yet_shows_it_when_it_comes(gateway: Bench) -> None:
    """A client may be faster than the events."""
    stream = events(gateway.store, CASE, RESIDENT, None, PATIENT)
    next(stream)
    with eventlet.Timeout(SECONDS / 2):
        waiting = eventlet.spawn(next, stream)
        eventlet.sleep(0)
        gateway.deliver(told(RECEIVED)[0], "on_any_event")
        assert waiting.wait() == shown(gateway)
    stream.close()


def test_a_silent_stream_sends_heartbeats_and_ends_after_its_lifetime(gateway: Bench) -> None:
    """Proxies keep it open, and no connection stays for ever."""
    pace = Pace(heartbeat=0.01, look=0.01, lifetime=0.05)
    with eventlet.Timeout(SECONDS):
        sent = list(events(gateway.store, CASE, RESIDENT, None, pace))
    assert sent[0] == RETRY
    assert set(sent[1:]) == {HEARTBEAT}


@pytest.mark.parametrize(("officer", "ends"), [("dewi", True), ("dian", False)])
def test_a_stream_ends_for_the_officer_whom_the_complaint_turns_out_to_be_about(
    gateway: Bench, officer: str, ends: bool
) -> None:
    """Named at the check, they are not even told that there was one; a colleague is."""
    about_dewi = CHECKED.model_copy(update={"officer": "dewi"})
    complaint, check = Story(COMPLAINT).tell(COMPLAINED, about_dewi)
    gateway.deliver(complaint, "on_any_event")
    actor = Actor(id=officer, role=Role.COMPLAINT_OFFICER)
    stream = events(gateway.store, COMPLAINT, actor, None, PATIENT)
    assert [next(stream), next(stream)[:6]] == [RETRY, b"id: 1\n"]
    with eventlet.Timeout(SECONDS / 2):
        waiting = eventlet.spawn(next, stream, None)
        eventlet.sleep(0)
        gateway.deliver(check, "on_any_event")
        sent = waiting.wait()
    assert (sent is None) is ends
    stream.close()


def test_a_stream_that_was_closed_leaves_nothing_behind(gateway: Bench) -> None:
    """Neither a watcher nor an open transaction."""
    stream = events(
        gateway.store, CASE, RESIDENT, None, Pace(heartbeat=0.01, look=0.01, lifetime=SECONDS)
    )
    next(stream)
    assert next(stream) == HEARTBEAT
    stream.close()
    assert changes._bells == {}
    gateway.deliver(told(RECEIVED)[0], "on_any_event")


def test_every_watcher_of_a_case_is_woken_and_no_other(gateway: Bench) -> None:
    """A bell rings for its own case."""
    with (
        eventlet.Timeout(SECONDS / 2),
        changes.watch(CASE) as one,
        changes.watch(CASE) as two,
        changes.watch("VRF-20261123-0002") as other,
    ):
        rung: list[str] = []
        for name, bell in (("one", one), ("two", two), ("other", other)):
            eventlet.spawn(lambda bell=bell, name=name: (bell.wait(SECONDS), rung.append(name)))
        eventlet.sleep(0)
        changes.announce(CASE)
        eventlet.sleep(0.01)
        assert sorted(rung) == ["one", "two"]
