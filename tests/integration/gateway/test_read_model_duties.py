"""What waits for whom in a data request and in a complaint."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contracts.complaints import EscalationTarget
from contracts.envelope import Actor, EventData, Role
from gateway.service import GatewayService
from gateway.stages import CaseKind
from gateway.tasks import Task, TaskFilter, tasks_for
from tests import complaint_events as adu
from tests import data_request_events as dta
from tests.case_events import DUE, OFFICE, RECEIVED, RECEIVED_AT, Story
from tests.support import Bench

COUNTER = Actor(id="ina", role=Role.COUNTER_OFFICER)
WULAN = Actor(id="wulan", role=Role.SOCIAL_WORKER)
OTHER_WORKER = Actor(id="siti", role=Role.SOCIAL_WORKER)
HEAD = Actor(id="rahma", role=Role.DIVISION_HEAD)
AGENCY_HEAD = Actor(id="kadis", role=Role.AGENCY_HEAD)
DEWI = Actor(id="dewi", role=Role.COMPLAINT_OFFICER)
OTHER_OFFICER = Actor(id="dian", role=Role.COMPLAINT_OFFICER)
TO_THE_AGENCY_HEAD = adu.ESCALATED.model_copy(update={"to": EscalationTarget.AGENCY_HEAD})
STEPS: dict[str, tuple[EventData, ...]] = {
    "DTA received": dta.TO_THE_HANDOVER[:2],
    "DTA dispositioned": dta.TO_THE_HANDOVER[:3],
    "DTA asked back": (*dta.TO_THE_HANDOVER[:3], dta.ASKED),
    "DTA in preparation": dta.TO_THE_HANDOVER[:4],
    "DTA prepared": dta.TO_THE_HANDOVER[:5],
    "DTA signed by requester": (*dta.TO_THE_HANDOVER[:5], dta.SIGNED_BY_REQUESTER),
    "DTA signed by office": dta.TO_THE_HANDOVER[:7],
    "DTA handed over": dta.TO_THE_HANDOVER,
    "ADU received": (adu.COMPLAINED,),
    "ADU incomplete": (adu.COMPLAINED, adu.INCOMPLETE),
    "ADU supplemented": (adu.COMPLAINED, adu.INCOMPLETE, adu.SUPPLEMENTED),
    "ADU checked": adu.TO_THE_RESOLUTION[:2],
    "ADU coordinating": adu.TO_THE_RESOLUTION[:3],
    "ADU coordinated": adu.TO_THE_RESOLUTION[:4],
    "ADU responded": adu.TO_THE_RESOLUTION[:5],
    "ADU resolved": adu.TO_THE_RESOLUTION,
    "ADU reopened": (*adu.TO_THE_RESOLUTION, adu.REOPENED),
    "ADU unowned, escalated": (adu.COMPLAINED, adu.ESCALATED),
    "ADU late, at the top": (adu.COMPLAINED, adu.CHECKED, adu.ESCALATED, TO_THE_AGENCY_HEAD),
}
OWN_MOVES = {
    "ADU checked": "coordination",
    "ADU coordinating": "response",
    "ADU coordinated": "response",
    "ADU responded": "resolution",
    "ADU reopened": "coordination",
    "ADU late, at the top": "coordination",
}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Bench]:
    """The gateway's service on an empty database."""
    bench = Bench(GatewayService, tmp_path)
    yield bench
    bench.close()


def bring(gateway: Bench, number: int, prefix: str, *steps: EventData) -> str:
    """Take a case through these steps; returns its tracking number."""
    story = Story(f"{prefix}-20261123-{number:04}")
    for event in story.tell(*steps):
        gateway.deliver(event, "on_any_event")
    return story.case


def waiting(
    gateway: Bench, actor: Actor, now: datetime = RECEIVED_AT, **filters: object
) -> tuple[Task, ...]:
    with gateway.session() as session:
        chosen = TaskFilter(**filters)
        return tasks_for(session, actor, now=now, zone=OFFICE, chosen=chosen).tasks


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        pytest.param(
            AGENCY_HEAD,
            {"DTA received": "disposition", "ADU late, at the top": "coordination"},
            id="agency head",
        ),
        pytest.param(
            HEAD,
            {"DTA dispositioned": "review", "ADU unowned, escalated": "check"},
            id="division head",
        ),
        pytest.param(
            WULAN,
            {
                "DTA in preparation": "package",
                "DTA prepared": "handover",
                "DTA signed by requester": "handover",
            },
            id="instructed social worker",
        ),
        pytest.param(OTHER_WORKER, {}, id="another social worker"),
        pytest.param(
            DEWI,
            {
                "ADU received": "check",
                "ADU supplemented": "check",
                "ADU unowned, escalated": "check",
                **OWN_MOVES,
            },
            id="complaint officer who has checked",
        ),
        pytest.param(
            OTHER_OFFICER,
            {"ADU received": "check", "ADU unowned, escalated": "check"},
            id="another complaint officer",
        ),
        pytest.param(COUNTER, {}, id="counter officer"),
        pytest.param(Actor(id="andi", role=Role.VERIFIER), {}, id="verifier"),
        pytest.param(Actor(id="aud", role=Role.AUDITOR), {}, id="auditor"),
        pytest.param(Actor(id="adm", role=Role.ADMINISTRATOR), {}, id="administrator"),
    ],
)
def test_each_role_sees_the_moves_that_wait_for_it(
    gateway: Bench, actor: Actor, expected: dict[str, str]
) -> None:
    """One case at every stage: who has to do what, and by which call."""
    at = {
        bring(gateway, number, stage[:3], *steps): stage
        for number, (stage, steps) in enumerate(STEPS.items())
    }
    tasks = waiting(gateway, actor)
    assert {at[task.tracking_number]: task.path.rpartition("/")[2] for task in tasks} == expected
    for task in tasks:
        room = {"DTA": "data-requests", "ADU": "complaints"}[task.tracking_number[:3]]
        assert task.path.startswith(f"/v1/{room}/{task.tracking_number}/")
        assert task.todo.id
        assert task.todo.en


def test_a_complaint_never_waits_for_the_officer_it_concerns(gateway: Bench) -> None:
    """Whoever else handles complaints still has it."""
    about = adu.COMPLAINED.model_copy(update={"officer": "dewi"})
    case = bring(gateway, 1, "ADU", about)
    escalated = bring(
        gateway, 2, "ADU", about.model_copy(update={"officer": "rahma"}), adu.ESCALATED
    )
    assert [task.tracking_number for task in waiting(gateway, DEWI)] == [escalated]
    assert [task.tracking_number for task in waiting(gateway, OTHER_OFFICER)] == [case, escalated]
    assert waiting(gateway, HEAD) == ()


def test_what_is_due_first_comes_first_be_it_the_promise_or_the_step(gateway: Bench) -> None:
    """A step that is late makes the case overdue, though the promise is not."""
    relaxed = adu.COMPLAINED.model_copy(update={"step": dta.step("check", 40)})
    only_promised = adu.COMPLAINED.model_copy(
        update={
            "step": None,
            "deadline": adu.PROMISED.model_copy(update={"due": RECEIVED_AT + timedelta(hours=30)}),
        }
    )
    urgent = bring(gateway, 3, "ADU", adu.COMPLAINED)
    later = bring(gateway, 1, "ADU", relaxed)
    middle = bring(gateway, 2, "ADU", only_promised)
    now = RECEIVED_AT + timedelta(hours=25)
    tasks = waiting(gateway, DEWI, now)
    assert [task.tracking_number for task in tasks] == [urgent, middle, later]
    assert [task.overdue for task in tasks] == [True, False, False]
    assert tasks[0].step_due == adu.COMPLAINED.step.due
    assert tasks[0].due == adu.PROMISED.due
    assert [task.tracking_number for task in waiting(gateway, DEWI, now, overdue=True)] == [urgent]
    before = waiting(gateway, DEWI, now, due_before=RECEIVED_AT + timedelta(hours=31))
    assert [task.tracking_number for task in before] == [urgent, middle]


def test_a_case_that_is_done_in_time_is_not_overdue_for_its_promise(gateway: Bench) -> None:
    """Only its next step is due."""
    bring(gateway, 1, "ADU", *adu.TO_THE_RESOLUTION[:5])
    (task,) = waiting(gateway, DEWI, DUE + timedelta(days=3))
    assert (task.due, task.overdue, task.status) == (None, False, "responded")


def test_tasks_can_be_narrowed_to_a_kind_and_to_what_nobody_has(gateway: Bench) -> None:
    """Each filter leaves out the rest."""
    new = bring(gateway, 1, "ADU", adu.COMPLAINED)
    mine = bring(gateway, 2, "ADU", *adu.TO_THE_RESOLUTION[:2])
    bring(gateway, 3, "VRF", RECEIVED)
    letter = bring(gateway, 4, "DTA", *dta.TO_THE_HANDOVER[:3])
    escalated = bring(gateway, 5, "ADU", adu.COMPLAINED, adu.ESCALATED)

    def chosen(actor: Actor, **filters: object) -> set[str]:
        return {task.tracking_number for task in waiting(gateway, actor, **filters)}

    assert chosen(DEWI, unowned=True) == {new, escalated}
    assert chosen(DEWI, mine=True) == {mine}
    assert chosen(HEAD, kind=CaseKind.DATA_REQUEST) == {letter}
    assert chosen(HEAD, kind=CaseKind.COMPLAINT) == {escalated}
    assert waiting(gateway, HEAD, kind=CaseKind.COMPLAINT)[0].escalated_to == "division_head"
