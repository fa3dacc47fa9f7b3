"""Marked values sent through every call that takes a text are found where they belong, and
nowhere else: no table, message, header, log, figure or file's metadata holds one."""

import base64
import hashlib
import io
import json
import re
from dataclasses import dataclass
from typing import Any

import eventlet
import httpx
import pytest
from kombu import Connection
from pyhanko.pdf_utils.reader import PdfFileReader

from chassis.topology import dead_letter_queue, events_exchange
from tests.e2e import wrong_calls
from tests.e2e.inspection import database_texts, outboxes
from tests.e2e.marked_journey import Counter, MarkedJourney
from tests.e2e.marks import FILES, MARKS, ON_THE_LETTER, found, marked_request
from tests.e2e.programs import running
from tests.e2e.taps import Caught, seen, taken, tap, untap
from tests.fleet import SERVICES, Fleet
from tests.pdf_text import pdf_text
from tests.real import eventually

NIK = MARKS["nik"]
ANSWER = re.compile(r"[0-9a-f-]{36}")
"""Where an answer is sent to: the caller's own address."""

OBSERVERS_OF_RECEPTION = ("verification", "documents", "gateway", "audit")


@dataclass(frozen=True, slots=True)
class Told:
    """All that was said while the marks went through the system."""

    journey: MarkedJourney
    messages: list[Caught]
    refused: list[httpx.Response]
    garbage: bytes


@pytest.fixture(scope="module")
def told(fleet: Fleet) -> Told:
    """A case with all its detours, read by the staff, and every wrong call beside it."""
    tap(fleet.amqp_url)
    office = Counter(fleet.url)
    journey, second = MarkedJourney(office), MarkedJourney(office)
    journey.travel()
    second.until_assigned()
    with_nik_as_key(fleet)
    refused = list(wrong_calls.refused(fleet.url, office.bearer, second.tracking_number))
    garbage = wrong_calls.garbage(fleet.url)
    case_detail(journey)
    for name in journey.files:
        attached(journey, name)
    eventually(lambda: "result_delivered" in journey.event_names(), "the ledger")
    eventually(lambda: not any(outboxes(fleet).values()), "empty outboxes")
    return Told(journey, untap(fleet.amqp_url), refused, garbage)


def with_nik_as_key(fleet: Fleet) -> None:
    """A front end that takes the resident's number for its idempotency key."""
    body = marked_request([], "web")
    sent = httpx.post(f"{fleet.url}/v1/requests", json=body, headers={"Idempotency-Key": NIK})
    assert sent.status_code == 201, sent.text


def case_detail(journey: MarkedJourney) -> str:
    return journey.office.as_role(f"/v1/cases/{journey.tracking_number}", "counter_officer").text


def attached(journey: MarkedJourney, name: str) -> bytes:
    path = f"/v1/cases/{journey.tracking_number}/attachments/{journey.files[name]}"
    return journey.office.as_role(path, "social_worker").content


def documents(journey: MarkedJourney) -> dict[str, bytes]:
    """The PDFs of the case, by kind."""
    return {each["kind"]: journey.document(each["code"]) for each in journey.status()["documents"]}


def metrics(fleet: Fleet) -> str:
    """What every process counts, the gateway on both of its doors."""
    doors = [fleet.environ(name)["SIGAP_OPS_ADDRESS"] for name in SERVICES]
    doors.append(fleet.http_address)
    return "".join(httpx.get(f"http://{door}/metrics").text for door in doors)


def ledger(journey: MarkedJourney) -> str:
    return journey.office.as_role("/v1/events?after=0&limit=1000", "auditor").text


def databases(fleet: Fleet) -> dict[str, str]:
    return dict(database_texts(fleet))


@pytest.mark.parametrize("what", MARKS)
def test_the_eyes_see_a_mark_however_it_is_hidden(what):
    """What finds nothing below would find each of these."""
    mark = MARKS[what].encode()
    in_hex = (b"x" + mark).hex()
    for hidden in (mark.upper(), f'"\\\\x{in_hex}"'.encode(), mark.decode().encode("utf-16-be")):
        assert found(b"... " + hidden + b" ...") == {what}
    for before in ("", "a", "ab"):
        text = json.dumps({"body": base64.b64encode(before.encode() + mark + b"!").decode()})
        assert found(text) == {what}
    assert found(hashlib.sha256(mark).hexdigest()) == {what}


def test_the_marks_stand_where_they_belong(told):
    """The counter officer reads what was sent and written; the files are in the case."""
    assert found(case_detail(told.journey)) == set(MARKS) - FILES
    for name in FILES:
        assert found(attached(told.journey, name)) == {name}


def test_the_letter_says_what_its_reader_needs(told):
    """And nothing else of what is known: not the findings, not the family card."""
    papers = documents(told.journey)
    assert found(pdf_text(papers["verification_letter"])) == ON_THE_LETTER
    assert found(pdf_text(papers["receipt"])) == {"name"}


def test_the_metadata_of_the_papers_name_nobody(told):
    """Neither the document information nor the XMP, nor anything outside the pages."""
    for pdf in documents(told.journey).values():
        reader = PdfFileReader(io.BytesIO(pdf))
        information = reader.trailer["/Info"]
        described = " ".join(str(information[key]) for key in information)
        assert "Dinsos-Bjm" in described
        assert found(described) == set()
        assert found(reader.root["/Metadata"].data) == set()
        assert found(pdf) == set()


def test_no_table_of_any_database_holds_a_mark(told, fleet):
    """Every row of every table, with the bytes that lie in it."""
    texts = databases(fleet)
    for table in ("intake.requests", "verification.visits", "documents.contents", "audit.ledger"):
        assert len(texts[table]) > 500, table
    assert {table: found(text) for table, text in texts.items() if found(text)} == {}


def test_no_message_holds_a_mark(told):
    """Events are without personal data; commands and their answers are sealed."""
    addresses = {message.address for message in told.messages}
    assert {"intake.submit_request", "verification.report_visit", "request_received"} <= addresses
    assert any(ANSWER.fullmatch(address) for address in addresses)
    for message in told.messages:
        assert found(message.body) == set(), message.address
        assert found(message.envelope) == set(), message.address


def test_a_command_that_waits_for_its_service_is_sealed(told, fleet):
    """It lies on the broker's disk for as long as the service is away."""
    fleet.kill("intake")
    body, headers = marked_request([], "web"), {"Idempotency-Key": "while-away"}
    post = eventlet.spawn(
        httpx.post, f"{fleet.url}/v1/requests", json=body, headers=headers, timeout=30
    )
    (waiting,) = eventually(lambda: seen(fleet.amqp_url, "rpc-intake"), "the command")
    fleet.start("intake")
    assert waiting.address == "intake.submit_request"
    assert found(waiting.body) == found(waiting.envelope) == set()
    assert post.wait().status_code in {201, 503}


def test_the_ledger_and_the_stream_of_other_teams_hold_no_mark(told, fleet, tmp_path):
    """What auditors read, and what lies ready for consumers that are not known yet."""
    entries = ledger(told.journey)
    assert told.journey.tracking_number in entries
    assert found(entries) == set()
    size = len(entries.splitlines())
    with running("stranger.py", tmp_path, "stream", fleet.amqp_url) as stranger:
        heard = eventually(lambda: len(each := stranger.heard()) >= size and each, "the stream")
    assert found(json.dumps(heard)) == set()


def test_a_refusal_repeats_nothing_that_was_sent(told):
    """Not in the body and not in a header, whatever was wrong."""
    assert len(told.refused) > 80
    for answer in told.refused:
        assert answer.status_code < 500, (answer.request.url.path, answer.text)
        sent_back = {k: v for k, v in answer.headers.items() if k.lower() != "x-request-id"}
        assert found(answer.text + str(sent_back)) == set(), answer.request.url.path
    assert found(told.garbage) == set()


def test_no_log_and_no_figure_holds_a_mark(told, fleet):
    """Of no process, after all that was right and all that was wrong."""
    logs, figures = fleet.logs(), metrics(fleet)
    assert told.journey.tracking_number in logs
    assert figures.count("# HELP python_info") == len(SERVICES) + 1
    assert found(logs) == set()
    assert found(figures) == set()


def test_a_dead_letters_headers_hold_no_mark(told, fleet):
    """Somebody else's fault may hold anything: it is kept whole, and described without it."""
    spoiled: dict[str, Any] = {"specversion": "1.0", "time": NIK, "subject": MARKS["name"]}
    with Connection(fleet.amqp_url) as connection:
        publish = connection.default_channel.basic_publish
        for body in (f"{NIK} {MARKS['name']}", json.dumps(spoiled)):
            message = connection.default_channel.prepare_message(
                body, content_type="application/json", content_encoding="utf-8"
            )
            publish(message, events_exchange("intake").name, "request_received")
    for service in OBSERVERS_OF_RECEPTION:
        queue = dead_letter_queue(service).name
        eventually(lambda queue=queue: len(seen(fleet.amqp_url, queue)) == 2, f"{service}'s dead")
        for letter in taken(fleet.amqp_url, queue):
            assert letter.headers["x-sigap-reason"] in {"undecodable", "contract"}
            assert found(letter.envelope) == set()
            assert "nik" in found(letter.body)
    assert found(fleet.logs()) == set()
    assert found(metrics(fleet)) == set()
    assert {table for table, text in database_texts(fleet) if found(text)} == set()
