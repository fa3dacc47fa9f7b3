"""Sends what is due: take one delivery with a lease, have it carried, record what came of it.

No transaction is open while a delivery is on its way. A crash between sending and recording
sends it again, under the same id.
"""

import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from casework.office import office_calendar
from chassis.ids import uuid7
from chassis.rpc import RpcClient
from chassis.store import Store
from chassis.vault import Vault
from chassis.work import Work
from contracts.notifications import Audience, NotificationFailed, NotificationSent
from services.notifications import attempts, domain, models
from services.notifications.attempts import Outcome, Result, State
from services.notifications.carrying import Carrier, Parcel
from services.notifications.domain import MailLane
from services.notifications.lanes import Lanes
from services.notifications.models import Delivery, Webhook
from services.notifications.settings import NotificationsSettings
from standards.calendar import WorkCalendar

MAILS_AT_ONCE = {MailLane.STAFF: 2, MailLane.REQUESTS: 8, MailLane.COMPLAINTS: 4}
"""How many mails of each lane a process hands in at once."""

POSTS_AT_ONCE = 4
"""How many deliveries a process posts to one webhook at once."""

log = structlog.get_logger()


class Sender:
    """Sends with what the service has."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        rpc: RpcClient,
        settings: NotificationsSettings,
        lanes: Lanes,
    ) -> None:
        self._store = store
        self._vault = vault
        self._carrier = Carrier(store, rpc, settings)
        self._settings = settings
        self._lanes = lanes

    def start_due(self, work: Work) -> None:
        """Start as many threads in each lane as have something to send."""
        at_once: dict[str, int] = {lane.value: most for lane, most in MAILS_AT_ONCE.items()}
        for webhook in models.all_webhooks(work.session):
            if not _rests(webhook, work.now):
                at_once[webhook.id] = 1 if attempts.is_tripped(webhook.failures) else POSTS_AT_ONCE
        wanted = {lane: self._wanted(work, lane, most) for lane, most in at_once.items()}
        work.checkpoint()
        for lane, threads in wanted.items():
            self._lanes.begin(lane, threads, partial(self.send_next, lane))

    def send_next(self, lane: str) -> bool:
        """Send the lane's next delivery; False if there is none."""
        parcel = self._take(lane)
        if parcel is None:
            return False
        self._record(parcel, self._carrier.carry(parcel))
        return True

    def _wanted(self, work: Work, lane: str, at_once: int) -> int:
        room = self._lanes.room(lane, at_once)
        return models.count_due(work.session, lane, work.now, room) if room else 0

    # Taking.

    def _take(self, lane: str) -> Parcel | None:
        with self._store.unit("job:send_due") as work:
            webhook = work.session.get(Webhook, lane) if lane not in MAILS_AT_ONCE else None
            if webhook is not None and not self._may_try(work, webhook):
                return None
            while (row := models.next_due(work.session, lane, work.now)) is not None:
                why_not = self._why_not(work, row, webhook)
                opens = domain.may_tell_from(Audience(row.audience), work.now, self._calendar())
                if why_not is not None:
                    row.drop(why_not)
                elif opens > work.now:
                    row.not_before = opens
                else:
                    return self._leased(work, row, webhook)
                work.session.flush()
        return None

    def _may_try(self, work: Work, webhook: Webhook) -> bool:
        """Whether it is not left alone; one that failed often is tried by one at a time."""
        if not attempts.is_tripped(webhook.failures):
            return True
        locked = models.locked_webhook(work.session, webhook.id, skip=True)
        if locked is None:
            return False
        if not attempts.is_tripped(locked.failures):
            return True
        resting = _rests(locked, work.now)
        return not resting and not models.is_being_tried(work.session, locked.id, work.now)

    def _why_not(self, work: Work, row: Delivery, webhook: Webhook | None) -> str | None:
        """Why it need not be sent any more."""
        if row.expires_at is not None and row.expires_at < work.now:
            return "too_late"
        if webhook is not None and not webhook.active:
            return "webhook_inactive"
        if row.way == "email" and self._settings.mail_server is None:
            return "no_mail_server"
        if row.contact_way is not None:
            case = models.find_case(work.session, row.tracking_number)
            if case is None or row.contact_way not in case.ways:
                return "way_not_chosen"
        return None

    def _leased(self, work: Work, row: Delivery, webhook: Webhook | None) -> Parcel:
        row.lease, row.leased_until = uuid7(), work.now + attempts.LEASE
        secret = b""
        if webhook is not None:
            context = secret_context(webhook.id)
            secret = self._vault.open(webhook.wrapped_key, webhook.sealed_secret, context)
        return Parcel(
            id=row.id,
            lease=row.lease,
            event_id=row.event_id,
            tracking_number=row.tracking_number,
            way=row.way,
            contact_way=row.contact_way,
            role=row.role,
            content=row.content,
            webhook=row.webhook,
            url=webhook.url if webhook else "",
            secret=secret.decode(),
        )

    # Recording.

    def _record(self, parcel: Parcel, outcome: Outcome) -> None:
        """Keep what came of it, and publish the end, if it is one."""
        with self._store.unit(parcel.event_id) as work:
            row = models.find_delivery(work.session, parcel.id)
            if row is None or row.state != State.WAITING:
                return
            if row.lease != parcel.lease and outcome.result is not Result.SENT:
                return  # it took too long, and another replica tries it now
            jitter = random.random()  # noqa: S311 - jitter is no secret
            verdict = attempts.judge(row.attempts, outcome.result, jitter)
            row.state, row.attempts = verdict.state.value, verdict.attempts
            row.lease = row.leased_until = None
            row.last_attempt_at = work.now
            row.last_status, row.last_error = outcome.status, outcome.reason
            if verdict.state is State.WAITING:
                row.not_before = self._later(row, work, verdict.wait)
            if parcel.webhook is not None:
                self._note_health(work, parcel.webhook, outcome.result)
            self._publish(work, row)
        log.info(
            "delivery_tried",
            service="notifications",
            notification=parcel.id,
            case=parcel.tracking_number,
            way=parcel.way,
            webhook=parcel.webhook,
            outcome=outcome.result.value,
            reason=outcome.reason,
            status=outcome.status,
        )

    def _later(self, row: Delivery, work: Work, wait: timedelta) -> datetime:
        return domain.may_tell_from(Audience(row.audience), work.now + wait, self._calendar())

    def _note_health(self, work: Work, webhook: str, result: Result) -> None:
        """What the outcome says of the receiver."""
        if result is Result.GONE:
            models.deactivate(work.session, webhook, work.now)
        elif result in (Result.SENT, Result.AGAIN):
            row = models.locked_webhook(work.session, webhook)
            if row is None or (result is Result.AGAIN and _rests(row, work.now)):
                return  # it was on its way when the others failed
            row.failures = row.failures + 1 if result is Result.AGAIN else 0
            rest = attempts.rest(row.failures, random.random())  # noqa: S311 - jitter
            row.retry_at = work.now + rest if rest else None

    def _publish(self, work: Work, row: Delivery) -> None:
        facts: dict[str, Any] = {
            "notification": row.id,
            "audience": Audience(row.audience),
            "way": row.way,
            "occasion": row.occasion,
            "attempts": row.attempts,
        }
        if row.state == State.SENT:
            work.emit(row.tracking_number, NotificationSent(**facts))
        elif row.state == State.FAILED:
            reason = row.last_error or "unexpected"
            work.emit(row.tracking_number, NotificationFailed(**facts, reason=reason))

    def _calendar(self) -> WorkCalendar:
        return office_calendar(self._settings.office_override)


def _rests(webhook: Webhook, now: datetime) -> bool:
    return webhook.retry_at is not None and webhook.retry_at > now


def secret_context(webhook: str) -> str:
    """What a webhook's secret is sealed for."""
    return f"webhook:{webhook}:secret"
