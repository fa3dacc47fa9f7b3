"""What the fields of a visit's report must hold. Pure."""

from datetime import datetime, timedelta
from re import fullmatch

from contracts.errors import InvalidFields
from contracts.verification import Position, ReportVisit, VisitOutcome
from standards import national_id

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a field device's clock may run ahead of the office's."""

OLDEST_VISIT = timedelta(days=366)
"""A visit reported as older than this was dated by a device whose clock was never set."""

EARTH_CIRCUMFERENCE_M = 40_075_017
"""A receiver less accurate than this has no position."""

VISIT_ID = r"[A-Za-z0-9._-]{1,64}"
"""The client makes the id and it stands in events, so it may hold neither free text nor a NIK."""


def check_report(report: ReportVisit, now: datetime) -> None:
    """The report of a visit can be true at this time; raises InvalidFields."""
    errors = []
    if not fullmatch(VISIT_ID, report.visit) or national_id.holds_number(report.visit):
        errors.append(("visit", "wrong_format"))
    if report.visited_at.tzinfo is None:
        errors.append(("visited_at", "wrong_format"))
    elif not now - OLDEST_VISIT <= report.visited_at <= now + CLOCK_TOLERANCE:
        errors.append(("visited_at", "out_of_range"))
    at_home = report.outcome is VisitOutcome.HOUSEHOLD_VISITED
    if at_home and not (report.findings or "").strip():
        errors.append(("findings", "required"))
    if report.position is not None and not _on_earth(report.position):
        errors.append(("position", "out_of_range"))
    for field in ("household_members", "monthly_income_idr"):
        if (getattr(report, field) or 0) < 0:
            errors.append((field, "out_of_range"))
    if errors:
        raise InvalidFields(*errors)


def _on_earth(position: Position) -> bool:
    # Comparisons with "not a number" are false, so it is refused too.
    return (
        -90 <= position.latitude <= 90
        and -180 <= position.longitude <= 180
        and 0 <= position.accuracy_m < EARTH_CIRCUMFERENCE_M
    )
