"""Of the marks that went through the system nothing can be read once their persons are erased.

The fleet is that of test_personal_data, whose searches come before: this module comes last.
"""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.publishing import Outgoing
from chassis.topology import events_exchange
from services.audit.settings import AuditSettings
from tests.e2e.inspection import database, nothing_is_left
from tests.e2e.marks import COMPLAINT_MARKS, DATA_MARKS, MARKS, found
from tests.e2e.taps import publish
from tests.e2e.told import Told, case_detail, reader
from tests.fleet import ROOT, SERVICES, Fleet
from tests.pdf_text import pdf_text
from tests.real import eventually
from tests.unsealing import opened, reply_key, stored

OFFICER = "agus"
WHY = ("--by", OFFICER, "--reason", "subject_request")
KEPT_ON_PAPER = {
    *("name", "nik", "street", "target institution", "decision grounds"),
    *("complainant", "complainant address", "response"),
    *("office signature", "office position", "requester signature", "requester position"),
    *("institution", "use", "data type", "coverage", "data source", "data method", "table"),
}
"""What the letters say that archives must keep."""


def sigap(fleet: Fleet, *words: str, nik: str | None = None) -> subprocess.CompletedProcess[str]:
    """An operator's command; the NIK goes in by the standard input."""
    return subprocess.run(
        [sys.executable, "-m", "ops.cli", *words],
        cwd=ROOT,
        env=fleet.environ(),
        input=nik,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def erase(fleet: Fleet, *who: str, nik: str | None = None) -> dict[str, object]:
    done = sigap(fleet, "privacy", "erase", *who, *WHY, "--json", nik=nik)
    assert done.stdout, done.stderr[-2000:]
    assert found(done.stdout + done.stderr) == set()
    return dict(json.loads(done.stdout))


def readable(fleet: Fleet) -> Iterator[tuple[str, bytes]]:
    """All that gives way to the secrets of the installation, in any table."""
    master, rpc = (
        bytes.fromhex((fleet.folder / "secrets" / name).read_text()) for name in ("vault", "rpc")
    )
    for service in SERVICES:
        with database(fleet, service) as connection:
            for column, content in opened(stored(connection), master, reply_key(rpc)):
                yield f"{service}.{column}", content


def papers_and_marks(fleet: Fleet) -> tuple[set[str], dict[str, set[str]]]:
    """The marks on papers that can be opened, and those in anything else by its column."""
    on_paper: set[str] = set()
    elsewhere: dict[str, set[str]] = {}
    for column, content in readable(fleet):
        if column.startswith("documents.") and content.startswith(b"%PDF"):
            on_paper |= found(pdf_text(content))
        elif marks := found(content):
            elsewhere.setdefault(column, set()).update(marks)
    return on_paper, elsewhere


@pytest.fixture(scope="module")
def record(marked: Told, marked_fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the aid request's person, made before they are erased."""
    path = tmp_path_factory.mktemp("record") / "record.json"
    done = sigap(
        marked_fleet,
        *("audit", "subject", "--nik", "--by", OFFICER, "--to", str(path), "--json"),
        nik=MARKS["nik"] + "\n",
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert found(done.stdout + done.stderr) == set()
    told = json.loads(done.stdout)
    assert {marked.aid.tracking_number, marked.second.tracking_number} <= {*told["cases"]}
    return path


@pytest.fixture(scope="module")
def erased(record: Path, marked: Told, marked_fleet: Fleet) -> Told:
    """The three persons are erased, each found in another way, after their cases are closed."""
    fleet, desk = marked_fleet, "counter_officer"
    before = papers_and_marks(fleet)[1]
    assert set().union(*before.values()) >= {"name", "requester", "complainant", "findings"}
    open_ones = erase(fleet, "--nik", nik=MARKS["nik"])["open"]
    assert isinstance(open_ones, list)
    assert marked.second.tracking_number in open_ones
    for number in open_ones:
        marked.office.post(f"/v1/status/{number}/withdrawal", {}, desk)
    number = marked.complaint.tracking_number
    marked.office.post(f"/v1/status/{number}/withdrawal", {}, "complaint_officer")
    assert papers_and_marks(fleet)[1] == before
    ways: tuple[tuple[tuple[str, ...], str | None], ...] = (
        (("--nik", "--yes"), MARKS["nik"]),
        (("--case", marked.data.tracking_number, "--yes"), None),
        (("--case", number, "--yes"), None),
    )
    for way, nik in ways:
        done = eventually(lambda way=way, nik=nik: _done(fleet, way, nik), "nothing open")
        assert done["outcome"] == "erased", done
    return marked


def _done(fleet: Fleet, way: tuple[str, ...], nik: str | None) -> dict[str, object] | None:
    """What was said; None while a service has yet to hear of a withdrawal."""
    told = erase(fleet, *way, nik=nik)
    return None if "open" in told else told


def test_the_record_holds_what_is_stored_and_who_read_it(record, marked):
    """For the person and nobody else to read."""
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    told = json.loads(record.read_text())
    of_others = {"reporter", "reporter phone", "relation", "attachment", "photo"}
    assert found(record.read_text()) >= set(MARKS) - of_others
    assert not found(record.read_text()) & {*DATA_MARKS, *COMPLAINT_MARKS, "reporter"}
    assert {"counter_officer", "system"} <= {each["role"] for each in told["readings"]}
    text = record.with_suffix(".txt")
    assert stat.S_IMODE(text.stat().st_mode) == 0o600
    assert found(text.read_text()) == found(record.read_text())


def test_the_look_is_in_the_ledger(record, marked):
    """With its purpose, under the user name that was given."""
    events = marked.office.as_role("/v1/events?after=0&limit=1000", "auditor").text
    looks = [line for line in events.splitlines() if "subject_access" in line]
    assert looks
    assert all(f"staff:{OFFICER}" in line for line in looks)


def test_no_key_opens_a_mark_but_in_the_letters_that_stay(erased, marked_fleet):
    """With every secret of the installation, over every table of every database."""
    on_paper, elsewhere = papers_and_marks(marked_fleet)
    assert elsewhere == {}
    assert on_paper == KEPT_ON_PAPER


def test_every_reading_says_that_it_is_erased(erased, marked_fleet):
    """The status stays; nothing breaks."""
    for journey in (erased.aid, erased.data, erased.rejected, erased.complaint):
        case = json.loads(case_detail(journey))
        assert case["personal_data_erased"] is True
        assert case["personal_data_shown"] is False
        labels = [each["event"] for each in journey.status()["timeline"]]
        assert labels.count("personal_data_erased") == 1
        code = {"X-Access-Code": journey.access_code}
        path = f"/v1/status/{journey.tracking_number}/correspondence"
        assert _code_of(marked_fleet, path, code) == (410, "personal_data_erased")
        for each in journey.status()["documents"]:
            letter = f"/v1/documents/{each['code']}"
            assert _code_of(marked_fleet, letter, code) == (410, "personal_data_erased")
            verified = httpx.get(f"{marked_fleet.url}/v1/verify/{each['code']}")
            assert verified.json()["sha256"] == each["sha256"]
    lapor = f"/v1/complaints/{erased.complaint.tracking_number}/lapor"
    officer = erased.office.bearer("complaint_officer")
    assert _code_of(marked_fleet, lapor, officer) == (410, "personal_data_erased")
    register = erased.office.as_role("/v1/reports/data-register", "agency_head").json()
    assert [each["recipient"] for each in register["entries"]] == [None]
    for role in ("counter_officer", "verifier", "social_worker", "complaint_officer"):
        erased.office.as_role("/v1/tasks", role)
    for report in ("service-levels", "satisfaction"):
        erased.office.as_role(f"/v1/reports/{report}", "agency_head")


def test_a_head_reads_the_letter_that_is_kept_and_a_desk_does_not(erased, marked_fleet):
    """Archives are for few."""
    (letter,) = [
        each for each in erased.aid.status()["documents"] if each["kind"] == "verification_letter"
    ]
    path = f"/v1/documents/{letter['code']}"
    kept = erased.office.as_role(path, "agency_head").content
    assert found(pdf_text(kept)) >= {"name", "nik"}
    desk = erased.office.bearer(reader(erased.aid))
    assert _code_of(marked_fleet, path, desk) == (410, "personal_data_erased")


def test_the_ledger_still_verifies(erased, marked_fleet):
    """It never held anything of them."""
    settings = AuditSettings.read(marked_fleet.environ())
    key = str(settings.signer().verifier)
    assert marked_fleet.sigap("audit", "verify", "--key", key).startswith("sound")


def test_nothing_brings_it_back(erased, marked_fleet, broker):
    """Every event of the ledger is published again, and nobody can read more."""
    entries = erased.office.as_role("/v1/events?after=0&limit=1000", "auditor").text
    publish(
        marked_fleet.amqp_url,
        *(_again(json.loads(line)["event"]) for line in entries.splitlines()),
    )
    eventually(lambda: nothing_is_left(marked_fleet, broker), "the queues to be empty")
    on_paper, elsewhere = papers_and_marks(marked_fleet)
    assert (on_paper, elsewhere) == (KEPT_ON_PAPER, {})


def _again(event: dict[str, Any]) -> Outgoing:
    """As its service published it."""
    exchange = events_exchange(event["source"].rpartition("/")[2]).name
    return Outgoing(exchange, event["type"].split(".")[1], json.dumps(event).encode(), event["id"])


def _code_of(fleet: Fleet, path: str, headers: dict[str, str]) -> tuple[int, str]:
    """Status and code of the problem."""
    answer = httpx.get(f"{fleet.url}{path}", headers=headers, timeout=30)
    return answer.status_code, answer.json().get("code", "")
