"""Several replicas at one case, on a real PostgreSQL: the row's lock decides, nobody else."""

import pytest

from contracts.verification import ClaimVerification
from services.verification.service import VerificationService
from tests.integration.verification.desk import BUDI, CASE, RINA, Desk
from tests.real import eventually
from tests.replicas import Replica, somebody_waits


@pytest.fixture
def desk(database_url, tmp_path):
    """The service on an empty PostgreSQL database."""
    desk = Desk(tmp_path, database_url)
    yield desk
    desk.close()


def test_of_two_claims_at_once_the_first_wins(desk):
    """The second waits for the first to commit, and is then told that it came late."""
    desk.complete()
    with desk.store.unit("first", RINA) as work:
        claim = VerificationService.claim.__wrapped__
        claim(desk.service, ClaimVerification(tracking_number=CASE), work)
        second = Replica(lambda: desk.claim(by=BUDI))
        eventually(lambda: somebody_waits(desk), "waiting claim")
    second.join(30)
    assert second.outcome == "already_claimed"
    assert desk.row().verifier == "rina"
    assert len(desk.emitted("verifier_assigned")) == 1


def test_many_verifiers_claim_many_cases_at_once(desk):
    """Each case has one verifier, one event, and a refusal for everybody else."""
    verifiers = [RINA.model_copy(update={"id": f"verifier{number}"}) for number in range(6)]
    for number in range(1, 6):
        case = f"VRF-20261123-{number:04d}"
        desk.complete(case)
        claims = [Replica(lambda by=by, case=case: desk.claim(by, case)) for by in verifiers]
        for claim in claims:
            claim.join(30)
        outcomes = [claim.outcome for claim in claims]
        assert outcomes.count("already_claimed") == len(verifiers) - 1
        assert desk.names(case) == ["verification_announced", "verifier_assigned"]


def test_a_case_that_is_just_being_claimed_is_not_offered_again(desk):
    """The job does not wait for the claim: it leaves the case, and finds it claimed later.

    That the claim came a minute late is told with it.
    """
    desk.complete()
    desk.clock.move(minutes=61)
    with desk.store.unit("claim", RINA) as work:
        claim = VerificationService.claim.__wrapped__
        claim(desk.service, ClaimVerification(tracking_number=CASE), work)
        job = Replica(lambda: desk.run_job("keep_deadlines") or "done")
        job.join(30)
        assert job.outcome == "done"
    desk.run_job("keep_deadlines")
    assert desk.names() == [
        "verification_announced",
        "deadline_approaching",
        "deadline_missed",
        "verifier_assigned",
    ]


def test_two_replicas_offer_an_unclaimed_case_again_once(desk):
    """Whichever comes first; the other finds nothing left to do."""
    desk.complete()
    desk.clock.move(minutes=61)
    replicas = [Replica(lambda: desk.run_job("keep_deadlines") or "done") for _ in range(3)]
    for replica in replicas:
        replica.join(30)
    assert [replica.outcome for replica in replicas] == ["done"] * 3
    assert len(desk.emitted("verification_reoffered")) == 1


def test_an_event_that_two_replicas_open_a_case_by_is_announced_once(desk):
    """The completion arrives while its unknown case is being opened by the reception."""
    replicas = [Replica(desk.receive), Replica(desk.complete), Replica(desk.complete)]
    for replica in replicas:
        replica.join(30)
    assert [replica.outcome for replica in replicas] == ["done"] * 3
    assert desk.names() == ["verification_announced"]
    assert desk.row().state == "announced"


def test_the_whole_procedure_runs_on_postgresql(desk):
    """The same code and the same migrations as on SQLite."""
    desk.go_to("assessed")
    desk.decide("send_back")
    desk.report(visit="v2")
    desk.assess()
    desk.decide()
    desk.issue()
    assert desk.hand_over().state == "delivered"
    assert len(desk.read().visits) == 2
