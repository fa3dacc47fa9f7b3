"""Data request and complaint, each service its own process, on real RabbitMQ and PostgreSQL."""

import hashlib
import io
import json
import zipfile

import httpx
import pytest
from sqlalchemy import text

from ops.demo import ComplaintJourney, DataJourney, Office
from tests.e2e.inspection import database, nothing_is_left
from tests.real import eventually

DATA_STEPS = [
    "request_received",
    "request_completed",
    "data_request_dispositioned",
    "clarification_requested",
    "clarification_received",
    "data_request_approved",
    "data_prepared",
    "handover_signed",
    "data_handed_over",
]
COMPLAINT_STEPS = [
    "complaint_received",
    "complaint_checked",
    "complaint_coordinated",
    "complaint_responded",
    "complaint_resolved",
    "complaint_rated",
]


@pytest.fixture(scope="module")
def fleet(shared_fleet):
    """These tests look at their own cases only."""
    return shared_fleet


@pytest.fixture(scope="module")
def data(fleet):
    """A data request from the letter to the signed record of handover."""
    journey = DataJourney(Office(fleet.url))
    journey.final_status = journey.travel()
    return journey


@pytest.fixture(scope="module")
def complaint(fleet):
    """A complaint from the box to the rating."""
    journey = ComplaintJourney(Office(fleet.url))
    journey.final_status = journey.travel()
    return journey


def steps_of(journey, steps):
    """The first of each of these steps, as the resident reads them."""
    read = (moment["event"] for moment in journey.status()["timeline"])
    return list(dict.fromkeys(event for event in read if event in steps))


def recorded(journey, last):
    """The case's events in the ledger, once the last one is there."""
    names = eventually(lambda: last in (found := journey.event_names()) and found, "the ledger")
    return set(names)


def test_the_data_request_travels_the_whole_procedure(data):
    """Disposition, review, preparation, handover; the deadline says how long the clock stood."""
    status = data.final_status
    assert (status["status"], status["closed"]) == ("handed_over", True)
    kinds = {each["kind"] for each in status["documents"]}
    assert kinds == {"receipt", "handover_draft", "handover_record"}
    assert [pause["reason_code"] for pause in status["deadline"]["pauses"]] == [
        "clarification_requested"
    ]
    assert steps_of(data, DATA_STEPS) == DATA_STEPS
    assert recorded(data, "data_handed_over") >= set(DATA_STEPS)


def test_the_package_is_what_the_record_of_handover_says(data, fleet):
    """The archive's hash, each file's, and the cell that was small enough to name a family."""
    content = data.package()
    status = data.status()
    assert hashlib.sha256(content).hexdigest() == status["package"]["sha256"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        tables = [name for name in archive.namelist() if name.endswith(".csv")]
        (table,) = (archive.read(name) for name in tables)
    assert hashlib.sha256(table).hexdigest() in json.dumps(manifest)
    assert b"Tengah" in table
    assert b"<5" in table
    eventually(lambda: data.status()["downloads"] == 1, "the download to be recorded")
    register = Office(fleet.url).as_role("/v1/reports/data-register", "agency_head").json()
    (entry,) = (
        each for each in register["entries"] if each["tracking_number"] == data.tracking_number
    )
    assert entry["package_sha256"] == status["package"]["sha256"]
    assert (entry["recipient"], entry["purpose"]) == ("Rahmat Contoh", "academic_research")


def test_the_data_are_not_given_before_both_sides_have_signed(fleet):
    """Up to the office's signature the requester gets 409, and nothing is recorded."""
    journey = DataJourney(Office(fleet.url))
    refused = []

    def try_to_fetch():
        path = f"/v1/status/{journey.tracking_number}/package"
        answer = httpx.get(fleet.url + path, headers={"X-Access-Code": journey.access_code})
        refused.append((answer.status_code, answer.json()["code"]))

    as_resident = journey.as_resident

    def look_first(move, body):
        try_to_fetch()
        return as_resident(move, body)

    journey.as_resident = look_first
    journey.travel()
    assert [status for status, _ in refused] == [409, 409]
    assert refused[-1] == (409, "handover_not_signed")
    with database(fleet, "data_request") as connection:
        count = text("SELECT count(*) FROM downloads WHERE tracking_number = :number")
        assert connection.scalar(count, {"number": journey.tracking_number}) == 0


def test_the_complaint_travels_the_whole_procedure(complaint):
    """Check, coordination, response within the promised days, resolution, rating."""
    status = complaint.final_status
    assert (status["kind"], status["status"], status["closed"]) == ("complaint", "resolved", True)
    assert status["deadline"]["in_time"] is True
    assert (status["score"], status["deadline"]["working_days"]) == (5, 3)
    assert {each["kind"] for each in status["documents"]} == {"receipt", "complaint_response"}
    assert steps_of(complaint, COMPLAINT_STEPS) == COMPLAINT_STEPS
    assert recorded(complaint, "survey_answered") >= set(COMPLAINT_STEPS)


def test_the_reports_count_both(data, complaint, fleet):
    """Received, done and in time by standard, and the satisfaction index of the survey."""
    office = Office(fleet.url)
    month = data.final_status["received_at"][:7]
    query = f"?from={month}&to={month}"
    levels = office.as_role(f"/v1/reports/service-levels{query}", "agency_head").json()
    done = {row["standard"]: row["done"] for row in levels["service_levels"]}
    assert done["data_request"] >= 1
    assert done["complaint"] >= 1
    satisfaction = office.as_role(f"/v1/reports/satisfaction{query}", "agency_head").json()
    (row,) = (each for each in satisfaction["satisfaction"] if each["standard"] == "complaint")
    assert row["index"] == pytest.approx(88.89, abs=0.01)
    assert row["grade"] == "A"


def test_nothing_is_left_behind(data, complaint, fleet, broker):
    """Outboxes and queues are empty, and no message was dead-lettered."""
    eventually(lambda: nothing_is_left(fleet, broker), "all to be quiet")
