"""What waits for somebody at the office."""

from contracts.verification import DeliveryMethod
from services.verification.domain import Case, Step, is_ours
from tests.unit.verification.samples import (
    ANNOUNCED,
    ASSIGNED,
    EAST,
    NOW,
    RINA,
    assessment,
    decision,
    nobody_home,
    report,
)


def test_each_state_waits_for_a_step_of_the_standard():
    """The claim, the visit, the assessment, the decision, the delivery; then nothing."""
    visited = ASSIGNED.report(RINA, report(), NOW)
    decided = visited.assess(assessment()).decide(decision("eligible"))
    cases = [ANNOUNCED, ASSIGNED, visited, visited.assess(assessment()), decided]
    assert [case.step for case in cases] == [*Step]
    for closed in (Case(), decided.deliver(DeliveryMethod.ORAL), ASSIGNED.withdraw()):
        assert closed.step is None


def test_a_case_offered_again_waits_for_nobodys_claim():
    """Its claim was missed, which the division head has been told; now somebody appoints."""
    assert ANNOUNCED.reoffer((EAST,)).step is None


def test_after_enough_absences_the_social_worker_is_waited_for():
    """Not the verifier, who has been there often enough."""
    once = ASSIGNED.report(RINA, nobody_home(), NOW)
    assert once.step is Step.VISIT
    assert once.report(RINA, nobody_home("8d1f0e52-2"), NOW).step is Step.ASSESSMENT


def test_only_aid_verifications_are_handled_here():
    """A withdrawal tells no kind; the number does."""
    assert is_ours("VRF-20261123-0001")
    assert not is_ours("DTA-20261123-0001")
