"""`sigap demo`: one aid request from the counter to the signed letter, over HTTP, as its roles."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import typer

PASSWORD = "sigap-demo"  # noqa: S105 - public: the demo accounts' password
START_SECONDS = 60.0
STEP_SECONDS = 30.0

REQUEST: dict[str, Any] = {
    "kind": "assistance_verification",
    "channel": "counter",
    "purpose": "jamkesda",
    "target_institution": "RSUD Sultan Suriansyah",
    "applicant": {
        "name": "Siti Contoh",
        "nik": "6371034107900001",
        "family_card": "6371030101150001",
        "birth_date": "1990-07-01",
        "sex": "female",
        "phone": "0812 0000 0000",
    },
    "address": {"street": "Jl. Contoh No. 1", "rt": "12", "rw": "1", "village": "63.71.03.1003"},
    "notes": "Ibu akan menjalani operasi; keluarga belum terdaftar.",
}
FINDINGS = "Rumah sewa satu kamar, empat anggota keluarga, kepala keluarga bekerja harian lepas."
GROUNDS = "Hasil kunjungan menunjukkan keluarga tidak mampu menanggung biaya perawatan."


class JourneyFailed(Exception):
    """A step was not answered as the procedure says; the text names the step."""


class Office:
    """The office's front door, as each of its roles."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)
        self._tokens: dict[str, str] = {}

    def post(self, path: str, body: Any, role: str | None = None) -> dict[str, Any]:
        """Send a command under a new idempotency key. Raises JourneyFailed."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), **self._authorization(role)}
        return dict(self._checked("POST", path, json=body, headers=headers).json())

    def get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return self._checked("GET", path, headers=headers)

    def as_role(self, path: str, role: str) -> httpx.Response:
        return self.get(path, self._authorization(role))

    def _authorization(self, role: str | None) -> dict[str, str]:
        if role is None:
            return {}
        if role not in self._tokens:
            credentials = {"username": role, "password": PASSWORD}
            answer = self._checked("POST", "/v1/login", json=credentials)
            self._tokens[role] = answer.json()["access_token"]
        return {"Authorization": f"Bearer {self._tokens[role]}"}

    def send(self, method: str, path: str, **content: Any) -> httpx.Response:
        """One HTTP request, as it is answered."""
        return self._http.request(method, path, **content)

    def _checked(self, method: str, path: str, **content: Any) -> httpx.Response:
        answer = self.send(method, path, **content)
        if answer.is_error:
            raise JourneyFailed(f"{method} {path}: {answer.text}")
        return answer


class Journey:
    """The six steps of the published procedure, for one request."""

    def __init__(self, office: Office, patience: float = STEP_SECONDS) -> None:
        self.office = office
        self._patience = patience
        self.tracking_number = ""
        self.access_code = ""

    def travel(self) -> dict[str, Any]:
        """Walk the whole procedure; returns the final status."""
        registered = self.office.post("/v1/requests", REQUEST, "counter_officer")
        self.tracking_number = registered["tracking_number"]
        self.access_code = registered["access_code"]
        checked = ("resident", "identity_document", "institution_documents")
        checklist = [{"requirement": name, "fulfilled": True} for name in checked]
        self._move("identification", {"checklist": checklist}, "counter_officer", "announced")
        self._move("claim", {}, "verifier", "assigned")
        self._move("visit-report", self._visit(), "verifier", "visited")
        assessment = {"recommendation": "eligible", "grounds": GROUNDS}
        self._move("assessment", assessment, "social_worker", "assessed")
        self._move("decision", {"decision": "eligible", "grounds": GROUNDS}, "division_head")
        self._until(lambda status: len(status["documents"]) == 2, "receipt and letter")
        return self._deliver()

    def status(self) -> dict[str, Any]:
        """What the resident reads, with the access code."""
        path = f"/v1/status/{self.tracking_number}"
        return dict(self.office.get(path, {"X-Access-Code": self.access_code}).json())

    def document(self, code: str) -> bytes:
        return self.office.get(f"/v1/documents/{code}", {"X-Access-Code": self.access_code}).content

    def event_names(self) -> list[str]:
        """The case's events in the order of the ledger, as the auditor reads them."""
        names: list[str] = []
        after = 0
        while entries := self._ledger(after):
            mine = (e["event"] for e in entries if e["event"]["subject"] == self.tracking_number)
            names += [event["type"].split(".")[1] for event in mine]
            after = entries[-1]["index"]
        return names

    def _ledger(self, after: int) -> list[dict[str, Any]]:
        page = self.office.as_role(f"/v1/events?after={after}&limit=1000", "auditor")
        return [json.loads(line) for line in page.text.splitlines()]

    def _visit(self) -> dict[str, Any]:
        visited_at = datetime.now().astimezone() - timedelta(minutes=1)
        return {
            "visit": str(uuid.uuid4()),
            "outcome": "household_visited",
            "visited_at": visited_at.isoformat(),
            "findings": FINDINGS,
            "household_members": 4,
            "monthly_income_idr": 1_200_000,
            "position": {"latitude": -3.3186, "longitude": 114.5944, "accuracy_m": 8.5},
        }

    def _move(self, move: str, body: Any, role: str, awaited: str | None = None) -> dict[str, Any]:
        self.office.post(f"/v1/verifications/{self.tracking_number}/{move}", body, role)
        if awaited is None:
            return {}
        return self._until(lambda status: status["status"] == awaited, awaited)

    def _deliver(self) -> dict[str, Any]:
        """Hand over the letter; verification may hear of it a moment after the resident does."""
        path = f"/v1/verifications/{self.tracking_number}/delivery"
        until = time.monotonic() + self._patience
        while True:
            try:
                self.office.post(path, {"delivery": "oral_and_letter"}, "counter_officer")
                break
            except JourneyFailed as failure:
                if "letter_not_ready" not in str(failure) or time.monotonic() > until:
                    raise
                time.sleep(0.2)
        return self._until(lambda status: status["status"] == "delivered", "delivered")

    def _until(self, reached: Any, what: str) -> dict[str, Any]:
        until = time.monotonic() + self._patience
        while time.monotonic() < until:
            status = self.status()
            if reached(status):
                return status
            time.sleep(0.05)
        raise JourneyFailed(f"{self.tracking_number} was not seen as {what} in {self._patience} s")


def run_demo(url: str | None, as_json: bool) -> int:
    """Drive the system at `url`, or an embedded one of its own; returns the exit code."""
    home = Path(os.environ.get("SIGAP_HOME", "var")) / "demo"
    if url is not None:
        return _drive(url, home, as_json)
    from ops.signature import check  # needs what only the documents service installs

    try:
        with _embedded(home) as address:
            return _drive(address, home, as_json, signature_of=partial(check, home=home))
    except JourneyFailed as failure:
        typer.echo(f"sigap demo: {failure}", err=True)
        return 1


def _drive(
    url: str, folder: Path, as_json: bool, signature_of: Callable[[Path], Any] | None = None
) -> int:
    journey = Journey(Office(url))
    try:
        status = journey.travel()
        letters = _keep_documents(journey, status, folder / "letters")
        events = journey.event_names()
        signature = signature_of(Path(letters["verification_letter"])) if signature_of else None
        if signature is not None and not (signature["valid"] and signature["trusted"]):
            raise JourneyFailed(f"the letter's signature is not valid: {signature}")
    except (JourneyFailed, httpx.HTTPError) as failure:
        typer.echo(f"sigap demo: {failure}", err=True)
        return 1
    if as_json:
        result = {"status": status, "events": events, "letters": letters, "signature": signature}
        typer.echo(json.dumps(result))
        return 0
    _tell(status, events, letters)
    if signature is not None:
        typer.echo(f"  signature valid, by {signature['signed_by']}; root: {signature['root']}")
    return 0


def _keep_documents(journey: Journey, status: dict[str, Any], folder: Path) -> dict[str, str]:
    """Fetch every document of the case; returns the path by kind."""
    folder.mkdir(parents=True, exist_ok=True)
    kept: dict[str, str] = {}
    for document in status["documents"]:
        path = folder / f"{journey.tracking_number}-{document['kind']}.pdf"
        path.write_bytes(journey.document(document["code"]))
        kept[document["kind"]] = str(path)
    return kept


def _tell(status: dict[str, Any], events: list[str], letters: dict[str, str]) -> None:
    typer.echo(f"\n{status['tracking_number']}: {status['label']['id']} ({status['label']['en']})")
    typer.echo("\nTimeline")
    for moment in status["timeline"]:
        typer.echo(f"  {moment['at'][:19]}  {moment['label']['id']} ({moment['label']['en']})")
    deadline = status["deadline"]
    typer.echo(f"\nDeadline: {deadline['text']['id']} ({deadline['text']['en']})")
    for step in deadline["steps"]:
        mark = "+" if step["counted"] else " "
        typer.echo(f"  {mark} {step['date']}  {step['text_id']} ({step['text_en']})")
    typer.echo("\nEvents in the ledger")
    for name in events:
        typer.echo(f"  {name}")
    typer.echo("\nDocuments")
    for kind, path in letters.items():
        typer.echo(f"  {kind}: {path}")


@contextmanager
def _embedded(home: Path) -> Iterator[str]:
    """`sigap run` in a process of its own on a free port; ended with SIGTERM."""
    home.mkdir(parents=True, exist_ok=True)
    address = f"127.0.0.1:{_free_port()}"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")}
    environ |= {
        "SIGAP_HOME": str(home),
        "SIGAP_HTTP_ADDRESS": address,
        "SIGAP_PUBLIC_URL": f"http://{address}",
        "SIGAP_DEMO": "1",
    }
    log_path = home / "sigap.log"
    typer.echo(f"Starting the embedded system on http://{address} (log: {log_path})", err=True)
    with log_path.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ops.cli", "run"], env=environ, stdout=log, stderr=log
        )
        try:
            _wait_until_ready(f"http://{address}", process, log_path)
            yield f"http://{address}"
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=30)
    if code != 0:
        raise JourneyFailed(f"the embedded system ended with {code}; see {log_path}")


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log_path: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise JourneyFailed(f"the embedded system ended at its start; see {log_path}")
        try:
            if httpx.get(f"{url}/health/ready").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise JourneyFailed(f"the embedded system was not ready in {START_SECONDS} s; see {log_path}")


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
