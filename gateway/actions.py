"""What a resident may do with a case as it stands, so that no front end need know the procedure."""

from collections.abc import Iterator
from enum import StrEnum

from contracts.data_request import Side
from gateway.case_view import CaseView
from gateway.stages import Stage


class Action(StrEnum):
    """A call below `/v1/status/{tracking_number}` that a resident may make."""

    WITHDRAWAL = "withdrawal"
    SUPPLEMENT = "supplement"
    CLARIFICATION = "clarification"
    HANDOVER = "handover"
    DOWNLOAD = "download"
    RATING = "rating"
    REOPENING = "reopening"
    SURVEY = "survey"


_FINAL = frozenset({Stage.DECIDED, Stage.LETTER_ISSUED, Stage.RESPONDED})
"""Decided or answered: what is withdrawn now would not be undone."""


def actions(case: CaseView) -> tuple[Action, ...]:
    """What the resident may do now, in no other order than the enum's.

    Reopening is among them from the resolution on; it ends at the case's `reopen_until`.
    """
    may = set(_while_open(case) if not case.status.closed else _once_closed(case))
    return tuple(action for action in Action if action in may)


def _while_open(case: CaseView) -> Iterator[Action]:
    stage = case.stage
    if stage not in _FINAL:
        yield Action.WITHDRAWAL
    if stage in (Stage.RETURNED, Stage.INCOMPLETE):
        yield Action.SUPPLEMENT
    if stage is Stage.CLARIFICATION_REQUESTED:
        yield Action.CLARIFICATION
    if case.package is not None and Side.REQUESTER not in case.signed:
        yield Action.HANDOVER


def _once_closed(case: CaseView) -> Iterator[Action]:
    if case.stage is Stage.HANDED_OVER:
        yield Action.DOWNLOAD
    if case.stage is Stage.RESOLVED:
        yield Action.REOPENING
        if case.score is None:
            yield Action.RATING
    if case.survey is None:
        yield Action.SURVEY
