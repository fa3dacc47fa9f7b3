"""Who may see the personal data of a case, and who may not even know of it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from contracts.envelope import Actor, Role
from gateway.models import CaseStatus
from gateway.stages import CaseKind

SEE_PERSONAL_DATA: dict[CaseKind, frozenset[Role]] = {
    CaseKind.ASSISTANCE_VERIFICATION: frozenset(
        {Role.COUNTER_OFFICER, Role.SOCIAL_WORKER, Role.DIVISION_HEAD, Role.AGENCY_HEAD}
    ),
    CaseKind.DATA_REQUEST: frozenset(
        {Role.COUNTER_OFFICER, Role.SOCIAL_WORKER, Role.DIVISION_HEAD, Role.AGENCY_HEAD}
    ),
    CaseKind.COMPLAINT: frozenset({Role.COMPLAINT_OFFICER, Role.DIVISION_HEAD, Role.AGENCY_HEAD}),
}
"""Roles that handle all cases of a kind. Others see a case's status only.

Of a complaint the heads read the matter; who complains is the complaints service's to show.
"""


def sees_personal_data(session: Session, actor: Actor, tracking_number: str) -> bool:
    """Whether the actor needs the case's personal data for their work.

    A verifier does for a case that is theirs, or that is offered to one of their districts and
    taken by nobody. Nobody does for a complaint about themselves.
    """
    case = _case(session, tracking_number)
    if case is None or case.kind is None or case.concerns == actor.id:
        return False
    if actor.role in SEE_PERSONAL_DATA[CaseKind(case.kind)]:
        return True
    if actor.role is not Role.VERIFIER or case.kind != CaseKind.ASSISTANCE_VERIFICATION:
        return False
    if case.assigned_to is not None:
        return bool(case.assigned_to == actor.id)
    return any(f",{district}," in (case.offered_to or "") for district in actor.districts)


def hidden_from(session: Session, actor: Actor, tracking_number: str) -> bool:
    """Whether the case is a complaint about this member of the staff: for them it is unknown."""
    if actor.role in (Role.RESIDENT, Role.SYSTEM):
        return False
    case = _case(session, tracking_number)
    return case is not None and bool(case.concerns == actor.id)


def hidden_among(session: Session, actor: Actor, tracking_numbers: Iterable[str]) -> frozenset[str]:
    """Those of the cases that are complaints about this member of the staff."""
    about_them = and_(
        CaseStatus.tracking_number.in_(set(tracking_numbers)), CaseStatus.concerns == actor.id
    )
    return frozenset(session.scalars(select(CaseStatus.tracking_number).where(about_them)))


def _case(session: Session, tracking_number: str) -> Any:
    return session.execute(
        select(
            CaseStatus.kind, CaseStatus.assigned_to, CaseStatus.offered_to, CaseStatus.concerns
        ).where(CaseStatus.tracking_number == tracking_number)
    ).one_or_none()
