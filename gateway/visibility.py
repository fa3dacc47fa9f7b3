"""Who may see the personal data of a case."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.envelope import Actor, Role
from gateway.models import CaseStatus

SEE_EVERY_CASE = frozenset(
    {Role.COUNTER_OFFICER, Role.SOCIAL_WORKER, Role.DIVISION_HEAD, Role.AGENCY_HEAD}
)
"""Roles that handle cases of the whole office. Others see a case's status only."""


def sees_personal_data(session: Session, actor: Actor, tracking_number: str) -> bool:
    """Whether the actor needs the case's personal data for their work.

    A verifier does for a case that is theirs, or that is offered to one of their districts and
    taken by nobody.
    """
    if actor.role is not Role.VERIFIER:
        return actor.role in SEE_EVERY_CASE
    row = session.execute(
        select(CaseStatus.assigned_to, CaseStatus.offered_to).where(
            CaseStatus.tracking_number == tracking_number
        )
    ).one_or_none()
    if row is None:
        return False
    if row.assigned_to is not None:
        return bool(row.assigned_to == actor.id)
    return any(f",{district}," in (row.offered_to or "") for district in actor.districts)
