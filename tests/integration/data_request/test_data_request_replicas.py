"""Several replicas at one case, on a real PostgreSQL: the row's lock decides, nobody else."""

import pytest

from contracts.data_request import (
    Complexity,
    RejectionGround,
    ReviewDataRequest,
    Side,
    SignHandover,
    WithdrawDataRequest,
)
from contracts.envelope import RESIDENT
from services.data_request.service import DataRequestService
from tests.integration.data_request.desk import CASE, HASAN, SARI, STUDENT, UNIVERSITY, WATI, Desk
from tests.real import eventually
from tests.replicas import Replica, somebody_waits

APPROVAL = ReviewDataRequest(
    tracking_number=CASE,
    decision="approve",
    complexity=Complexity.SIMPLE,
    social_worker="sari",
)
REJECTION = ReviewDataRequest(
    tracking_number=CASE,
    decision="reject",
    ground=RejectionGround.DATA_NOT_HELD,
    words="Tidak ada.",
)


@pytest.fixture
def desk(database_url, tmp_path):
    """The service on an empty PostgreSQL database."""
    desk = Desk(tmp_path, database_url)
    yield desk
    desk.close()


def while_open(desk, actor, method, ask, rival):
    """The outcome of the rival, who comes while the first unit is not committed yet."""
    with desk.store.unit("first", actor) as work:
        getattr(DataRequestService, method).__wrapped__(desk.service, ask, work)
        second = Replica(rival)
        eventually(lambda: somebody_waits(desk), "waiting rival")
    second.join(30)
    return second.outcome


def test_of_two_division_heads_deciding_at_once_the_first_wins(desk):
    """The second waits for the first to commit, and is then told that it is decided."""
    desk.go_to("dispositioned")
    rejecting = lambda: desk.ask(REJECTION, WATI)  # noqa: E731 - said where it is used
    assert while_open(desk, HASAN, "review", APPROVAL, rejecting) == "illegal_move"
    assert desk.row().state == "in_preparation"
    assert desk.names() == ["data_request_dispositioned", "data_request_approved"]
    assert len(desk.read().reviews) == 1


def test_a_withdrawal_that_comes_during_a_rejection_is_refused(desk):
    """The case is closed by then."""
    desk.go_to("dispositioned")
    assert while_open(desk, HASAN, "review", REJECTION, desk.withdraw) == "illegal_move"
    assert desk.row().state == "rejected"
    assert "data_request_withdrawn" not in desk.names()


def test_a_withdrawal_that_comes_during_an_approval_counts(desk):
    """It is approved first, then withdrawn; nothing is due any more."""
    desk.go_to("dispositioned")
    outcome = while_open(desk, HASAN, "review", APPROVAL, desk.withdraw)
    assert outcome.state == "withdrawn"
    assert desk.names()[-2:] == ["data_request_approved", "data_request_withdrawn"]
    desk.clock.move(days=60)
    desk.run_job("keep_deadlines")
    assert "deadline_missed" not in desk.names()


def test_a_review_that_comes_during_a_withdrawal_is_refused(desk):
    """The withdrawal was first."""
    desk.go_to("dispositioned")
    withdrawal = WithdrawDataRequest(tracking_number=CASE)
    assert while_open(desk, RESIDENT, "withdraw", withdrawal, desk.approve) == "illegal_move"
    assert desk.row().state == "withdrawn"


def test_both_sides_signing_at_once_hand_over_once(desk):
    """The second to commit sees the first one's signature."""
    desk.go_to("prepared")
    signature = SignHandover(
        tracking_number=CASE,
        side=Side.REQUESTER,
        edition=1,
        name=STUDENT,
        institution=UNIVERSITY,
        terms_accepted=True,
    )
    outcome = while_open(desk, RESIDENT, "sign_handover", signature, desk.sign_for_office)
    assert outcome.state == "handed_over"
    assert len(desk.emitted("data_handed_over")) == 1


def test_a_table_read_while_the_case_is_withdrawn_is_not_stored(desk):
    """The case is looked at again once the file has been read."""
    desk.go_to("in_preparation")
    withdrawal = WithdrawDataRequest(tracking_number=CASE)
    assert while_open(desk, RESIDENT, "withdraw", withdrawal, desk.upload) == "illegal_move"
    assert desk.read().tables == ()


def test_two_packages_at_once_are_two_editions(desk):
    """The second counts on from the first."""
    desk.go_to("in_preparation")
    desk.upload()
    replicas = [Replica(lambda: desk.build(by=SARI).edition) for _ in range(3)]
    for replica in replicas:
        replica.join(30)
    assert sorted(replica.outcome for replica in replicas) == [1, 2, 3]
    assert desk.row().edition == 3


def test_several_downloads_at_once_are_numbered_without_gaps(desk):
    """Each is recorded."""
    desk.go_to("handed_over")
    replicas = [Replica(desk.download) for _ in range(4)]
    for replica in replicas:
        replica.join(30)
    assert all(isinstance(replica.outcome, bytes) for replica in replicas)
    assert [event.data["number"] for event in desk.emitted("data_downloaded")] == [1, 2, 3, 4]


def test_an_event_that_two_replicas_open_a_case_by_opens_it_once(desk):
    """Its withdrawal may arrive at the same time; then it ends withdrawn."""
    works = (desk.complete, desk.complete, desk.intake_withdraws)
    replicas = [Replica(work) for work in works]
    for replica in replicas:
        replica.join(30)
    assert [replica.outcome for replica in replicas] == ["done"] * 3
    assert desk.row().state == "withdrawn"


def test_two_replicas_tell_of_a_deadline_once(desk):
    """The second leaves the case to the first."""
    desk.go_to("received")
    desk.clock.move(days=40)
    replicas = [Replica(lambda: desk.run_job("keep_deadlines")) for _ in range(3)]
    for replica in replicas:
        replica.join(30)
    desk.run_job("keep_deadlines")
    assert sorted(desk.names()) == ["deadline_approaching"] * 2 + ["deadline_missed"] * 2


def test_the_whole_procedure_runs_on_postgresql(desk):
    """The same code and the same migrations as on SQLite."""
    desk.go_to("handed_over")
    assert desk.download()[:2] == b"PK"
    assert desk.read().state == "handed_over"
    assert len(desk.register().entries) == 1
