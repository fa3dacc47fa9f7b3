"""What the rig's clients do: cases of the three kinds, mostly registered, moved on a few steps."""

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ops.demo.aid import GROUNDS, REQUEST, visit
from ops.demo.complaint import COMPLAINT
from ops.demo.data import LETTER, TABLE
from ops.demo.data import REQUEST as DATA_REQUEST

RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Step:
    """One write: the gateway's endpoint and path (`{case}` stands for the number), who, the body.

    `events` are those that it brings about in its own transaction. The resident comes with the
    case's access code. A `file` (name and content) is sent instead of the body.
    """

    endpoint: str
    path: str
    role: str
    body: dict[str, Any]
    events: tuple[str, ...]
    file: tuple[str, bytes] | None = None


def walk(dice: random.Random, registered_only: float = 0.46) -> Iterator[Step]:
    """A case, by its steps in order; this share of them is registered and no more."""
    kinds = {_aid: 5, _complaint: 4, _data: 2}
    chosen = dice.choices(list(kinds), list(kinds.values()))[0]
    steps = list(chosen(dice))
    depth = 1
    if dice.random() >= registered_only:
        whole = 12 if chosen is _data else 2  # few are of this kind, and most goes on at their end
        depth = dice.choices([2, 3, len(steps)], [3, 2, whole])[0]
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
    yield _data_step("disposition", "agency_head", {}, "data_request_dispositioned")
    approval = {"decision": "approve", "complexity": "simple", "social_worker": "social_worker"}
    yield _data_step("review", "division_head", approval, "data_request_approved")
    yield Step(
        "data_requests.store_table",
        "/v1/data-requests/{case}/tables",
        "social_worker",
        {},
        (),
        file=("penerima.csv", TABLE),
    )
    package = {"data_source": "Data Terpadu", "data_method": "Rekapitulasi per kecamatan."}
    yield _data_step("package", "social_worker", package, "data_prepared", "build_package")
    office = {"edition": 1, "name": "Kepala Bidang Contoh", "position": "Kepala Bidang"}
    yield _data_step("handover", "division_head", office, "handover_signed", "sign_handover")
    yield Step(
        "residents.sign_handover",
        "/v1/status/{case}/handover",
        RESIDENT,
        {
            "edition": 1,
            "name": "Rahmat Contoh",
            "institution": "Universitas Contoh",
            "terms_accepted": True,
        },
        ("data_request.handover_signed", "data_request.data_handed_over"),
    )


def _data_step(move: str, role: str, body: dict[str, Any], event: str, call: str = "") -> Step:
    endpoint, path = f"data_requests.{call or move}", f"/v1/data-requests/{{case}}/{move}"
    return Step(endpoint, path, role, body, (f"data_request.{event}",))


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
