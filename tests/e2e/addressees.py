"""Who is told of a case outside the system: a mail server, and a webhook of every kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from contracts.notifications import WebhookKind
from tests.e2e.marked_journey import Counter
from tests.fleet import Fleet
from tests.integration.notifications.receivers import MailServer, Receiver


class Addressees:
    """What they have got so far; `secrets` are those of the webhooks."""

    def __init__(
        self, mail: MailServer, hooks: dict[str, Receiver], secrets: tuple[str, ...]
    ) -> None:
        self._mail = mail
        self._hooks = hooks
        self.secrets = secrets

    def mails(self) -> list[EmailMessage]:
        return list(self._mail.mails())

    def posts(self, kind: str) -> list[tuple[dict[str, str], bytes]]:
        """Headers and body of every call of this kind's webhook."""
        return [(headers, body) for headers, body, _ in self._hooks[kind].requests]

    def bodies(self, kind: str) -> list[dict[str, Any]]:
        return list(self._hooks[kind].bodies())


@contextmanager
def addressees(fleet: Fleet, office: Counter, folder: Path) -> Iterator[Addressees]:
    """From now on the fleet tells them."""
    mail = MailServer(folder)
    hooks = {kind.value: Receiver() for kind in WebhookKind}
    try:
        fleet.extra |= {"SIGAP_SMTP_URL": mail.url, "SIGAP_MAIL_FROM": "sigap@dinsos.example"}
        fleet.kill("notifications")
        fleet.start("notifications")
        secrets = tuple(
            office.post("/v1/webhooks", {"url": hook.url, "kind": kind}, "administrator")["secret"]
            for kind, hook in hooks.items()
        )
        yield Addressees(mail, hooks, secrets)
    finally:
        mail.close()
        for hook in hooks.values():
            hook.close()
