"""Carries one delivery to its receiver: one attempt, and what came of it."""

import http.client
import smtplib
import ssl
from dataclasses import dataclass
from typing import Any

import eventlet
import structlog

from chassis.retry import CalleeFailed, Unavailable
from chassis.rpc import RpcClient
from chassis.store import Store
from contracts import complaints, intake
from contracts.envelope import SYSTEM, Contacts, ContactWay, Role
from contracts.errors import Refusal
from services.notifications import mail, webhooks
from services.notifications.addresses import AddressRefused, is_mail_address
from services.notifications.attempts import Outcome, Result
from services.notifications.domain import is_complaint
from services.notifications.settings import NotificationsSettings

LIMITS = {"email": 10.0, "webhook": 5.0}
"""Seconds that an attempt may take; a mail server may well think for a while."""

PURPOSE = "notification"

log = structlog.get_logger()


class TimedOut(Exception):
    """The receiver did not answer in time."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery that is ours to try until the lease ends."""

    id: str
    lease: str
    event_id: str
    tracking_number: str
    way: str
    contact_way: str | None
    role: str | None
    content: dict[str, Any]
    webhook: str | None
    url: str
    secret: str


class Unreachable(Exception):
    """There is nobody to send it to; holds the outcome."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.reason)


class Carrier:
    """Carries with what the service has; it keeps no address."""

    def __init__(self, store: Store, rpc: RpcClient, settings: NotificationsSettings) -> None:
        self._store = store
        self._rpc = rpc
        self._settings = settings

    def carry(self, parcel: Parcel) -> Outcome:
        """What came of one attempt; whatever happens is an outcome, with a coded reason."""
        try:
            to = self._address(parcel)
            with eventlet.Timeout(LIMITS[parcel.way], TimedOut):
                return self._mail(parcel, to) if parcel.way == "email" else self._post(parcel, to)
        except Unreachable as unreachable:
            return unreachable.outcome
        except TimedOut:
            return Outcome(Result.AGAIN, "timeout")
        except AddressRefused:
            return Outcome(Result.AGAIN, "address_refused")
        except smtplib.SMTPException:
            return Outcome(Result.AGAIN, "mail_server_failed")
        except ssl.SSLError:
            return Outcome(Result.AGAIN, "tls_failed")
        except (OSError, http.client.HTTPException):
            return Outcome(Result.AGAIN, "connection_failed")
        except Exception as error:
            log.error(
                "attempt_failed", service="notifications", notification=parcel.id, exc_info=error
            )
            return Outcome(Result.HINDERED, "unexpected")

    def _mail(self, parcel: Parcel, to: str) -> Outcome:
        server, sender = self._settings.mail_server, self._settings.mail_from
        if server is None or sender is None:
            return Outcome(Result.UNNEEDED, "no_mail_server")
        sent_at = self._store.clock.now().astimezone(self._store.zone)
        message = mail.compose(parcel.id, parcel.content, sender=sender, to=to, sent_at=sent_at)
        return mail.hand_in(server, message, sender=sender, to=to)

    def _post(self, parcel: Parcel, to: str) -> Outcome:
        if to:
            said = {name: parcel.content[name] for name in ("text_id", "text_en", "status")}
            content = {"type": "message", "to": to, **said}
        else:
            content = {"type": "status", **parcel.content}
        about = {"id": parcel.id, "tracking_number": parcel.tracking_number}
        body = webhooks.body_of({**about, **content})
        headers = webhooks.signed(parcel.secret, parcel.id, body, self._store.clock.now())
        return webhooks.post(parcel.url, body, headers, private_allowed=self._settings.demo)

    def _address(self, parcel: Parcel) -> str:
        """Where it goes, read at this moment; empty for machines. Raises Unreachable."""
        if parcel.role is not None:
            address = self._settings.staff_addresses.get(Role(parcel.role))
        elif parcel.contact_way is not None:
            contacts = self._contacts(parcel.tracking_number).contacts
            way = ContactWay(parcel.contact_way)
            address = next((each.address for each in contacts if each.way is way), None)
        else:
            return ""
        if address is None or (parcel.way == "email" and not is_mail_address(address)):
            raise Unreachable(Outcome(Result.UNNEEDED, "no_address"))
        return address

    def _contacts(self, case: str) -> Contacts:
        owner = complaints.ReadContacts if is_complaint(case) else intake.ReadContacts
        try:
            found: Contacts = self._rpc.call(owner(tracking_number=case, purpose=PURPOSE), SYSTEM)
        except Refusal:
            raise Unreachable(Outcome(Result.UNNEEDED, "no_address")) from None
        except CalleeFailed:
            raise Unreachable(Outcome(Result.HINDERED, "contacts_not_read")) from None
        except Unavailable:  # an outage is waited for as long as it takes
            raise Unreachable(Outcome(Result.POSTPONED, "contacts_not_read")) from None
        return found
