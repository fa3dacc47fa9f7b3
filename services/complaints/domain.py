"""A complaint: the rules of each move, and who sees what of it.

Escalation and reopening are the office's own rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.complaints import (
    CheckComplaint,
    CheckResult,
    EscalationReason,
    EscalationTarget,
    LaporStatus,
)
from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode, InvalidFields, Refusal, check_written
from services.complaints.fields import check_findings
from services.complaints.states import MOVES, Move, State

__all__ = ["MOVES", "Case", "Move", "State"]

_MOVE_OF_RESULT = {
    CheckResult.COMPLETE: Move.CHECK_COMPLETE,
    CheckResult.INCOMPLETE: Move.CHECK_INCOMPLETE,
    CheckResult.NOT_OURS: Move.REDIRECT,
}
_LADDER = tuple(EscalationTarget)
_HANDLERS = (Role.COMPLAINT_OFFICER, Role.DIVISION_HEAD, Role.AGENCY_HEAD)
_HEADS = {
    Role.DIVISION_HEAD: EscalationTarget.DIVISION_HEAD,
    Role.AGENCY_HEAD: EscalationTarget.AGENCY_HEAD,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One complaint, without anything that was written in it.

    `owner` is who checked it, `officer` whom it is about, both user names; `escalations` are all so
    far, oldest first, `earlier_escalations` of them from before it was reopened last; `responses`
    and `reopenings` count from 1; `score` is that of the newest resolution.
    """

    state: State = State.RECEIVED
    owner: str | None = None
    owner_role: Role | None = None
    officer: str | None = None
    escalations: tuple[tuple[EscalationTarget, EscalationReason], ...] = ()
    earlier_escalations: int = 0
    responses: int = 0
    reopenings: int = 0
    reopen_until: datetime | None = None
    score: int | None = None

    @property
    def present_escalations(self) -> tuple[tuple[EscalationTarget, EscalationReason], ...]:
        """Those since it was reopened last: each reopening is passed upward anew."""
        return self.escalations[self.earlier_escalations :]

    @property
    def escalated_to(self) -> EscalationTarget | None:
        """The highest level that it was passed to since it was reopened last."""
        return _highest(to for to, _ in self.present_escalations)

    def is_about(self, actor: Actor) -> bool:
        """Whether the complaint is about this member of the staff, who never sees it."""
        staff = actor.role not in (Role.RESIDENT, Role.SYSTEM)
        return staff and self.officer is not None and actor.id == self.officer

    def reached(self, level: EscalationTarget) -> bool:
        """Whether it was passed to that level or past it, ever: who has seen it still may."""
        return _at_least(_highest(to for to, _ in self.escalations), level)

    def shows_identity_to(self, role: Role) -> bool:
        """Whether that role may know who complains."""
        if role in _HEADS:
            return self.reached(_HEADS[role])
        return role in (Role.COMPLAINT_OFFICER, Role.SYSTEM)

    def shows_matter_to(self, role: Role) -> bool:
        """Whether that role may read what it is about.

        The complainant may: the access code, which opens no other complaint, is asked for before.
        """
        return role is Role.RESIDENT or role in _HEADS or self.shows_identity_to(role)

    def check(self, actor: Actor, ask: CheckComplaint) -> "Case":
        """Take the finding of the administrative check (cek administrasi).

        Whoever checks owns it; after a supplement it is checked by its owner. Raises InvalidFields,
        IllegalMove, a refusal with not_the_owner or access_denied.
        """
        state = self.state.after(_MOVE_OF_RESULT[ask.result])
        if self.owner is not None or actor.role is not Role.COMPLAINT_OFFICER:
            self._check_handler(actor)
        check_findings(ask, actor)
        officer = ask.officer or self.officer
        owned = self if self.owner else replace(self, owner=actor.id, owner_role=actor.role)
        return replace(owned, state=state, officer=officer)

    def supplement(self) -> "Case":
        """The complainant sent what was missing; it is checked again."""
        return replace(self, state=self.state.after(Move.SUPPLEMENT))

    def coordinate(self, actor: Actor) -> "Case":
        """A partner is asked (koordinasi internal/eksternal)."""
        return self._handled(actor, Move.COORDINATE)

    def record_answer(self, actor: Actor) -> "Case":
        """A partner has answered."""
        return self._handled(actor, Move.RECORD_ANSWER)

    def respond(self, actor: Actor) -> "Case":
        """The complainant has an answer (Respon pengaduan)."""
        return replace(self._handled(actor, Move.RESPOND), responses=self.responses + 1)

    def resolve(self, actor: Actor, reopen_until: datetime) -> "Case":
        """The matter is settled (Penyelesaian pengaduan)."""
        return replace(self._handled(actor, Move.RESOLVE), reopen_until=reopen_until)

    def escalate(self, actor: Actor, to: EscalationTarget, words: str) -> "Case":
        """Pass it upward by hand: its owner or a head, to LAPOR! not the division head.

        Raises InvalidFields where it would go downwards, or without words; IllegalMove, a refusal
        with not_the_owner, access_denied, or already_escalated since it was reopened last.
        """
        state = self.state.after(Move.ESCALATE)
        lapor = to is EscalationTarget.LAPOR
        if actor.role not in _HANDLERS or (lapor and actor.role is Role.DIVISION_HEAD):
            raise Refusal(ErrorCode.ACCESS_DENIED)
        if actor.role is Role.COMPLAINT_OFFICER and actor.id != self.owner:
            raise Refusal(ErrorCode.NOT_THE_OWNER)
        check_written("words", words)
        reason = EscalationReason.BEYOND_POWER if lapor else EscalationReason.BY_HAND
        highest = self.escalated_to
        if (to, reason) in self.present_escalations:
            raise Refusal(ErrorCode.ALREADY_ESCALATED)
        if _at_least(highest, to) and highest is not to:
            raise InvalidFields(("to", "not_allowed"))
        return replace(self, state=state, escalations=(*self.escalations, (to, reason)))

    def next_level(self, reason: EscalationReason) -> EscalationTarget | None:
        """Where time passes it for that reason: one level up, by time never to LAPOR!.

        It begins at its owner again whenever it is reopened. What nobody owns goes to the division
        head only. None where there is nobody left to tell.
        """
        if Move.ESCALATE not in self.state.moves:
            return None
        owner = _HEADS.get(self.owner_role) if self.owner_role else None
        level = _highest(to for to in (self.escalated_to, owner) if to)
        if level is None:
            return EscalationTarget.DIVISION_HEAD
        unowned = reason is EscalationReason.UNOWNED
        if unowned or level is not EscalationTarget.DIVISION_HEAD:
            return None
        return EscalationTarget.AGENCY_HEAD

    def escalated(self, to: EscalationTarget, reason: EscalationReason) -> "Case":
        """It has been passed there by time; raises IllegalMove."""
        state = self.state.after(Move.ESCALATE)
        return replace(self, state=state, escalations=(*self.escalations, (to, reason)))

    def silent_at_lapor(self) -> "Case":
        """LAPOR! has not answered in time: the agency head is told, once; else it is the same.

        The office waits for LAPOR! as long as the matter is not settled.
        """
        told = (EscalationTarget.AGENCY_HEAD, EscalationReason.SILENT_COORDINATION)
        waits = self.state.waits_for_answer or self.state is State.RESPONDED
        if not waits or told in self.present_escalations:
            return self
        return replace(self, escalations=(*self.escalations, told))

    def check_reconciler(self, actor: Actor) -> None:
        """Who handles it may enter what LAPOR! says.

        Raises a refusal with not_escalated, not_the_owner or access_denied.
        """
        if not self.reached(EscalationTarget.LAPOR):
            raise Refusal(ErrorCode.NOT_ESCALATED)
        self._check_handler(actor)

    def agrees_with(self, status: LaporStatus) -> bool:
        """Whether LAPOR! says what the case says; what it sent back never does."""
        if status is LaporStatus.FORWARDED:
            return self.state.waits_for_answer
        return status is not LaporStatus.RETURNED and self.state.answered

    def rate(self, score: int) -> "Case":
        """The complainant judges the resolution, once.

        Raises a refusal with already_answered, IllegalMove.
        """
        if self.score is not None:
            raise Refusal(ErrorCode.ALREADY_ANSWERED)
        return replace(self, state=self.state.after(Move.RATE), score=score)

    def reopen(self, now: datetime) -> "Case":
        """The complainant is not content; the next resolution may be rated again.

        Raises a refusal with reopening_too_late, IllegalMove.
        """
        state = self.state.after(Move.REOPEN)
        if self.reopen_until is None or now > self.reopen_until:
            raise Refusal(ErrorCode.REOPENING_TOO_LATE)
        again = replace(self, reopenings=self.reopenings + 1, reopen_until=None, score=None)
        return replace(again, state=state, earlier_escalations=len(self.escalations))

    def is_open(self, now: datetime) -> bool:
        """Whether it may still be moved; what was resolved is open while it may be reopened."""
        if self.state is State.RESOLVED:
            return self.reopen_until is not None and now <= self.reopen_until
        return self.state not in (State.CLOSED, State.REDIRECTED, State.WITHDRAWN)

    def withdraw(self) -> "Case":
        """The complainant no longer wants it; raises IllegalMove once it is answered."""
        return replace(self, state=self.state.after(Move.WITHDRAW))

    def _handled(self, actor: Actor, move: Move) -> "Case":
        state = self.state.after(move)
        self._check_handler(actor)
        return replace(self, state=state)

    def _check_handler(self, actor: Actor) -> None:
        """Its owner moves it, and a head whom it was passed to."""
        if actor.role not in _HANDLERS:
            raise Refusal(ErrorCode.ACCESS_DENIED)
        if actor.id == self.owner:
            return
        if actor.role not in _HEADS or not self.reached(_HEADS[actor.role]):
            raise Refusal(ErrorCode.NOT_THE_OWNER)


def _highest(levels: Iterable[EscalationTarget]) -> EscalationTarget | None:
    return max(levels, key=_LADDER.index, default=None)


def _at_least(reached: EscalationTarget | None, level: EscalationTarget) -> bool:
    return reached is not None and _LADDER.index(reached) >= _LADDER.index(level)
