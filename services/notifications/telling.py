"""Turns an event into deliveries: one for each webhook, address and role that is to be told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import insert_or_ignore
from chassis.ids import uuid7
from contracts import complaints, intake
from contracts.envelope import CloudEvent, ContactWay, EventData, Role
from contracts.notifications import Audience, WebhookKind
from services.notifications import domain, models
from services.notifications.attempts import State
from services.notifications.models import CaseWays, Delivery, EarlyEvent
from services.notifications.settings import NotificationsSettings
from services.notifications.writing import Message, Writer
from standards.calendar import WorkCalendar

BOTS = {
    ContactWay.WHATSAPP: WebhookKind.WHATSAPP,
    ContactWay.TELEGRAM: WebhookKind.TELEGRAM,
}
"""Which webhooks pass on what a resident is told that way."""

Reception = intake.RequestReceived | complaints.ComplaintReceived


@dataclass(frozen=True, slots=True)
class Target:
    """Whom one delivery is for; `name` is unique for an event. `unreachable` is why nobody is."""

    name: str
    audience: Audience
    contact_way: ContactWay | None = None
    role: Role | None = None
    webhook: str | None = None
    unreachable: str | None = None


class Teller:
    """Writes the deliveries of this unit of work."""

    def __init__(
        self,
        session: Session,
        settings: NotificationsSettings,
        calendar: WorkCalendar,
        now: datetime,
    ) -> None:
        self._session = session
        self._settings = settings
        self._calendar = calendar
        self._now = now

    def tell_machines(self, event: CloudEvent) -> None:
        """Every `status` webhook hears that the case has moved."""
        content = {
            "event": event.event_name,
            "time": event.time.isoformat(),
            "sequence": int(event.sequence),
        }
        for webhook in models.active_webhooks(self._session, [WebhookKind.STATUS]):
            target = Target(f"status:{webhook.id}", Audience.BOT, webhook=webhook.id)
            self._deliver(event, target, content, None)

    def tell_people(self, event: CloudEvent, data: EventData) -> None:
        """Residents and staff hear what the table says; residents once their ways are known."""
        told = domain.tellings(data, self._now)
        if not told:
            return
        for_resident = any(role is Role.RESIDENT for _, role in told)
        case: CaseWays | None
        if for_resident:
            case = models.opened_case(self._session, event.subject)
            if isinstance(data, Reception):
                self._receive(case, data)
            elif case.given is None:
                early = {"event_id": event.id, "tracking_number": event.subject}
                insert_or_ignore(self._session, EarlyEvent, early | {"body": event.body()})
        else:
            case = models.find_case(self._session, event.subject)
        writer = self._writer(event.subject, case)
        self._tell_staff(event, data, writer)
        if case is not None and case.given is not None:
            self._tell_resident(event, data, case, writer)

    def tell_early(self, event: CloudEvent, data: EventData) -> None:
        """The resident hears what came before the reception of their case."""
        case = models.opened_case(self._session, event.subject)
        self._tell_resident(event, data, case, self._writer(event.subject, case))

    def _receive(self, case: CaseWays, data: Reception) -> None:
        case.given = [way.value for way in data.notify]
        case.standard, case.standard_version = data.standard, data.standard_version
        self._session.flush()

    def _tell_staff(self, event: CloudEvent, data: EventData, writer: Writer) -> None:
        addresses = self._settings.staff_addresses
        for words, role in domain.tellings(data, self._now):
            if role in addresses:
                message = writer.write(words, data, staff=True)
                target = Target(
                    f"staff:{role}", Audience.STAFF, role=role, unreachable=self._no_mail()
                )
                self._deliver(event, target, _content(message), domain.expires_at(data))

    def _tell_resident(
        self, event: CloudEvent, data: EventData, case: CaseWays, writer: Writer
    ) -> None:
        for words, role in domain.tellings(data, self._now):
            if role is Role.RESIDENT:
                message = writer.write(words, data, staff=False)
                for target in self._resident_targets(case):
                    self._deliver(event, target, _content(message), domain.expires_at(data))

    def _resident_targets(self, case: CaseWays) -> list[Target]:
        targets: list[Target] = []
        for way in map(ContactWay, case.ways):
            if way is ContactWay.EMAIL:
                name, why = "resident:email", self._no_mail()
                targets.append(Target(name, Audience.RESIDENT, way, unreachable=why))
                continue
            bots = models.active_webhooks(self._session, [BOTS[way]])
            targets += [
                Target(f"resident:{bot.id}", Audience.RESIDENT, way, webhook=bot.id) for bot in bots
            ]
            if not bots:
                name, why = f"resident:{way}", "no_webhook"
                targets.append(Target(name, Audience.RESIDENT, way, unreachable=why))
        return targets

    def _deliver(
        self,
        event: CloudEvent,
        target: Target,
        content: dict[str, Any],
        expires_at: datetime | None,
    ) -> None:
        state = State.DROPPED if target.unreachable else State.WAITING
        by_mail = target.role is not None or target.contact_way is ContactWay.EMAIL
        row = {
            "id": uuid7(),
            "event_id": event.id,
            "target": target.name,
            "tracking_number": event.subject,
            "audience": target.audience.value,
            "way": "email" if by_mail else "webhook",
            "contact_way": target.contact_way and target.contact_way.value,
            "role": target.role and target.role.value,
            "webhook": target.webhook,
            "lane": target.webhook or domain.mail_lane(event.subject, target.audience).value,
            "occasion": event.event_name,
            "content": content,
            "state": state.value,
            "attempts": 0,
            "created_at": self._now,
            "not_before": domain.may_tell_from(target.audience, self._now, self._calendar),
            "expires_at": expires_at,
            "last_error": target.unreachable,
        }
        insert_or_ignore(self._session, Delivery, row)

    def _writer(self, tracking_number: str, case: CaseWays | None) -> Writer:
        standard = case.standard if case else None
        version = case.standard_version if case else None
        return Writer(tracking_number, standard, version, self._calendar)

    def _no_mail(self) -> str | None:
        return None if self._settings.smtp_url else "no_mail_server"


def _content(message: Message) -> dict[str, Any]:
    return {
        "status": message.words.value,
        "subject_id": message.subject.id,
        "subject_en": message.subject.en,
        "text_id": message.text.id,
        "text_en": message.text.en,
    }
