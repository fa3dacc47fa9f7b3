"""A complaint from the box to the rating, in the order of the published mechanism."""

from datetime import UTC, datetime

from contracts.complaints import Scope
from contracts.envelope import DeadlineView
from contracts.errors import ErrorCode
from services.complaints.models import Attachment, Person
from tests.integration.complaints.desk import (
    CASE,
    DEWI,
    EMAIL,
    HASAN,
    JOKO,
    NAME,
    RAHMA,
    RESIDENT,
    complainant,
    refused,
    refused_fields,
)
from tests.integration.complaints.moments import office
from tests.support import MONDAY_MORNING


def test_a_complaint_goes_from_the_counter_to_the_rating(desk):
    """Cek administrasi, koordinasi, respon within 3 working days, penyelesaian."""
    registered = desk.submit()
    assert registered.tracking_number == CASE
    assert registered.deadline.due == office(26, 16)
    assert desk.check().state == "checked"
    assert desk.coordinate().coordination == 1
    desk.clock.set(office(24, 9))
    assert desk.record_answer().state == "coordinating"
    assert desk.respond().state == "responded"
    desk.clock.set(office(25, 9))
    assert desk.resolve().state == "resolved"
    assert desk.rate(4).state == "closed"
    assert desk.names() == [
        "complaint_received",
        "complaint_checked",
        "complaint_coordinated",
        "complaint_coordinated",
        "complaint_responded",
        "complaint_resolved",
        "complaint_rated",
    ]


def test_every_event_says_which_step_waits_and_until_when(desk):
    """So that a late step is seen while it can still be helped."""
    desk.go_to("closed")
    steps = [(event.data.get("step") or {}).get("step") for event in desk.emitted()]
    assert steps == ["check", "coordination", "coordination", "resolution", None, None]
    assert desk.emitted()[0].data["step"]["due"] == office(24, 16).isoformat()


def test_once_all_partners_have_answered_the_response_is_due(desk):
    """As long as one is silent the coordination goes on."""
    desk.go_to("checked")
    desk.coordinate()
    desk.coordinate(scope="external", partner="BPJS Kesehatan")
    desk.record_answer(1)
    assert desk.last("complaint_coordinated")["step"]["step"] == "coordination"
    desk.record_answer(2)
    told = desk.last("complaint_coordinated")
    assert told["step"]["step"] == "response"
    assert (told["coordination"], told["stage"], told["answer_due"]) == (2, "answered", None)


def test_the_reception_tells_everything_but_who_and_what(desk):
    """The event by which the others know of it."""
    file = desk.upload()
    desk.submit(
        RESIDENT,
        attachments=(file.id,),
        about_case="VRF-20261120-0007",
        kind="suggestion",
        notify=({"way": "email", "address": EMAIL},),
    )
    data = desk.last("complaint_received")
    deadline = DeadlineView.model_validate(data.pop("deadline"))
    assert deadline.due == office(26, 16)
    assert data == {
        "kind": "suggestion",
        "channel": "website",
        "standard": "complaint",
        "standard_version": "2026-1",
        "received_at": office(23, 9).isoformat(),
        "entered_at": office(23, 9).isoformat(),
        "about_case": "VRF-20261120-0007",
        "officer": None,
        "attachments": 1,
        "notify": ["email"],
        "step": {"step": "check", "due": office(24, 16).isoformat()},
    }


def test_a_letter_from_the_box_counts_from_the_day_it_lay_there(desk):
    """Received on Thursday, entered on Monday: the number is Monday's, the promise Thursday's."""
    scan = desk.upload(by=DEWI)
    registered = desk.submit(channel="box", received_at=office(19, 10), attachments=(scan.id,))
    assert registered.tracking_number == CASE
    assert registered.deadline.due == office(24, 16)
    assert registered.deadline.received_at == office(19, 10)
    detail = desk.read()
    assert (detail.received_at, detail.entered_at) == (office(19, 10), MONDAY_MORNING)
    assert [each.id for each in detail.attachments] == [scan.id]


def test_a_late_entry_is_late_at_once(desk):
    """The office's delay is not the complainant's: near and missed are told in this order."""
    desk.submit(received_at=office(10, 10))
    desk.keep_deadlines()
    assert desk.names() == [
        "complaint_received",
        "deadline_approaching",
        "deadline_missed",
        "complaint_escalated",
    ]


def test_a_complaint_without_what_it_needs_is_not_registered(desk):
    """And takes no number."""
    assert refused_fields(desk.submit, complainant=complainant(name=" "), matter="") == [
        ("complainant.name", "required"),
        ("matter", "required"),
    ]
    assert refused_fields(desk.submit, channel="box") == [("attachments", "required")]
    wrong = ({"way": "email", "address": "nobody"},)
    assert refused_fields(desk.submit, notify=wrong) == [("notify.0.address", "wrong_format")]
    refused(ErrorCode.ATTACHMENT_NOT_FOUND, desk.submit, attachments=("x",))
    assert desk.submit().tracking_number == CASE


def test_an_incomplete_complaint_waits_without_the_clock(desk):
    """Two working days of waiting move the promise by two."""
    desk.go_to("incomplete")
    checked = desk.last("complaint_checked")
    assert checked["missing"] == ["evidence"]
    assert (checked["deadline"]["paused"], checked["step"]) == (True, None)
    assert desk.read().missing == ("evidence",)
    desk.clock.set(office(25, 9))
    file = desk.upload()
    assert desk.supplement(file.id).state == "received"
    supplemented = desk.last("complaint_supplemented")
    assert supplemented["attachments"] == 1
    assert DeadlineView.model_validate(supplemented["deadline"]).due == office(30, 16)
    assert supplemented["step"]["step"] == "check"
    refused(ErrorCode.NOT_THE_OWNER, desk.check, by=JOKO)
    desk.check()
    assert desk.read().missing == ()
    assert [written.what for written in desk.read().written] == ["check", "supplement", "check"]


def test_a_complaint_that_is_not_ours_is_redirected(desk):
    """That is the answer: it was given in time, and nothing is told of it any more."""
    desk.submit()
    desk.clock.move(minutes=30)
    assert desk.check("not_ours", note="Silakan ke Disdukcapil.").state == "redirected"
    checked = desk.last("complaint_checked")
    assert checked["referral"] == "civil_registry"
    assert (checked["in_time"], checked["working_minutes"]) == (True, 30)
    desk.at(office(40, 9))
    assert desk.names() == ["complaint_received", "complaint_checked"]
    assert desk.read().referral == "civil_registry"


def test_a_response_tells_whether_the_promise_was_kept(desk):
    """To the minute of the close of the third working day."""
    desk.go_to("checked")
    desk.clock.set(office(26, 16))
    desk.respond()
    responded = desk.last("complaint_responded")
    assert (responded["number"], responded["in_time"]) == (1, True)
    assert responded["working_minutes"] == 3 * 450 + 360
    assert responded["responded_at"] == office(26, 16).isoformat()
    assert responded["standard_version"] == "2026-1"


def test_a_late_response_says_so(desk):
    """One minute after the close."""
    desk.go_to("checked")
    desk.clock.set(office(26, 16, 1))
    desk.respond()
    assert desk.last("complaint_responded")["in_time"] is False


def test_a_coordination_is_due_by_its_scope_or_as_asked(desk):
    """The standard's days for a unit and for another institution, or the officer's own."""
    desk.go_to("checked")
    dues = [(Scope.INTERNAL, None, 24), (Scope.EXTERNAL, None, 25), (Scope.EXTERNAL, 5, 30)]
    for number, (scope, days, due) in enumerate(dues, start=1):
        asked = desk.coordinate(scope=scope, working_days=days)
        assert asked.coordination == number
        told = desk.last("complaint_coordinated")
        assert (told["stage"], told["answer_due"]) == ("asked", office(due, 16).isoformat())
    [first, *_] = desk.read().coordinations
    assert (first.partner, first.asked_by, first.answer) == ("Bidang Linjamsos", "dewi", None)


def test_a_partner_answers_a_coordination_once(desk):
    """Another number is not known."""
    desk.go_to("coordinating")
    refused(ErrorCode.COORDINATION_NOT_FOUND, desk.record_answer, 2)
    assert refused_fields(desk.record_answer, answer=" ") == [("answer", "required")]
    desk.record_answer()
    refused(ErrorCode.ALREADY_ANSWERED, desk.record_answer)
    assert desk.read().coordinations[0].answer == "Tidak ada potongan."


def test_a_late_answer_is_still_taken_after_the_response(desk):
    """It may help the resolution; the step of the office stays."""
    desk.go_to("coordinating")
    desk.respond()
    assert desk.record_answer().state == "responded"
    assert desk.last("complaint_coordinated")["step"]["step"] == "resolution"


def test_a_second_officer_cannot_check_or_move_it(desk):
    """The first has it."""
    desk.go_to("checked")
    refused(ErrorCode.ILLEGAL_MOVE, desk.check, by=JOKO)
    for move in (desk.coordinate, desk.respond, desk.escalate):
        refused(ErrorCode.NOT_THE_OWNER, move, by=JOKO)
    assert desk.row().owner == "dewi"


def test_a_head_acts_once_it_was_passed_there(desk):
    """The division head answers; the agency head has not been asked."""
    desk.go_to("checked")
    refused(ErrorCode.NOT_THE_OWNER, desk.respond, by=HASAN)
    desk.escalate("division_head")
    refused(ErrorCode.NOT_THE_OWNER, desk.respond, by=RAHMA)
    assert desk.respond(by=HASAN).state == "responded"
    assert desk.last("complaint_escalated")["to"] == "division_head"


def test_nothing_is_answered_with_blank_words(desk):
    """Neither a response nor a resolution nor a question."""
    desk.go_to("checked")
    assert refused_fields(desk.respond, response=" ") == [("response", "required")]
    assert refused_fields(desk.coordinate, partner="") == [("partner", "required")]
    desk.respond()
    assert refused_fields(desk.resolve, resolution="\n") == [("resolution", "required")]
    assert desk.row().state == "responded"


def test_a_repeated_command_has_one_effect(desk):
    """The same key, the same reply."""
    desk.submit(key="k1")
    assert desk.submit(key="k1").tracking_number == CASE
    desk.check()
    assert desk.respond(key="k2") == desk.respond(key="k2")
    assert desk.names() == ["complaint_received", "complaint_checked", "complaint_responded"]


def test_forgotten_uploads_are_deleted(desk):
    """Those of residents that no complaint took within a day."""
    kept, forgotten = desk.upload(), desk.upload()
    scan = desk.upload(by=DEWI)
    desk.submit(attachments=(kept.id,))
    desk.clock.move(hours=25)
    desk.run_job("delete_forgotten_uploads")
    assert {row.id for row in desk.rows(Attachment)} == {kept.id, scan.id}
    assert forgotten.id not in {kept.id, scan.id}


def test_one_person_has_one_key(desk):
    """A second complaint of the same NIK is the same person's."""
    desk.submit()
    desk.submit(complainant=complainant(name=f"{NAME} B."))
    desk.submit(complainant=complainant(nik="6371034505850004"))
    assert len(desk.rows(Person)) == 2
    assert desk.read(case="ADU-20261123-0002").complainant.name == f"{NAME} B."


def test_times_are_kept_in_utc_and_told_in_the_offices(desk):
    """The detail is aware, the event carries +08:00."""
    desk.go_to("resolved")
    assert desk.read().entered_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert desk.last("complaint_resolved")["resolved_at"] == "2026-11-23T09:00:00+08:00"
