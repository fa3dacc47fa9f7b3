"""Whose move it is: no case waits for a move that nobody is shown."""

import pytest

from gateway.duties import DUTIES, Reach
from gateway.stages import STAGES, CaseKind, Stage

NOT_THE_OFFICES_MOVE: dict[CaseKind, set[Stage]] = {
    # The resident is to send what is missing; verification is to announce.
    CaseKind.ASSISTANCE_VERIFICATION: {Stage.RETURNED, Stage.IDENTIFIED, Stage.DELIVERED},
    # The requester is to answer; the requester is to sign.
    CaseKind.DATA_REQUEST: {
        Stage.CLARIFICATION_REQUESTED,
        Stage.SIGNED_BY_OFFICE,
        Stage.HANDED_OVER,
        Stage.REJECTED,
    },
    # The complainant is to send what is missing; and may reopen.
    CaseKind.COMPLAINT: {Stage.INCOMPLETE, Stage.RESOLVED, Stage.REDIRECTED},
}


@pytest.mark.parametrize("kind", CaseKind)
def test_every_stage_is_somebodys_task_unless_the_move_is_not_the_offices(kind: CaseKind) -> None:
    """A stage that is added needs a duty, or a place in the table above."""
    shown = {stage for duty in DUTIES if duty.kind is kind for stage in duty.stages}
    assert set(STAGES[kind]) - shown == NOT_THE_OFFICES_MOVE[kind] | {Stage.WITHDRAWN}


def test_what_has_no_owner_yet_is_not_only_its_owners_task() -> None:
    """Until somebody has a case, whoever could take it is shown it."""
    unowned = {
        CaseKind.ASSISTANCE_VERIFICATION: {Stage.RECEIVED, Stage.ANNOUNCED, Stage.REOFFERED},
        CaseKind.DATA_REQUEST: {Stage.RECEIVED, Stage.DISPOSITIONED},
        CaseKind.COMPLAINT: {Stage.RECEIVED},
    }
    for kind, stages in unowned.items():
        for stage in stages:
            duties = [duty for duty in DUTIES if duty.kind is kind and stage in duty.stages]
            assert any(duty.reach is not Reach.OWN for duty in duties), (kind, stage)
