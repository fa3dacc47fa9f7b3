"""Notifications: telling residents, staff and bots. No message's text stands in an event."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from contracts import subject
from contracts.envelope import Command, ContactWay, Contract, Done, EventData, Query


class Audience(StrEnum):
    """Who is told."""

    RESIDENT = "resident"
    STAFF = "staff"
    BOT = "bot"


class WebhookKind(StrEnum):
    """What a webhook is told: a resident's messages to pass on over WhatsApp or Telegram, or
    every case's progress, without personal data."""

    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    STATUS = "status"


# Events.


class NotificationSent(EventData):
    """Somebody was told. `occasion` is the event that it was about."""

    source: ClassVar[str] = "notifications"
    event: ClassVar[str] = "notification_sent"

    notification: str
    audience: Audience
    way: Literal["email", "webhook"]
    occasion: str
    attempts: int


class NotificationFailed(EventData):
    """Given up after `attempts`; it can be replayed."""

    source: ClassVar[str] = "notifications"
    event: ClassVar[str] = "notification_failed"

    notification: str
    audience: Audience
    way: Literal["email", "webhook"]
    occasion: str
    attempts: int
    reason: str


# Commands and queries.


class ChooseWays(Command):
    """The resident chooses among the ways given at submission; none is a choice too."""

    service: ClassVar[str] = "notifications"
    method: ClassVar[str] = "choose_ways"
    reply: ClassVar[type[Contract]] = Done

    tracking_number: str
    ways: tuple[ContactWay, ...]


class WebhookAdded(Contract):
    """`secret` signs the deliveries (Standard Webhooks, `whsec_...`); nothing else tells it."""

    webhook: str
    secret: str = Field(repr=False)


class AddWebhook(Command):
    service: ClassVar[str] = "notifications"
    method: ClassVar[str] = "add_webhook"
    reply: ClassVar[type[Contract]] = WebhookAdded

    url: str
    kind: WebhookKind


class RemoveWebhook(Command):
    """Nothing is delivered to it any more; its log stays."""

    service: ClassVar[str] = "notifications"
    method: ClassVar[str] = "remove_webhook"
    reply: ClassVar[type[Contract]] = Done

    webhook: str


class WebhookDetail(Contract):
    """`waiting` and `failed` count its deliveries."""

    webhook: str
    url: str
    kind: WebhookKind
    active: bool
    added_at: datetime
    waiting: int
    failed: int


class Webhooks(Contract):
    webhooks: tuple[WebhookDetail, ...]


class ListWebhooks(Query):
    service: ClassVar[str] = "notifications"
    method: ClassVar[str] = "list_webhooks"
    reply: ClassVar[type[Contract]] = Webhooks


class DeliveryDetail(Contract):
    """One notification on its way. `last_status` is the receiver's HTTP status, if it answered."""

    notification: str
    tracking_number: str
    audience: Audience
    way: Literal["email", "webhook"]
    webhook: str | None
    occasion: str
    state: Literal["waiting", "sent", "failed", "dropped"]
    attempts: int
    created_at: datetime
    not_before: datetime
    last_attempt_at: datetime | None
    last_status: int | None
    last_error: str | None


class Deliveries(Contract):
    """Newest first; `next_cursor` asks for those before these."""

    deliveries: tuple[DeliveryDetail, ...]
    next_cursor: str | None


class ListDeliveries(Query):
    service: ClassVar[str] = "notifications"
    method: ClassVar[str] = "list_deliveries"
    reply: ClassVar[type[Contract]] = Deliveries

    webhook: str | None = None
    state: Literal["waiting", "sent", "failed", "dropped"] | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = None


class ReplayDelivery(Command):
    """Send it again, under the same id: a receiver that has it can tell.

    One about a case that is `kept_from` who asks is as unknown.
    """

    service: ClassVar[str] = "notifications"
    method: ClassVar[str] = "replay_delivery"
    reply: ClassVar[type[Contract]] = Done

    notification: str
    kept_from: tuple[str, ...] = ()


class ReadSubject(subject.ReadSubject):
    """By which ways the resident is told, and what was sent; no address is stored."""

    service: ClassVar[str] = "notifications"
