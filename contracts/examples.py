"""One message of each event as it travels, for the published documents and for tests.

All are of one made-up case. No person is behind any of them.
"""

from datetime import date, datetime, timedelta, timezone

from contracts import intake, verification
from contracts.documents import DocumentIssued, DocumentKind, DocumentRevoked
from contracts.envelope import CloudEvent, DeadlineDay, DeadlineView, EventData, Role
from contracts.intake import (
    Channel,
    Purpose,
    RequestCompleted,
    RequestKind,
    RequestReceived,
    RequestReturned,
    RequestSupplemented,
    RequestWithdrawn,
)
from contracts.verification import (
    AssignmentReason,
    DeliveryMethod,
    EligibilityAssessed,
    Outcome,
    ResultDelivered,
    VerificationAnnounced,
    VerificationDone,
    VerificationReoffered,
    VerificationWithdrawn,
    VerifierAssigned,
    VisitOutcome,
    VisitReported,
)

CASE = "VRF-20261120-0007"
_WITA = timezone(timedelta(hours=8))
_SOUTH, _WEST = "63.71.01", "63.71.03"
_VILLAGE = "63.71.03.1003"
_STANDARD, _VERSION = "aid_verification", "2026-1"


def example(event: type[EventData]) -> CloudEvent:
    """A message of the event. Raises KeyError for an event without an example."""
    return _BY_EVENT[event]


def _on_friday(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 20, hour, minute, tzinfo=_WITA)


def _on_monday(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=_WITA)


def _day(on: int, counted: bool, reason: str, text_id: str, text_en: str) -> DeadlineDay:
    return DeadlineDay(
        date=date(2026, 11, on), counted=counted, reason=reason, text_id=text_id, text_en=text_en
    )


_RECEIVED = _day(
    20, False, "received", "Hari penerimaan, tidak dihitung", "Day of receipt, not counted"
)
_RUNNING = DeadlineView(
    due=_on_monday(16, 0),
    received_at=_on_friday(9, 12),
    starts=_on_friday(9, 12),
    working_days=1,
    steps=(
        _RECEIVED,
        _day(21, False, "weekend", "Akhir pekan: Sabtu", "Weekend: Saturday"),
        _day(22, False, "weekend", "Akhir pekan: Minggu", "Weekend: Sunday"),
        _day(23, True, "working_day", "Hari kerja ke-1", "Working day 1"),
    ),
)
_PAUSED = DeadlineView(
    due=None,
    received_at=_on_friday(9, 12),
    starts=_on_friday(9, 12),
    working_days=1,
    paused=True,
    steps=(_RECEIVED,),
)

_RESIDENT = ("resident", Role.RESIDENT)
_COUNTER = ("staff:rina", Role.COUNTER_OFFICER)
_VERIFIER = ("staff:budi", Role.VERIFIER)
_HEAD = ("staff:siti", Role.DIVISION_HEAD)
_SYSTEM = ("system", Role.SYSTEM)

_MESSAGES: tuple[tuple[datetime, tuple[str, Role], EventData], ...] = (
    (
        _on_friday(9, 12),
        _RESIDENT,
        RequestReceived(
            kind=RequestKind.ASSISTANCE_VERIFICATION,
            channel=Channel.WEB,
            purpose=Purpose.JAMKESDA,
            district=_WEST,
            village=_VILLAGE,
            standard=_STANDARD,
            standard_version=_VERSION,
            received_at=_on_friday(9, 12),
            deadline=_RUNNING,
            warnings=("nik_birth_date_differs",),
            attachments=2,
        ),
    ),
    (
        _on_friday(9, 20),
        _COUNTER,
        RequestReturned(missing=("identity_document",), deadline=_PAUSED),
    ),
    (_on_friday(9, 41), _RESIDENT, RequestSupplemented(attachments=1, deadline=_RUNNING)),
    (
        _on_friday(10, 3),
        _COUNTER,
        RequestCompleted(
            kind=RequestKind.ASSISTANCE_VERIFICATION,
            purpose=Purpose.JAMKESDA,
            district=_WEST,
            village=_VILLAGE,
            standard=_STANDARD,
            standard_version=_VERSION,
            received_at=_on_friday(9, 12),
            deadline=_RUNNING,
        ),
    ),
    (_on_friday(9, 50), _RESIDENT, RequestWithdrawn(stage="intake")),
    (
        _on_friday(10, 1),
        _COUNTER,
        intake.PersonalDataRead(purpose="identification", fields=("applicant", "address")),
    ),
    (
        _on_friday(10, 3),
        _SYSTEM,
        VerificationAnnounced(
            district=_WEST,
            offered_to=(_WEST,),
            offer_until=_on_friday(11, 3),
            deadline=_RUNNING,
        ),
    ),
    (
        _on_friday(11, 3),
        _SYSTEM,
        VerificationReoffered(wave=2, offered_to=(_SOUTH, _WEST), offer_until=_on_friday(13, 33)),
    ),
    (
        _on_friday(11, 10),
        _VERIFIER,
        VerifierAssigned(verifier="budi", reason=AssignmentReason.CLAIM),
    ),
    (
        _on_monday(9, 30),
        _VERIFIER,
        VisitReported(
            visit="0199aa10-5c00-7000-8000-0000000000a1",
            outcome=VisitOutcome.HOUSEHOLD_VISITED,
            attempt=1,
            visited_at=_on_monday(9, 5),
            photos=3,
        ),
    ),
    (
        _on_monday(10, 40),
        ("staff:dewi", Role.SOCIAL_WORKER),
        EligibilityAssessed(recommendation=Outcome.ELIGIBLE, team_discussion=False),
    ),
    (
        _on_monday(11, 15),
        _HEAD,
        VerificationDone(
            kind=RequestKind.ASSISTANCE_VERIFICATION,
            purpose=Purpose.JAMKESDA,
            outcome=Outcome.ELIGIBLE,
            decided_at=_on_monday(11, 15),
            in_time=True,
            standard=_STANDARD,
            standard_version=_VERSION,
        ),
    ),
    (_on_friday(15, 0), _RESIDENT, VerificationWithdrawn()),
    (
        _on_monday(11, 2),
        _HEAD,
        verification.PersonalDataRead(purpose="decision", fields=("visits", "assessments")),
    ),
    (
        _on_monday(14, 0),
        _COUNTER,
        ResultDelivered(
            method=DeliveryMethod.ORAL_AND_LETTER,
            delivered_at=_on_monday(14, 0),
        ),
    ),
    (
        _on_monday(11, 16),
        _SYSTEM,
        DocumentIssued(
            kind=DocumentKind.VERIFICATION_LETTER,
            code="7Q4M-X2KD-9TRF",
            number="460/0007/VRF/DINSOS/XI/2026",
            sha256="2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
            size=48213,
            issued_at=_on_monday(11, 16),
            self_made_certificate=True,
        ),
    ),
    (_on_monday(15, 0), _SYSTEM, DocumentRevoked(code="7Q4M-X2KD-9TRF", reason="superseded")),
)


def _message(position: int, time: datetime, actor: tuple[str, Role], data: EventData) -> CloudEvent:
    return CloudEvent(
        id=f"0199aa10-5c00-7000-8000-0000000001{position:02d}",
        source=f"/services/{data.source}",
        type=data.cloud_event_type(),
        subject=CASE,
        time=time,
        sequence="1",
        correlationid=CASE,
        causationid=f"0199aa10-5c00-7000-8000-0000000002{position:02d}",
        actor=actor[0],
        actorrole=actor[1],
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        data=data.model_dump(mode="json"),
    )


_BY_EVENT = {
    type(data): _message(position, time, actor, data)
    for position, (time, actor, data) in enumerate(_MESSAGES, start=1)
}
