"""Who may see the personal data of a case, and who may not even know of it."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from contracts.complaints import EscalationTarget
from contracts.envelope import Actor, Role
from gateway.calls import PERSONAL_DATA
from gateway.models import CaseStatus
from gateway.rights import GATEWAY, RULES, Grant, Whose, grants_of
from gateway.stages import CaseKind

_Case = Row[Any]


def is_granted(
    session: Session, grants: tuple[Grant, ...], actor: Actor, tracking_number: str
) -> bool:
    """Whether the actor has one of the grants for this case, as far as the gateway can tell.

    What a service keeps is left to it. Nobody has one for a case that is not known, or for a
    complaint about themselves.
    """
    case = _case(session, tracking_number)
    if case is None or case.kind is None or case.concerns == actor.id:
        return False
    return any(
        RULES[grant.whose].kept_by != GATEWAY or _KEPT_HERE[grant.whose](case, actor)
        for grant in grants_of(grants, actor.role, CaseKind(case.kind))
    )


def sees_personal_data(session: Session, actor: Actor, tracking_number: str) -> bool:
    """Whether the actor needs the case's personal data for their work."""
    return is_granted(session, PERSONAL_DATA, actor, tracking_number)


def hidden_from(session: Session, actor: Actor, tracking_number: str) -> bool:
    """Whether the case is a complaint about this member of the staff: for them it is unknown."""
    if actor.role in (Role.RESIDENT, Role.SYSTEM):
        return False
    case = _case(session, tracking_number)
    return case is not None and not _KEPT_HERE[Whose.NOT_ABOUT_THEM](case, actor)


def hidden_among(session: Session, actor: Actor, tracking_numbers: Iterable[str]) -> frozenset[str]:
    """Those of the cases that are complaints about this member of the staff."""
    about_them = and_(
        CaseStatus.tracking_number.in_(set(tracking_numbers)), CaseStatus.concerns == actor.id
    )
    return frozenset(session.scalars(select(CaseStatus.tracking_number).where(about_them)))


def complaints_about(session: Session, actor: Actor) -> tuple[str, ...]:
    """Every complaint about this member of the staff, by number."""
    about_them = select(CaseStatus.tracking_number).where(CaseStatus.concerns == actor.id)
    return tuple(session.scalars(about_them.order_by(CaseStatus.tracking_number)))


def _is_theirs_or_free(case: _Case, actor: Actor) -> bool:
    if case.assigned_to is not None:
        return bool(case.assigned_to == actor.id)
    return any(f",{district}," in (case.offered_to or "") for district in actor.districts)


def _was_passed_to(case: _Case, actor: Actor) -> bool:
    return case.escalated_to in _AT_LEAST.get(actor.role, ())


_AT_LEAST = {
    Role.DIVISION_HEAD: tuple(EscalationTarget),
    Role.AGENCY_HEAD: (EscalationTarget.AGENCY_HEAD, EscalationTarget.LAPOR),
}

_KEPT_HERE: dict[Whose, Callable[[_Case, Actor], bool]] = {
    Whose.ANY: lambda case, actor: True,
    Whose.NOT_ABOUT_THEM: lambda case, actor: bool(case.concerns != actor.id),
    Whose.OFFERED_OR_ASSIGNED: _is_theirs_or_free,
    Whose.ESCALATED: _was_passed_to,
}
"""How the gateway tells, by its read model. An access code opens a case before it is looked at."""


def _case(session: Session, tracking_number: str) -> Any:
    return session.execute(
        select(
            CaseStatus.kind,
            CaseStatus.assigned_to,
            CaseStatus.offered_to,
            CaseStatus.concerns,
            CaseStatus.escalated_to,
        ).where(CaseStatus.tracking_number == tracking_number)
    ).one_or_none()
