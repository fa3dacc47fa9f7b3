"""Who sees the personal data of a case, and who may not even know of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.envelope import RESIDENT, Actor, Role
from gateway.service import GatewayService
from gateway.visibility import hidden_from, sees_personal_data
from tests.case_events import CASE, DISTRICT, TO_THE_LETTER, Story
from tests.complaint_events import CHECKED, COMPLAINED, COMPLAINT
from tests.data_request_events import DATA_CASE, TO_THE_HANDOVER
from tests.support import Bench

CASES = (CASE, DATA_CASE, COMPLAINT)
ANDI = Actor(id="andi", role=Role.VERIFIER, districts=(DISTRICT,))


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Bench]:
    """A case of each kind; the complaint is about the social worker budi, or the verifier andi."""
    bench = Bench(GatewayService, tmp_path)
    about = COMPLAINED.model_copy(update={"officer": "budi"})
    stories = (
        Story(CASE).tell(*TO_THE_LETTER[:4]),
        Story(DATA_CASE).tell(*TO_THE_HANDOVER),
        Story(COMPLAINT).tell(about),
    )
    for event in (event for story in stories for event in story):
        bench.deliver(event, "on_any_event")
    yield bench
    bench.close()


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.COUNTER_OFFICER, {CASE, DATA_CASE}),
        (Role.SOCIAL_WORKER, {CASE, DATA_CASE}),
        (Role.DIVISION_HEAD, {CASE, DATA_CASE, COMPLAINT}),
        (Role.AGENCY_HEAD, {CASE, DATA_CASE, COMPLAINT}),
        (Role.COMPLAINT_OFFICER, {COMPLAINT}),
        (Role.VERIFIER, set()),
        (Role.AUDITOR, set()),
        (Role.ADMINISTRATOR, set()),
    ],
)
def test_who_handles_a_kind_of_case_sees_its_personal_data(
    gateway: Bench, role: Role, seen: set[str]
) -> None:
    """Nobody else does."""
    actor = Actor(id="someone", role=role)
    with gateway.session() as session:
        assert {case for case in CASES if sees_personal_data(session, actor, case)} == seen


def test_a_verifier_sees_what_is_offered_or_theirs_among_the_verifications(
    gateway: Bench,
) -> None:
    """Being assigned to another kind of case is no reason."""
    with gateway.session() as session:
        assert [sees_personal_data(session, ANDI, case) for case in CASES] == [True, False, False]
        taken = Actor(id="wulan", role=Role.VERIFIER, districts=(DISTRICT,))
        assert not sees_personal_data(session, taken, DATA_CASE)


def test_nobody_sees_a_case_that_is_unknown(gateway: Bench) -> None:
    """Nothing is made up."""
    head = Actor(id="rahma", role=Role.DIVISION_HEAD)
    with gateway.session() as session:
        assert not sees_personal_data(session, head, "VRF-20261123-9999")
        assert not hidden_from(session, head, "VRF-20261123-9999")


@pytest.mark.parametrize("role", [Role.DIVISION_HEAD, Role.COMPLAINT_OFFICER, Role.SOCIAL_WORKER])
def test_a_complaint_is_hidden_from_whom_it_concerns(gateway: Bench, role: Role) -> None:
    """Whatever their role; from everybody else it is not."""
    with gateway.session() as session:
        concerned, other = Actor(id="budi", role=role), Actor(id="dewi", role=role)
        assert hidden_from(session, concerned, COMPLAINT)
        assert not sees_personal_data(session, concerned, COMPLAINT)
        assert not hidden_from(session, other, COMPLAINT)
        assert not hidden_from(session, concerned, CASE)
        assert not hidden_from(session, RESIDENT, COMPLAINT)


def test_a_check_that_finds_out_whom_it_concerns_hides_it_too(gateway: Bench) -> None:
    """From then on."""
    found = CHECKED.model_copy(update={"officer": "andi"})
    for event in Story("ADU-20261123-0002").tell(COMPLAINED, found):
        gateway.deliver(event, "on_any_event")
    with gateway.session() as session:
        assert hidden_from(session, ANDI, "ADU-20261123-0002")
        assert not hidden_from(session, ANDI, COMPLAINT)
