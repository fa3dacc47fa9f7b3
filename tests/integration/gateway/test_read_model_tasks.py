"""What waits for whom, by role, district and deadline."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contracts.envelope import Actor, EventData, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import RequestReturned
from contracts.verification import Outcome, VerificationReoffered
from gateway.service import GatewayService
from gateway.stages import CaseKind
from gateway.tasks import TaskFilter, TaskPage, tasks_for
from tests.case_events import (
    ANNOUNCED,
    CLAIMED,
    COMPLETED,
    DEADLINE,
    DISTRICT,
    DUE,
    NOBODY_HOME,
    OFFICE,
    PAUSED,
    RECEIVED,
    SENT_BACK,
    TO_THE_LETTER,
    Story,
)
from tests.support import Bench

NORTH = "63.71.04"
BEFORE = DUE - timedelta(hours=3)
COUNTER = Actor(id="ina", role=Role.COUNTER_OFFICER)
ANDI = Actor(id="andi", role=Role.VERIFIER, districts=(DISTRICT,))
NORTHERNER = Actor(id="nor", role=Role.VERIFIER, districts=(NORTH,))
NEWCOMER = Actor(id="new", role=Role.VERIFIER)
SITI = Actor(id="siti", role=Role.SOCIAL_WORKER)
HEAD = Actor(id="rahma", role=Role.DIVISION_HEAD)
REOFFERED = VerificationReoffered(wave=2, offered_to=(DISTRICT, NORTH), offer_until=None)
STEPS: dict[str, tuple[EventData, ...]] = {
    "received": TO_THE_LETTER[:2],
    "returned": (RECEIVED, RequestReturned(missing=("resident",), deadline=PAUSED)),
    "announced": TO_THE_LETTER[:4],
    "reoffered": (*TO_THE_LETTER[:4], REOFFERED),
    "assigned": TO_THE_LETTER[:5],
    "nobody_home": (*TO_THE_LETTER[:5], NOBODY_HOME),
    "never_home": (*TO_THE_LETTER[:5], *(NOBODY_HOME,) * 3),
    "visited": TO_THE_LETTER[:6],
    "assessed": TO_THE_LETTER[:7],
    "sent_back": (*TO_THE_LETTER[:7], SENT_BACK),
    "decided": TO_THE_LETTER[:8],
    "letter_issued": TO_THE_LETTER[:9],
    "delivered": TO_THE_LETTER,
}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Bench]:
    """The gateway's service on an empty database."""
    bench = Bench(GatewayService, tmp_path)
    yield bench
    bench.close()


def bring(gateway: Bench, number: int, *steps: EventData) -> str:
    """Take a case through these steps; returns its tracking number."""
    story = Story(f"VRF-20261123-{number:04}")
    for event in story.tell(*steps):
        gateway.deliver(event, "on_any_event")
    return story.case


def due_at(number: int, due: datetime | None) -> tuple[EventData, ...]:
    """A received request with this deadline."""
    return (RECEIVED.model_copy(update={"deadline": DEADLINE.model_copy(update={"due": due})}),)


def waiting(
    gateway: Bench,
    actor: Actor,
    chosen: TaskFilter | None = None,
    *,
    now: datetime = BEFORE,
    limit: int = 50,
    cursor: str | None = None,
) -> TaskPage:
    with gateway.session() as session:
        return tasks_for(
            session, actor, now=now, zone=OFFICE, limit=limit, cursor=cursor, chosen=chosen
        )


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        pytest.param(
            COUNTER,
            {"received": "identification", "decided": "delivery", "letter_issued": "delivery"},
            id="counter officer",
        ),
        pytest.param(
            ANDI,
            {
                "announced": "claim",
                "reoffered": "claim",
                "assigned": "visit-report",
                "nobody_home": "visit-report",
                "sent_back": "visit-report",
            },
            id="verifier of the district, who has claimed",
        ),
        pytest.param(NORTHERNER, {"reoffered": "claim"}, id="verifier of another district"),
        pytest.param(NEWCOMER, {}, id="verifier without districts"),
        pytest.param(
            SITI,
            {
                "reoffered": "assignment",
                "never_home": "assessment",
                "visited": "assessment",
                "decided": "delivery",
                "letter_issued": "delivery",
            },
            id="social worker",
        ),
        pytest.param(HEAD, {"reoffered": "assignment", "assessed": "decision"}, id="division head"),
        pytest.param(Actor(id="kadis", role=Role.AGENCY_HEAD), {}, id="agency head"),
        pytest.param(Actor(id="aud", role=Role.AUDITOR), {}, id="auditor"),
        pytest.param(Actor(id="adm", role=Role.ADMINISTRATOR), {}, id="administrator"),
    ],
)
def test_each_role_sees_the_moves_that_wait_for_it(
    gateway: Bench, actor: Actor, expected: dict[str, str]
) -> None:
    """One case at every stage: who has to do what, and by which call."""
    at = {bring(gateway, i, *steps): stage for i, (stage, steps) in enumerate(STEPS.items())}
    tasks = waiting(gateway, actor).tasks
    assert {at[task.tracking_number]: task.path.rpartition("/")[2] for task in tasks} == expected
    for task in tasks:
        path = f"/v1/verifications/{task.tracking_number}/"
        assert (task.method, task.path.startswith(path)) == ("POST", True)
        assert task.todo.id
        assert task.todo.en


def test_a_task_says_what_to_do_and_until_when(gateway: Bench) -> None:
    """In the office's words and time."""
    case = bring(gateway, 1, *STEPS["assessed"])
    (task,) = waiting(gateway, HEAD).tasks
    assert (task.tracking_number, task.kind) == (case, "assistance_verification")
    assert (task.step_due, task.escalated_to) == (None, None)
    assert (task.status, task.district, task.assigned_to) == ("assessed", DISTRICT, "andi")
    assert task.due is not None
    assert (task.due.isoformat(), task.overdue) == ("2026-11-24T16:00:00+08:00", False)
    assert task.todo.id == "Putuskan hasil verifikasi, atau minta kunjungan ulang"


def test_tasks_come_by_deadline_and_then_by_tracking_number(gateway: Bench) -> None:
    """What has no deadline comes last."""
    for number, due in ((4, DUE), (1, None), (3, DUE), (2, DUE + timedelta(days=1)), (5, BEFORE)):
        bring(gateway, number, *due_at(number, due))
    numbers = [int(task.tracking_number[-4:]) for task in waiting(gateway, COUNTER).tasks]
    assert numbers == [5, 3, 4, 2, 1]


def test_pages_follow_each_other_without_gap_or_repetition(gateway: Bench) -> None:
    """Also when what was on the first page is done meanwhile."""
    for number in range(1, 8):
        bring(gateway, number, *due_at(number, None if number > 5 else DUE))
    first = waiting(gateway, COUNTER, limit=3)
    bring(gateway, 1, *due_at(1, DUE), COMPLETED)
    second = waiting(gateway, COUNTER, limit=3, cursor=first.next_cursor)
    third = waiting(gateway, COUNTER, limit=3, cursor=second.next_cursor)
    numbers = [
        [int(task.tracking_number[-4:]) for task in page.tasks] for page in (first, second, third)
    ]
    assert numbers == [[1, 2, 3], [4, 5, 6], [7]]
    assert third.next_cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "!!!!", "bm90IGEgdGltZQ==", "MjAyNi0xMS0yNCBY"])
def test_a_cursor_that_no_page_gave_is_refused(gateway: Bench, cursor: str) -> None:
    """The field is named, its content not repeated."""
    with pytest.raises(Refusal) as refusal:
        waiting(gateway, COUNTER, cursor=cursor)
    assert refusal.value.code is ErrorCode.VALIDATION_FAILED
    assert refusal.value.details == {"errors": [{"field": "cursor", "code": "invalid"}]}


def test_what_is_overdue_is_marked_and_can_be_asked_for(gateway: Bench) -> None:
    """By the time that the caller gives."""
    late = bring(gateway, 1, *due_at(1, DUE))
    bring(gateway, 2, *due_at(2, DUE + timedelta(days=1)))
    bring(gateway, 3, *due_at(3, None))
    now = DUE + timedelta(minutes=1)
    assert [task.overdue for task in waiting(gateway, COUNTER, now=now).tasks] == [
        True,
        False,
        False,
    ]
    (task,) = waiting(gateway, COUNTER, TaskFilter(overdue=True), now=now).tasks
    assert task.tracking_number == late
    before = TaskFilter(due_before=DUE + timedelta(hours=1))
    assert [task.tracking_number for task in waiting(gateway, COUNTER, before).tasks] == [late]


def test_tasks_can_be_narrowed_to_mine_the_unowned_and_one_district(gateway: Bench) -> None:
    """Each filter leaves out the rest."""
    offered = bring(gateway, 1, *STEPS["announced"])
    mine = bring(gateway, 2, *STEPS["assigned"])
    elsewhere = bring(
        gateway,
        3,
        RECEIVED.model_copy(update={"district": NORTH}),
        COMPLETED.model_copy(update={"district": NORTH}),
        ANNOUNCED,
        CLAIMED,
    )

    def chosen(**filters: object) -> set[str]:
        page = waiting(gateway, ANDI, TaskFilter(**filters))
        return {task.tracking_number for task in page.tasks}

    assert chosen(mine=True) == {mine, elsewhere}
    assert chosen(unowned=True) == {offered}
    assert chosen(kind=CaseKind.COMPLAINT) == set()
    assert chosen(district=DISTRICT) == {offered, mine}
    assert chosen(district=DISTRICT, mine=True) == {mine}


def test_another_verifiers_case_is_not_mine(gateway: Bench) -> None:
    """Who was too late sees it no more."""
    bring(gateway, 1, *STEPS["assigned"])
    late = Actor(id="budi", role=Role.VERIFIER, districts=(DISTRICT,))
    assert waiting(gateway, late).tasks == ()


def test_a_negative_outcome_is_delivered_too(gateway: Bench) -> None:
    """The resident is told whatever was decided."""
    refused = STEPS["decided"][-1].model_copy(update={"outcome": Outcome.NOT_ELIGIBLE})
    bring(gateway, 1, *STEPS["assessed"], refused)
    assert [task.status for task in waiting(gateway, COUNTER).tasks] == ["decided"]
