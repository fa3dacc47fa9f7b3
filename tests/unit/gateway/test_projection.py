"""What a case's events add up to, step by step."""

import json
from datetime import timedelta
from typing import Any

import pytest

from contracts.documents import DocumentRevoked
from contracts.envelope import EventData
from contracts.intake import RequestReturned, RequestSupplemented, RequestWithdrawn
from contracts.verification import Outcome, VerificationReoffered, VerificationWithdrawn
from gateway.case_view import CaseView
from gateway.presentation import status_json, status_page
from gateway.projection import fold
from gateway.stages import Stage, Status
from tests.case_events import (
    ANNOUNCED,
    ASSESSED,
    CASE,
    CLAIMED,
    COMPLETED,
    DEADLINE,
    DECIDED,
    DELIVERED,
    DISTRICT,
    DUE,
    LETTER,
    NOBODY_HOME,
    PAUSED,
    RECEIPT,
    RECEIVED,
    RECEIVED_AT,
    SENT_BACK,
    TO_THE_LETTER,
    VISITED,
    Story,
    told,
)

RETURNED = RequestReturned(missing=("identity_document",), deadline=PAUSED)
SUPPLEMENTED = RequestSupplemented(attachments=1, deadline=DEADLINE)
REOFFERED = VerificationReoffered(wave=2, offered_to=("63.71.01", DISTRICT), offer_until=None)
EVERY_STEP = tuple(
    pytest.param(TO_THE_LETTER[:count], stage, id=stage)
    for count, stage in (
        (1, Stage.RECEIVED),
        (3, Stage.IDENTIFIED),
        (4, Stage.ANNOUNCED),
        (5, Stage.ASSIGNED),
        (6, Stage.VISITED),
        (7, Stage.ASSESSED),
        (8, Stage.DECIDED),
        (9, Stage.LETTER_ISSUED),
        (10, Stage.DELIVERED),
    )
)


def case_after(*steps: EventData) -> CaseView:
    return fold(CASE, told(*steps))


@pytest.mark.parametrize(("steps", "stage"), EVERY_STEP)
def test_each_step_of_the_procedure_brings_the_case_to_its_stage(
    steps: tuple[EventData, ...], stage: Stage
) -> None:
    """From the counter to the resident's hands, in the order of the standard."""
    assert case_after(*steps).stage is stage


def test_a_case_knows_what_its_events_said() -> None:
    """Kind, district, standard, verifier and outcome come from the events alone."""
    case = case_after(*TO_THE_LETTER)
    assert (case.kind, case.purpose) == ("assistance_verification", "jamkesda")
    assert case.standard == ("aid_verification", "2026-1")
    assert (case.district, case.offered_to) == (DISTRICT, (DISTRICT,))
    assert (case.assigned_to, case.outcome) == ("andi", Outcome.ELIGIBLE)
    assert case.kept is not None
    assert (case.kept.in_time, case.kept.working_minutes) == (True, 240)


def test_a_returned_request_says_what_is_missing_and_stops_the_clock() -> None:
    """The resident reads the requirement in the standard's own words."""
    page = status_page(case_after(RECEIVED, RETURNED))
    assert page["status"] == "returned"
    assert page["missing"][0]["label"]["id"] == "Kartu Keluarga dan atau KTP Kota Banjarmasin"
    assert page["deadline"]["paused"] is True
    assert page["deadline"]["text"]["id"].startswith("Waktu layanan berhenti")


def test_a_supplemented_request_is_received_again() -> None:
    """Nothing is missing any more and the deadline is back."""
    case = case_after(RECEIVED, RETURNED, SUPPLEMENTED)
    assert (case.stage, case.missing) == (Stage.RECEIVED, ())
    assert case.deadline is not None
    assert case.deadline.due == DUE


def test_a_reoffered_case_is_offered_wider() -> None:
    """The districts of the last offer count."""
    case = case_after(RECEIVED, COMPLETED, ANNOUNCED, REOFFERED)
    assert (case.stage, case.offered_to) == (Stage.REOFFERED, ("63.71.01", DISTRICT))


def test_nobody_home_leaves_the_case_assigned_and_stands_in_the_timeline() -> None:
    """The resident reads that somebody came, and that there will be another visit."""
    case = case_after(RECEIVED, COMPLETED, ANNOUNCED, CLAIMED, NOBODY_HOME)
    page = status_page(case)
    assert page["status"] == "assigned"
    assert page["timeline"][-1]["label"]["en"] == "The verifier came, nobody was home"
    assert "berkunjung lagi" in page["next"]["id"]


def test_after_the_last_allowed_visit_the_social_worker_has_the_case() -> None:
    """The standard of the case says how often a household is visited."""
    before = (RECEIVED, COMPLETED, ANNOUNCED, CLAIMED, NOBODY_HOME, NOBODY_HOME)
    assert case_after(*before).stage is Stage.NOBODY_HOME
    assert case_after(*before, NOBODY_HOME).stage is Stage.NEVER_HOME
    assert Stage.NEVER_HOME.status is Status.ASSIGNED


def test_visits_are_counted_anew_once_somebody_was_met_or_the_case_is_sent_back() -> None:
    """Only absences in a row make a household one that cannot be met."""
    absent = (NOBODY_HOME, NOBODY_HOME)
    case = case_after(RECEIVED, COMPLETED, CLAIMED, *absent, VISITED, ASSESSED, SENT_BACK, *absent)
    assert case.stage is Stage.NOBODY_HOME


def test_an_unknown_standard_allows_any_number_of_visits() -> None:
    """A standard that this version does not have cannot be asked."""
    foreign = {"standard_version": "2031-9"}
    steps = (RECEIVED.model_copy(update=foreign), COMPLETED.model_copy(update=foreign))
    case = case_after(*steps, CLAIMED, *(NOBODY_HOME,) * 9)
    assert case.stage is Stage.NOBODY_HOME
    assert status_page(case)["deadline"]["promise"] is None


def test_a_case_sent_back_is_assigned_for_another_visit() -> None:
    """The same verifier goes again, and the resident is told why."""
    case = case_after(RECEIVED, COMPLETED, ANNOUNCED, CLAIMED, VISITED, ASSESSED, SENT_BACK)
    assert case.stage.status is Status.ASSIGNED
    assert "kunjungan ulang" in status_page(case)["next"]["id"]


def test_a_negative_decision_is_told_as_such() -> None:
    """The label names the outcome."""
    refused = DECIDED.model_copy(update={"outcome": Outcome.NOT_ELIGIBLE, "in_time": False})
    page = status_page(case_after(RECEIVED, COMPLETED, refused))
    assert page["label"]["en"] == "Decided: not eligible"
    assert page["deadline"]["in_time"] is False


def test_a_withdrawal_at_intake_closes_the_case() -> None:
    """Whatever was to come next does not come."""
    page = status_page(case_after(RECEIVED, RequestWithdrawn(stage="intake")))
    assert (page["status"], page["closed"]) == ("withdrawn", True)


def test_a_withdrawal_that_two_services_announce_stands_once_in_the_timeline() -> None:
    """Intake repeats what verification has said."""
    echo = RequestWithdrawn(stage="verification")
    case = case_after(RECEIVED, COMPLETED, ANNOUNCED, VerificationWithdrawn(), echo)
    assert case.stage is Stage.WITHDRAWN
    assert [moment.event for moment in case.timeline][-2:] == [
        "verification_announced",
        "verification_withdrawn",
    ]


def test_documents_are_listed_with_the_calls_that_fetch_and_verify_them() -> None:
    """Receipt and letter, as their owner announced them."""
    documents = status_page(case_after(*TO_THE_LETTER))["documents"]
    assert [document["code"] for document in documents] == [RECEIPT.code, LETTER.code]
    assert documents[1]["label"]["id"] == "Surat Keterangan Hasil Verifikasi"
    assert documents[1]["url"] == "/v1/documents/L3TT3R"
    assert documents[1]["verify_url"] == "/v1/verify/L3TT3R"
    assert documents[1]["issued_at"] == "2026-11-23T09:00:00+08:00"


def test_a_revoked_letter_is_marked_and_no_longer_ready_to_be_given() -> None:
    """The other documents stay as they are."""
    case = case_after(*TO_THE_LETTER[:-1], DocumentRevoked(code=LETTER.code, reason="superseded"))
    assert [document.revoked for document in case.documents] == [False, True]
    assert case.stage is Stage.DECIDED


def test_an_unknown_event_is_other_progress() -> None:
    """It stands in the timeline, counts as a version, and changes nothing else."""
    story = Story()
    story.tell(RECEIVED)
    before = fold(CASE, story.events)
    story.publish("couriers", "parcel_sent", {"channel": "van", "secret": "x"})
    after = fold(CASE, story.events)
    page = status_page(after)
    assert (after.stage, after.version) == (before.stage, before.version + 1)
    assert page["timeline"][-1]["label"]["en"] == "Other progress"
    assert "secret" not in json.dumps(page)


def test_a_known_event_that_cannot_be_read_changes_nothing() -> None:
    """A publisher's mistake costs a line in the timeline, not the case."""
    story = Story()
    story.tell(RECEIVED, COMPLETED)
    story.publish("verification", "visit_reported", {"outcome": "levitated"})
    case = fold(CASE, story.events)
    assert case.stage is Stage.IDENTIFIED
    assert status_page(case)["timeline"][-1]["event"] == "visit_reported"


@pytest.mark.parametrize(
    ("source", "name", "data"),
    [
        ("intake", "personal_data_read", {"purpose": "visit", "fields": ["nik"]}),
        ("notifications", "notification_sent", {"occasion": "request_received"}),
    ],
)
def test_what_is_no_step_of_the_case_is_not_shown(
    source: str, name: str, data: dict[str, Any]
) -> None:
    """Neither the timeline nor the version tells who looked, or who was told."""
    story = Story()
    story.tell(RECEIVED)
    story.publish(source, name, data)
    assert fold(CASE, story.events) == fold(CASE, story.events[:1])


def test_a_case_is_known_only_once_an_event_names_its_kind() -> None:
    """A receipt alone does not say what was asked for."""
    assert not case_after(RECEIPT).known
    assert case_after(RECEIPT, RECEIVED).known
    assert case_after(DECIDED).known


def test_a_service_whose_clock_runs_behind_does_not_turn_the_case_back() -> None:
    """Sequence and cause count more than the time on an event."""
    story = Story()
    story.tell(RECEIVED, COMPLETED)
    early = RECEIVED_AT - timedelta(hours=1)
    story.publish(
        "verification", "verification_announced", ANNOUNCED.model_dump(mode="json"), early
    )
    story.publish("verification", "verifier_assigned", CLAIMED.model_dump(mode="json"), early)
    case = fold(CASE, story.events)
    assert case.stage is Stage.ASSIGNED
    assert [moment.event for moment in case.timeline] == [
        "request_received",
        "request_completed",
        "verification_announced",
        "verifier_assigned",
    ]


def test_the_timeline_is_by_time_where_no_sequence_and_no_cause_says_otherwise() -> None:
    """Two services that act on their own are told as they acted."""
    story = Story()
    story.tell(RECEIVED, COMPLETED)
    before = RECEIVED_AT + timedelta(seconds=30)
    story.publish("documents", "document_issued", RECEIPT.model_dump(mode="json"), before)
    receipt = story.events[-1].model_copy(update={"causationid": story.events[0].id})
    case = fold(CASE, [*story.events[:2], receipt])
    assert [moment.event for moment in case.timeline] == [
        "request_received",
        "document_issued",
        "request_completed",
    ]


def test_times_carry_the_offset_under_which_the_event_was_published() -> None:
    """Data in UTC is shown in the office's time."""
    page = status_page(case_after(RECEIVED))
    assert page["received_at"] == "2026-11-23T09:00:00+08:00"
    assert page["timeline"][0]["at"] == "2026-11-23T09:00:00+08:00"


def test_the_status_does_not_say_which_officer_has_the_case() -> None:
    """A resident reads roles, not names."""
    assert "andi" not in status_json(case_after(*TO_THE_LETTER))


def test_delivery_ends_the_case() -> None:
    """Nothing more is to be done."""
    page = status_page(case_after(*TO_THE_LETTER))
    assert (page["status"], page["closed"]) == ("delivered", True)
    assert page["timeline"][-1]["event"] == DELIVERED.event
