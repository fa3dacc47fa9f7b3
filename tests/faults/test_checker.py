"""The checker against broken records, and a fault that could not be made."""

import random
import socket
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread
from typing import Any, cast

import pytest

from contracts.envelope import CloudEvent
from tests.faults.checker import DeadLetters, Verdict, judge
from tests.faults.evidence import Evidence
from tests.faults.fault import Arena, NotNow
from tests.faults.network_faults import LostCommit
from tests.faults.proxy import Proxy
from tests.faults.record import ACKNOWLEDGED, REFUSED, Operation, Record
from tests.faults.rig import shares
from tests.real.runtime import free_port

CASE, OTHER = "DTA-20261122-0001", "DTA-20261122-0002"
CAUSE = "c" * 64
PACKAGE = {"edition": 1, "package_sha256": "0" * 64, "handed_over_at": "2026-11-23T10:00:00+08:00"}


def _event(name: str, subject: str) -> CloudEvent:
    return CloudEvent(
        id=f"{name}-{subject}",
        source="/services/data_request",
        type=f"sigap.{name}.v1",
        subject=subject,
        time="2026-11-23T10:00:00+08:00",
        sequence="1",
        correlationid=subject,
        causationid=CAUSE,
        actor="division_head",
        actorrole="division_head",
        data={"state": "prepared", **PACKAGE},
    )


def _judged(
    tmp_path: Path,
    event: CloudEvent,
    told: str,
    letters: tuple[str, ...] = (),
    refused: str = "",
) -> Verdict:
    """Of one write, acknowledged if not `refused` with this code, its one event, and letters of
    these kinds for its case."""
    with closing(Record(tmp_path / "record.jsonl")) as record:
        operation = Operation(CAUSE, "data_requests.some_move", told, ())
        record.attempted(operation)
        if refused:
            record.settled(operation, REFUSED, code=refused)
        else:
            record.settled(operation, ACKNOWLEDGED, case=told)
        found = Evidence(
            indexes=[1],
            ledger=[event],
            sequences={("data_request", event.subject): 1},
            replies={CAUSE},
            effects=Counter([event.id]),
            cases={},
            letters=[(kind, 1, 2026, 1, event.subject, "issued") for kind in letters],
            verifications=Counter(),
            dead=[],
            clocks_to_ring=0,
        )
        return judge(record, found, set())


def test_a_client_that_was_given_another_number_is_found(tmp_path):
    """An acknowledged write's events are about the case that its client was told of."""
    event = _event("handover_signed", CASE)
    assert not _judged(tmp_path, event, told=CASE).unexpected
    (found,) = _judged(tmp_path, event, told=OTHER).unexpected
    assert OTHER in found
    assert found.endswith(f"data_request.handover_signed is about {CASE}")


def test_a_form_that_the_rig_filled_in_wrongly_is_found(tmp_path):
    """Else a whole step would be left out of every run, and nobody would see it."""
    found = _judged(tmp_path, _event("handover_signed", CASE), CASE, refused="validation_failed")
    assert any(each.endswith("the rig's own form was refused") for each in found.unexpected)


@pytest.mark.parametrize(
    ("event", "letter"),
    [("data_prepared", "handover_draft"), ("data_handed_over", "handover_record")],
)
def test_a_record_of_handover_that_is_missing_is_found(event, letter, tmp_path):
    """Draft and record are owed once each, as every other letter is."""
    assert not _judged(tmp_path, _event(event, CASE), CASE, (letter,)).letters
    assert f"{CASE}: 0 of {letter}" in _judged(tmp_path, _event(event, CASE), CASE).letters


def test_dead_letters_that_lie_there_twice_are_counted():
    """All, the distinct ones, and how many of these lie there more than once."""
    dead = [("tally", "a", "poison"), ("tally", "a", "poison"), ("audit", "a", "poison")]
    assert DeadLetters.among(dead) == DeadLetters(lying=3, distinct=2, twice=1)


def test_faults_are_spread_over_the_work():
    """One in each equal part of it."""
    due = shares(10, random.Random(1))  # noqa: S311 - no secrecy
    assert [int(share * 10) for share in due] == list(range(10))


def _server() -> socket.socket:
    """Answers each chunk of its first client."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client, _ = listener.accept()
        with client:
            while client.recv(100):
                client.sendall(b"done")

    Thread(target=serve, daemon=True).start()
    return listener


def test_a_lost_commit_counts_only_when_one_was_cut():
    """Without a COMMIT it is tried again later; a cut one is told, and its client hears nothing."""
    port = free_port()
    with (
        _server() as server,
        closing(Proxy({"database": server.getsockname()[1]}, {"database": port})) as proxy,
    ):
        arena = Arena(cast(Any, None), cast(Any, None), random.Random(1), proxy)  # noqa: S311
        fault = LostCommit(patience=0.0)
        with pytest.raises(NotNow):
            fault.inject(arena)
        fault.heal(arena)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"COMMIT")
            assert client.recv(100) == b"done"
            proxy.set("database", "lost_commit")
            client.sendall(b"SELECT 1")
            assert client.recv(100) == b"done"
            assert proxy.lost_commits("database") == 0
            client.sendall(b"COMMIT")
            with suppress(ConnectionResetError):
                assert client.recv(100) == b""
        assert proxy.lost_commits("database") == 1
