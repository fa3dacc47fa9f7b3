"""A complaint's states, and the table of moves.

The order is that of the mechanism in both published standards: administrative check, coordination,
response within 3 working days, resolution. Pure.
"""

from enum import StrEnum

from contracts.errors import IllegalMove


class Move(StrEnum):
    """What can be done with a complaint."""

    CHECK_COMPLETE = "check_complete"
    CHECK_INCOMPLETE = "check_incomplete"
    REDIRECT = "redirect"
    SUPPLEMENT = "supplement"
    COORDINATE = "coordinate"
    RECORD_ANSWER = "record_answer"
    RESPOND = "respond"
    RESOLVE = "resolve"
    ESCALATE = "escalate"
    RATE = "rate"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


class State(StrEnum):
    """Where a complaint stands. `redirected` is not this office's business, `closed` is rated."""

    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    CHECKED = "checked"
    COORDINATING = "coordinating"
    RESPONDED = "responded"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"

    @property
    def moves(self) -> tuple[Move, ...]:
        """What may be done next."""
        return tuple(MOVES[self])

    @property
    def answered(self) -> bool:
        """Whether the complainant has an answer."""
        return self in (State.RESPONDED, State.RESOLVED, State.CLOSED)

    @property
    def waits_for_answer(self) -> bool:
        """Whether the complainant still waits for one."""
        return Move.RESPOND in MOVES[self] or self in (State.RECEIVED, State.INCOMPLETE)

    def after(self, move: Move) -> "State":
        """The state that the move leads to; raises IllegalMove."""
        if move not in MOVES[self]:
            raise IllegalMove(self, move, self.moves)
        return MOVES[self][move]


MOVES: dict[State, dict[Move, State]] = {
    State.RECEIVED: {
        Move.CHECK_COMPLETE: State.CHECKED,
        Move.CHECK_INCOMPLETE: State.INCOMPLETE,
        Move.REDIRECT: State.REDIRECTED,
        Move.ESCALATE: State.RECEIVED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.INCOMPLETE: {
        Move.SUPPLEMENT: State.RECEIVED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.CHECKED: {
        Move.COORDINATE: State.COORDINATING,
        Move.RECORD_ANSWER: State.CHECKED,
        Move.RESPOND: State.RESPONDED,
        Move.ESCALATE: State.CHECKED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.COORDINATING: {
        Move.COORDINATE: State.COORDINATING,
        Move.RECORD_ANSWER: State.COORDINATING,
        Move.RESPOND: State.RESPONDED,
        Move.ESCALATE: State.COORDINATING,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.RESPONDED: {
        Move.RECORD_ANSWER: State.RESPONDED,
        Move.RESOLVE: State.RESOLVED,
        Move.ESCALATE: State.RESPONDED,
    },
    State.RESOLVED: {
        Move.RATE: State.CLOSED,
        Move.REOPEN: State.CHECKED,
    },
    State.CLOSED: {
        Move.REOPEN: State.CHECKED,
    },
    State.REDIRECTED: {},
    State.WITHDRAWN: {},
}
"""The one table of moves: what is not in it is illegal."""
