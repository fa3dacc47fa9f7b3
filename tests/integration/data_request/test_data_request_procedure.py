"""The service along the procedure: disposition, review, preparation, handover."""

import hashlib
from datetime import UTC, datetime

import pytest

from contracts.data_request import Complexity, RejectionGround
from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode
from services.data_request.models import Clock
from standards.catalogue import load
from tests.integration.data_request.desk import (
    DEWI,
    HASAN,
    RAHMAN,
    WATI,
    Desk,
    refused,
)
from tests.integration.data_request.table_files import workbook


def test_a_data_request_goes_from_the_letter_to_the_data_handed_over(desk):
    """The journey of the published procedure, steps 2 to 4, with a question on the way."""
    desk.complete()
    assert desk.disposition().state == "dispositioned"
    assert desk.clarify().state == "clarification"
    assert desk.answer().state == "dispositioned"
    assert desk.approve().state == "in_preparation"
    assert desk.upload().small_cell_count == 1
    assert desk.upload(workbook(["Wilayah", "Jiwa"], ["Barat", 40]), name="Jiwa").rows == 1
    built = desk.build()
    assert (built.state, built.edition, built.suppressed_cells) == ("prepared", 1, 1)
    refused(ErrorCode.HANDOVER_NOT_SIGNED, desk.download)
    assert desk.sign_for_office().state == "prepared"
    refused(ErrorCode.HANDOVER_NOT_SIGNED, desk.download)
    assert desk.sign_as_requester().state == "handed_over"
    assert hashlib.sha256(desk.download()).hexdigest() == built.sha256
    assert desk.names() == [
        "data_request_dispositioned",
        "clarification_requested",
        "clarification_received",
        "data_request_approved",
        "data_prepared",
        "handover_signed",
        "handover_signed",
        "data_handed_over",
        "data_downloaded",
    ]
    assert [int(event.sequence) for event in desk.emitted()] == [*range(1, 10)]


def test_each_move_begins_the_next_step_of_the_standard(desk):
    """What waits, and until when the office wants it, goes with the event."""
    desk.go_to("in_preparation")
    steps = {event.event_name: event.data["step"] for event in desk.emitted()}
    assert steps["data_request_dispositioned"] == {
        "step": "review",
        "due": "2026-11-24T16:00:00+08:00",
    }
    assert steps["data_request_approved"]["step"] == "preparation"
    desk.upload()
    desk.build()
    (prepared,) = desk.emitted("data_prepared")
    assert prepared.data["step"]["step"] == "handover"
    desk.sign_for_office()
    (signed,) = desk.emitted("handover_signed")
    assert signed.data["step"] == prepared.data["step"]


@pytest.mark.parametrize(
    ("complexity", "data_types", "days", "due"),
    [
        (Complexity.SIMPLE, None, 4, "2026-11-27T16:30:00+08:00"),
        (Complexity.MODERATE, None, 6, "2026-12-01T16:00:00+08:00"),
        (Complexity.COMPLEX, 2, 8, "2026-12-03T16:00:00+08:00"),
        (Complexity.COMPLEX, 40, 14, "2026-12-11T16:30:00+08:00"),
    ],
)
def test_the_approval_promises_working_days_by_complexity_and_types(
    desk, complexity, data_types, days, due
):
    """Counted from the receipt, within the published 3 to 14; the letter named three types."""
    desk.go_to("dispositioned")
    desk.clock.move(hours=3)
    desk.approve(complexity=complexity, data_types=data_types)
    (approved,) = desk.emitted("data_request_approved")
    assert approved.data["working_days"] == approved.data["deadline"]["working_days"] == days
    assert approved.data["deadline"]["due"] == due
    assert approved.data["data_types"] == (data_types or 3)
    assert approved.data["deadline"]["received_at"] == "2026-11-23T09:00:00+08:00"


def test_a_question_stops_the_clock_until_it_is_answered(desk):
    """Two working days of waiting move the deadline by two working days, and no step waits."""
    desk.go_to("dispositioned")
    desk.clarify()
    (asked,) = desk.emitted("clarification_requested")
    assert asked.data["step"] is None
    assert asked.data["deadline"]["due"] is None
    assert asked.data["deadline"]["pauses"][0]["reason_code"] == "clarification_requested"
    desk.clock.move(days=2)
    desk.answer()
    (answered,) = desk.emitted("clarification_received")
    assert answered.data["step"]["step"] == "review"
    assert answered.data["deadline"]["paused"] is False
    desk.approve()
    (approved,) = desk.emitted("data_request_approved")
    assert approved.data["deadline"]["due"].startswith("2026-12-03")


def test_a_rejection_names_its_ground_and_closes_the_case(desk):
    """The words stay sealed; how the promise was kept is told."""
    desk.go_to("dispositioned")
    desk.clock.move(hours=2)
    assert desk.reject().state == "rejected"
    (rejected,) = desk.emitted("data_request_rejected")
    assert rejected.data["ground"] == "personal_data_asked"
    assert (rejected.data["in_time"], rejected.data["working_minutes"]) == (True, 120)
    assert rejected.data["standard_version"] == "2026-1"
    assert rejected.data["decided_at"] == "2026-11-23T11:00:00+08:00"
    with desk.session() as session:
        assert [clock.running for clock in session.query(Clock)] == [False, False]


def test_the_handover_tells_how_the_promise_was_kept(desk):
    """A day late is late, and told as such; nothing is due afterwards."""
    desk.go_to("prepared")
    desk.sign_for_office()
    desk.clock.set(datetime(2026, 12, 2, 1, 0, tzinfo=UTC))
    desk.sign_as_requester()
    (over,) = desk.emitted("data_handed_over")
    assert over.data["in_time"] is False
    assert over.data["purpose"] == "academic_research"
    assert over.data["handed_over_at"] == "2026-12-02T09:00:00+08:00"
    missed = [event.data["clock"] for event in desk.emitted("deadline_missed")]
    assert missed == ["step", "promise"]
    desk.clock.move(days=30)
    desk.run_job("keep_deadlines")
    assert len(desk.emitted("deadline_missed")) == 2


def test_deadlines_are_told_once_each(desk):
    """The step's first, the promise's later; a second run says nothing more."""
    desk.go_to("received")
    desk.clock.move(days=40)
    desk.run_job("keep_deadlines")
    desk.run_job("keep_deadlines")
    told = [(e.event_name, e.data["clock"], e.data["step"]) for e in desk.emitted()]
    assert sorted(told, key=str) == [
        ("deadline_approaching", "promise", None),
        ("deadline_approaching", "step", "disposition"),
        ("deadline_missed", "promise", None),
        ("deadline_missed", "step", "disposition"),
    ]


def test_what_intake_told_of_the_promise_is_not_told_again(desk):
    """The promise is handed over with what was said of it."""
    desk.complete(told=("approaching", "missed"))
    desk.clock.move(days=40)
    desk.run_job("keep_deadlines")
    assert {event.data["clock"] for event in desk.emitted()} == {"step"}


def test_a_holiday_added_later_moves_the_open_deadline(tmp_path):
    """The office's override file changes under the case; it says so."""
    override = tmp_path / "office.toml"
    override.write_text("")
    desk = Desk(tmp_path, office_override=str(override))
    desk.go_to("in_preparation")
    override.write_text(
        '[[closed_days]]\ndate = 2026-11-26\nreason_id = "Banjir"\nreason_en = "Flood"\n'
    )
    desk.run_job("keep_deadlines")
    changed = {event.data["clock"]: event.data for event in desk.emitted("deadline_changed")}
    assert changed["promise"]["due"] == "2026-12-02T16:00:00+08:00"
    assert changed["step"]["step"] == "preparation"
    desk.close()


@pytest.mark.parametrize(
    ("decision", "parts", "errors"),
    [
        ("approve", {}, [("complexity", "required"), ("social_worker", "required")]),
        (
            "approve",
            {"complexity": "simple", "social_worker": "6371 Fitri"},
            [("social_worker", "wrong_format")],
        ),
        (
            "approve",
            {"complexity": "simple", "social_worker": "sari", "data_types": 0},
            [("data_types", "out_of_range")],
        ),
        (
            "approve",
            {"complexity": "simple", "social_worker": "sari", "ground": "data_not_held"},
            [("ground", "not_allowed")],
        ),
        ("reject", {}, [("ground", "required"), ("words", "required")]),
        (
            "reject",
            {"ground": "data_not_held", "words": " ", "complexity": "simple"},
            [("complexity", "not_allowed"), ("words", "required")],
        ),
        ("clarify", {"words": "\n"}, [("words", "required")]),
    ],
)
def test_a_review_needs_what_its_decision_needs_and_nothing_else(desk, decision, parts, errors):
    """Every field at fault is named with a code, and nothing is stored."""
    desk.go_to("dispositioned")
    before = desk.everything()
    refusal = refused(ErrorCode.VALIDATION_FAILED, desk.review, decision, **parts)
    assert [(e["field"], e["code"]) for e in refusal.details["errors"]] == errors
    assert desk.everything() == before


def test_only_the_instructed_social_worker_prepares_the_data(desk):
    """Neither another one nor a division head."""
    desk.go_to("in_preparation")
    for somebody_else in (DEWI, HASAN):
        code = ErrorCode.NOT_THE_INSTRUCTED_SOCIAL_WORKER
        refused(code, desk.upload, by=somebody_else)
        refused(code, desk.build, by=somebody_else)
    assert desk.upload().rows == 2


def test_another_social_worker_does_not_sign_for_the_office(desk):
    """The one who prepared the data does, or a head; not the counter."""
    desk.go_to("prepared")
    refused(ErrorCode.NOT_THE_INSTRUCTED_SOCIAL_WORKER, desk.sign_for_office, by=DEWI)
    counter = Actor(id="rina", role=Role.COUNTER_OFFICER)
    refused(ErrorCode.ACCESS_DENIED, desk.sign_for_office, by=counter)
    assert desk.emitted("handover_signed") == []
    assert desk.sign_for_office(by=WATI).state == "prepared"


def test_the_preparation_of_a_simple_case_ends_with_its_promise(desk):
    """Its own ten days would be up a week after; who prepares is warned first."""
    desk.go_to("dispositioned")
    desk.approve(complexity="simple", data_types=1)
    (approved,) = desk.emitted("data_request_approved")
    assert approved.data["step"]["step"] == "preparation"
    assert approved.data["step"]["due"] == approved.data["deadline"]["due"]
    desk.clock.set(datetime(2026, 11, 26, 8, 1, tzinfo=UTC))
    desk.run_job("keep_deadlines")
    told = [(e.event_name, e.data["clock"]) for e in desk.emitted() if "clock" in e.data]
    assert told == [
        ("deadline_approaching", "step"),
        ("deadline_missed", "step"),
        ("deadline_approaching", "promise"),
        ("deadline_missed", "promise"),
    ]


def test_an_approval_is_not_given_twice(desk):
    """Approving again is illegal; the first instruction stands."""
    desk.go_to("in_preparation")
    refusal = refused(ErrorCode.ILLEGAL_MOVE, desk.approve, by=WATI, social_worker="dewi")
    assert refusal.details == {
        "state": "in_preparation",
        "move": "approve",
        "allowed": ["store_table", "build_package", "withdraw"],
    }
    assert desk.row().social_worker == "sari"


@pytest.mark.parametrize(
    ("state", "call"),
    [
        ("received", Desk.approve),
        ("received", Desk.upload),
        ("dispositioned", Desk.disposition),
        ("dispositioned", Desk.answer),
        ("dispositioned", Desk.sign_for_office),
        ("clarification", Desk.approve),
        ("in_preparation", Desk.sign_as_requester),
        ("handed_over", Desk.upload),
        ("handed_over", Desk.build),
        ("handed_over", Desk.withdraw),
        ("rejected", Desk.disposition),
        ("rejected", Desk.withdraw),
        ("withdrawn", Desk.reject),
    ],
)
def test_what_the_procedure_does_not_foresee_is_refused(desk, state, call):
    """With the state and what would be possible; nothing changes."""
    desk.go_to(state)
    before = desk.everything()
    assert refused(ErrorCode.ILLEGAL_MOVE, call, desk).details["state"] == state
    assert desk.everything() == before


def test_the_ground_of_a_rejection_is_one_of_the_standards(desk):
    """The contract and the standard name the same grounds."""
    grounds = {ground.id for ground in load("data_request").release.rejection_grounds}
    assert grounds == {ground.value for ground in RejectionGround}


def test_an_office_head_may_pass_the_letter_on_without_a_note(desk):
    """The note is a courtesy."""
    desk.complete()
    assert desk.disposition(note=None, by=RAHMAN).state == "dispositioned"
    assert desk.read().disposition_note is None
    assert desk.emitted("personal_data_read") == []
