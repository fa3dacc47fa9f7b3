"""What is said: in both languages, from the standard, without a blank left."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contracts import complaints, data_request, documents, intake, verification
from contracts.envelope import DeadlineDay, DeadlineView, Role
from services.notifications.domain import TELLINGS, Words, tellings
from services.notifications.texts import LETTER_NAMES, PLACES, WORDING
from services.notifications.writing import Writer
from standards.calendar import WorkCalendar

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DEADLINE = DeadlineView(due=DUE, received_at=NOW, starts=NOW, working_days=1)
CLOSED = DeadlineDay(
    date=date(2026, 11, 24),
    counted=False,
    reason="override",
    text_id="Kantor tutup: banjir",
    text_en="Office closed: flood",
)
DEADLINE_FACTS = {"clock": "promise", "step": None, "due": DUE, "role": Role.VERIFIER}
STANDARD = {"standard": "complaint", "standard_version": "2026-1"}

EVENTS = {
    "VRF-20261123-0001": (
        intake.RequestReceived(
            kind="assistance_verification",
            channel="web",
            purpose="jamkesda",
            district=None,
            village=None,
            standard="aid_verification",
            standard_version="2026-1",
            received_at=NOW,
            deadline=DEADLINE,
        ),
        intake.RequestReturned(missing=("identity_document", "unheard_of"), deadline=DEADLINE),
        documents.DocumentIssued(
            kind="verification_letter",
            code="K7Q2M4XW",
            number="1",
            sha256="0",
            size=1,
            issued_at=NOW,
            self_made_certificate=True,
        ),
        verification.VerificationReoffered(wave=2, offered_to=(), offer_until=None),
        verification.DeadlineApproaching(**DEADLINE_FACTS | {"clock": "step", "step": "visit"}),
        verification.DeadlineMissed(**DEADLINE_FACTS, escalate_to=Role.DIVISION_HEAD),
        verification.DeadlineChanged(
            clock="promise", step=None, was=DUE, due=DUE, because=(CLOSED,), deadline=DEADLINE
        ),
    ),
    "DTA-20261123-0001": (
        data_request.ClarificationRequested(deadline=DEADLINE),
        data_request.DataRequestApproved(
            complexity="simple",
            data_types=1,
            working_days=3,
            social_worker="sari",
            deadline=DEADLINE,
        ),
        data_request.DataRequestRejected(
            ground="political_purpose", decided_at=NOW, in_time=True, working_minutes=1, **STANDARD
        ),
        data_request.DataPrepared(
            edition=1, package_sha256="0", size=1, tables=1, suppressed_cells=0, flagged_cells=0
        ),
        data_request.DataHandedOver(
            purpose="academic_research",
            package_sha256="0",
            handed_over_at=NOW,
            in_time=True,
            working_minutes=1,
            **STANDARD,
        ),
    ),
    "ADU-20261123-0001": (
        complaints.ComplaintReceived(
            kind="complaint",
            channel="website",
            received_at=NOW,
            entered_at=NOW,
            deadline=DEADLINE,
            **STANDARD,
        ),
        complaints.ComplaintChecked(
            result="incomplete", missing=("evidence",), owner="a", deadline=DEADLINE
        ),
        complaints.ComplaintChecked(
            result="not_ours", referral="police", owner="a", deadline=DEADLINE
        ),
        complaints.ComplaintEscalated(to="lapor", reason="beyond_power", office_due=None),
        complaints.ComplaintCoordinated(
            coordination=2, scope="external", stage="reminded", answer_due=None
        ),
        complaints.ComplaintResponded(
            number=1, responded_at=NOW, in_time=True, working_minutes=1, **STANDARD
        ),
        complaints.ComplaintResolved(resolved_at=NOW, reopen_until=DUE),
    ),
}


@pytest.fixture(scope="module")
def calendar():
    return WorkCalendar.load()


def messages(calendar):
    """Every message that the events above lead to, with whom it is for."""
    return [
        (words, role, case, Writer(case, None, None, calendar).write(words, data, staff=staff))
        for case, events in EVENTS.items()
        for data in events
        for words, role in tellings(data, NOW)
        for staff in [role is not Role.RESIDENT]
    ]


def said(calendar, words):
    return next(m.text for w, _, _, m in messages(calendar) if w is words)


def test_every_row_of_the_table_can_be_said_in_both_languages(calendar):
    """No blank is left, and each message names its case."""
    written = messages(calendar)
    assert {words for words, *_ in written} == set(Words) == set(WORDING)
    for _, _, case, message in written:
        for text in (message.text.id, message.text.en, message.subject.id, message.subject.en):
            assert case in text
            assert "{" not in text
        assert message.text.id != message.text.en
        assert "\n" not in message.subject.id + message.subject.en


def test_what_is_missing_is_said_in_the_words_of_the_standard(calendar):
    """An id that this version does not know is said as it is."""
    text = said(calendar, Words.INCOMPLETE)
    assert "- Kartu Keluarga dan atau KTP Kota Banjarmasin\n- unheard_of" in text.id
    assert "A family card and/or an identity card of Banjarmasin" in text.en


def test_the_tracking_number_and_the_promise_are_told_on_reception(calendar):
    """In the office's own time."""
    text = said(calendar, Words.RECEIVED)
    assert "VRF-20261123-0001. Selesai paling lambat Selasa, 24 November 2026 pukul 16.00 WITA" in (
        text.id
    )
    assert "Tuesday, 24 November 2026 at 16:00 WITA" in text.en


def test_an_apology_says_where_to_ask(calendar):
    """The office's phone and the published channels of complaint."""
    text = said(calendar, Words.PROMISE_MISSED)
    assert "mohon maaf" in text.id
    assert "081348545556" in text.en
    assert "Email dinsosbjm.aduanbansos@gmail.com" in text.en


def test_a_changed_deadline_says_why(calendar):
    """The day that counts otherwise now."""
    text = said(calendar, Words.PROMISE_CHANGED)
    assert "- Selasa, 24 November 2026: Kantor tutup: banjir" in text.id


def test_staff_read_which_step_waits(calendar):
    """In the standard's words."""
    assert "Visit to the household and its report" in said(calendar, Words.STAFF_APPROACHING).en


def test_every_place_and_every_letter_has_a_name():
    """Nobody is sent to a code."""
    places = {*complaints.Referral, *complaints.EscalationTarget}
    assert {place.value for place in places} == {str(place.value) for place in PLACES}
    assert set(LETTER_NAMES) == {"verification_letter"}


def test_a_reminder_that_comes_after_its_due_moment_is_not_told():
    """Nor is a step's end said to the resident."""
    near = verification.DeadlineApproaching(**DEADLINE_FACTS)
    assert tellings(near, DUE) == ((Words.STAFF_APPROACHING, Role.VERIFIER),)
    assert tellings(near, DUE + timedelta(seconds=1)) == ()
    facts = DEADLINE_FACTS | {"clock": "step", "step": "visit"}
    missed = verification.DeadlineMissed(**facts, escalate_to=Role.VERIFIER)
    assert tellings(missed, NOW) == ((Words.STAFF_MISSED, Role.VERIFIER),)


def test_every_event_of_the_table_is_one_that_exists():
    """The table is written on the contracts' own classes."""
    assert all(telling.event.event for telling in TELLINGS)
