"""A case in its first states, and the papers of an aid verification; nobody in them exists."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.envelope import Actor, Role
from contracts.errors import Refusal
from contracts.verification import (
    AssessEligibility,
    DecideVerification,
    Outcome,
    ReportVisit,
    VisitOutcome,
)
from services.verification.domain import Case

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NUMBER = "VRF-20261123-0001"
WEST, EAST = "63.71.03", "63.71.02"
RINA = Actor(id="rina", role=Role.VERIFIER, districts=(WEST,))
BUDI = Actor(id="budi", role=Role.VERIFIER, districts=(WEST,))
TONO = Actor(id="tono", role=Role.VERIFIER, districts=(EAST,))

ANNOUNCED = Case().announce(WEST, NOW + timedelta(hours=1), max_visits=2)
ASSIGNED = ANNOUNCED.claim(RINA)


def report(**parts):
    """A report of a visited household, with these parts in place of the usual ones."""
    usual = {
        "tracking_number": NUMBER,
        "visit": "8d1f0e52-1",
        "outcome": VisitOutcome.HOUSEHOLD_VISITED,
        "visited_at": NOW - timedelta(hours=1),
        "findings": "Rumah kontrakan, lima jiwa.",
    }
    return ReportVisit(**usual | parts)


def nobody_home(visit="8d1f0e52-0"):
    """A report that nobody was home."""
    return report(visit=visit, outcome=VisitOutcome.NOBODY_HOME, findings=None)


def assessment(**parts):
    """A recommendation with its grounds."""
    usual = {"tracking_number": NUMBER, "recommendation": Outcome.ELIGIBLE, "grounds": "Layak."}
    return AssessEligibility(**usual | parts)


def decision(word, grounds="Sesuai hasil kunjungan."):
    """A decision with its grounds."""
    return DecideVerification(tracking_number=NUMBER, decision=word, grounds=grounds)


def refusal_of(call, *args):
    """The refusal that the call raises."""
    with pytest.raises(Refusal) as refused:
        call(*args)
    return refused.value


def only(field, code):
    """The details of a refusal of this one field."""
    return {"errors": [{"field": field, "code": code}]}


def refused_fields(refusal):
    """The fields that the refusal names."""
    return [error["field"] for error in refusal.details["errors"]]
