"""Notifications: what happens to a case becomes messages to residents, staff and bots."""

from casework.office import office_calendar
from casework.subjects import check_officer
from chassis.entrypoints import every, on_every_event
from chassis.ids import uuid7
from chassis.rpc import RpcClient, command, query
from chassis.settings import Configured
from chassis.store import Store
from chassis.vault import VaultProvider
from chassis.work import Work
from contracts.catalogue import event_model
from contracts.envelope import CloudEvent, ContactWay, Done
from contracts.errors import CaseNotFound, InvalidFields
from contracts.notifications import (
    AddWebhook,
    Audience,
    ChooseWays,
    Deliveries,
    DeliveryDetail,
    ListDeliveries,
    ListWebhooks,
    ReadSubject,
    RemoveWebhook,
    ReplayDelivery,
    WebhookAdded,
    WebhookDetail,
    WebhookKind,
    Webhooks,
)
from contracts.subject import SubjectCase, SubjectRecord
from services.notifications import domain, models, webhooks
from services.notifications.addresses import check_url
from services.notifications.attempts import State
from services.notifications.domain import DeliveryNotFound, WebhookNotFound
from services.notifications.lanes import Lanes
from services.notifications.models import Base, CaseWays, Delivery, Webhook
from services.notifications.sending import Sender, secret_context
from services.notifications.settings import NotificationsSettings
from services.notifications.telling import BOTS, Reception, Teller


class NotificationsService:
    """The post office: what is told is in `domain.TELLINGS`, how it is said in `texts`."""

    name = "notifications"

    store = Store(Base.metadata)
    vault = VaultProvider()
    rpc = RpcClient()
    settings = Configured(NotificationsSettings)
    lanes = Lanes()

    @on_every_event
    def on_any_event(self, event: CloudEvent, work: Work) -> None:
        """Everything that happens; an event that this version does not know is for machines."""
        if not domain.is_shown(event):
            return
        calendar = office_calendar(self.settings.office_override)
        teller = Teller(work.session, self.settings, calendar, work.now)
        teller.tell_machines(event)
        model = event_model(event)
        if model is None:
            return
        data = model.model_validate(event.data)
        teller.tell_people(event, data)
        if isinstance(data, Reception):
            for body in models.take_early(work.session, event.subject):
                early = CloudEvent.model_validate_json(body)
                known = event_model(early)
                if known is not None:
                    teller.tell_early(early, known.model_validate(early.data))

    @command(ChooseWays)
    def choose_ways(self, ask: ChooseWays, work: Work) -> Done:
        """The resident chooses among the ways they gave; none is a choice too."""
        case = models.locked_case(work.session, ask.tracking_number)
        if case is None or case.given is None:
            raise CaseNotFound
        case.chosen = [way.value for way in domain.choose(case.given, ask.ways)]
        return Done(tracking_number=ask.tracking_number, state="chosen")

    @command(AddWebhook)
    def add_webhook(self, ask: AddWebhook, work: Work) -> WebhookAdded:
        """Told from now on; the secret is sealed, and shown this once."""
        demo, embedded = self.settings.demo, self.settings.embedded
        check_url(ask.url, plain_allowed=demo or embedded, private_allowed=demo)
        webhook, secret, key = uuid7(), webhooks.new_secret(), self.vault.new_key()
        row = Webhook(
            id=webhook,
            url=ask.url,
            kind=ask.kind.value,
            active=True,
            added_at=work.now,
            wrapped_key=key,
            sealed_secret=self.vault.seal(key, secret, secret_context(webhook)),
            failures=0,
        )
        work.session.add(row)
        return WebhookAdded(webhook=webhook, secret=secret)

    @command(RemoveWebhook)
    def remove_webhook(self, ask: RemoveWebhook, work: Work) -> Done:
        """Told nothing more; what waits for it is dropped."""
        if models.locked_webhook(work.session, ask.webhook) is None:
            raise WebhookNotFound
        models.deactivate(work.session, ask.webhook, work.now)
        return Done(tracking_number=ask.webhook, state="removed")

    @query(ListWebhooks)
    def list_webhooks(self, ask: ListWebhooks, work: Work) -> Webhooks:
        """Every webhook, with what waits for it and what failed."""
        counts = models.count_by_webhook(work.session)
        found = (
            WebhookDetail(
                webhook=row.id,
                url=row.url,
                kind=WebhookKind(row.kind),
                active=row.active,
                added_at=row.added_at,
                waiting=counts.get((row.id, State.WAITING.value), 0),
                failed=counts.get((row.id, State.FAILED.value), 0),
            )
            for row in models.all_webhooks(work.session)
        )
        return Webhooks(webhooks=tuple(found))

    @query(ListDeliveries)
    def list_deliveries(self, ask: ListDeliveries, work: Work) -> Deliveries:
        """A page of deliveries, newest first."""
        if ask.cursor is not None and not (ask.cursor.isascii() and ask.cursor.isdecimal()):
            raise InvalidFields(("cursor", "wrong_format"))
        before = min(int(ask.cursor), 2**63 - 1) if ask.cursor else None
        rows = models.deliveries_before(work.session, ask.webhook, ask.state, before, ask.limit + 1)
        page = rows[: ask.limit]
        following = str(page[-1].number) if len(rows) > ask.limit else None
        return Deliveries(deliveries=tuple(map(_detail, page)), next_cursor=following)

    @command(ReplayDelivery)
    def replay_delivery(self, ask: ReplayDelivery, work: Work) -> Done:
        """Send it again under the same id, with all its attempts anew."""
        row = models.find_delivery(work.session, ask.notification)
        if row is None or row.tracking_number in ask.kept_from:
            raise DeliveryNotFound
        if row.way == "webhook" and row.webhook is None and row.contact_way is not None:
            bots = models.active_webhooks(work.session, [BOTS[ContactWay(row.contact_way)]])
            row.webhook = bots[0].id if bots else None
            row.lane = row.webhook or row.lane
        reachable = row.way == "email" or row.webhook is not None
        if row.state != State.WAITING and reachable:
            calendar = office_calendar(self.settings.office_override)
            row.state, row.attempts = State.WAITING.value, 0
            row.lease = row.leased_until = None
            row.not_before = domain.may_tell_from(Audience(row.audience), work.now, calendar)
        return Done(tracking_number=row.tracking_number, state=row.state)

    @query(ReadSubject)
    def read_subject(self, ask: ReadSubject, work: Work) -> SubjectRecord:
        """By which ways the residents are told; an address stands at intake or complaints only."""
        check_officer(work.actor)
        ways = (models.find_case(work.session, each) for each in ask.tracking_numbers)
        return SubjectRecord(cases=tuple(_subject(work, each) for each in ways if each))

    @every(seconds=1)
    def send_due(self, work: Work) -> None:
        """Set going what is due; the lanes go on by themselves."""
        sender = Sender(self.store, self.vault, self.rpc, self.settings, self.lanes)
        sender.start_due(work)


def _subject(work: Work, case: CaseWays) -> SubjectCase:
    number = case.tracking_number
    sent = models.deliveries_to_resident(work.session, number)
    return SubjectCase(
        tracking_number=number,
        state="told",
        data={
            "ways_given": case.given or [],
            "ways_in_use": case.ways,
            "messages": [
                {"way": each.contact_way, "occasion": each.occasion, "state": each.state}
                for each in sent
            ],
        },
    )


def _detail(row: Delivery) -> DeliveryDetail:
    return DeliveryDetail.model_validate(
        {"notification": row.id, **{name: getattr(row, name) for name in _SHOWN}}
    )


_SHOWN = tuple(name for name in DeliveryDetail.model_fields if name != "notification")
