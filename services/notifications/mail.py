"""Mail: composed so that nothing can be smuggled into a header, and handed in over SMTP."""

import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from services.notifications.attempts import Outcome, Result
from services.notifications.settings import MailServer

SENDER_NAME = "Dinas Sosial Kota Banjarmasin"


def compose(
    notification: str, content: Mapping[str, Any], *, sender: str, to: str, sent_at: datetime
) -> EmailMessage:
    """A plain text mail in both languages; a repeated one has the same Message-ID.

    `sender` and `to` are plain addresses; `sent_at` carries the office's offset.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(SENDER_NAME, addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = f"{content['subject_id']} / {content['subject_en'].split(': ', 1)[-1]}"
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = f"<{notification}@{domain_of(sender)}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answer, please
    message.set_content(f"{content['text_id']}\n\n---\n\n{content['text_en']}\n")
    return message


def hand_in(server: MailServer, message: EmailMessage, *, sender: str, to: str) -> Outcome:
    """Give the mail to the server; what it says of this mail for good is not tried again.

    Raises OSError and smtplib.SMTPException when the server itself cannot be used.
    """
    with _connected(server, domain_of(sender)) as smtp:
        if server.encryption == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.user is not None:
            smtp.login(server.user, server.password or "")
        try:
            smtp.send_message(message, sender, [to])
        except smtplib.SMTPRecipientsRefused as refused:
            return _answered(next(iter(refused.recipients.values()))[0])
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
            return _answered(refused.smtp_code)
    return Outcome(Result.SENT)


def domain_of(address: str) -> str:
    """What follows the `@` of a plain address."""
    return address.rpartition("@")[2]


class _connected:  # noqa: N801 - used as a function
    """A session that is closed in any case; a farewell that fails changes nothing."""

    def __init__(self, server: MailServer, name: str) -> None:
        # Its own name is told to it: asking the network for one can take longer than the mail.
        if server.encryption == "tls":
            context = ssl.create_default_context()
            self._smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, local_hostname=name, context=context
            )
        else:
            self._smtp = smtplib.SMTP(server.host, server.port, local_hostname=name)

    def __enter__(self) -> smtplib.SMTP:
        return self._smtp

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self._smtp.close()


def _answered(code: int) -> Outcome:
    """RFC 5321, section 4.2.1: 5 as the first digit is for good, 4 for now."""
    result = Result.REFUSED if 500 <= code < 600 else Result.AGAIN
    return Outcome(result, f"smtp_{code}")
