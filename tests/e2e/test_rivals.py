"""Two who decide the same case in the same moment: one wins, the other gets a clear 409."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from ops.demo import AidJourney, ComplaintJourney, DataJourney, Office
from ops.demo.aid import GROUNDS, REQUEST, visit
from ops.demo.complaint import COMPLAINT
from ops.demo.data import LETTER
from ops.demo.data import REQUEST as DATA_REQUEST
from ops.demo.office import CaseJourney
from tests.e2e.inspection import database, nothing_is_left
from tests.e2e.test_idempotency import PASSWORD, at_once
from tests.fleet import Fleet
from tests.real import eventually

RACES = 3
SECOND = {"division_head": "kabid_dua", "complaint_officer": "aduan_dua"}
"""A second account of the role."""


@pytest.fixture(scope="module")
def fleet(shared_fleet):
    """These tests look at their own cases only."""
    return shared_fleet


@pytest.fixture(scope="module")
def tokens(fleet):
    """The header of each account, by user name."""
    office = Office(fleet.url)
    signed_in = {role: office._authorization(role) for role in (*SECOND, "social_worker")}
    for role, name in SECOND.items():
        fleet.sigap("staff", "add", name, role, SIGAP_PASSWORD=PASSWORD)
        credentials = {"username": name, "password": PASSWORD}
        answer = httpx.post(f"{fleet.url}/v1/login", json=credentials).json()
        signed_in[name] = {"Authorization": f"Bearer {answer['access_token']}"}
    return signed_in


def poster(fleet: Fleet, path: str, body: Any, headers: dict[str, str]) -> Callable[[], Any]:
    """A call that is made later."""
    return lambda: httpx.post(
        fleet.url + path,
        json=body,
        headers={**headers, "Idempotency-Key": str(uuid.uuid4())},
        timeout=60,
    )


def won_and_lost(answers: list[httpx.Response]) -> tuple[int, str]:
    """Which of the two won, and the code that the other got."""
    assert sorted(answer.status_code for answer in answers) == [200, 409], [a.text for a in answers]
    winner = [answer.status_code for answer in answers].index(200)
    return winner, answers[1 - winner].json()["code"]


def state(fleet: Fleet, service: str, table: str, case: str) -> str:
    with database(fleet, service) as connection:
        query = text(f"SELECT state FROM {table} WHERE tracking_number = :case")  # noqa: S608 - our names
        return str(connection.scalar(query, {"case": case}))


def assessed(fleet: Fleet) -> AidJourney:
    """An aid request that waits for the division head."""
    journey = AidJourney(Office(fleet.url))
    journey.registered(journey.office.post("/v1/requests", REQUEST, "counter_officer"))
    checked = ("resident", "identity_document", "institution_documents")
    checklist = [{"requirement": name, "fulfilled": True} for name in checked]
    journey.as_staff("identification", {"checklist": checklist}, "counter_officer", "announced")
    journey.as_staff("claim", {}, "verifier", "assigned")
    journey.as_staff("visit-report", visit_of_today(), "verifier", "visited")
    recommendation = {"recommendation": "eligible", "grounds": GROUNDS}
    journey.as_staff("assessment", recommendation, "social_worker", "assessed")
    return journey


def visit_of_today() -> dict[str, Any]:
    from datetime import datetime

    return visit(datetime.now().astimezone())


def dispositioned(fleet: Fleet) -> DataJourney:
    """A data request that waits for its review."""
    journey = DataJourney(Office(fleet.url))
    scan = journey.office.upload("/v1/attachments", "surat.pdf", LETTER)
    request = {**DATA_REQUEST, "letter": scan["id"]}
    journey.registered(journey.office.post("/v1/requests", request, "counter_officer"))
    journey.patiently(
        lambda: journey.as_staff("disposition", {}, "agency_head", "dispositioned"),
        "case_not_found",
    )
    return journey


def entered(fleet: Fleet) -> ComplaintJourney:
    """A complaint that nobody has checked."""
    journey = ComplaintJourney(Office(fleet.url))
    officer = "complaint_officer"
    scan = journey.office.upload("/v1/attachments?for=complaints", "aduan.pdf", LETTER, officer)
    complaint = {**COMPLAINT, "attachments": [scan["id"]]}
    journey.registered(journey.office.post("/v1/complaints", complaint, officer))
    return journey


def test_two_division_heads_decide_a_verification(fleet, tokens):
    """One decision stands, and there is one letter."""
    for _ in range(RACES):
        journey = assessed(fleet)
        path = f"{journey.moves}/{journey.tracking_number}/decision"
        calls = [
            poster(fleet, path, {"decision": decision, "grounds": GROUNDS}, tokens[name])
            for decision, name in (("eligible", "division_head"), ("not_eligible", "kabid_dua"))
        ]
        winner, code = won_and_lost(at_once(calls))
        assert code == "illegal_move"
        decided = journey.until(lambda status: status["outcome"], "decided")
        assert decided["outcome"] == ("eligible", "not_eligible")[winner]
        assert len(journey.documents("verification_letter")) == 1


def test_two_division_heads_review_a_data_request(fleet, tokens):
    """Approved or rejected, never both."""
    approval = {"decision": "approve", "complexity": "simple", "social_worker": "social_worker"}
    rejection = {"decision": "reject", "ground": "data_not_held", "words": "Data tidak dikelola."}
    for _ in range(RACES):
        journey = dispositioned(fleet)
        path = f"{journey.moves}/{journey.tracking_number}/review"
        calls = [
            poster(fleet, path, approval, tokens["division_head"]),
            poster(fleet, path, rejection, tokens["kabid_dua"]),
        ]
        winner, code = won_and_lost(at_once(calls))
        assert code == "illegal_move"
        awaited = ("in_preparation", "rejected")[winner]
        journey.until(lambda status, awaited=awaited: status["status"] == awaited, awaited)


def test_two_officers_take_a_complaint(fleet, tokens):
    """Whoever checks it first owns it; the other cannot go on with it."""
    for _ in range(RACES):
        journey = entered(fleet)
        path = f"{journey.moves}/{journey.tracking_number}/check"
        names = ("complaint_officer", "aduan_dua")
        calls = [poster(fleet, path, {"result": "complete"}, tokens[name]) for name in names]
        winner, code = won_and_lost(at_once(calls))
        assert code == "illegal_move"
        journey.until(lambda status: status["status"] == "checked", "checked")
        respond = f"{journey.moves}/{journey.tracking_number}/response"
        loser = poster(fleet, respond, {"response": "Baik."}, tokens[names[1 - winner]])()
        assert (loser.status_code, loser.json()["code"]) == (403, "not_the_owner")


def rival_withdrawal(fleet: Fleet, journey: CaseJourney, move: str, body: Any, header: Any) -> int:
    """The resident withdraws while an officer moves; 0 if the officer won."""
    number = journey.tracking_number
    calls = [
        poster(fleet, f"{journey.moves}/{number}/{move}", body, header),
        poster(
            fleet, f"/v1/status/{number}/withdrawal", {}, {"X-Access-Code": journey.access_code}
        ),
    ]
    winner, code = won_and_lost(at_once(calls))
    assert code == "illegal_move"
    return winner


def test_a_resident_withdraws_while_an_officer_decides(fleet, tokens, broker):
    """Intake, the service that handles it and the status agree once all is quiet."""
    for _ in range(RACES):
        aid, data, complaint = assessed(fleet), dispositioned(fleet), entered(fleet)
        decision = {"decision": "eligible", "grounds": GROUNDS}
        rejection = {"decision": "reject", "ground": "data_not_held", "words": "Tidak dikelola."}
        head, officer = tokens["division_head"], tokens["complaint_officer"]
        withdrawn = [
            rival_withdrawal(fleet, aid, "decision", decision, head),
            rival_withdrawal(fleet, data, "review", rejection, head),
            rival_withdrawal(fleet, complaint, "check", NOT_OURS, officer),
        ]
        eventually(lambda: nothing_is_left(fleet, broker), "all to be quiet")
        owners = ("verification", "cases"), ("data_request", "cases"), ("complaints", "complaints")
        won = ("decided", "rejected", "redirected")
        for index, journey in enumerate((aid, data, complaint)):
            expected = "withdrawn" if withdrawn[index] else won[index]
            number = journey.tracking_number
            assert state(fleet, *owners[index], number) == expected
            assert journey.status()["status"] == expected
        for index, journey in enumerate((aid, data)):
            at_intake = state(fleet, "intake", "requests", journey.tracking_number)
            assert (at_intake == "closed") == bool(withdrawn[index])


NOT_OURS = {"result": "not_ours", "referral": "police", "note": "Silakan melapor ke polisi."}


def test_a_request_is_withdrawn_twice_at_once(fleet):
    """One of the two withdrawals is taken, whether intake has the request or another service."""
    for move in (None, "identification"):
        for _ in range(RACES):
            journey = AidJourney(Office(fleet.url))
            journey.registered(journey.office.post("/v1/requests", REQUEST, "counter_officer"))
            if move:
                checked = ("resident", "identity_document", "institution_documents")
                checklist = [{"requirement": name, "fulfilled": True} for name in checked]
                journey.as_staff(move, {"checklist": checklist}, "counter_officer", "announced")
            path = f"/v1/status/{journey.tracking_number}/withdrawal"
            code = {"X-Access-Code": journey.access_code}
            _, refused = won_and_lost(at_once([poster(fleet, path, {}, code)] * 2))
            assert refused == "illegal_move"
