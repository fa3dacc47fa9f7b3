"""The verification service on its bench, with the office's people at their work."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.documents import DocumentIssued, DocumentKind
from contracts.envelope import RESIDENT, Actor, DeadlineView, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import (
    Channel,
    Purpose,
    RequestCompleted,
    RequestKind,
    RequestReceived,
    RequestWithdrawn,
)
from contracts.verification import (
    AssessEligibility,
    AssignVerifier,
    ClaimVerification,
    DecideVerification,
    DeliverResult,
    DeliveryMethod,
    Outcome,
    ReadVerification,
    ReportVisit,
    VisitOutcome,
    WithdrawVerification,
)
from services.verification.models import Clock, VerificationCase
from services.verification.service import VerificationService
from tests.support import MONDAY_MORNING, Bench

CASE = "VRF-20261123-0001"
WEST, EAST = "63.71.03", "63.71.02"
DUE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""Tuesday 24 November 2026, 16:00 in Banjarmasin."""

RINA = Actor(id="rina", role=Role.VERIFIER, districts=(WEST,))
BUDI = Actor(id="budi", role=Role.VERIFIER, districts=(WEST,))
TONO = Actor(id="tono", role=Role.VERIFIER, districts=(EAST,))
SARI = Actor(id="sari", role=Role.SOCIAL_WORKER)
HASAN = Actor(id="hasan", role=Role.DIVISION_HEAD)
LINA = Actor(id="lina", role=Role.COUNTER_OFFICER)

FACTS = {
    "kind": RequestKind.ASSISTANCE_VERIFICATION,
    "purpose": Purpose.JAMKESDA,
    "district": WEST,
    "village": "63.71.03.1003",
    "standard": "aid_verification",
    "standard_version": "2026-1",
    "received_at": MONDAY_MORNING,
    "deadline": DeadlineView(
        due=DUE, received_at=MONDAY_MORNING, starts=MONDAY_MORNING, working_days=1
    ),
}


class Desk(Bench):
    """The bench with a method for everything that happens to a case."""

    def __init__(self, folder: Path, server: str | None = None, **env: str) -> None:
        super().__init__(VerificationService, folder, server, **env)

    def receive(self, case=CASE, id=None):
        """Intake registered the request."""
        return self.tell(RequestReceived(**FACTS, channel=Channel.COUNTER), case, LINA, id)

    def complete(self, case=CASE, id=None, **facts):
        """Intake identified the applicant."""
        return self.tell(RequestCompleted(**FACTS | facts), case, LINA, id)

    def intake_withdraws(self, case=CASE, id=None, stage="intake"):
        """Intake says that the request was withdrawn."""
        return self.tell(RequestWithdrawn(stage=stage), case, RESIDENT, id)

    def issue(self, case=CASE, id=None, kind=DocumentKind.VERIFICATION_LETTER):
        """Documents issued a letter or receipt."""
        issued = DocumentIssued(
            kind=kind,
            code="K7Q2-M4XW",
            number="460/0001/DINSOS/2026",
            sha256="0" * 64,
            size=40_000,
            issued_at=MONDAY_MORNING,
            self_made_certificate=True,
        )
        return self.tell(issued, case, id=id)

    def claim(self, by=RINA, case=CASE, key=None):
        """A verifier takes the case."""
        return self.ask(ClaimVerification(tracking_number=case), by, key)

    def appoint(self, verifier, by=SARI, case=CASE):
        """A social worker or the division head names the verifier."""
        return self.ask(AssignVerifier(tracking_number=case, verifier=verifier), by)

    def report(self, by=RINA, case=CASE, visit="v1", key=None, **parts):
        """The verifier reports a visit; a household was met unless `parts` say otherwise."""
        usual = {
            "outcome": VisitOutcome.HOUSEHOLD_VISITED,
            "visited_at": self.clock.now() - timedelta(minutes=30),
            "findings": "Rumah kontrakan, lima jiwa.",
        }
        report = ReportVisit(tracking_number=case, visit=visit, **usual | parts)
        return self.ask(report, by, key)

    def nobody_home(self, by=RINA, case=CASE, visit="v0"):
        """The verifier met nobody."""
        return self.report(by, case, visit, outcome=VisitOutcome.NOBODY_HOME, findings=None)

    def assess(self, by=SARI, case=CASE, recommendation=Outcome.ELIGIBLE, **parts):
        """The social worker recommends."""
        parts = {"grounds": "Penghasilan di bawah batas."} | parts
        asked = AssessEligibility(tracking_number=case, recommendation=recommendation, **parts)
        return self.ask(asked, by)

    def decide(self, decision="eligible", by=HASAN, case=CASE, grounds="Sesuai hasil kunjungan."):
        """The division head decides or sends back."""
        asked = DecideVerification(tracking_number=case, decision=decision, grounds=grounds)
        return self.ask(asked, by)

    def hand_over(self, delivery=DeliveryMethod.ORAL_AND_LETTER, by=LINA, case=CASE):
        """The resident is told."""
        return self.ask(DeliverResult(tracking_number=case, delivery=delivery), by)

    def withdraw(self, by=RESIDENT, case=CASE):
        """The resident no longer wants it."""
        return self.ask(WithdrawVerification(tracking_number=case), by)

    def read(self, by=HASAN, case=CASE, purpose="case_page"):
        """Somebody opens the case's findings."""
        return self.ask(ReadVerification(tracking_number=case, purpose=purpose), by)

    def row(self, case=CASE):
        """The case's row as it is stored, None if the case is not known."""
        with self.session() as session:
            return session.get(VerificationCase, case)

    def clocks(self, case=CASE):
        """The case's clocks as they are stored."""
        with self.session() as session:
            return session.query(Clock).filter_by(tracking_number=case).all()

    def names(self, case=CASE):
        """The names of the case's events so far, in order."""
        return [event.event_name for event in self.emitted() if event.subject == case]

    def go_to(self, state, case=CASE):
        """Bring a new case to this state by the shortest way."""
        steps = {
            "received": lambda: self.receive(case),
            "announced": lambda: self.complete(case),
            "assigned": lambda: self.claim(case=case),
            "visited": lambda: self.report(case=case),
            "assessed": lambda: self.assess(case=case),
            "decided": lambda: self.decide(case=case),
            "delivered": lambda: self.hand_over(DeliveryMethod.ORAL, case=case),
        }
        for reached, step in steps.items():
            step()
            if reached == state:
                return
        raise ValueError(f"there is no way to {state!r}")


def refused(code: ErrorCode, call, *args, **kwargs) -> Refusal:
    """The refusal with this code that the call raises."""
    with pytest.raises(Refusal) as refusal:
        call(*args, **kwargs)
    assert refusal.value.code is code
    return refusal.value
