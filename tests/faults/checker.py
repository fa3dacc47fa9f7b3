"""Compares the rig's record with what the system holds. Every finding is a sentence with ids."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from contracts.envelope import CloudEvent
from contracts.errors import ErrorCode
from gateway.presentation import status_json
from gateway.projection import fold
from tests.faults.evidence import Evidence
from tests.faults.record import ACKNOWLEDGED, REFUSED, Operation, Record

SYSTEM_CAUSES = ("job:", "rebuild", "demo_accounts")
OF_QUERIES = ("personal_data_read",)
"""Events whose cause is a query: one asks without a key, and asks again after a timeout."""

MOST_SHOWN = 20


@dataclass(slots=True)
class Verdict:
    """What is wrong, by kind; all empty is green."""

    lost: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    projections: list[str] = field(default_factory=list)
    deadlines: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    outages: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return {name: len(getattr(self, name)) for name in self.__slots__}

    def samples(self) -> dict[str, list[str]]:
        """The first few of each kind that there are."""
        found = {name: getattr(self, name)[:MOST_SHOWN] for name in self.__slots__}
        return {name: some for name, some in found.items() if some}

    @property
    def green(self) -> bool:
        return not any(self.counts().values())


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """How many lie there, of how many messages, and how many of these lie there more than once."""

    lying: int
    distinct: int
    twice: int

    @classmethod
    def among(cls, dead: Iterable[tuple[str, str, str]]) -> "DeadLetters":
        """Of the letters that were found: (service, message id, reason)."""
        times = Counter((service, message) for service, message, _ in dead)
        return cls(times.total(), len(times), sum(1 for count in times.values() if count > 1))


def judge(record: Record, found: Evidence, injected: set[tuple[str, str]]) -> Verdict:
    """`injected` is the poison put in, by service and message id."""
    verdict = Verdict()
    by_cause = _by_cause(found.ledger)
    for operation in record.operations.values():
        _judge_operation(operation, found, by_cause.get(operation.key, Counter()), verdict)
    _judge_causes(found, record, verdict)
    _judge_numbers(found, record, verdict)
    _judge_sequences(found, verdict)
    _judge_effects(found, verdict)
    _judge_dead_letters(found, injected, verdict)
    _judge_letters(found, verdict)
    _judge_projection(found, verdict)
    _judge_deadlines(found, verdict)
    return verdict


def name_of(event: CloudEvent) -> str:
    """As `intake.request_received`."""
    return f"{event.source.removeprefix('/services/')}.{event.type.split('.')[1]}"


def _by_cause(ledger: Iterable[CloudEvent]) -> dict[str, Counter[str]]:
    causes: dict[str, Counter[str]] = {}
    for event in ledger:
        causes.setdefault(event.causationid, Counter())[name_of(event)] += 1
    return causes


def _judge_operation(
    operation: Operation, found: Evidence, caused: Counter[str], verdict: Verdict
) -> None:
    """All of its events once where it took effect, none where it did not."""
    applied = operation.key in found.replies
    about = f"{operation.what} {operation.case or '-'} {operation.key[:12]}"
    if operation.outcome == ACKNOWLEDGED and not applied:
        verdict.lost.append(f"{about}: acknowledged, no reply is stored")
    if operation.outcome == REFUSED and (applied or caused):
        verdict.unexpected.append(f"{about}: refused, and took effect")
    if operation.told.get("code") == ErrorCode.VALIDATION_FAILED:
        verdict.unexpected.append(f"{about}: the rig's own form was refused")
    for event in operation.events:
        if applied and not caused[event]:
            verdict.lost.append(f"{about}: took effect, {event} is not in the ledger")
        if not applied and caused[event]:
            verdict.unexpected.append(f"{about}: no reply is stored, {event} is in the ledger")
        if caused[event] > 1:
            verdict.doubled.append(f"{about}: {event} {caused[event]} times")


def _judge_causes(found: Evidence, record: Record, verdict: Verdict) -> None:
    """Every event has a cause that the rig attempted, or that is an event; none has one twice."""
    known = {event.id for event in found.ledger} | record.operations.keys()
    seen: Counter[tuple[str, str, str]] = Counter()
    for event in found.ledger:
        if event.causationid.startswith(SYSTEM_CAUSES):
            continue
        if event.causationid not in known and name_of(event).partition(".")[2] not in OF_QUERIES:
            verdict.unexpected.append(f"{event.subject} {name_of(event)}: nobody caused it")
        if event.causationid not in record.operations:
            seen[event.causationid, name_of(event), event.subject] += 1
    for (cause, name, subject), times in seen.items():
        if times > 1:
            verdict.doubled.append(f"{subject}: {name} {times} times for {cause}")
    for key, operation in record.operations.items():
        if operation.outcome == ACKNOWLEDGED and operation.case == "":
            verdict.unexpected.append(f"{key[:12]}: acknowledged without a case")


def _judge_numbers(found: Evidence, record: Record, verdict: Verdict) -> None:
    """A write's events are about the case that its client was told of, or named."""
    for event in found.ledger:
        operation = record.operations.get(event.causationid)
        if operation is not None and operation.case not in ("", event.subject):
            verdict.unexpected.append(
                f"{operation.what} {operation.case} {operation.key[:12]}: "
                f"its {name_of(event)} is about {event.subject}"
            )


def _judge_sequences(found: Evidence, verdict: Verdict) -> None:
    """The ledger holds of each service and case the events 1 to n, each once, without a gap."""
    held: dict[tuple[str, str], Counter[int]] = {}
    for event in found.ledger:
        source = event.source.removeprefix("/services/")
        held.setdefault((source, event.subject), Counter())[int(event.sequence)] += 1
    for stream, emitted in found.sequences.items():
        numbers = held.get(stream, Counter())
        missing = [n for n in range(1, emitted + 1) if not numbers[n]]
        if missing:
            verdict.lost.append(f"{stream[1]}: events {missing} of {stream[0]} are not kept")
        beyond = [n for n in numbers if n > emitted]
        if beyond:
            verdict.unexpected.append(f"{stream[1]}: {stream[0]} never emitted {beyond}")
        again = [n for n, times in numbers.items() if times > 1]
        if again:
            verdict.doubled.append(f"{stream[1]}: events {again} of {stream[0]} stand twice")
    for stream in held.keys() - found.sequences.keys():
        verdict.unexpected.append(f"{stream[1]}: {stream[0]} never emitted anything of it")
    if found.indexes != list(range(1, len(found.indexes) + 1)):
        verdict.lost.append("the ledger's indexes have a gap")


def _judge_effects(found: Evidence, verdict: Verdict) -> None:
    """The tally has one row for each event of the ledger; each request has its verification."""
    ledger = {event.id: event for event in found.ledger}
    for event_id, event in ledger.items():
        if not found.effects[event_id]:
            verdict.lost.append(f"{event.subject} {name_of(event)}: no effect at the tally")
    for event_id, times in found.effects.items():
        if event_id not in ledger:
            verdict.lost.append(f"{event_id}: counted by the tally, not in the ledger")
        elif times > 1:
            event = ledger[event_id]
            verdict.doubled.append(f"{event.subject} {name_of(event)}: {times} effects")
    received = {
        event.subject
        for event in found.ledger
        if name_of(event) == "intake.request_received" and event.subject.startswith("VRF")
    }
    verdict.lost.extend(f"{n}: no verification" for n in received - found.verifications.keys())
    verdict.unexpected.extend(
        f"{n}: a verification of nothing" for n in found.verifications.keys() - received
    )


def _judge_dead_letters(found: Evidence, injected: set[tuple[str, str]], verdict: Verdict) -> None:
    """By identity, not by number: a process that dies between burying a message and acknowledging
    it buries it again, and so does a rig whose connection is cut before a confirm. A dead letter
    is at least once; replaying or discarding one twice is harmless. The report tells how many lie
    there twice."""
    reasons = {(service, message): reason for service, message, reason in found.dead}
    held = set(reasons)
    for letter in held - injected:
        verdict.dead.append(f"{letter}: {reasons[letter]}, not injected")
    for letter in injected - held:
        verdict.dead.append(f"{letter}: injected, not dead-lettered")


def _judge_letters(found: Evidence, verdict: Verdict) -> None:
    """Every announced letter is there once; numbers run from 1 per kind and year."""
    series: dict[tuple[str, int], list[int]] = {}
    for kind, _, year, sequence, case, state in found.letters:
        if sequence is None:
            verdict.letters.append(f"{case}: {kind} has no number ({state})")
        else:
            series.setdefault((kind, year), []).append(sequence)
    for (kind, year), numbers in series.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            verdict.letters.append(f"{kind} {year}: numbers are not 1 to {len(numbers)}")
    held = Counter((case, kind) for kind, _, _, _, case, _ in found.letters)
    for case, kind in _letters_due(found.ledger):
        if held[case, kind] != 1:
            verdict.letters.append(f"{case}: {held[case, kind]} of {kind}")


def _letters_due(ledger: Iterable[CloudEvent]) -> Iterator[tuple[str, str]]:
    kinds = {
        "intake.request_received": "receipt",
        "complaints.complaint_received": "receipt",
        "verification.verification_done": "verification_letter",
        "complaints.complaint_responded": "complaint_response",
        "data_request.data_prepared": "handover_draft",
        "data_request.data_handed_over": "handover_record",
    }
    for event in ledger:
        if name_of(event) in kinds:
            yield event.subject, kinds[name_of(event)]


def _judge_projection(found: Evidence, verdict: Verdict) -> None:
    """The gateway's picture of each case is what its events in the ledger add up to."""
    cases: dict[str, list[CloudEvent]] = {}
    for event in found.ledger:
        cases.setdefault(event.subject, []).append(event)
    for number, events in cases.items():
        view = fold(number, events)
        expected = (view.version, status_json(view) if view.known else None)
        if view.version and found.cases.get(number) != expected:
            verdict.projections.append(f"{number}: the status is not what the ledger adds up to")
    for number in found.cases.keys() - cases.keys():
        verdict.projections.append(f"{number}: a status of nothing")


def _judge_deadlines(found: Evidence, verdict: Verdict) -> None:
    """Each due moment is told of once as nearing and once as missed, and nothing is overdue.

    Two steps may be due at the same moment.
    """
    told: Counter[tuple[str, str, str, str]] = Counter()
    for event in found.ledger:
        name = name_of(event).partition(".")[2]
        if name in ("deadline_approaching", "deadline_missed"):
            clock = event.data["step"] or event.data["clock"]
            told[event.subject, name_of(event), clock, event.data["due"]] += 1
    for what, times in told.items():
        if times > 1:
            verdict.deadlines.append(f"{what} told {times} times")
    if found.clocks_to_ring:
        verdict.deadlines.append(f"{found.clocks_to_ring} clocks should have rung")
