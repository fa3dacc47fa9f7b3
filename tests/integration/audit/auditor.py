"""What an auditor does in the tests: take checkpoints, read the ledger, check it."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts import intake
from contracts.audit import LatestCheckpoint, ReadCheckpoint, ReadLeafHashes, ReadLedger
from contracts.envelope import CloudEvent, Message
from contracts.examples import example
from services.audit import kept
from services.audit.notes import Verifier
from services.audit.proving import Verdict, authentic, check
from tests.support import Bench

FIRST = example(intake.RequestReceived)


def events(number: int, start: int = 1) -> list[CloudEvent]:
    """So many different events."""
    return [FIRST.model_copy(update={"id": f"event-{i}"}) for i in range(start, start + number)]


def record(office: Bench, number: int, start: int = 1) -> None:
    """So many new entries."""
    for event in events(number, start):
        assert office.deliver(event, "on_any_event") == "done"


def sign(office: Bench) -> LatestCheckpoint:
    """A checkpoint over all entries, a minute later, kept in the folder too if there is one."""
    office.clock.move(minutes=1)
    office.run_job("sign_checkpoints")
    office.run_job("keep_checkpoints")
    newest: LatestCheckpoint = office.ask(ReadCheckpoint())
    return newest


def entries(office: Bench) -> Iterator[tuple[int, Any]]:
    """The ledger as it is shown."""
    after = 0
    while (page := office.ask(ReadLedger(after=after, limit=100))).entries:
        yield from ((entry.index, entry.event) for entry in page.entries)
        after = page.last


def hashes(office: Bench) -> list[bytes]:
    """The entries' hashes as the ledger tells them."""
    shown = office.ask(ReadLeafHashes(limit=1000)).hashes
    return [base64.b64decode(each) for each in shown]


class Direct:
    """Asks the service on the bench, as an RPC client would."""

    def __init__(self, office: Bench) -> None:
        self._office = office

    def call(self, message: Message) -> Any:
        return self._office.ask(message)


def verified(office: Bench, folder: Path, verifier: Verifier) -> Verdict:
    """The live ledger against the auditor's own folder."""
    checkpoints = kept.checkpoints(folder, verifier)
    vouched = authentic(checkpoints, kept.leaves(folder, checkpoints[-1].size))
    return check(entries(office), checkpoints, vouched)
