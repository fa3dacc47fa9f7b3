"""Data requests: their states, the table of moves, and the rules of each move.

The order is that of the procedure in the published standard "Pemanfaatan data kesejahteraan
sosial", steps 2 to 4.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from contracts.data_request import Complexity, ReviewDataRequest, Side, SignHandover
from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode, IllegalMove, Refusal, check_written
from services.data_request.fields import check_review, check_signature
from standards import catalogue
from standards.catalogue import ServiceStandard
from standards.figures import ComplexityRule, DataRelease

PREFIX = "DTA-"
"""How the tracking numbers of data requests begin."""


class Move(StrEnum):
    """What can be done with a case."""

    OPEN = "open"
    DISPOSITION = "disposition"
    APPROVE = "approve"
    REJECT = "reject"
    CLARIFY = "clarify"
    ANSWER = "answer"
    STORE_TABLE = "store_table"
    BUILD_PACKAGE = "build_package"
    SIGN = "sign"
    HAND_OVER = "hand_over"
    WITHDRAW = "withdraw"


class State(StrEnum):
    """Where a case stands. An `expected` one is known here before intake has handed it over."""

    EXPECTED = "expected"
    RECEIVED = "received"
    DISPOSITIONED = "dispositioned"
    CLARIFICATION = "clarification"
    IN_PREPARATION = "in_preparation"
    PREPARED = "prepared"
    HANDED_OVER = "handed_over"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def moves(self) -> tuple[Move, ...]:
        """What may be done next."""
        return tuple(MOVES[self])

    def after(self, move: Move) -> "State":
        """The state that the move leads to; raises IllegalMove."""
        if move not in MOVES[self]:
            raise IllegalMove(self, move, self.moves)
        return MOVES[self][move]


MOVES: dict[State, dict[Move, State]] = {
    State.EXPECTED: {
        Move.OPEN: State.RECEIVED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.RECEIVED: {
        Move.DISPOSITION: State.DISPOSITIONED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.DISPOSITIONED: {
        Move.APPROVE: State.IN_PREPARATION,
        Move.REJECT: State.REJECTED,
        Move.CLARIFY: State.CLARIFICATION,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.CLARIFICATION: {
        Move.ANSWER: State.DISPOSITIONED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.IN_PREPARATION: {
        Move.STORE_TABLE: State.IN_PREPARATION,
        Move.BUILD_PACKAGE: State.PREPARED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.PREPARED: {
        Move.STORE_TABLE: State.PREPARED,
        Move.BUILD_PACKAGE: State.PREPARED,
        Move.SIGN: State.PREPARED,
        Move.HAND_OVER: State.HANDED_OVER,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.HANDED_OVER: {},
    State.REJECTED: {},
    State.WITHDRAWN: {},
}
"""The one table of moves: what is not in it is illegal."""

REVIEWS = {"approve": Move.APPROVE, "reject": Move.REJECT, "clarify": Move.CLARIFY}
"""The move that each decision of a review is."""

HEADS = (Role.DIVISION_HEAD, Role.AGENCY_HEAD)
"""They may sign for the office whoever prepared the data."""


@dataclass(frozen=True, slots=True)
class Case:
    """One data request, without anything that was written about it.

    `data_types` is the letter's number, until the review corrects it; `edition` counts the packages
    from 1, 0 before the first; `signed` are the sides that signed for the present edition.
    """

    state: State = State.EXPECTED
    data_types: int = 1
    complexity: Complexity | None = None
    working_days: int | None = None
    social_worker: str | None = None
    edition: int = 0
    signed: tuple[Side, ...] = ()

    def open(self, data_types: int | None) -> "Case":
        """Intake handed it over; the agency head has the letter. Raises IllegalMove."""
        return replace(self, state=self.state.after(Move.OPEN), data_types=max(data_types or 1, 1))

    def disposition(self) -> "Case":
        """The agency head passes the letter on (procedure, step 2); raises IllegalMove."""
        return replace(self, state=self.state.after(Move.DISPOSITION))

    def review(self, review: ReviewDataRequest, rule: ComplexityRule) -> "Case":
        """Approve, reject or ask back (procedure, step 2).

        An approval sets the promised working days by complexity and number of data types. Raises
        IllegalMove, InvalidFields.
        """
        state = self.state.after(REVIEWS[review.decision])
        check_review(review)
        if review.complexity is None:
            return replace(self, state=state)
        data_types = self.data_types if review.data_types is None else review.data_types
        return replace(
            self,
            state=state,
            data_types=data_types,
            complexity=review.complexity,
            working_days=rule.working_days(review.complexity.value, data_types),
            social_worker=review.social_worker,
        )

    def answer(self, answer: str) -> "Case":
        """The requester answered the division head; raises IllegalMove, InvalidFields."""
        state = self.state.after(Move.ANSWER)
        check_written("answer", answer)
        return replace(self, state=state)

    def store_table(self, actor: Actor) -> "Case":
        """The social worker adds a table (procedure, step 3).

        Raises IllegalMove, a refusal with not_the_instructed_social_worker.
        """
        state = self.state.after(Move.STORE_TABLE)
        self._check_instructed(actor)
        return replace(self, state=state)

    def build_package(self, actor: Actor) -> "Case":
        """Another edition of the package; what was signed for the one before counts no more.

        Raises IllegalMove, a refusal with not_the_instructed_social_worker.
        """
        state = self.state.after(Move.BUILD_PACKAGE)
        self._check_instructed(actor)
        return replace(self, state=state, edition=self.edition + 1, signed=())

    def sign(self, signature: SignHandover, actor: Actor) -> "Case":
        """One side signs for the present edition; both of them close the case (step 4).

        For the office signs the instructed social worker, or a head. Raises IllegalMove,
        InvalidFields, a refusal with package_changed, already_signed, terms_not_accepted,
        not_the_instructed_social_worker or access_denied.
        """
        signed = signature.side in self.signed
        if not signed:
            self.state.after(Move.SIGN)
        if signature.edition != self.edition:
            raise Refusal(ErrorCode.PACKAGE_CHANGED, edition=self.edition)
        if signed:
            raise Refusal(ErrorCode.ALREADY_SIGNED)
        if signature.side is Side.OFFICE:
            self._check_signs_for_office(actor)
        check_signature(signature)
        sides = (*self.signed, signature.side)
        move = Move.HAND_OVER if set(sides) == set(Side) else Move.SIGN
        return replace(self, state=self.state.after(move), signed=sides)

    def check_downloadable(self) -> None:
        """Raises a refusal with handover_not_signed until both sides have signed."""
        if self.state is not State.HANDED_OVER:
            raise Refusal(ErrorCode.HANDOVER_NOT_SIGNED)

    def withdraw(self) -> "Case":
        """The requester no longer wants it; raises IllegalMove once it is closed."""
        return replace(self, state=self.state.after(Move.WITHDRAW))

    def _check_signs_for_office(self, actor: Actor) -> None:
        if actor.role is Role.SOCIAL_WORKER:
            self._check_instructed(actor)
        elif actor.role not in HEADS:
            raise Refusal(ErrorCode.ACCESS_DENIED)

    def _check_instructed(self, actor: Actor) -> None:
        if actor.id != self.social_worker:
            raise Refusal(ErrorCode.NOT_THE_INSTRUCTED_SOCIAL_WORKER)


def complexity_rule(standard: ServiceStandard) -> ComplexityRule:
    """How the standard sets the promised time; raises UnknownStandard where it does not."""
    if standard.complexity is None:
        raise catalogue.UnknownStandard(f"service standard {standard.id!r} gives no data")
    return standard.complexity


def data_release(standard: ServiceStandard) -> DataRelease:
    """The standard's conditions for giving data; raises UnknownStandard where it has none."""
    if standard.release is None:
        raise catalogue.UnknownStandard(f"service standard {standard.id!r} gives no data")
    return standard.release
