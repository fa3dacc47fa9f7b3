"""The published procedure, each service its own process, on a real RabbitMQ and PostgreSQL."""

import json
from pathlib import Path

import httpx
import pytest

from ops.demo import AidJourney, Office
from ops.demo.aid import REQUEST
from services.documents.settings import DocumentsSettings
from services.documents.signing import validate
from tests.e2e.inspection import nothing_is_left
from tests.real import eventually

STEPS = [
    "request_received",
    "request_completed",
    "verification_announced",
    "verifier_assigned",
    "visit_reported",
    "eligibility_assessed",
    "verification_done",
    "result_delivered",
]


@pytest.fixture(scope="module")
def fleet(shared_fleet):
    """These tests look at their own cases only."""
    return shared_fleet


@pytest.fixture(scope="module")
def journey(fleet):
    """One journey from the counter to the delivered letter."""
    journey = AidJourney(Office(fleet.url))
    journey.final_status = journey.travel()
    return journey


def test_the_request_travels_the_whole_procedure(journey):
    """The resident sees it delivered, with a receipt and a letter."""
    status = journey.final_status
    assert status["status"] == "delivered"
    assert {each["kind"] for each in status["documents"]} == {"receipt", "verification_letter"}
    assert [step["counted"] for step in status["deadline"]["steps"]][-1] is True


def test_the_ledger_holds_every_step_in_the_order_of_the_procedure(journey):
    """The auditor reads the same story as the resident."""
    names = eventually(
        lambda: "result_delivered" in (found := journey.event_names()) and found, "the ledger"
    )
    assert [name for name in names if name in STEPS] == STEPS
    assert names.count("document_issued") == 2


def test_the_letter_carries_a_valid_signature(journey, fleet):
    """A PDF signature validator accepts it, with the office's root as trust anchor."""
    (letter,) = (d for d in journey.final_status["documents"] if d["kind"] != "receipt")
    environ = {"SIGAP_SECRETS_DIR": str(fleet.folder / "secrets")}
    root = _self_made_root(environ)
    report = validate(journey.document(letter["code"]), root)
    assert report.intact
    assert report.valid
    assert report.trusted
    assert report.covers_whole_file


def _self_made_root(environ: dict[str, str]) -> bytes:
    from services.documents.signing import Signer

    folder = Path(environ["SIGAP_SECRETS_DIR"])
    password = DocumentsSettings.read(environ).secret("signing").hex()
    return Signer.from_file(folder / "signing.p12", password).roots_pem


def test_the_verify_page_says_that_the_certificate_is_self_made(journey, fleet):
    """Anyone may check a letter, and learns what its signature is worth."""
    (letter,) = (d for d in journey.final_status["documents"] if d["kind"] != "receipt")
    page = httpx.get(f"{fleet.url}/v1/verify/{letter['code']}").json()
    assert page["status"] == "valid"
    assert page["sha256"] == letter["sha256"]
    assert page["self_made_certificate"] is True
    assert REQUEST["applicant"]["name"] not in json.dumps(page)


def test_nothing_is_left_behind(journey, fleet, broker):
    """Outboxes and queues are empty, and no message was dead-lettered."""
    eventually(lambda: nothing_is_left(fleet, broker), "all to be quiet")


def test_the_read_model_is_rebuilt_from_the_ledger(journey, fleet):
    """One command, while the gateway runs; the resident reads the same as before."""
    before = journey.status()
    rebuilt = json.loads(fleet.sigap("rebuild-status", "--json").splitlines()[-1])
    assert rebuilt["events"] >= len(STEPS)
    assert journey.status() == before


def test_a_wrong_code_and_an_unknown_number_are_answered_alike(journey, fleet):
    """Nobody learns from the answer whether a case exists."""
    wrong = httpx.get(
        f"{fleet.url}/v1/status/{journey.tracking_number}", headers={"X-Access-Code": "AAAAAAAAAA"}
    )
    unknown = httpx.get(
        f"{fleet.url}/v1/status/VRF-20200101-0001", headers={"X-Access-Code": "AAAAAAAAAA"}
    )
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.json() == unknown.json()


def test_every_process_ends_gracefully(fleet, journey):
    """SIGTERM: finish, flush, exit 0."""
    codes = fleet.stop()
    assert set(codes.values()) == {0}, codes
    fleet.start()
