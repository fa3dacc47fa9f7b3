"""Somebody who looks, while a server is away, whether the gateway still does what it can."""

import time
import uuid
from collections.abc import Callable

import httpx

from ops.demo.complaint import COMPLAINT
from ops.demo.office import PASSWORD
from tests.faults.clients import Desk
from tests.faults.record import ACKNOWLEDGED, UNKNOWN, Operation, Record
from tests.faults.walks import Step

ROLE = "complaint_officer"
WITHIN = 15.0
"""Seconds until the gateway must have answered: its own timeout is ten."""

SUBMIT = Step(
    "complaints.submit_complaint",
    "/v1/complaints",
    ROLE,
    {**COMPLAINT, "channel": "counter"},
    ("complaints.complaint_received",),
)


class Visitor:
    """Signs in at once. `findings` are what must not be; `slowest` is in seconds."""

    def __init__(self, desk: Desk, record: Record) -> None:
        self._desk = desk
        self._record = record
        self._http = httpx.Client(base_url=desk.url, timeout=WITHIN)
        answer = self._http.post("/v1/login", json={"username": ROLE, "password": PASSWORD})
        answer.raise_for_status()
        self._token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        self.findings: list[str] = []
        self.read = 0
        self.refused = 0
        self.accepted = 0
        self.slowest = 0.0

    def look(self, case: str) -> None:
        """Read the status of a case, which must be answered."""
        code = self._answered(lambda: self._http.get(f"/v1/status/{case}", headers=self._token))
        if code == httpx.codes.OK:
            self.read += 1
        else:
            self.findings.append(f"a read was answered {code}")

    def submit(self, *, may_pass: bool = False) -> None:
        """Write once, which must be refused for now, or take effect where it may pass."""
        key = str(uuid.uuid4())
        service_key = self._desk.service_key(SUBMIT, key)
        operation = Operation(service_key, SUBMIT.endpoint, "", SUBMIT.events)
        self._record.attempted(operation)
        started = time.monotonic()
        headers = {**self._token, "Idempotency-Key": key}
        try:
            answer = self._http.post(SUBMIT.path, json=SUBMIT.body, headers=headers)
        except httpx.HTTPError as error:
            self.findings.append(f"a write was not answered: {type(error).__name__}")
            self._record.settled(operation, UNKNOWN)
            return
        self.slowest = max(self.slowest, time.monotonic() - started)
        if answer.is_success and may_pass:
            self.accepted += 1
            operation.case = answer.json()["tracking_number"]
            self._record.settled(operation, ACKNOWLEDGED, case=operation.case)
            return
        if answer.status_code == 503 and "Retry-After" in answer.headers:
            self.refused += 1
        else:
            self.findings.append(f"a write was answered {answer.status_code}")
        self._record.settled(operation, UNKNOWN)

    def close(self) -> None:
        """Go."""
        self._http.close()

    def _answered(self, ask: Callable[[], httpx.Response]) -> int | str:
        try:
            return ask().status_code
        except httpx.HTTPError as error:
            return type(error).__name__
