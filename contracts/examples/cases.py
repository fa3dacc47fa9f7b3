"""The three cases of the examples: their numbers, who acts in them, and how days are explained."""

from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from contracts.envelope import (
    Actor,
    DeadlineDay,
    DeadlinePause,
    DeadlineView,
    EventData,
    Role,
)

VERIFICATION = "VRF-20261120-0007"
DATA_REQUEST = "DTA-20261120-0003"
COMPLAINT = "ADU-20261120-0002"

COUNTER = Actor(id="staff:rina", role=Role.COUNTER_OFFICER)
VERIFIER = Actor(id="staff:budi", role=Role.VERIFIER)
SOCIAL_WORKER = Actor(id="staff:dewi", role=Role.SOCIAL_WORKER)
DIVISION_HEAD = Actor(id="staff:siti", role=Role.DIVISION_HEAD)
AGENCY_HEAD = Actor(id="staff:hasan", role=Role.AGENCY_HEAD)
COMPLAINT_OFFICER = Actor(id="staff:lina", role=Role.COMPLAINT_OFFICER)

_WITA = timezone(timedelta(hours=8))
_DAY = timedelta(days=1)
_WEEKEND = {
    5: ("Akhir pekan: Sabtu", "Weekend: Saturday"),
    6: ("Akhir pekan: Minggu", "Weekend: Sunday"),
}
_WAITING = {
    "request_incomplete": (
        "menunggu kelengkapan persyaratan dari pemohon",
        "waiting for the applicant to complete the requirements",
    ),
    "clarification_requested": (
        "menunggu klarifikasi dari pemohon",
        "waiting for the applicant's clarification",
    ),
    "complaint_incomplete": (
        "menunggu kelengkapan pengaduan dari pelapor",
        "waiting for the complainant to complete the complaint",
    ),
}


class Told(NamedTuple):
    """What an example tells: of which case, when, by whom, what."""

    case: str
    time: datetime
    actor: Actor
    data: EventData


def november(day: int, hour: int = 16, minute: int = 0) -> datetime:
    """A moment of November 2026 in the office's time; without an hour, 16:00."""
    return datetime(2026, 11, day, hour, minute, tzinfo=_WITA)


def december(day: int, hour: int = 16, minute: int = 0) -> datetime:
    """The same in December."""
    return datetime(2026, 12, day, hour, minute, tzinfo=_WITA)


class Pause(NamedTuple):
    """A pause within one day, the office minutes that it took of it, and its reason code."""

    start: datetime
    end: datetime | None
    minutes: int
    reason: str


def promise(
    received_at: datetime,
    working_days: int,
    due: datetime | None,
    *,
    pause: Pause | None = None,
    flood: date | None = None,
) -> DeadlineView:
    """A promise that was received in office hours, every day explained; `due` None: paused."""
    end = due or (pause.start if pause else received_at)
    days: list[DeadlineDay] = []
    counted = 0
    for offset in range((end.date() - received_at.date()).days + 1):
        day = received_at.date() + offset * _DAY
        if day == flood:
            days.append(flooded(day))
        elif day.weekday() in _WEEKEND:
            days.append(_explained(day, False, "weekend", *_WEEKEND[day.weekday()]))
        else:
            days.append(_office_day(day, counted, working_days, pause))
            counted += 1
    pauses = (
        (DeadlinePause(start=pause.start, end=pause.end, reason_code=pause.reason),)
        if pause
        else ()
    )
    return DeadlineView(
        due=due,
        received_at=received_at,
        starts=received_at,
        working_days=working_days,
        paused=due is None,
        steps=tuple(days),
        pauses=pauses,
    )


def flooded(day: date) -> DeadlineDay:
    """A day on which the office is closed by its own word, given after the promise."""
    return _explained(day, False, "override", "Kantor tutup: Banjir", "Office closed: Flood")


def _office_day(day: date, number: int, of: int, pause: Pause | None) -> DeadlineDay:
    """Day 0 is that of the receipt; one more than promised where a pause moved the end."""
    said = (f"Hari kerja ke-{number}", f"Working day {number}") if number else _RECEIVED
    if number > of:
        said = (f"Sisa hari kerja ke-{of}", f"Rest of working day {of}")
    reason = "working_day" if number else "received"
    if pause and pause.start.date() == day:
        waiting = _WAITING[pause.reason]
        said = (
            f"{said[0]}; {pause.minutes} menit kerja tidak dihitung: {waiting[0]}",
            f"{said[1]}; {pause.minutes} working minutes not counted: {waiting[1]}",
        )
        reason = "partly_paused" if number else "received"
    return _explained(day, number > 0, reason, *said)


_RECEIVED = ("Hari penerimaan, tidak dihitung", "Day of receipt, not counted")


def _explained(day: date, counted: bool, reason: str, text_id: str, text_en: str) -> DeadlineDay:
    return DeadlineDay(date=day, counted=counted, reason=reason, text_id=text_id, text_en=text_en)
