"""A real SMTP server in a process of its own; keeps what it takes as files, a mail each.

`python mail_server.py PORT FOLDER [CERTIFICATE]`. A recipient called `unknown` is refused for good,
one called `busy` for now. With a certificate (and its key, PEM) it takes mail over STARTTLS only,
from the user `sigap` with the password `p@ss`.
"""

import json
import ssl
import sys
import uuid
from pathlib import Path

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import AuthResult, LoginPassword


class Keeper:
    """Writes envelope and content to a new file; it appears whole."""

    def __init__(self, folder):
        self.folder = folder

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        """Refuse or take a recipient."""
        refused = {"unknown": "550 no such user", "busy": "451 try again"}
        answer = refused.get(address.partition("@")[0])
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        """Keep the mail."""
        kept = {
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "content": envelope.content.decode("ascii"),
        }
        draft = self.folder / f"{uuid.uuid4()}.draft"
        draft.write_text(json.dumps(kept))
        draft.rename(draft.with_suffix(".json"))
        return "250 OK"


def authenticate(server, session, envelope, mechanism, given):
    """Let one user in."""
    return AuthResult(success=given == LoginPassword(b"sigap", b"p@ss"))


def locked(certificate):
    """The settings of a server that asks for encryption and a password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": authenticate,
    }


def main():
    """Serve until killed; say so once it listens."""
    controller = UnthreadedController(
        Keeper(Path(sys.argv[2])),
        hostname="127.0.0.1",
        port=int(sys.argv[1]),
        **(locked(sys.argv[3]) if len(sys.argv) > 3 else {}),
    )
    controller.begin()
    print("listening", flush=True)  # noqa: T201 - the test waits for this line
    controller.loop.run_forever()


if __name__ == "__main__":
    main()
