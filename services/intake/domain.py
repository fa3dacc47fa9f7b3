"""Reception of a request: its states, the table of moves, and the rules of each move.

The order is that of the procedure in the published standard "Verifikasi segera permohonan",
steps 1 and 2: the counter records the request and identifies the applicant.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import cast

from contracts.envelope import TRACKING_NUMBER, Actor, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import Channel, RequestKind, RequirementCheck, SubmitRequest
from standards import catalogue, national_id, regions
from standards.calendar import WorkCalendar
from standards.catalogue import ServiceStandard
from standards.deadline import Deadline, Pause, compute_deadline

STANDARD_OF_KIND = {RequestKind.ASSISTANCE_VERIFICATION: "aid_verification"}
"""The published standard that a kind of request is handled under."""

PREFIX_OF_KIND = {RequestKind.ASSISTANCE_VERIFICATION: "VRF"}
"""How the tracking numbers of a kind begin."""

RECENT = timedelta(days=30)
"""A second request of the same person for the same purpose within this time is pointed out."""

UPLOAD_KEPT_FOR = timedelta(hours=24)
"""How long a resident's upload waits for the request that it belongs to."""

MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024

LIKELY_DUPLICATE = "likely_duplicate"

_INCOMPLETE = "request_incomplete"
_ATTACHMENT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PURPOSE_CODE = re.compile(r"[a-z][a-z_]{1,63}")


class Move(StrEnum):
    """What can be done with a request."""

    COMPLETE = "complete"
    RETURN = "return"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"


class State(StrEnum):
    """Where a request stands at intake; a completed one is with verification."""

    RECEIVED = "received"
    RETURNED = "returned"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"

    @property
    def moves(self) -> tuple[Move, ...]:
        """What may be done next."""
        return tuple(MOVES[self])

    def after(self, move: Move) -> "State":
        """The state that the move leads to; raises IllegalMove."""
        if move not in MOVES[self]:
            raise IllegalMove(self, move)
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
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.WITHDRAWN: {},
}
"""The one table of moves: what is not in it is illegal."""


class IllegalMove(Refusal):
    """The request does not allow this move where it stands."""

    code = ErrorCode.ILLEGAL_MOVE

    def __init__(self, state: State, move: Move) -> None:
        super().__init__(state=state.value, move=move.value, allowed=[*state.moves])


class InvalidFields(Refusal):
    """Fields do not hold what the rules ask for: (field, code) each; no content is repeated."""

    code = ErrorCode.VALIDATION_FAILED

    def __init__(self, *errors: tuple[str, str]) -> None:
        super().__init__(errors=[{"field": field, "code": code} for field, code in errors])


class CaseNotFound(Refusal):
    """There is no request with this tracking number."""

    code = ErrorCode.CASE_NOT_FOUND


class AttachmentTooLarge(Refusal):
    """An uploaded file is larger than MAX_ATTACHMENT_BYTES."""

    code = ErrorCode.PAYLOAD_TOO_LARGE

    def __init__(self) -> None:
        super().__init__(limit_bytes=MAX_ATTACHMENT_BYTES)


class AttachmentNotFound(Refusal):
    """An attachment is not there, or belongs to a request already. Names its place, not its id."""

    code = ErrorCode.ATTACHMENT_NOT_FOUND


@dataclass(frozen=True, slots=True)
class Reception:
    """What follows from where and when a request came.

    `district` is the code of the village's district, `day` the day of registration at the office.
    """

    district: str
    standard: ServiceStandard
    deadline: Deadline
    day: date


def check_submission(ask: SubmitRequest) -> national_id.Nik:
    """The applicant's NIK, when all that a request needs is there; raises InvalidFields."""
    errors = [(field, "required") for field in _missing_fields(ask)]
    try:
        if ask.applicant.family_card is not None:
            national_id.check_kk(ask.applicant.family_card)
    except national_id.InvalidKk as error:
        errors.append(("applicant.family_card", error.code))
    try:
        nik = national_id.parse_nik(ask.applicant.nik)
    except national_id.InvalidNik as error:
        raise InvalidFields(*errors, ("applicant.nik", error.code)) from None
    if errors:
        raise InvalidFields(*errors)
    return nik


def warnings_of(nik: national_id.Nik, ask: SubmitRequest, *, duplicate: bool) -> tuple[str, ...]:
    """What the officer should look at, as codes; none of it is a ground for refusal.

    `duplicate`: the person has another request for this purpose, open or recent.
    """
    sex = cast(national_id.Sex | None, ask.applicant.sex)
    found = national_id.nik_warnings(nik, ask.applicant.birth_date, sex)
    return (*found, LIKELY_DUPLICATE) if duplicate else found


def tracking_number(kind: RequestKind, day: date, number: int) -> str:
    """`VRF-YYYYMMDD-NNNN`: kind, day of registration at the office, number of that day."""
    return f"{PREFIX_OF_KIND[kind]}-{day:%Y%m%d}-{number:04d}"


def is_tracking_number(text: str) -> bool:
    """Whether a case could have this name."""
    return re.fullmatch(TRACKING_NUMBER, text) is not None


def is_attachment_id(text: str) -> bool:
    """Whether an attachment could have this id: a UUID in lower case."""
    return _ATTACHMENT_ID.fullmatch(text) is not None


def receive(ask: SubmitRequest, at: datetime, calendar: WorkCalendar) -> Reception:
    """Register it under the standard in force; refused with region_unknown."""
    standard = catalogue.load(STANDARD_OF_KIND[ask.kind])
    return Reception(
        district=_district_of(ask.address.village),
        standard=standard,
        deadline=compute_deadline(at, standard.time.max_working_days, calendar),
        day=calendar.local(at).date(),
    )


def paused(deadline: Deadline, at: datetime, calendar: WorkCalendar) -> Deadline:
    """The clock stands still while the resident completes the request."""
    pauses = (*deadline.pauses, Pause(at, None, _INCOMPLETE))
    return compute_deadline(deadline.received_at, deadline.working_days, calendar, pauses)


def resumed(deadline: Deadline, at: datetime, calendar: WorkCalendar) -> Deadline:
    """The clock runs again; every open pause ends."""
    # Another replica's clock may have been ahead when the pause began.
    pauses = [
        pause if pause.end else replace(pause, end=max(at, pause.start))
        for pause in deadline.pauses
    ]
    return compute_deadline(deadline.received_at, deadline.working_days, calendar, pauses)


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

    Refused with already_handed_over once the request is with verification, which must be asked.
    """
    if state is State.COMPLETED:
        raise Refusal(ErrorCode.ALREADY_HANDED_OVER)
    return state.after(Move.WITHDRAW)


def check_purpose(purpose: str) -> None:
    """A read's purpose is published, so it is a code, as `letter`; raises InvalidFields."""
    if not _PURPOSE_CODE.fullmatch(purpose):
        raise InvalidFields(("purpose", "wrong_format"))


def is_staff(actor: Actor) -> bool:
    """Whether the actor works for the office."""
    return actor.role is not Role.RESIDENT


def may_read_attachment(case: str, linked_to: str | None, by_staff: bool, actor: Actor) -> bool:
    """Whether an attachment may be read as part of a case.

    One that a request took belongs to that case alone. A photo of a visit is referenced by
    verification's report only, so intake never links it: what staff uploaded staff may read.
    """
    if linked_to is None:
        return by_staff and is_staff(actor)
    return linked_to == case


def _missing_fields(ask: SubmitRequest) -> Iterator[str]:
    texts = {
        "applicant.name": ask.applicant.name,
        "address.street": ask.address.street,
        "target_institution": ask.target_institution,
    }
    if ask.reporter is not None:
        texts["reporter.name"] = ask.reporter.name
    elif ask.channel is Channel.THIRD_PARTY:  # a report (laporan masyarakat) names its reporter
        yield "reporter"
    yield from (field for field, text in texts.items() if not text.strip())


def _district_of(village: str) -> str:
    try:
        return regions.district_of(village).code
    except regions.UnknownRegion:
        raise Refusal(ErrorCode.REGION_UNKNOWN, field="address.village") from None
