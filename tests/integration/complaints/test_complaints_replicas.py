"""Several replicas at one complaint, on a real PostgreSQL: the row's lock decides, nobody else."""

import pytest

from contracts.complaints import (
    CheckComplaint,
    EscalateComplaint,
    RespondComplaint,
    WithdrawComplaint,
)
from contracts.envelope import RESIDENT
from services.complaints.service import ComplaintsService
from tests.integration.complaints.desk import CASE, DEWI, JOKO, NIK, ComplaintsDesk, complainant
from tests.integration.complaints.moments import office
from tests.real import eventually
from tests.replicas import Replica, somebody_waits

REPLICAS = 5


@pytest.fixture
def desk(database_url, tmp_path):
    """The service on an empty PostgreSQL database."""
    desk = ComplaintsDesk(tmp_path, database_url)
    yield desk
    desk.close()


def while_held(desk, message, actor, rival):
    """What the rival gets who comes while the first has not committed yet."""
    with desk.store.unit("first", actor) as work:
        getattr(ComplaintsService, message.method).__wrapped__(desk.service, message, work)
        second = Replica(rival)
        eventually(lambda: somebody_waits(desk), "waiting rival")
    second.join(30)
    return second.outcome


def keep_deadlines_everywhere(desk):
    """Every replica runs the job at the same time."""
    replicas = [Replica(lambda: desk.keep_deadlines() or "done") for _ in range(REPLICAS)]
    for replica in replicas:
        replica.join(30)
    assert [replica.outcome for replica in replicas] == ["done"] * REPLICAS


def test_of_two_checks_at_once_the_first_wins(desk):
    """The second officer is told that it is checked."""
    desk.submit()
    first = CheckComplaint(tracking_number=CASE, result="complete")
    assert while_held(desk, first, DEWI, lambda: desk.check(by=JOKO)) == "illegal_move"
    assert desk.row().owner == "dewi"
    assert desk.names() == ["complaint_received", "complaint_checked"]


def test_a_withdrawal_that_comes_after_the_response_is_refused(desk):
    """The complainant has the answer."""
    desk.go_to("checked")
    response = RespondComplaint(tracking_number=CASE, response="Sudah.")
    assert while_held(desk, response, DEWI, desk.withdraw) == "illegal_move"
    assert desk.row().state == "responded"
    assert desk.names()[-1] == "complaint_responded"


def test_a_response_that_comes_after_the_withdrawal_is_refused(desk):
    """Nobody is answered who no longer asks."""
    desk.go_to("checked")
    withdrawal = WithdrawComplaint(tracking_number=CASE)
    assert while_held(desk, withdrawal, RESIDENT, desk.respond) == "illegal_move"
    assert desk.row().state == "withdrawn"
    assert desk.names()[-1] == "complaint_withdrawn"


def test_reminders_and_escalations_happen_once_whatever_the_number_of_replicas(desk):
    """Many complaints, many replicas at the same second, several due moments."""
    cases = [f"ADU-20261123-{number:04d}" for number in range(1, 7)]
    for case in cases:
        desk.submit()
        desk.check(case=case)
        desk.coordinate(case=case)
    for day in (24, 25, 26, 27):
        desk.clock.set(office(day, 16, 0, 1))
        keep_deadlines_everywhere(desk)
        desk.keep_deadlines()
    for case in cases:
        events = [event for event in desk.emitted() if event.subject == case]
        stages = [event.data["stage"] for event in events if "stage" in event.data]
        assert stages == ["asked", "reminded", "reminded"]
        told = [(e.data["to"], e.data["reason"]) for e in events if "lapor_due" in e.data]
        assert told == [("division_head", "overdue"), ("agency_head", "silent_coordination")]


def test_a_case_that_somebody_works_on_is_left_for_the_next_run(desk):
    """The job does not wait, and forgets nothing."""
    desk.go_to("coordinating")
    desk.clock.set(office(24, 16, 0, 1))
    with desk.store.unit("first", DEWI) as work:
        ask = EscalateComplaint(tracking_number=CASE, to="division_head", words="Tolong.")
        ComplaintsService.escalate.__wrapped__(desk.service, ask, work)
        job = Replica(lambda: desk.keep_deadlines() or "done")
        job.join(30)
        assert job.outcome == "done"
        assert "deadline_missed" not in desk.names()
    desk.keep_deadlines()
    assert desk.last("complaint_coordinated")["stage"] == "reminded"


def test_many_complaints_of_one_person_at_once(desk):
    """Each has its number, all have one key."""
    replicas = [Replica(lambda: desk.submit().tracking_number) for _ in range(REPLICAS)]
    for replica in replicas:
        replica.join(30)
    numbers = [f"ADU-20261123-{number:04d}" for number in range(1, REPLICAS + 1)]
    assert sorted(replica.outcome for replica in replicas) == numbers
    assert len({desk.row(number).person_id for number in numbers}) == 1


def test_two_surveys_at_once_count_once(desk):
    """The second is told so."""
    surveys = [Replica(lambda: desk.answer_survey("VRF-20261120-0007").state) for _ in range(3)]
    for survey in surveys:
        survey.join(30)
    outcomes = sorted(survey.outcome for survey in surveys)
    assert outcomes == ["already_answered", "already_answered", "closed"]
    assert len(desk.emitted("survey_answered")) == 1


def test_the_whole_procedure_runs_on_postgresql(desk):
    """The same code and the same migrations as on SQLite."""
    desk.submit(complainant=complainant(nik=NIK))
    desk.check("incomplete")
    desk.supplement()
    desk.check()
    desk.coordinate()
    desk.escalate("lapor")
    desk.reconcile()
    desk.record_answer()
    desk.respond()
    desk.resolve()
    desk.rate()
    desk.reopen()
    assert desk.read().state == "checked"
    assert desk.export().agrees is True
