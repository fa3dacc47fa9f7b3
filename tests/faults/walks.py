"""What the rig's clients do: cases of the three kinds, mostly registered, moved on a few steps."""

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ops.demo.aid import GROUNDS, REQUEST, visit
from ops.demo.complaint import COMPLAINT
from ops.demo.data import LETTER
from ops.demo.data import REQUEST as DATA_REQUEST


@dataclass(frozen=True, slots=True)
class Step:
    """One write: the gateway's endpoint and path (`{case}` stands for the number), who, the body.

    `events` are those that it brings about in its own transaction.
    """

    endpoint: str
    path: str
    role: str
    body: dict[str, Any]
    events: tuple[str, ...]


def walk(dice: random.Random, registered_only: float = 0.46) -> Iterator[Step]:
    """A case, by its steps in order; this share of them is registered and no more."""
    kinds = {_aid: 5, _complaint: 4, _data: 2}
    chosen = dice.choices(list(kinds), list(kinds.values()))[0]
    steps = list(chosen(dice))
    depth = 1
    if dice.random() >= registered_only:
        depth = dice.choices([2, 3, len(steps)], [3, 2, 2])[0]
    yield from steps[:depth]


def _aid(dice: random.Random) -> Iterator[Step]:
    applicant = {**REQUEST["applicant"], "nik": f"637103410790{dice.randrange(1, 9999):04}"}
    yield Step(
        "requests.submit_request",
        "/v1/requests",
        "counter_officer",
        {**REQUEST, "applicant": applicant},
        ("intake.request_received",),
    )
    checked = ("resident", "identity_document", "institution_documents")
    checklist = [{"requirement": name, "fulfilled": True} for name in checked]
    report = visit(datetime.now().astimezone() - timedelta(days=1))
    grounds = {"grounds": GROUNDS}
    for call, move, role, event, body in (
        ("identify", "identification", "counter_officer", "", {"checklist": checklist}),
        ("claim", "claim", "verifier", "verifier_assigned", {}),
        ("report_visit", "visit-report", "verifier", "visit_reported", report),
        (
            "assess",
            "assessment",
            "social_worker",
            "eligibility_assessed",
            {"recommendation": "eligible", **grounds},
        ),
        (
            "decide",
            "decision",
            "division_head",
            "verification_done",
            {"decision": "eligible", **grounds},
        ),
    ):
        yield Step(
            f"verifications.{call}",
            f"/v1/verifications/{{case}}/{move}",
            role,
            body,
            (f"verification.{event}" if event else "intake.request_completed",),
        )


def _data(dice: random.Random) -> Iterator[Step]:
    yield Step(
        "requests.submit_request",
        "/v1/requests",
        "counter_officer",
        {**DATA_REQUEST, "letter_file": base64.b64encode(LETTER).decode()},
        ("intake.request_received", "intake.request_completed"),
    )
    yield Step(
        "data_requests.disposition",
        "/v1/data-requests/{case}/disposition",
        "agency_head",
        {},
        ("data_request.data_request_dispositioned",),
    )


def _complaint(dice: random.Random) -> Iterator[Step]:
    yield Step(
        "complaints.submit_complaint",
        "/v1/complaints",
        "complaint_officer",
        {**COMPLAINT, "channel": "counter"},
        ("complaints.complaint_received",),
    )
    for endpoint, move, event, body in (
        ("check", "check", "checked", {"result": "complete"}),
        ("respond", "response", "responded", {"response": "Mohon maaf; jadwal terpasang."}),
        ("resolve", "resolution", "resolved", {"resolution": "Jadwal terpasang."}),
    ):
        yield Step(
            f"complaints.{endpoint}",
            f"/v1/complaints/{{case}}/{move}",
            "complaint_officer",
            body,
            (f"complaints.complaint_{event}",),
        )
