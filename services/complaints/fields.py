"""What the fields of a complaint's commands must hold, and until when they give time. Pure."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from contracts.complaints import (
    AnswerSurvey,
    CheckComplaint,
    CheckResult,
    Complainant,
    ComplaintChannel,
    CoordinateComplaint,
    Element,
    ReconcileLapor,
    Scope,
    SubmitComplaint,
)
from contracts.envelope import TRACKING_NUMBER, USERNAME, Actor, Role
from contracts.errors import ErrorCode, InvalidFields, Refusal, check_written
from standards import catalogue, national_id
from standards.calendar import WorkCalendar
from standards.catalogue import ComplaintFollowUp, ServiceStandard
from standards.clock_day import to_minute

STANDARD = "complaint"

OLDEST_RECEIPT = timedelta(days=60)
"""How far the day of receipt may precede the day of entry."""

SCORES = range(1, 5)
"""Each element of the survey: 1 (bad) to 4 (PermenPANRB 14/2017)."""

_FAULT = tuple[str, str]


def check_submission(ask: SubmitComplaint, actor: Actor, now: datetime) -> national_id.Nik:
    """The complainant's NIK, when all that a complaint needs is there.

    Full identity and the matter are asked for by the standards. Raises InvalidFields, a refusal
    with access_denied.
    """
    if actor.role not in (Role.RESIDENT, Role.COMPLAINT_OFFICER):
        raise Refusal(ErrorCode.ACCESS_DENIED)
    errors = [*_identity_faults(ask.complainant)]
    if not ask.matter.strip():
        errors.append(("matter", "required"))
    errors += _entry_faults(ask, actor, now)
    nik = _nik(ask.complainant.nik, errors)
    if nik is None or errors:
        raise InvalidFields(*errors)
    return nik


def check_findings(ask: CheckComplaint, actor: Actor) -> None:
    """The finding says what it must, and nothing that belongs to another; raises InvalidFields."""
    errors: list[_FAULT] = []
    for field, result, given in (
        ("missing", CheckResult.INCOMPLETE, bool(ask.missing)),
        ("referral", CheckResult.NOT_OURS, ask.referral is not None),
    ):
        if given is not (ask.result is result):
            errors.append((field, "not_allowed" if given else "required"))
    if ask.officer is not None:
        errors += _officer_faults(ask.officer)
        if ask.officer == actor.id:  # whom it is about cannot own it
            errors.append(("officer", "not_allowed"))
    if errors:
        raise InvalidFields(*errors)


def check_supplement(attachments: tuple[str, ...], notes: str | None) -> None:
    """A supplement brings something: attachments or notes; raises InvalidFields."""
    if not attachments:
        check_written("notes", notes)


def check_question(ask: CoordinateComplaint) -> None:
    """A coordination names a partner and asks something; raises InvalidFields."""
    check_written("partner", ask.partner)
    check_written("question", ask.question)


def check_lapor(
    ask: ReconcileLapor, escalated_at: datetime, known_number: str | None, *, now: datetime
) -> None:
    """What came back can be true at this time, and has the number that LAPOR! gave before.

    It came after the minute of the escalation, because messages show minutes. Raises InvalidFields.
    """
    check_written("lapor_number", ask.lapor_number)
    oldest = now - to_minute(escalated_at)
    errors = [*_moment_faults("occurred_at", ask.occurred_at, oldest, now)]
    if known_number is not None and ask.lapor_number.strip() != known_number.strip():
        errors.append(("lapor_number", "differs"))
    if errors:
        raise InvalidFields(*errors)


def check_survey(ask: AnswerSurvey) -> None:
    """Every element has its score; raises InvalidFields."""
    errors = []
    for element in Element:
        score = ask.scores.get(element)
        if score not in SCORES:
            code = "required" if score is None else "out_of_range"
            errors.append((f"scores.{element.value}", code))
    if errors:
        raise InvalidFields(*errors)


def follow_up(standard: ServiceStandard) -> ComplaintFollowUp:
    """The figures for following up; raises UnknownStandard for a standard that has none."""
    if standard.follow_up is None:
        raise catalogue.UnknownStandard(f"service standard {standard.id!r} follows nothing up")
    return standard.follow_up


def days_for_answer(scope: Scope, figures: ComplaintFollowUp) -> int:
    """How many working days a partner has for an answer."""
    internal = scope is Scope.INTERNAL
    return figures.internal_working_days if internal else figures.external_working_days


def same_span_after(day: date, working_days: int, calendar: WorkCalendar) -> datetime:
    """The close of the N-th working day after that day, for who was due at its close."""
    for _ in range(working_days):
        day = calendar.next_working_day(day)
    return calendar.closing(day)


def _identity_faults(person: Complainant) -> Iterator[_FAULT]:
    for field in ("name", "address"):
        if not getattr(person, field).strip():
            yield (f"complainant.{field}", "required")
    if not (person.phone or "").strip() and not (person.email or "").strip():
        yield ("complainant.phone", "required")


def _nik(text: str, errors: list[_FAULT]) -> national_id.Nik | None:
    if not text.strip():
        errors.append(("complainant.nik", "required"))
        return None
    try:
        return national_id.parse_nik(text)
    except national_id.InvalidNik as error:
        errors.append(("complainant.nik", error.code))
        return None


def _entry_faults(ask: SubmitComplaint, actor: Actor, now: datetime) -> Iterator[_FAULT]:
    by_staff = actor.role is not Role.RESIDENT
    if not by_staff and ask.channel is not ComplaintChannel.WEBSITE:
        yield ("channel", "not_allowed")
    if ask.channel is ComplaintChannel.BOX and not ask.attachments:
        yield ("attachments", "required")
    if ask.about_case is not None and not re.fullmatch(TRACKING_NUMBER, ask.about_case):
        yield ("about_case", "wrong_format")
    if ask.officer is not None:
        # A resident who could name one could keep every officer from a complaint.
        yield from _officer_faults(ask.officer) if by_staff else (("officer", "not_allowed"),)
    if ask.received_at is not None:
        faults = _moment_faults("received_at", ask.received_at, OLDEST_RECEIPT, now)
        yield from faults if by_staff else (("received_at", "not_allowed"),)


def _officer_faults(officer: str) -> Iterator[_FAULT]:
    # It stands in events, so it may hold neither free text nor a NIK.
    if not re.fullmatch(USERNAME, officer) or national_id.holds_number(officer):
        yield ("officer", "wrong_format")


def _moment_faults(
    field: str, moment: datetime, oldest: timedelta | None, now: datetime
) -> Iterator[_FAULT]:
    if moment.tzinfo is None:
        yield (field, "wrong_format")
    elif moment > now or (oldest is not None and moment < now - oldest):
        yield (field, "out_of_range")
