"""Residents and staff are told: whom, where, in which words."""

from datetime import UTC, datetime

import pytest

from contracts import complaints, deadlines, intake, verification
from contracts.envelope import CloudEvent, Contact, Contacts, Role
from contracts.errors import ErrorCode
from contracts.notifications import WebhookKind
from services.notifications.models import CaseWays, EarlyEvent
from tests.integration.notifications.desk import (
    ADDRESSES,
    CASE,
    COMPLAINT,
    EMAIL,
    TELEGRAM,
    WHATSAPP,
    Desk,
    refused,
)

EVENING = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""Monday 23 November 2026, 20:00 in Banjarmasin."""

PROMISE = {"clock": deadlines.ClockName.PROMISE, "step": None, "role": Role.DIVISION_HEAD}


def missed(**facts):
    due = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    known = PROMISE | {"due": due, "escalate_to": Role.AGENCY_HEAD} | facts
    return verification.DeadlineMissed(**known)


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def test_a_resident_is_told_by_mail_that_their_request_was_received(desk, mails):
    """In both languages, once, and only the address was read for it."""
    desk.receive()
    desk.send()
    (mail,) = mails()
    (row,) = desk.rows()
    assert mail["To"] == ADDRESSES[EMAIL]
    assert mail["From"] == "Dinas Sosial Kota Banjarmasin <sigap@example.go.id>"
    assert mail["Message-ID"] == f"<{row.id}@example.go.id>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Mon, 23 Nov 2026 09:00:00 +0800"
    assert mail["Subject"] == f"{CASE}: Sudah kami terima / Received"
    assert "Selesai paling lambat Selasa, 24 November 2026 pukul 16.00 WITA" in text_of(mail)
    assert "To be done by Tuesday, 24 November 2026 at 16:00 WITA" in text_of(mail)
    ((ask, actor, _),) = desk.rpc.calls
    assert ask == intake.ReadContacts(tracking_number=CASE, purpose="notification")
    assert actor.role is Role.SYSTEM
    (sent,) = desk.emitted("notification_sent")
    assert (sent.subject, sent.causationid) == (CASE, row.event_id)
    assert sent.data == {
        "notification": row.id,
        "audience": "resident",
        "way": "email",
        "occasion": "request_received",
        "attempts": 1,
    }


def test_a_complainants_address_is_read_from_complaints(desk, mails):
    """Whoever keeps the case keeps the contacts."""
    desk.complain()
    desk.send()
    assert len(mails()) == 1
    ((ask, _, _),) = desk.rpc.calls
    assert ask == complaints.ReadContacts(tracking_number=COMPLAINT, purpose="notification")


def test_a_bot_gets_the_message_with_the_address_and_no_name(desk, receiver):
    """Only on the way that was chosen."""
    desk.hook(receiver.url, WebhookKind.WHATSAPP)
    desk.receive(ways=(WHATSAPP,))
    desk.send()
    (body,) = receiver.bodies()
    (row,) = desk.rows()
    assert body == {
        "id": row.id,
        "type": "message",
        "tracking_number": CASE,
        "to": ADDRESSES[WHATSAPP],
        "text_id": row.content["text_id"],
        "text_en": row.content["text_en"],
        "status": "received",
    }


def test_a_way_that_nobody_serves_is_dropped_and_can_be_replayed_later(desk, receiver):
    """Once there is a webhook for it."""
    desk.receive(ways=(TELEGRAM,))
    (row,) = desk.rows()
    assert (row.state, row.last_error) == ("dropped", "no_webhook")
    assert desk.replay(row.id).state == "dropped"
    desk.hook(receiver.url, WebhookKind.TELEGRAM)
    assert desk.replay(row.id).state == "waiting"
    desk.send()
    assert [body["to"] for body in receiver.bodies()] == [ADDRESSES[TELEGRAM]]


def test_without_a_mail_server_mails_are_dropped(tmp_path):
    """With the reason, and nobody's address is read."""
    desk = Desk(tmp_path, staff_mail="division_head=kabid@example.go.id")
    desk.receive()
    desk.happen(missed())
    desk.send()
    assert {(row.state, row.last_error) for row in desk.rows()} == {("dropped", "no_mail_server")}
    assert len(desk.rows()) == 3
    assert desk.rpc.calls == []
    desk.close()


def test_staff_are_told_by_role_and_a_role_without_an_address_is_not(desk, mails):
    """The one who has to move and the one above."""
    desk.happen(missed(role=Role.SOCIAL_WORKER, escalate_to=Role.DIVISION_HEAD))
    desk.happen(missed())
    desk.send()
    assert sorted(mail["To"] for mail in mails()) == [
        "kabid@example.go.id",
        "kabid@example.go.id",
        "kadis@example.go.id",
    ]
    assert desk.rpc.calls == []


def test_a_missed_promise_is_apologised_for(desk, mails):
    """To the resident; a missed step is not their matter."""
    desk.receive()
    desk.happen(missed(clock=deadlines.ClockName.STEP, step="visit", role=None, escalate_to=None))
    desk.happen(missed(role=None, escalate_to=None))
    desk.send()
    assert [row.content["status"] for row in desk.rows()] == ["received", "promise_missed"]
    assert any("Kami mohon maaf" in text_of(mail) for mail in mails())


def test_what_came_before_the_reception_is_told_after_it(desk):
    """Events of several services come in any order; each is told once."""
    desk.return_it(id="e1")
    assert desk.rows() == []
    desk.receive()
    assert [(row.occasion, row.event_id == "e1") for row in desk.rows()] == [
        ("request_received", False),
        ("request_returned", True),
    ]
    assert desk.return_it(id="e1") == "duplicate"
    with desk.session() as session:
        assert session.query(EarlyEvent).count() == 0


def test_an_early_event_of_a_resident_who_chose_no_way_is_told_nobody(desk):
    """Nothing waits for ever."""
    desk.return_it()
    desk.receive(ways=())
    assert desk.rows() == []
    with desk.session() as session:
        assert session.query(EarlyEvent).count() == 0


def test_ways_are_narrowed_and_widened_within_those_given(desk):
    """Never beyond; and a case that is not known has none."""
    refused(ErrorCode.CASE_NOT_FOUND, desk.choose, EMAIL)
    desk.return_it()
    refused(ErrorCode.CASE_NOT_FOUND, desk.choose, EMAIL)
    desk.receive(ways=(EMAIL, TELEGRAM))
    assert desk.choose(EMAIL).state == "chosen"
    refused(ErrorCode.WAY_NOT_GIVEN, desk.choose, WHATSAPP)
    assert ways(desk) == ("email",)
    desk.choose(TELEGRAM, EMAIL)
    assert ways(desk) == ("telegram", "email")
    desk.choose()
    assert ways(desk) == ()


def ways(desk):
    with desk.session() as session:
        return session.get(CaseWays, CASE).ways


def test_a_resident_who_wants_to_hear_nothing_more_does_not(desk, mails):
    """Neither of what comes, nor of what still waited for the morning."""
    desk.clock.set(EVENING)
    desk.receive()
    desk.choose()
    desk.return_it()
    desk.clock.move(hours=12)
    desk.send()
    (row,) = desk.rows()
    assert (row.state, row.last_error) == ("dropped", "way_not_chosen")
    assert mails() == []
    assert desk.rpc.calls == []


def test_a_mail_refused_for_good_is_given_up_and_one_refused_for_now_is_not(desk, mails):
    """By what the server answers (RFC 5321)."""
    answers = {CASE: "unknown@example.id", "VRF-20261123-0002": "busy@example.id"}
    desk.rpc.replies[intake.ReadContacts] = lambda ask: Contacts(
        contacts=(Contact(way=EMAIL, address=answers[ask.tracking_number]),)
    )
    for case in answers:
        desk.receive(case)
    desk.send()
    states = {row.tracking_number: (row.state, row.last_error) for row in desk.rows()}
    assert states[CASE] == ("failed", "smtp_550")
    assert states["VRF-20261123-0002"] == ("waiting", "smtp_451")
    (failed,) = desk.emitted("notification_failed")
    assert (failed.subject, failed.data["reason"]) == (CASE, "smtp_550")
    assert desk.replay(failed.data["notification"]).state == "waiting"


@pytest.mark.parametrize("address", ["a@b.id\r\nBcc: x@y.id", "Siti <a@b.id>", ""])
def test_no_header_can_be_smuggled_in_by_an_address(desk, mails, address):
    """Such an address is none."""
    found = Contacts(contacts=(Contact(way=EMAIL, address=address),))
    desk.rpc.replies[intake.ReadContacts] = lambda ask: found
    desk.receive()
    desk.send()
    (row,) = desk.rows()
    assert (row.state, row.last_error) == ("dropped", "no_address")
    assert mails() == []


def test_events_of_its_own_and_reads_of_personal_data_are_told_nobody(desk, receiver):
    """Else telling would lead to telling without end."""
    desk.hook(receiver.url)
    desk.happen(intake.PersonalDataRead(purpose="letter", fields=("name",)))
    desk.receive(ways=(EMAIL,))
    desk.send()
    for event in desk.emitted():
        assert event.source == "/services/notifications"
        desk.deliver(event, "on_any_event")
    assert {row.occasion for row in desk.rows()} == {"request_received"}


def test_an_event_that_this_version_does_not_know_is_told_machines_only(desk, receiver):
    """Nobody can say in words what it means."""
    desk.hook(receiver.url)
    desk.receive()
    event = CloudEvent(
        id="new",
        source="/services/verification",
        type="sigap.household_moved.v1",
        subject=CASE,
        time=desk.clock.now(),
        sequence="9",
        correlationid=CASE,
        causationid="test",
        actor="staff:rina",
        actorrole=Role.VERIFIER,
        data={"any": "thing"},
    )
    desk.deliver(event, "on_any_event")
    (row,) = desk.rows(event_id="new")
    assert row.content == {
        "event": "household_moved",
        "time": "2026-11-23T01:00:00+00:00",
        "sequence": 9,
    }
