"""The notifications service on its bench, with cases to tell of and somebody to tell."""

import pytest
from sqlalchemy import select

from chassis.ids import uuid7
from contracts import complaints, intake
from contracts.envelope import (
    RESIDENT,
    Actor,
    CloudEvent,
    Contact,
    Contacts,
    ContactWay,
    DeadlineView,
    Role,
)
from contracts.errors import ErrorCode, Refusal
from contracts.notifications import (
    AddWebhook,
    ChooseWays,
    ListDeliveries,
    ListWebhooks,
    RemoveWebhook,
    ReplayDelivery,
    WebhookKind,
)
from services.notifications.lanes import Lanes
from services.notifications.models import Delivery, Webhook
from services.notifications.service import NotificationsService
from tests.support import MONDAY_MORNING, Bench

CASE = "VRF-20261123-0001"
COMPLAINT = "ADU-20261123-0001"
ADMIN = Actor(id="admin", role=Role.ADMINISTRATOR)
EMAIL, WHATSAPP, TELEGRAM = ContactWay.EMAIL, ContactWay.WHATSAPP, ContactWay.TELEGRAM
ADDRESSES = {
    EMAIL: "siti.rahmah@example.id",
    WHATSAPP: "+6281234567890",
    TELEGRAM: "998877665",
}
DEADLINE = DeadlineView(
    due="2026-11-24T16:00:00+08:00",
    received_at=MONDAY_MORNING,
    starts=MONDAY_MORNING,
    working_days=1,
)


def case(number):
    """One of many cases."""
    return f"VRF-20261123-{number:04d}"


def reception(ways):
    """A request is registered, with these ways to tell its resident."""
    return intake.RequestReceived(
        kind="assistance_verification",
        channel="web",
        purpose="jamkesda",
        district="63.71.03",
        village="63.71.03.1003",
        standard="aid_verification",
        standard_version="2026-1",
        received_at=MONDAY_MORNING,
        deadline=DEADLINE,
        notify=ways,
    )


class Desk(Bench):
    """The bench with a method for what happens, and for what is sent."""

    def __init__(self, folder, server=None, **env):
        self.lanes = Lanes()
        self.hooked = []
        env = {"demo": "1", "mail_from": "sigap@example.go.id"} | env
        super().__init__(NotificationsService, folder, server, **env)
        everything = Contacts(
            contacts=tuple(Contact(way=way, address=text) for way, text in ADDRESSES.items())
        )
        self.rpc.replies[intake.ReadContacts] = lambda ask: everything
        self.rpc.replies[complaints.ReadContacts] = lambda ask: everything

    def _made(self, name, provider):
        return self.lanes

    def happen(self, data, case=CASE, id=None, sequence=1):
        """An event of any service, as the broker brings it to an observer."""
        event = CloudEvent(
            id=id or uuid7(),
            source=f"/services/{data.source}",
            type=data.cloud_event_type(),
            subject=case,
            time=self.clock.now(),
            sequence=str(sequence),
            correlationid=case,
            causationid="test",
            actor="system",
            actorrole=Role.SYSTEM,
            data=data.model_dump(mode="json"),
        )
        return self.deliver(event, "on_any_event")

    def receive(self, case=CASE, ways=(EMAIL,), id=None):
        """A request is registered, with these ways to tell its resident."""
        return self.happen(reception(ways), case, id)

    def return_it(self, case=CASE, id=None):
        """It was incomplete."""
        missing = intake.RequestReturned(missing=("identity_document",), deadline=DEADLINE)
        return self.happen(missing, case, id)

    def complain(self, case=COMPLAINT, ways=(EMAIL,)):
        """A complaint is registered."""
        received = complaints.ComplaintReceived(
            kind="complaint",
            channel="website",
            standard="complaint",
            standard_version="2026-1",
            received_at=MONDAY_MORNING,
            entered_at=MONDAY_MORNING,
            deadline=DEADLINE,
            notify=ways,
        )
        return self.happen(received, case)

    def choose(self, *ways, case=CASE):
        """The resident chooses."""
        return self.ask(ChooseWays(tracking_number=case, ways=ways), RESIDENT)

    def hook(self, url, kind=WebhookKind.STATUS, key=None):
        """An administrator adds a webhook; its id and its secret."""
        added = self.ask(AddWebhook(url=url, kind=kind), ADMIN, key)
        self.hooked.append(added.webhook)
        return added

    def unhook(self, webhook):
        """And removes it."""
        return self.ask(RemoveWebhook(webhook=webhook), ADMIN)

    def hooks(self):
        """What the administrator sees of the webhooks."""
        return self.ask(ListWebhooks(), ADMIN).webhooks

    def listed(self, **chosen):
        """A page of the log of deliveries."""
        return self.ask(ListDeliveries(**chosen), ADMIN)

    def replay(self, notification):
        """Send it again."""
        return self.ask(ReplayDelivery(notification=notification), ADMIN)

    def send(self):
        """Send what is due, until nothing is any more."""
        self.run_job("send_due")
        self.lanes.wait()

    def send_all(self, limit=200):
        """Let time pass, from one due moment to the next, until nothing waits."""
        for _ in range(limit):
            self.send()
            waiting = self.rows(state="waiting")
            if not waiting:
                return
            moments = [row.not_before for row in waiting]
            moments += [
                hook.retry_at for hook in map(self.webhook_row, self.hooked) if hook.retry_at
            ]
            later = [moment for moment in moments if moment > self.clock.now()]
            self.clock.set(min(later))
        raise AssertionError("something still waits")

    def rows(self, **values):
        """The deliveries as they are stored, in the order of their making."""
        with self.session() as session:
            found = select(Delivery).filter_by(**values).order_by(Delivery.number)
            return [*session.scalars(found)]

    def webhook_row(self, webhook):
        with self.session() as session:
            return session.get(Webhook, webhook)


def refused(code: ErrorCode, call, *args, **kwargs) -> Refusal:
    """The refusal with this code that the call raises."""
    with pytest.raises(Refusal) as refusal:
        call(*args, **kwargs)
    assert refusal.value.code is code
    return refusal.value
