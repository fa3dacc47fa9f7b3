"""Aid verification: its states, the table of moves, and the rules of each move.

The order is that of the procedure in the published standard "Verifikasi segera permohonan",
steps 3 to 6.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode, IllegalMove, Refusal, check_written
from contracts.verification import (
    AssessEligibility,
    DecideVerification,
    DeliveryMethod,
    ReportVisit,
    VisitOutcome,
)
from services.verification.fields import check_report
from standards import catalogue
from standards.catalogue import FieldWork


class Move(StrEnum):
    """What can be done with a case."""

    ANNOUNCE = "announce"
    REOFFER = "reoffer"
    CLAIM = "claim"
    APPOINT = "appoint"
    REPORT_VISIT = "report_visit"
    REPORT_ABSENCE = "report_absence"
    ASSESS = "assess"
    ASSESS_UNSEEN = "assess_unseen"
    DECIDE = "decide"
    SEND_BACK = "send_back"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"


class Step(StrEnum):
    """What waits for somebody at the office: the steps in the standard that have a time."""

    CLAIM = "claim"
    VISIT = "visit"
    ASSESSMENT = "assessment"
    DECISION = "decision"
    DELIVERY = "delivery"


class State(StrEnum):
    """Where a case stands. `received` waits at intake for the applicant's identification."""

    RECEIVED = "received"
    ANNOUNCED = "announced"
    ASSIGNED = "assigned"
    VISITED = "visited"
    ASSESSED = "assessed"
    DECIDED = "decided"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"

    @property
    def moves(self) -> tuple[Move, ...]:
        """What may be done next."""
        return tuple(MOVES[self])

    @property
    def has_verifier(self) -> bool:
        """Whether a verifier has the case and no decision has taken it from them."""
        return self in (State.ASSIGNED, State.VISITED, State.ASSESSED)

    def after(self, move: Move) -> "State":
        """The state that the move leads to; raises IllegalMove."""
        if move not in MOVES[self]:
            raise IllegalMove(self, move, self.moves)
        return MOVES[self][move]


MOVES: dict[State, dict[Move, State]] = {
    State.RECEIVED: {
        Move.ANNOUNCE: State.ANNOUNCED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.ANNOUNCED: {
        Move.REOFFER: State.ANNOUNCED,
        Move.CLAIM: State.ASSIGNED,
        Move.APPOINT: State.ASSIGNED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.ASSIGNED: {
        Move.APPOINT: State.ASSIGNED,
        Move.REPORT_VISIT: State.VISITED,
        Move.REPORT_ABSENCE: State.ASSIGNED,
        Move.ASSESS_UNSEEN: State.ASSESSED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.VISITED: {
        Move.ASSESS: State.ASSESSED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.ASSESSED: {
        Move.DECIDE: State.DECIDED,
        Move.SEND_BACK: State.ASSIGNED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.DECIDED: {
        Move.DELIVER: State.DELIVERED,
    },
    State.DELIVERED: {},
    State.WITHDRAWN: {},
}
"""The one table of moves: what is not in it is illegal."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request's verification, without anything that was written about the household.

    `wave` counts the offers from 1, 0 before the first; `absences` counts the visits in a row at
    which nobody was home, `max_visits` how many of them suffice; `letter` is the letter's code.
    """

    state: State = State.RECEIVED
    offered_to: tuple[str, ...] = ()
    offer_until: datetime | None = None
    wave: int = 0
    verifier: str | None = None
    attempts: int = 0
    absences: int = 0
    max_visits: int = 0
    letter: str | None = None
    delivery: DeliveryMethod | None = None

    @property
    def step(self) -> Step | None:
        """What waits now; a case that was offered again waits for nobody's claim."""
        match self.state:
            case State.ANNOUNCED:
                return Step.CLAIM if self.wave == 1 else None
            case State.ASSIGNED:
                return Step.ASSESSMENT if self._unseen else Step.VISIT
            case State.VISITED:
                return Step.ASSESSMENT
            case State.ASSESSED:
                return Step.DECISION
            case State.DECIDED:
                return Step.DELIVERY
        return None

    def announce(self, district: str, until: datetime, max_visits: int) -> "Case":
        """Offer it to the verifiers of its district (procedure, step 3)."""
        return replace(
            self,
            state=self.state.after(Move.ANNOUNCE),
            offered_to=(district,),
            offer_until=until,
            wave=1,
            max_visits=max_visits,
        )

    def reoffer(self, districts: tuple[str, ...]) -> "Case":
        """Offer it to these districts too; from then on it waits for an appointment."""
        state = self.state.after(Move.REOFFER)
        wider = tuple(sorted({*self.offered_to, *districts}))
        return replace(self, state=state, offered_to=wider, offer_until=None, wave=self.wave + 1)

    def claim(self, actor: Actor) -> "Case":
        """Give it to the first verifier of an offered district who asks; unchanged if it is theirs.

        Raises a refusal with already_claimed or other_district, IllegalMove.
        """
        if self.state.has_verifier:
            if self.verifier != actor.id:
                raise Refusal(ErrorCode.ALREADY_CLAIMED)
            return self
        state = self.state.after(Move.CLAIM)
        if actor.role is not Role.VERIFIER or not {*actor.districts} & {*self.offered_to}:
            raise Refusal(ErrorCode.OTHER_DISTRICT, offered_to=[*self.offered_to])
        return replace(self, state=state, verifier=actor.id)

    def appoint(self, verifier: str) -> "Case":
        """Give it to this verifier, also in the place of an earlier one; raises IllegalMove."""
        return replace(self, state=self.state.after(Move.APPOINT), verifier=verifier)

    def report(self, actor: Actor, visit: ReportVisit, now: datetime) -> "Case":
        """Take the assigned verifier's report (procedure, step 4).

        Raises a refusal with not_the_assigned_verifier, InvalidFields, IllegalMove.
        """
        at_home = visit.outcome is VisitOutcome.HOUSEHOLD_VISITED
        state = self.state.after(Move.REPORT_VISIT if at_home else Move.REPORT_ABSENCE)
        if self.verifier != actor.id:
            raise Refusal(ErrorCode.NOT_THE_ASSIGNED_VERIFIER)
        check_report(visit, now)
        absences = 0 if at_home else self.absences + 1
        return replace(self, state=state, attempts=self.attempts + 1, absences=absences)

    def assess(self, assessment: AssessEligibility) -> "Case":
        """Take the social worker's recommendation (procedure, step 5).

        After `max_visits` absences in a row it may be given without a visit. Raises InvalidFields,
        IllegalMove.
        """
        state = self.state.after(Move.ASSESS_UNSEEN if self._unseen else Move.ASSESS)
        check_written("grounds", assessment.grounds)
        if (team := assessment.team_discussion) is not None:
            for participant in team.participants or ("",):
                check_written("team_discussion.participants", participant)
            check_written("team_discussion.conclusion", team.conclusion)
        return replace(self, state=state)

    def decide(self, decision: DecideVerification) -> "Case":
        """Decide, or send it back to the same verifier; raises InvalidFields, IllegalMove."""
        back = decision.decision == "send_back"
        state = self.state.after(Move.SEND_BACK if back else Move.DECIDE)
        check_written("grounds", decision.grounds)
        return replace(self, state=state, absences=0)

    def deliver(self, delivery: DeliveryMethod) -> "Case":
        """Close it: the resident has the result, orally and/or by letter (procedure, step 6).

        Raises a refusal with letter_not_ready, IllegalMove.
        """
        state = self.state.after(Move.DELIVER)
        if delivery is not DeliveryMethod.ORAL and self.letter is None:
            raise Refusal(ErrorCode.LETTER_NOT_READY)
        return replace(self, state=state, delivery=delivery)

    def withdraw(self) -> "Case":
        """The resident no longer wants it; raises IllegalMove once it is decided."""
        return replace(self, state=self.state.after(Move.WITHDRAW))

    @property
    def _unseen(self) -> bool:
        return self.state is State.ASSIGNED and self.absences >= self.max_visits


def is_ours(tracking_number: str) -> bool:
    """Whether a case of that number is an aid verification."""
    return tracking_number.startswith("VRF-")


def field_work(standard: str, version: str) -> FieldWork:
    """The figures for visits in the standard that the case was received under.

    Raises UnknownStandard, also for a standard under which no household is visited.
    """
    figures = catalogue.load(standard, version).field_work
    if figures is None:
        raise catalogue.UnknownStandard(f"service standard {standard!r} knows no visits")
    return figures


def state_reported(outcome: VisitOutcome) -> State:
    """The state that a report with this outcome led to, wherever the case stands by now."""
    move = Move.REPORT_VISIT
    if outcome is VisitOutcome.NOBODY_HOME:
        move = Move.REPORT_ABSENCE
    return State.ASSIGNED.after(move)
