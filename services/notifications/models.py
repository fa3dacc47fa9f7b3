"""Notifications' tables, and the queries on them. No address of a person stands in any.

A delivery waits in a lane: its webhook's, by its id, or one of those of the mails.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chassis.database import Json, UtcDateTime, insert_or_ignore
from chassis.tables import ROW_ID, messaging_tables
from services.notifications.attempts import State


class Base(DeclarativeBase):
    """Notifications' own database."""


messaging_tables(Base.metadata)


class CaseWays(Base):
    """How a case's resident is told. Until its reception is known, `given` is null."""

    __tablename__ = "cases"

    tracking_number: Mapped[str] = mapped_column(String(80), primary_key=True)
    given: Mapped[list[str] | None] = mapped_column(Json)
    chosen: Mapped[list[str] | None] = mapped_column(Json)
    standard: Mapped[str | None] = mapped_column(String(80))
    standard_version: Mapped[str | None] = mapped_column(String(20))

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways in use: those given, until the resident chooses among them."""
        return tuple((self.given or ()) if self.chosen is None else self.chosen)


class EarlyEvent(Base):
    """An event that came before its case's reception; told when that comes."""

    __tablename__ = "early_events"

    event_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    tracking_number: Mapped[str] = mapped_column(String(80), index=True)
    body: Mapped[str] = mapped_column(Text)


class Webhook(Base):
    """A receiver. `failures` are those one after the other; it rests until `retry_at`."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(Boolean)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wrapped_key: Mapped[str] = mapped_column(Text)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delivery(Base):
    """One notification on its way to one target.

    `contact_way` names the resident's address, `role` the staff's; `lease` is whose attempt runs.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("event_id", "target"),
        Index("ix_deliveries_due", "lane", "state", "not_before"),
        Index("ix_deliveries_webhook", "webhook", "number"),
    )

    number: Mapped[int] = mapped_column(ROW_ID, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    event_id: Mapped[str] = mapped_column(String(80))
    target: Mapped[str] = mapped_column(String(80))
    tracking_number: Mapped[str] = mapped_column(String(80))
    audience: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(20))
    contact_way: Mapped[str | None] = mapped_column(String(20))
    role: Mapped[str | None] = mapped_column(String(40))
    webhook: Mapped[str | None] = mapped_column(ForeignKey("webhooks.id"))
    lane: Mapped[str] = mapped_column(String(36))
    occasion: Mapped[str] = mapped_column(String(80))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease: Mapped[str | None] = mapped_column(String(36))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_status: Mapped[int | None] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(String(80))

    def drop(self, reason: str) -> None:
        """It will not be sent, for this coded reason."""
        self.state = State.DROPPED.value
        self.last_error = reason
        self.lease = self.leased_until = None


# Cases.


def opened_case(session: Session, tracking_number: str) -> CaseWays:
    """The case's row, made when missing, locked until the transaction ends."""
    insert_or_ignore(session, CaseWays, {"tracking_number": tracking_number})
    return session.scalars(
        select(CaseWays).where(CaseWays.tracking_number == tracking_number).with_for_update()
    ).one()


def find_case(session: Session, tracking_number: str) -> CaseWays | None:
    """The case's row, to be read; None while nothing is known of the case."""
    return session.get(CaseWays, tracking_number)


def locked_case(session: Session, tracking_number: str) -> CaseWays | None:
    """The case's row, locked until the transaction ends."""
    found = select(CaseWays).where(CaseWays.tracking_number == tracking_number)
    return session.scalar(found.with_for_update())


def take_early(session: Session, tracking_number: str) -> list[str]:
    """The bodies of the events that came too early, removed."""
    mine = EarlyEvent.tracking_number == tracking_number
    found = select(EarlyEvent.body).where(mine).order_by(EarlyEvent.event_id)
    bodies = [*session.scalars(found)]
    session.execute(delete(EarlyEvent).where(mine))
    return bodies


# Webhooks.


def active_webhooks(session: Session, kinds: Iterable[str]) -> list[Webhook]:
    """Those that are told, oldest first."""
    found = select(Webhook).where(Webhook.active, Webhook.kind.in_([*kinds]))
    return [*session.scalars(found.order_by(Webhook.added_at, Webhook.id))]


def all_webhooks(session: Session) -> list[Webhook]:
    """Every webhook that ever was, oldest first."""
    return [*session.scalars(select(Webhook).order_by(Webhook.added_at, Webhook.id))]


def locked_webhook(session: Session, webhook: str, *, skip: bool = False) -> Webhook | None:
    """The webhook as it is now, locked; with `skip` None while another holds it."""
    found = select(Webhook).where(Webhook.id == webhook).with_for_update(skip_locked=skip)
    return session.scalar(found.execution_options(populate_existing=True))


def deactivate(session: Session, webhook: str, now: datetime) -> None:
    """Tell it nothing more; what waits for it, and is not on its way, is dropped."""
    session.execute(update(Webhook).where(Webhook.id == webhook).values(active=False))
    waiting = (Delivery.webhook == webhook) & (Delivery.state == State.WAITING.value)
    dropped = {"state": State.DROPPED.value, "last_error": "webhook_inactive"}
    session.execute(update(Delivery).where(waiting, _free(now)).values(**dropped))


def count_by_webhook(session: Session) -> dict[tuple[str | None, str], int]:
    """How many deliveries are waiting and failed, by webhook and state."""
    states = (State.WAITING.value, State.FAILED.value)
    found = (
        select(Delivery.webhook, Delivery.state, func.count())
        .where(Delivery.webhook.is_not(None), Delivery.state.in_(states))
        .group_by(Delivery.webhook, Delivery.state)
    )
    return {(webhook, state): count for webhook, state, count in session.execute(found)}


# Deliveries.


def count_due(session: Session, lane: str, now: datetime, limit: int) -> int:
    """How many deliveries of the lane can be tried now, counted up to `limit`."""
    found = select(Delivery.number).where(_due(lane, now)).limit(limit).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def next_due(session: Session, lane: str, now: datetime) -> Delivery | None:
    """The lane's next delivery to be tried, locked; another replica's is left out."""
    return session.scalar(
        select(Delivery)
        .where(_due(lane, now))
        .order_by(Delivery.not_before, Delivery.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def is_being_tried(session: Session, webhook: str, now: datetime) -> bool:
    """Whether a delivery to the webhook is on its way."""
    found = select(Delivery.number).where(
        Delivery.webhook == webhook,
        Delivery.state == State.WAITING.value,
        Delivery.leased_until > now,
    )
    return session.scalar(found.limit(1)) is not None


def find_delivery(session: Session, notification: str) -> Delivery | None:
    """The delivery, locked until the transaction ends."""
    return session.scalar(select(Delivery).where(Delivery.id == notification).with_for_update())


def deliveries_to_resident(session: Session, tracking_number: str) -> list[Delivery]:
    """What the case's resident was told or is to be told, oldest first."""
    mine = Delivery.tracking_number == tracking_number, Delivery.contact_way.is_not(None)
    return [*session.scalars(select(Delivery).where(*mine).order_by(Delivery.number))]


def deliveries_before(
    session: Session, webhook: str | None, state: str | None, before: int | None, limit: int
) -> list[Delivery]:
    """Up to `limit` deliveries, newest first, those with a lower number than `before`."""
    found = select(Delivery).order_by(Delivery.number.desc()).limit(limit)
    if webhook is not None:
        found = found.where(Delivery.webhook == webhook)
    if state is not None:
        found = found.where(Delivery.state == state)
    if before is not None:
        found = found.where(Delivery.number < before)
    return [*session.scalars(found)]


def _due(lane: str, now: datetime) -> ColumnElement[bool]:
    waiting = (Delivery.lane == lane) & (Delivery.state == State.WAITING.value)
    return waiting & (Delivery.not_before <= now) & _free(now)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now)
