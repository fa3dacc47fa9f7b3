"""What notifications read beside every process's settings."""

from dataclasses import dataclass, field
from typing import Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import Field, field_validator, model_validator

from casework.office import OfficeSettings
from contracts.envelope import Role
from services.notifications.addresses import is_mail_address

Encryption = Literal["none", "starttls", "tls"]
NOT_STAFF = (Role.RESIDENT, Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `tls` is from the first byte on."""

    host: str
    port: int
    encryption: Encryption
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """From `smtp://user:password@host:port?starttls=1` or `smtps://`; raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError
        starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] == "1"
        encryption: Encryption = "starttls" if starttls else "none"
        if parts.scheme == "smtps":
            encryption = "tls"
        return cls(
            host=parts.hostname,
            port=parts.port or {"none": 25, "starttls": 587, "tls": 465}[encryption],
            encryption=encryption,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


class NotificationsSettings(OfficeSettings):
    """The mail server, the sender's address, and the staff's addresses by role."""

    smtp_url: str | None = Field(
        None, description="mail server, as smtp://user:password@host:port?starttls=1 or smtps://"
    )
    mail_from: str | None = Field(None, description="the address that mails come from")
    staff_mail: str = Field("", description="addresses of staff by role, as role=address,...")

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: str | None) -> str | None:
        try:
            if value is not None:
                MailServer.parse(value)
        except ValueError:  # its text may quote a part of the password
            text = "not an address like smtp://user:password@host:port or smtps://"
            raise ValueError(text) from None
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not is_mail_address(value):
            raise ValueError("not a mail address")
        return value

    @field_validator("staff_mail")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        _by_role(value)
        return value

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if self.smtp_url is not None and self.mail_from is None:
            raise ValueError("SIGAP_MAIL_FROM is needed with SIGAP_SMTP_URL")
        return self

    @property
    def mail_server(self) -> MailServer | None:
        """None: mails are dropped and noted."""
        return MailServer.parse(self.smtp_url) if self.smtp_url else None

    @property
    def staff_addresses(self) -> dict[Role, str]:
        """By role; a role without one is not told."""
        return _by_role(self.staff_mail)


def _by_role(text: str) -> dict[Role, str]:
    """Raises ValueError, which names the role and not the address."""
    addresses: dict[Role, str] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        role, _, address = entry.partition("=")
        if role not in {known.value for known in Role if known not in NOT_STAFF}:
            raise ValueError("each entry must be role=address, with a role of the office")
        if not is_mail_address(address):
            raise ValueError(f"{role} has no mail address")
        addresses[Role(role)] = address
    return addresses
