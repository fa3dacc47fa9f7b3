"""LAPOR!: the record for it with both deadlines side by side, and what comes back."""

import pytest

from contracts.errors import ErrorCode
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
    """A later reconciliation replaces an earlier one."""
    passed.clock.set(office(24, 9))
    passed.reconcile("forwarded", words="Diteruskan ke instansi.")
    assert passed.last("lapor_reconciled") == {"status": "forwarded", "agrees": True}
    passed.clock.set(office(25, 9))
    passed.reconcile("answered", lapor_number="7654322")
    assert passed.last("lapor_reconciled") == {"status": "answered", "agrees": False}
    record = passed.export()
    assert (record.lapor_number, record.lapor_status) == ("7654322", "answered")
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
    later = office(24, 9)
    assert refused_fields(passed.reconcile, occurred_at=later) == [("occurred_at", "out_of_range")]


def test_who_reconciles(passed):
    """Whoever handles it."""
    refused(ErrorCode.NOT_THE_OWNER, passed.reconcile, by=JOKO)
    refused(ErrorCode.ACCESS_DENIED, passed.reconcile, by=RINA)
    for actor in (DEWI, HASAN, RAHMA):
        passed.reconcile(by=actor)
    assert len(passed.emitted("lapor_reconciled")) == 3
