"""The intake service on its bench, with residents and officers at the counter."""

import base64
from pathlib import Path

import pytest

from contracts.data_request import DataRequestWithdrawn
from contracts.envelope import RESIDENT, Actor, AttachmentRef, CloudEvent, DeadlineView, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import (
    IdentifyRequest,
    ReadApplication,
    ReadAttachment,
    ReadContacts,
    ReadRequest,
    RequestDetail,
    StoreAttachment,
    SupplementRequest,
    WithdrawRequest,
)
from contracts.verification import VerificationWithdrawn
from services.intake.service import IntakeService
from tests.support import Bench
from tests.unit.intake.samples import application, checklist, pdf, submission

AMAT = Actor(id="amat", role=Role.COUNTER_OFFICER)
RINA = Actor(id="rina", role=Role.VERIFIER, districts=("63.71.03",))
UNKNOWN = "VRF-20200101-0001"


class Counter:
    """Intake with an empty database of its own."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.bench = Bench(IntakeService, folder, **env)
        self.clock = self.bench.clock

    def submit(self, key: str | None = None, actor: Actor = AMAT, **parts):
        """The reply to a submission."""
        return self.bench.ask(submission(**parts), actor, key)

    def received(self, **parts) -> str:
        """The tracking number of a new request."""
        return self.submit(**parts).tracking_number

    def apply(self, actor: Actor = RESIDENT, **parts) -> str:
        """The tracking number of a new request for data, its letter uploaded before."""
        if "letter" not in parts:
            parts["letter"] = self.upload().id
        return self.bench.ask(application(**parts), actor).tracking_number

    def identify(self, case: str, lines=None, **judged: bool) -> str:
        """The state after the officer's judgement."""
        lines = checklist(**judged) if lines is None else lines
        return self.bench.ask(IdentifyRequest(tracking_number=case, checklist=lines), AMAT).state

    def supplement(self, case: str, *attachments: str, notes: str | None = None) -> str:
        """The state after a supplement."""
        ask = SupplementRequest(tracking_number=case, attachments=attachments, notes=notes)
        return self.bench.ask(ask, RESIDENT).state

    def withdraw(self, case: str) -> str:
        """The state after the resident's withdrawal."""
        return self.bench.ask(WithdrawRequest(tracking_number=case), RESIDENT).state

    def verification_withdrew(self, case: str, **parts) -> str:
        """Verification tells that the resident withdrew there."""
        return self.bench.tell(VerificationWithdrawn(), case, RESIDENT, **parts)

    def data_request_withdrew(self, case: str, **parts) -> str:
        """The data-request service tells that the requester withdrew there."""
        return self.bench.tell(DataRequestWithdrawn(), case, RESIDENT, **parts)

    def upload(self, content: bytes | None = None, actor: Actor = RESIDENT) -> AttachmentRef:
        """A stored file."""
        content = pdf() if content is None else content
        return self.bench.ask(StoreAttachment(content=base64.b64encode(content).decode()), actor)

    def read(self, case: str, actor: Actor = AMAT, purpose: str = "identification"):
        """The whole request."""
        detail: RequestDetail = self.bench.ask(
            ReadRequest(tracking_number=case, purpose=purpose), actor
        )
        return detail

    def read_application(self, case: str, actor: Actor = AMAT, purpose: str = "case_page"):
        """The whole request for data."""
        return self.bench.ask(ReadApplication(tracking_number=case, purpose=purpose), actor)

    def contacts(self, case: str, actor: Actor = AMAT, purpose: str = "notification"):
        """How the resident wants to be told."""
        return self.bench.ask(ReadContacts(tracking_number=case, purpose=purpose), actor).contacts

    def read_file(self, case: str, attachment: str, actor: Actor = AMAT) -> bytes:
        """An attachment's content."""
        ask = ReadAttachment(tracking_number=case, attachment=attachment, purpose="identification")
        return base64.b64decode(self.bench.ask(ask, actor).content)

    def keep_deadlines(self) -> list[str]:
        """Run the job that tells of deadlines; the names of the events that it brought."""
        before = len(self.bench.emitted())
        self.bench.run_job("keep_deadlines")
        return [event.event_name for event in self.bench.emitted()[before:]]

    def tidy(self) -> None:
        """Run the job that deletes forgotten uploads."""
        self.bench.run_job("delete_forgotten_uploads")

    def emitted(self, case: str | None = None) -> list[str]:
        """The names of the events so far."""
        events = self.bench.emitted()
        return [event.event_name for event in events if case in (None, event.subject)]

    def last(self) -> CloudEvent:
        """The newest event."""
        return self.bench.emitted()[-1]

    def rows(self, model: type) -> list:
        """Every row of a table."""
        with self.bench.session() as session:
            return session.query(model).all()


def deadline_in(event: CloudEvent) -> DeadlineView:
    """The deadline that an event carries."""
    return DeadlineView.model_validate(event.data["deadline"])


def refused(code: ErrorCode):
    """A context in which a refusal with this code is expected."""
    return pytest.raises(Refusal, check=lambda refusal: refusal.code is code)
