"""The service along the procedure: announcement, visit, assessment, decision, delivery."""

from datetime import timedelta

import pytest

from contracts.documents import DocumentKind
from contracts.errors import ErrorCode
from contracts.verification import DeliveryMethod, Outcome, TeamDiscussion
from tests.integration.verification.desk import (
    BUDI,
    DUE,
    HASAN,
    RINA,
    TONO,
    WEST,
    Desk,
    refused,
)

CITY = ("63.71.01", "63.71.02", "63.71.03", "63.71.04", "63.71.05")


def test_a_case_goes_from_the_announcement_to_the_delivered_letter(desk):
    """The journey of the published procedure, steps 3 to 6."""
    desk.receive()
    desk.complete()
    assert desk.claim().state == "assigned"
    assert desk.report().state == "visited"
    discussed = TeamDiscussion(participants=("sari", "rina"), conclusion="Sepakat.")
    assert desk.assess(team_discussion=discussed).state == "assessed"
    assert desk.decide().state == "decided"
    desk.issue()
    assert desk.hand_over().state == "delivered"
    assert desk.names() == [
        "verification_announced",
        "verifier_assigned",
        "visit_reported",
        "eligibility_assessed",
        "verification_done",
        "result_delivered",
    ]
    assert [int(event.sequence) for event in desk.emitted()] == [1, 2, 3, 4, 5, 6]


def test_the_announcement_says_to_whom_and_until_when(desk):
    """Offered to the district's verifiers for 60 office minutes, by the system."""
    desk.complete()
    (announced,) = desk.emitted("verification_announced")
    assert announced.data["district"] == WEST
    assert announced.data["offered_to"] == [WEST]
    assert announced.data["offer_until"] == "2026-11-23T10:00:00+08:00"
    assert announced.data["deadline"]["due"] == "2026-11-24T16:00:00+08:00"
    assert announced.data["step"] == {"step": "claim", "due": "2026-11-23T10:00:00+08:00"}
    assert announced.actor == "system"


def test_the_offer_waits_in_office_minutes(desk):
    """Announced half an hour before closing, it is offered until half an hour into the next day."""
    desk.clock.move(hours=6, minutes=30)
    desk.complete()
    (announced,) = desk.emitted("verification_announced")
    assert announced.data["offer_until"] == "2026-11-24T08:00:00+08:00"


def test_the_office_override_moves_the_offer(tmp_path):
    """A day that the office closed does not count."""
    override = tmp_path / "office.toml"
    override.write_text(
        '[[closed_days]]\ndate = 2026-11-23\nreason_id = "Banjir"\nreason_en = "Flood"\n'
    )
    desk = Desk(tmp_path, office_override=str(override))
    desk.complete()
    (announced,) = desk.emitted("verification_announced")
    assert announced.data["offer_until"] == "2026-11-24T08:30:00+08:00"
    desk.close()


def test_the_first_claim_wins(desk):
    """The second verifier is told that it came late, and nothing changes."""
    desk.go_to("assigned")
    refused(ErrorCode.ALREADY_CLAIMED, desk.claim, by=BUDI)
    assert desk.row().verifier == "rina"
    assert len(desk.emitted("verifier_assigned")) == 1


def test_claiming_ones_own_case_again_is_no_news(desk):
    """A second claim under another key gets the same reply and no second event."""
    desk.go_to("announced")
    assert desk.claim() == desk.claim()
    assert len(desk.emitted("verifier_assigned")) == 1


def test_another_district_must_wait_for_the_wider_offer(desk):
    """The east may take a case of the west only when the west did not."""
    desk.go_to("announced")
    refused(ErrorCode.OTHER_DISTRICT, desk.claim, by=TONO)
    desk.clock.move(minutes=61)
    desk.run_job("keep_deadlines")
    assert desk.claim(by=TONO).state == "assigned"


def test_an_unclaimed_case_is_offered_again_to_every_district_once(desk):
    """After the end of the offer, not before; and then it waits for an appointment."""
    desk.go_to("announced")
    desk.clock.move(minutes=60)
    desk.run_job("keep_deadlines")
    assert desk.emitted("verification_reoffered") == []
    desk.clock.move(microseconds=1)
    desk.run_job("keep_deadlines")
    desk.clock.move(hours=3)
    desk.run_job("keep_deadlines")
    (again,) = desk.emitted("verification_reoffered")
    assert again.data == {"wave": 2, "offered_to": [*CITY], "offer_until": None, "step": None}
    assert again.actor == "system"


def test_a_claim_that_nobody_made_is_told_to_the_division_head(desk):
    """The verifiers are reminded, then the step is missed; and then it is nobody's."""
    desk.go_to("announced")
    desk.clock.move(hours=2)
    desk.run_job("keep_deadlines")
    names = ["deadline_approaching", "deadline_missed", "verification_reoffered"]
    assert desk.names()[1:] == names
    approaching, missed = desk.emitted("deadline_approaching") + desk.emitted("deadline_missed")
    step = {
        "clock": "step",
        "step": "claim",
        "due": "2026-11-23T10:00:00+08:00",
        "role": "verifier",
    }
    assert approaching.data == step
    assert missed.data == step | {"escalate_to": "division_head"}


def test_a_claimed_case_is_not_offered_again(desk):
    """The job leaves every case alone that somebody has."""
    desk.go_to("assigned")
    desk.clock.move(hours=2)
    desk.run_job("keep_deadlines")
    assert desk.emitted("verification_reoffered") == []


def test_many_unclaimed_cases_are_offered_again_in_one_run(desk):
    """A batch at a time, until none is left."""
    cases = [f"VRF-20261123-{number:04d}" for number in range(1, 131)]
    for case in cases:
        desk.complete(case)
    desk.clock.move(minutes=61)
    desk.run_job("keep_deadlines")
    offered = [event.subject for event in desk.emitted("verification_reoffered")]
    assert sorted(offered) == cases


def test_an_appointment_stands_in_for_a_claim_and_over_an_earlier_one(desk):
    """Also a verifier of another district can be appointed; naming the present one is no news."""
    desk.go_to("announced")
    desk.appoint("rina")
    desk.appoint("tono", by=HASAN)
    desk.appoint("tono")
    visit = {"step": "visit", "due": "2026-11-23T12:00:00+08:00"}
    appointed = [event.data for event in desk.emitted("verifier_assigned")]
    assert appointed == [
        {"verifier": "rina", "reason": "appointment", "step": visit},
        {"verifier": "tono", "reason": "appointment", "step": visit},
    ]
    refused(ErrorCode.NOT_THE_ASSIGNED_VERIFIER, desk.report, by=RINA)
    assert desk.report(by=TONO).state == "visited"
    refused(ErrorCode.ILLEGAL_MOVE, desk.appoint, "rina")


def test_nobody_home_is_reported_and_counted(desk):
    """After three attempts in vain (the standard's figure) the case can be assessed."""
    desk.go_to("assigned")
    for attempt in (1, 2, 3):
        refused(ErrorCode.ILLEGAL_MOVE, desk.assess)
        assert desk.nobody_home(visit=f"v{attempt}").state == "assigned"
    reported = [(e.data["outcome"], e.data["attempt"]) for e in desk.emitted("visit_reported")]
    assert reported == [("nobody_home", 1), ("nobody_home", 2), ("nobody_home", 3)]
    assert desk.assess(recommendation=Outcome.NOT_ELIGIBLE).state == "assessed"


def test_a_case_sent_back_keeps_its_history(desk):
    """Two visits, two assessments, two decisions; the verifier stays the same."""
    desk.go_to("assessed")
    assert desk.decide("send_back", grounds="Foto kurang.").state == "assigned"
    desk.clock.move(hours=2)
    desk.report(visit="v2", findings="Foto dilengkapi.")
    desk.assess(recommendation=Outcome.NOT_ELIGIBLE)
    desk.decide("not_eligible")
    assert desk.emitted("verifier_assigned")[-1].data == {
        "verifier": "rina",
        "reason": "sent_back",
        "step": {"step": "visit", "due": "2026-11-23T12:00:00+08:00"},
    }
    assert len(desk.emitted("verification_done")) == 1
    detail = desk.read()
    assert [visit.findings for visit in detail.visits] == [
        "Rumah kontrakan, lima jiwa.",
        "Foto dilengkapi.",
    ]
    assert [each.recommendation.value for each in detail.assessments] == [
        "eligible",
        "not_eligible",
    ]
    assert [each.decision for each in detail.decisions] == ["send_back", "not_eligible"]


@pytest.mark.parametrize(
    ("after_due", "kept"), [(timedelta(), True), (timedelta(seconds=1), False)]
)
def test_the_decision_says_whether_the_promise_was_kept(desk, after_due, kept):
    """In time up to the promised moment; the times carry the office's offset."""
    desk.go_to("visited")
    desk.clock.set(DUE + after_due)
    desk.assess()
    desk.decide("not_eligible")
    (done,) = desk.emitted("verification_done")
    assert done.data == {
        "kind": "assistance_verification",
        "purpose": "jamkesda",
        "outcome": "not_eligible",
        "decided_at": "2026-11-24T16:00:00+08:00" if kept else "2026-11-24T16:00:01+08:00",
        "in_time": kept,
        "working_minutes": 810,
        "standard": "aid_verification",
        "standard_version": "2026-1",
        "step": {"step": "delivery", "due": "2026-11-25T09:30:00+08:00"},
    }


def test_the_letter_is_delivered_only_once_it_exists(desk):
    """A receipt is no letter; oral information waits for nothing."""
    desk.go_to("decided")
    desk.issue(kind=DocumentKind.RECEIPT)
    refused(ErrorCode.LETTER_NOT_READY, desk.hand_over)
    desk.issue()
    desk.hand_over(DeliveryMethod.LETTER)
    (delivered,) = desk.emitted("result_delivered")
    assert delivered.data == {"method": "letter", "delivered_at": "2026-11-23T09:00:00+08:00"}


def test_a_resident_can_withdraw_until_the_decision(desk):
    """From the reception to the assessment; afterwards the decision stands."""
    for number, state in enumerate(("received", "announced", "assigned", "visited", "assessed")):
        case = f"VRF-20261123-1{number:03d}"
        desk.go_to(state, case)
        assert desk.withdraw(case=case).state == "withdrawn"
        assert desk.names(case)[-1] == "verification_withdrawn"
        refused(ErrorCode.ILLEGAL_MOVE, desk.withdraw, case=case)
        refused(ErrorCode.ILLEGAL_MOVE, desk.claim, case=case)
    for number, state in enumerate(("decided", "delivered")):
        case = f"VRF-20261123-2{number:03d}"
        desk.go_to(state, case)
        refused(ErrorCode.ILLEGAL_MOVE, desk.withdraw, case=case)


def test_an_unknown_case_is_refused(desk):
    """Every command but the withdrawal needs a case that intake has announced."""
    for call in (desk.claim, desk.report, desk.assess, desk.decide, desk.hand_over, desk.read):
        refused(ErrorCode.CASE_NOT_FOUND, call)
    refused(ErrorCode.CASE_NOT_FOUND, desk.appoint, "rina")


def test_a_case_waiting_at_intake_cannot_be_worked_on(desk):
    """Before the identification there is nothing to claim, visit or assess."""
    desk.receive()
    for call in (desk.claim, desk.report, desk.assess, desk.decide, desk.hand_over):
        refused(ErrorCode.ILLEGAL_MOVE, call)
    assert desk.emitted() == []
    assert desk.row().state == "received"
