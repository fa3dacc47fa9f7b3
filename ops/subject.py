"""A person's own record over all services, and its erasure.

Who is meant is said by a NIK or by a case of theirs. The services that know persons, intake and
complaints, tell each other's cases by the same blind index; the others are asked by case.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chassis.ids import uuid7
from contracts import complaints, data_request, documents, intake, notifications, verification
from contracts.audit import Reading, Readings, ReadReadings
from contracts.envelope import Actor
from contracts.subject import KEEPERS, ReadSubject, SubjectCase, SubjectErased, SubjectRecord
from gateway.kinds import has_kind
from gateway.stages import CaseKind

FOLLOWERS: tuple[type[ReadSubject], ...] = (
    verification.ReadSubject,
    data_request.ReadSubject,
    documents.ReadSubject,
    notifications.ReadSubject,
)
"""They keep what belongs to a case of somebody whom intake or complaints knows."""

ERASED_BY_EVENT = ("verification", "data_request", "documents")
"""Those that destroy their part when the keeper of the person has destroyed theirs."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is meant: by a NIK, or by any case of theirs."""

    nik: str | None = None
    case: str | None = None

    def of(self, model: type[ReadSubject], person: str | None, *, with_data: bool) -> ReadSubject:
        """The first question to a service that knows persons."""
        numbers = (self.case,) if self.case else ()
        if person is not None:
            return model(person=person, tracking_numbers=numbers, with_data=with_data)
        return model(nik=self.nik, tracking_numbers=numbers, with_data=with_data)


@dataclass(frozen=True, slots=True)
class Found:
    """What each service stores, by its name."""

    parts: dict[str, tuple[SubjectCase, ...]]

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every case of the person, each once."""
        every = (case.tracking_number for cases in self.parts.values() for case in cases)
        return tuple(dict.fromkeys(every))

    def of_keeper(self, service: str) -> tuple[SubjectCase, ...]:
        """The cases that intake or complaints keeps the person of."""
        complaint = service == "complaints"
        cases = self.parts.get(service, ())
        return tuple(
            c for c in cases if has_kind(c.tracking_number, CaseKind.COMPLAINT) is complaint
        )

    @property
    def open(self) -> tuple[str, ...]:
        """The cases that the office still works on."""
        return tuple(dict.fromkeys(self._open()))

    @property
    def closed(self) -> tuple[str, ...]:
        """Those handed over by intake of which the service that has them says they are closed."""
        handed = (case.tracking_number for case in self.of_keeper("intake") if case.handed_over)
        return tuple(number for number in handed if self._closed_by_owner(number))

    @property
    def to_erase(self) -> tuple[str, ...]:
        """The cases of which something can still be read."""
        keepers = (case for service in KEEPERS for case in self.of_keeper(service))
        return tuple(case.tracking_number for case in keepers if not case.erased)

    def waits_for(self) -> tuple[tuple[str, str], ...]:
        """(service, case) of what is not erased although its keeper's part is."""
        gone = {c.tracking_number for s in KEEPERS for c in self.of_keeper(s) if c.erased}
        return tuple(
            (service, case.tracking_number)
            for service in ERASED_BY_EVENT
            for case in self.parts.get(service, ())
            if case.tracking_number in gone and not case.erased
        )

    def _open(self) -> Iterator[str]:
        for service in KEEPERS:
            for case in self.of_keeper(service):
                handed = case.handed_over and not self._closed_by_owner(case.tracking_number)
                if not case.erased and (case.open or handed):
                    yield case.tracking_number

    def _closed_by_owner(self, number: str) -> bool:
        owners = (*self.parts.get("verification", ()), *self.parts.get("data_request", ()))
        states = [case.open for case in owners if case.tracking_number == number]
        return bool(states) and not any(states)


def find(rpc: Any, asked: Asked, actor: Actor, *, with_data: bool) -> Found:
    """What every service stores about the person. Raises Refusal, chassis.retry.Unavailable.

    With their data each service records that it was read, by whom and why.
    """
    of_requests: SubjectRecord = rpc.call(
        asked.of(intake.ReadSubject, None, with_data=False), actor
    )
    of_complaints: SubjectRecord = rpc.call(
        asked.of(complaints.ReadSubject, of_requests.person, with_data=False), actor
    )
    if of_requests.person is None and of_complaints.person is not None:
        by_person = asked.of(intake.ReadSubject, of_complaints.person, with_data=False)
        of_requests = rpc.call(by_person, actor)
    person = of_requests.person or of_complaints.person
    numbers = _numbers(of_requests, of_complaints)
    return Found(dict(_read(rpc, numbers, person, actor, with_data=with_data)) if numbers else {})


def readings(rpc: Any, found: Found, actor: Actor) -> Readings:
    """Who read the person's data, when and why, in the ledger's order."""
    read: list[Reading] = []
    broken: set[int] = set()
    while found.numbers:
        after = read[-1].index if read else 0
        page = rpc.call(ReadReadings(tracking_numbers=found.numbers, after=after), actor)
        broken.update(page.broken)
        if not page.readings:
            break
        read += page.readings
    return Readings(readings=tuple(read), broken=tuple(sorted(broken)))


def erase(rpc: Any, found: Found, asked: Asked, actor: Actor, reason: str) -> tuple[str, ...]:
    """Have the person's keys destroyed; the cases. Harmless however often, and wherever it ends.

    The keeper of the case that the person was found by comes last: until then the other's cases
    can be found by it. Raises Refusal case_still_open, chassis.retry.Unavailable.
    """
    commands = {"intake": intake.EraseSubject, "complaints": complaints.EraseSubject}
    last = "complaints" if has_kind(asked.case or "", CaseKind.COMPLAINT) else "intake"
    erased: list[str] = []
    for service in sorted(KEEPERS, key=lambda each: each == last):
        cases = found.of_keeper(service)
        if not cases:
            continue
        command = commands[service](
            tracking_number=cases[0].tracking_number, closed=found.closed, reason=reason
        )
        reply: SubjectErased = rpc.call(command, actor, idempotency_key=uuid7())
        erased += reply.cases
    return tuple(erased)


def _numbers(*records: SubjectRecord) -> tuple[str, ...]:
    every = (case.tracking_number for record in records for case in record.cases)
    return tuple(dict.fromkeys(every))


def _read(
    rpc: Any, numbers: tuple[str, ...], person: str | None, actor: Actor, *, with_data: bool
) -> Iterator[tuple[str, tuple[SubjectCase, ...]]]:
    """What is stored of these cases, and by whom."""
    models: tuple[type[ReadSubject], ...] = (intake.ReadSubject, complaints.ReadSubject)
    for model in (*models, *FOLLOWERS):
        theirs = _first_known(model, numbers)
        ask = model(tracking_numbers=theirs, person=person, with_data=with_data)
        record: SubjectRecord = rpc.call(ask, actor)
        yield model.service, record.cases


def _first_known(model: type[ReadSubject], numbers: Iterable[str]) -> tuple[str, ...]:
    """Intake finds a person by a case of its own only; the rest is asked about every case."""
    if model is intake.ReadSubject:
        return tuple(number for number in numbers if not has_kind(number, CaseKind.COMPLAINT))
    return tuple(sorted(numbers))
