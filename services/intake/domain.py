"""Reception of a request: its states, the table of moves, and the rules of each move.

The order is that of the procedure in the published standard "Verifikasi segera permohonan",
steps 1 and 2: the counter records the request and identifies the applicant. A data request is
complete with its letter (requirement 2 of its standard).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, cast

from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode, IllegalMove, InvalidFields, Refusal
from contracts.intake import (
    Purpose,
    RequestKind,
    RequirementCheck,
    SubmitDataRequest,
    SubmitRequest,
)
from standards import catalogue, national_id, regions
from standards.calendar import WorkCalendar
from standards.catalogue import ServiceStandard
from standards.deadline import Deadline, compute_deadline

STANDARD_OF_KIND = {
    RequestKind.ASSISTANCE_VERIFICATION: "aid_verification",
    RequestKind.DATA_REQUEST: "data_request",
}
"""The published standard that a kind of request is handled under."""

PREFIX_OF_KIND: dict[RequestKind, Literal["VRF", "DTA"]] = {
    RequestKind.ASSISTANCE_VERIFICATION: "VRF",
    RequestKind.DATA_REQUEST: "DTA",
}
"""How the tracking numbers of a kind begin."""

FIRST_STEP = "identification"
"""The step of an aid verification that waits at intake (procedure, step 2)."""

FIRST_STEP_OF_DATA = "disposition"
"""What a data request waits for; it is timed by the service that it is handed over to."""

INCOMPLETE = "request_incomplete"
"""Why the promise stands still while the resident completes the request."""

RECENT = timedelta(days=30)
"""A second request of the same person for the same purpose within this time is pointed out."""

LIKELY_DUPLICATE = "likely_duplicate"


class Move(StrEnum):
    """What can be done with a request."""

    COMPLETE = "complete"
    RETURN = "return"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"


class State(StrEnum):
    """Where a request stands at intake.

    A completed one is with the service of its kind; withdrawn there, it is closed here.
    """

    RECEIVED = "received"
    RETURNED = "returned"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"

    @property
    def moves(self) -> tuple[Move, ...]:
        """What may be done next."""
        return tuple(MOVES[self])

    def after(self, move: Move) -> "State":
        """The state that the move leads to; raises IllegalMove."""
        if move not in MOVES[self]:
            raise IllegalMove(self, move, self.moves)
        return MOVES[self][move]


MOVES: dict[State, dict[Move, State]] = {
    State.RECEIVED: {
        Move.COMPLETE: State.COMPLETED,
        Move.RETURN: State.RETURNED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.RETURNED: {
        Move.SUPPLEMENT: State.RECEIVED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.COMPLETED: {
        Move.WITHDRAW: State.CLOSED,
    },
    State.WITHDRAWN: {},
    State.CLOSED: {},
}
"""The one table of moves: what is not in it is illegal."""


@dataclass(frozen=True, slots=True)
class Reception:
    """What follows from where and when a request came.

    `district` is the code of the village's district, None as the village for a data request;
    `day` is the day of registration at the office.
    """

    kind: RequestKind
    purpose: Purpose
    district: str | None
    village: str | None
    standard: ServiceStandard
    deadline: Deadline
    day: date


def warnings_of(nik: national_id.Nik, ask: SubmitRequest, *, duplicate: bool) -> tuple[str, ...]:
    """What the officer should look at, as codes; none of it is a ground for refusal.

    `duplicate`: the person has another request for this purpose, open or recent.
    """
    sex = cast(national_id.Sex | None, ask.applicant.sex)
    found = national_id.nik_warnings(nik, ask.applicant.birth_date, sex)
    return (*found, LIKELY_DUPLICATE) if duplicate else found


def receive(
    ask: SubmitRequest | SubmitDataRequest, at: datetime, calendar: WorkCalendar
) -> Reception:
    """Register it under the standard in force; refused with region_unknown.

    A data request is promised the longest time of its standard until its review sets another.
    """
    kind, district, village = RequestKind.DATA_REQUEST, None, None
    if isinstance(ask, SubmitRequest):
        kind, village = ask.kind, ask.address.village
        district = _district_of(village)
    standard = catalogue.load(STANDARD_OF_KIND[kind])
    return Reception(
        kind=kind,
        purpose=Purpose(ask.purpose),
        district=district,
        village=village,
        standard=standard,
        deadline=compute_deadline(at, standard.time.max_working_days, calendar),
        day=calendar.local(at).date(),
    )


def missing_requirements(
    checklist: Iterable[RequirementCheck], standard: ServiceStandard
) -> tuple[str, ...]:
    """The requirements judged as not fulfilled, in the standard's order (procedure, step 2).

    What is needed only if the institution asks for it counts as fulfilled where it did not ask.
    Refused with requirement_unknown, or with checklist_incomplete unless every requirement that is
    checked at the counter is judged exactly once.
    """
    required = [each.id for each in standard.requirements if each.checked_at_counter]
    judged: dict[str, bool] = {}
    repeated: list[str] = []
    for index, line in enumerate(checklist):
        if line.requirement not in required:
            raise Refusal(ErrorCode.REQUIREMENT_UNKNOWN, field="checklist", index=index)
        if line.requirement in judged:
            repeated.append(line.requirement)
        judged[line.requirement] = line.fulfilled
    absent = [each for each in required if each not in judged]
    if absent or repeated:
        raise Refusal(ErrorCode.CHECKLIST_INCOMPLETE, missing=absent, repeated=repeated)
    return tuple(each for each in required if not judged[each])


def check_supplement(attachments: Iterable[str], notes: str | None) -> None:
    """A supplement brings something: attachments or notes; raises InvalidFields."""
    if not any(attachments) and not (notes or "").strip():
        raise InvalidFields(("notes", "required"))


def withdrawn(state: State) -> State:
    """The state after the resident's withdrawal; raises IllegalMove.

    Refused with already_handed_over once another service has or had the request, which must be
    asked.
    """
    if state in (State.COMPLETED, State.CLOSED):
        raise Refusal(ErrorCode.ALREADY_HANDED_OVER)
    return state.after(Move.WITHDRAW)


def is_staff(actor: Actor) -> bool:
    """Whether the actor works for the office."""
    return actor.role is not Role.RESIDENT


def _district_of(village: str) -> str:
    try:
        return regions.district_of(village).code
    except regions.UnknownRegion:
        raise Refusal(ErrorCode.REGION_UNKNOWN, field="address.village") from None
