"""Marked values sent through every call that takes a text are found where they belong, and
nowhere else: no table, message, header, log, figure or file's metadata holds one."""

import base64
import hashlib
import io
import json
import re
import zipfile
from typing import Any

import eventlet
import httpx
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from chassis.publishing import Outgoing
from chassis.topology import dead_letter_queue, events_exchange
from ops.demo.office import CaseJourney
from tests.e2e.inspection import database_texts
from tests.e2e.marks import (
    ADDRESSES,
    COMPLAINT_MARKS,
    DATA_MARKS,
    EVERY_MARK,
    FILES,
    MARKS,
    SURVEYS,
    found,
    marked_request,
)
from tests.e2e.programs import running
from tests.e2e.taps import publish, seen, taken
from tests.e2e.told import Told, attached, case_detail, correspondence
from tests.fleet import SERVICES, Fleet
from tests.pdf_text import pdf_text
from tests.real import eventually

NIK = MARKS["nik"]
ANSWER = re.compile(r"reply\.[a-z_]+\.[0-9a-f-]{36}")
"""Where an answer is sent to: the caller's own address."""

OBSERVERS_OF_RECEPTION = ("verification", "documents", "gateway", "audit", "notifications")


@pytest.fixture(scope="module")
def fleet(marked_fleet: Fleet) -> Fleet:
    """The one that the marks went through."""
    return marked_fleet


@pytest.fixture(scope="module")
def told(marked: Told) -> Told:
    """All that was said while the marks went through the system."""
    return marked


def metrics(fleet: Fleet) -> str:
    """What every process counts, the gateway on both of its doors."""
    doors = [fleet.environ(name)["SIGAP_OPS_ADDRESS"] for name in SERVICES]
    doors.append(fleet.http_address)
    return "".join(httpx.get(f"http://{door}/metrics").text for door in doors)


def ledger(journey: CaseJourney) -> str:
    return journey.office.as_role("/v1/events?after=0&limit=1000", "auditor").text


def databases(fleet: Fleet) -> dict[str, str]:
    return dict(database_texts(fleet))


@pytest.mark.parametrize("what", EVERY_MARK)
def test_the_eyes_see_a_mark_however_it_is_hidden(what):
    """What finds nothing below would find each of these."""
    mark = EVERY_MARK[what].encode()
    in_hex = (b"x" + mark).hex()
    for hidden in (mark.upper(), f'"\\\\x{in_hex}"'.encode(), mark.decode().encode("utf-16-be")):
        assert found(b"... " + hidden + b" ...") == {what}
    for before in ("", "a", "ab"):
        text = json.dumps({"body": base64.b64encode(before.encode() + mark + b"!").decode()})
        assert found(text) == {what}
    assert found(hashlib.sha256(mark).hexdigest()) == {what}


def test_the_marks_stand_where_they_belong(told):
    """The staff read what was sent and written; the files are in the case."""
    unread = FILES | ADDRESSES | SURVEYS
    assert found(case_detail(told.aid)) == set(MARKS) - unread
    not_there = {"table cell", "rejection"}
    assert found(case_detail(told.data)) == set(DATA_MARKS) - unread - not_there
    assert found(case_detail(told.rejected)) >= {"rejection", "disposition note"}
    assert found(case_detail(told.complaint)) == set(COMPLAINT_MARKS) - unread - {"lapor number"}
    assert "lapor number" in found(told.complaint.lapor_record())
    for journey in (told.aid, told.data, told.complaint):
        for name in journey.files:
            assert found(attached(journey, name)) == {name}


def test_the_package_holds_the_tables_and_how_they_were_made(told):
    """And nothing of who asked for it."""
    with zipfile.ZipFile(io.BytesIO(told.data.package)) as archive:
        content = b"".join(archive.read(name) + name.encode() for name in archive.namelist())
    of_the_table = {"table", "table heading", "table cell"}
    assert found(content) == of_the_table | {"data source", "data method"}
    register = told.data.office.as_role("/v1/reports/data-register", "agency_head").text
    assert found(register) == {"requester signature", "institution", "table"}


def test_the_resident_reads_what_was_written_to_them_and_by_them(told):
    """Not what the office wrote to itself, to a partner, upward, or to LAPOR!."""
    assert found(correspondence(told.aid)) == {"checklist note"}
    assert found(correspondence(told.data)) == {"question", "clarification"}
    assert found(correspondence(told.rejected)) == {"rejection"}
    of_the_complaint = {"check note", "complaint supplement", "response", "resolution", "reopening"}
    assert found(correspondence(told.complaint)) == of_the_complaint


def test_the_papers_say_what_their_reader_needs(told):
    """And nothing else of what is known: not the findings, not the family card."""
    for kind, paper, expected in told.papers:
        assert found(pdf_text(paper)) == expected, kind


def test_the_metadata_of_the_papers_name_nobody(told):
    """Neither the document information nor the XMP, nor anything outside the pages."""
    for kind, pdf, _ in told.papers:
        reader = PdfFileReader(io.BytesIO(pdf))
        information = reader.trailer["/Info"]
        described = " ".join(str(information[key]) for key in information)
        assert "Dinsos-Bjm" in described
        assert found(described) == set(), kind
        assert found(reader.root["/Metadata"].data) == set(), kind
        assert found(pdf) == set(), kind


@pytest.mark.parametrize("way", ["whatsapp", "telegram"])
def test_a_bot_gets_the_address_of_its_way_and_nothing_else(told, way):
    """In the body of a message about that person's case, and in no header."""
    whose = {told.data.tracking_number: "requester", told.complaint.tracking_number: "complainant"}
    whose[told.rejected.tracking_number] = "requester"
    assert {body["tracking_number"] for body in told.addressees.bodies(way)} == set(whose)
    for headers, body in told.addressees.posts(way):
        owner = whose[json.loads(body)["tracking_number"]]
        assert found(body) == {f"{owner} notify {way}"}
        assert found(str(headers)) == set()


def test_who_follows_every_case_gets_no_personal_data(told):
    """Neither in a body nor in a header."""
    followed = {body["tracking_number"] for body in told.addressees.bodies("status")}
    cases = (told.aid, told.data, told.rejected, told.complaint)
    assert followed >= {case.tracking_number for case in cases}
    for headers, body in told.addressees.posts("status"):
        assert found(body) == found(str(headers)) == set()


def test_a_mail_names_nobody_but_its_address(told):
    """Whoever reads over a shoulder learns the number of a case."""
    addressed = set()
    for mail in told.addressees.mails():
        (whose,) = found(str(mail["To"]))
        addressed.add(whose)
        assert found(mail.as_bytes() + mail.get_content().encode()) == {whose}
    assert addressed == {"requester notify email", "complainant notify email"}


def test_no_table_of_any_database_holds_a_mark(told, fleet):
    """Every row of every table, with the bytes that lie in it."""
    texts = databases(fleet)
    for table in (
        *("intake.requests", "verification.visits", "documents.contents", "audit.ledger"),
        *("data_request.reviews", "complaints.writings", "notifications.deliveries"),
    ):
        assert len(texts[table]) > 500, table
    assert {table: found(text) for table, text in texts.items() if found(text)} == {}


def test_a_webhooks_secret_is_shown_once_and_kept_sealed(told, fleet):
    """Who reads a table or a log cannot speak for the office."""
    everything = "".join(databases(fleet).values()) + fleet.logs()
    for secret in told.addressees.secrets:
        assert secret.startswith("whsec_")
        assert secret.removeprefix("whsec_") not in everything


def test_no_message_holds_a_mark(told):
    """Events are without personal data; commands and their answers are sealed."""
    addresses = {message.address for message in told.messages}
    assert {"intake.submit_request", "verification.report_visit", "request_received"} <= addresses
    assert {"intake.submit_data_request", "data_request.store_table"} <= addresses
    of_complaints = {each for each in addresses if each.startswith("complaints.")}
    assert of_complaints >= {"complaints.submit_complaint", "complaints.read_contacts"}
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
    entries = ledger(told.aid)
    assert told.aid.tracking_number in entries
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


def test_what_stands_around_an_answer_holds_no_mark(told):
    """No address, no header: Location, Link, Content-Disposition and whatever there is."""
    assert len(told.office.around) > 100
    assert any("content-disposition" in each for each in told.office.around)
    assert found("\n".join(told.office.around)) == set()


def test_what_operators_and_auditors_print_holds_no_mark(told, fleet, tmp_path):
    """The stream as pika reads it, the ledger's export with its checkpoint, the outboxes."""
    stream = fleet.sigap("audit", "tail")
    assert told.complaint.tracking_number in stream
    fleet.sigap("audit", "export", str(tmp_path / "export"))
    files = [path for path in (tmp_path / "export").rglob("*") if path.is_file()]
    assert len(files) > 2
    outboxes = fleet.sigap("outbox", "status", "--older-than", "3600")
    printed = (stream, outboxes, *(path.read_bytes() for path in files))
    assert [found(each) for each in printed] == [set()] * len(printed)


def test_the_wrong_tries_are_counted_without_what_was_tried(told, fleet):
    """Numbers and codes stand there as keyed digests."""
    assert databases(fleet)["gateway.wrong_tries"].count("\n") > 2


def test_no_log_and_no_figure_holds_a_mark(told, fleet):
    """Of no process, after all that was right and all that was wrong."""
    logs, figures = fleet.logs(), metrics(fleet)
    assert told.aid.tracking_number in logs
    assert figures.count("# HELP python_info") == len(SERVICES) + 1
    assert found(logs) == set()
    assert found(figures) == set()


def test_a_dead_letters_headers_hold_no_mark(told, fleet):
    """Somebody else's fault may hold anything: it is kept whole, and described without it."""
    spoiled: dict[str, Any] = {"specversion": "1.0", "time": NIK, "subject": MARKS["name"]}
    exchange = events_exchange("intake").name
    publish(
        fleet.amqp_url,
        *(
            Outgoing(exchange, "request_received", body.encode())
            for body in (f"{NIK} {MARKS['name']}", json.dumps(spoiled))
        ),
    )
    for service in OBSERVERS_OF_RECEPTION:
        queue = dead_letter_queue(service).name
        eventually(lambda queue=queue: len(seen(fleet.amqp_url, queue)) == 2, f"{service}'s dead")
    _check_what_is_told_of(fleet)
    for service in OBSERVERS_OF_RECEPTION:
        queue = dead_letter_queue(service).name
        for letter in taken(fleet.amqp_url, queue):
            assert letter.headers["x-sigap-reason"] in {"undecodable", "contract"}
            assert found(letter.envelope) == set()
            assert "nik" in found(letter.body)
    assert found(fleet.logs()) == set()
    assert found(metrics(fleet)) == set()
    assert {table for table, text in database_texts(fleet) if found(text)} == set()


def _check_what_is_told_of(fleet: Fleet) -> None:
    """What operators print of the letters while they lie there, without being asked for more."""
    listed = json.loads(fleet.sigap("dead-letters", "list", "--json"))["dead_letters"]
    assert len(listed) == 2 * len(OBSERVERS_OF_RECEPTION)
    (contract,) = {each["id"] for each in listed if each["reason"] == "contract"}
    shown = fleet.sigap("dead-letters", "show", contract, "--service", OBSERVERS_OF_RECEPTION[0])
    assert (found(json.dumps(listed)), found(shown)) == (set(), set())
