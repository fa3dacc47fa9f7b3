"""LAPOR!: the record for it with both deadlines side by side, and what comes back."""

import pytest

from contracts.errors import ErrorCode
from services.complaints.models import LaporPassing
from tests.integration.complaints.desk import (
    ADDRESS,
    CASE,
    DEWI,
    HASAN,
    JOKO,
    MATTER,
    NAME,
    NIK,
    PHONE,
    RAHMA,
    RINA,
    complainant,
    refused,
    refused_fields,
)
from tests.integration.complaints.moments import office


@pytest.fixture
def passed(desk):
    """A complaint that was passed to LAPOR! on Monday at 09:00."""
    desk.go_to("checked")
    desk.escalate("lapor")
    return desk


def test_the_event_carries_both_deadlines_side_by_side(passed):
    """The office's promise, and when LAPOR! is to have an answer: 3 and 5 working days."""
    escalated = passed.last("complaint_escalated")
    assert (escalated["to"], escalated["reason"]) == ("lapor", "beyond_power")
    assert escalated["office_due"] == office(26, 16).isoformat()
    assert escalated["lapor_due"] == office(33, 16).isoformat()


def test_the_record_is_what_lapor_asks_for(passed):
    """Identity and matter go along, and the read is logged."""
    passed.clock.move(hours=1)
    record = passed.export()
    assert (record.category, record.title) == ("Pengaduan", f"Pengaduan {CASE}")
    assert (record.matter, record.complainant) == (MATTER, complainant())
    assert record.complainant.model_dump(exclude_none=True) == {
        "name": NAME,
        "nik": NIK,
        "address": ADDRESS,
        "phone": PHONE,
    }
    assert (record.received_at, record.escalated_at) == (office(23, 9), office(23, 9))
    assert record.office_due == office(26, 16)
    assert (record.lapor_forward_due, record.lapor_answer_due) == (office(26, 16), office(33, 16))
    assert (record.lapor_number, record.lapor_status, record.agrees) == (None, None, None)
    assert passed.last("personal_data_read") == {
        "purpose": "lapor_export",
        "fields": [
            *(f"complainant.{part}" for part in ("name", "nik", "address", "phone")),
            "matter",
        ],
    }


def test_a_suggestion_is_an_aspiration_there(desk):
    """LAPOR! has its own words."""
    desk.submit(kind="suggestion")
    desk.check()
    desk.escalate("lapor")
    assert desk.export().category == "Aspirasi"


def test_what_was_not_passed_there_is_neither_exported_nor_reconciled(desk):
    """Also when it was passed to a head."""
    desk.go_to("checked")
    desk.escalate("agency_head")
    refused(ErrorCode.NOT_ESCALATED, desk.export)
    refused(ErrorCode.NOT_ESCALATED, desk.reconcile)
    assert desk.emitted("personal_data_read") == []


def test_what_came_back_is_kept_and_compared(passed):
    """What happened later replaces what happened before."""
    passed.clock.set(office(24, 9))
    passed.reconcile("forwarded", words="Diteruskan ke instansi.")
    assert passed.last("lapor_reconciled") == {"status": "forwarded", "agrees": True}
    passed.clock.set(office(25, 9))
    passed.reconcile("answered")
    assert passed.last("lapor_reconciled") == {"status": "answered", "agrees": False}
    record = passed.export()
    assert (record.lapor_number, record.lapor_status) == ("7654321", "answered")
    assert (record.lapor_updated_at, record.agrees) == (office(25, 9), False)
    passed.respond()
    assert passed.export().agrees is True
    assert [each.what for each in passed.read().written if each.what == "lapor"] == ["lapor"] * 2


def test_what_lapor_sent_back_never_agrees(passed):
    """Whatever the case says."""
    passed.reconcile("returned")
    passed.respond()
    assert passed.export().agrees is False


def test_the_same_reconciliation_again_has_one_effect(passed):
    """By its key."""
    first = passed.reconcile("forwarded", key="r1")
    assert passed.reconcile("forwarded", key="r1") == first
    assert len(passed.emitted("lapor_reconciled")) == 1


def test_what_came_back_needs_a_number_and_lies_in_the_past(passed):
    """A slip of the pen is refused."""
    assert refused_fields(passed.reconcile, lapor_number="") == [("lapor_number", "required")]
    for moment in (office(24, 9), office(23, 8, 59)):
        errors = refused_fields(passed.reconcile, occurred_at=moment)
        assert errors == [("occurred_at", "out_of_range")]
    assert passed.emitted("lapor_reconciled") == []


def test_an_older_message_is_kept_and_replaces_nothing(passed):
    """The record shows the newest by the time of the message, in whatever order they come."""
    passed.clock.set(office(26, 9))
    passed.reconcile("answered", occurred_at=office(25, 9), words="Dijawab.")
    passed.reconcile("forwarded", occurred_at=office(24, 9), words="Diteruskan.")
    record = passed.export()
    assert (record.lapor_status, record.lapor_updated_at) == ("answered", office(25, 9))
    written = [each.words for each in passed.read().written if each.what == "lapor"]
    assert written == ["Dijawab.", "Diteruskan."]
    assert len(passed.emitted("lapor_reconciled")) == 2


def test_another_number_for_the_same_escalation_is_refused(passed):
    """It belongs to somebody else's complaint."""
    passed.reconcile("forwarded")
    differs = refused_fields(passed.reconcile, "answered", lapor_number="7654322")
    assert differs == [("lapor_number", "differs")]
    assert passed.export().lapor_number == "7654321"


def test_lapor_closes_what_stays_without_a_word_for_ten_days(passed):
    """Counted from the escalation, then from the newest message; nothing follows by itself."""
    assert passed.export().closes_at == office(33, 9)
    passed.clock.set(office(25, 9))
    passed.reconcile("forwarded", occurred_at=office(24, 9))
    assert passed.export().closes_at == office(34, 9)
    passed.reconcile("closed", occurred_at=office(25, 9))
    assert passed.export().closes_at is None


def silences(desk):
    """What the agency head was told of LAPOR!'s silence."""
    told = [event.data for event in desk.emitted("complaint_escalated")]
    return [data for data in told if data["to"] == "agency_head" and data["lapor_due"]]


@pytest.mark.parametrize("status", [None, "forwarded"])
def test_the_agency_head_hears_when_lapor_does_not_answer_in_time(passed, status):
    """Not at its due moment, but once it has passed, and once."""
    passed.coordinate()
    if status:
        passed.reconcile(status)
    passed.record_answer()
    passed.at(office(33, 16))
    assert silences(passed) == []
    passed.at(office(33, 16, 0, 1))
    passed.keep_deadlines()
    [told] = silences(passed)
    assert told["reason"] == "silent_coordination"
    assert told["lapor_due"] == office(33, 16).isoformat()
    assert passed.emitted("complaint_escalated")[-1].actor == "system"
    assert passed.read().escalated_to == "lapor"


@pytest.mark.parametrize("status", ["answered", "closed"])
def test_an_answer_of_lapor_ends_its_silence(passed, status):
    """Also one that is entered after a newer message."""
    passed.clock.set(office(25, 9))
    passed.reconcile("forwarded", occurred_at=office(24, 9))
    passed.reconcile(status, occurred_at=office(23, 10))
    passed.at(office(40, 9))
    assert silences(passed) == []


def test_what_is_settled_waits_for_lapor_no_more(passed):
    """The job leaves it alone, once and for all."""
    passed.respond()
    passed.resolve()
    passed.at(office(33, 16, 0, 1))
    [passing] = passed.rows(LaporPassing)
    assert (silences(passed), passing.silent_at) == ([], None)


def test_a_reopened_complaint_is_passed_to_lapor_anew(passed):
    """With deadlines and a number of its own; the record is that of the newest escalation."""
    passed.reconcile("closed")
    passed.respond()
    passed.resolve()
    passed.clock.set(office(24, 9))
    passed.reopen()
    assert passed.read().escalated_to is None
    passed.escalate("lapor")
    record = passed.export()
    assert (record.escalated_at, record.lapor_number) == (office(24, 9), None)
    passed.reconcile("forwarded", lapor_number="7654399")
    assert passed.export().lapor_number == "7654399"
    passed.at(office(40, 9))
    assert len(silences(passed)) == 1


def test_who_reconciles(passed):
    """Whoever handles it."""
    refused(ErrorCode.NOT_THE_OWNER, passed.reconcile, by=JOKO)
    refused(ErrorCode.ACCESS_DENIED, passed.reconcile, by=RINA)
    for actor in (DEWI, HASAN, RAHMA):
        passed.reconcile(by=actor)
    assert len(passed.emitted("lapor_reconciled")) == 3
