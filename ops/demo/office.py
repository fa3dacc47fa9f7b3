"""The office's front door over HTTP, as each of its roles, and a case that travels through it."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx

PASSWORD = "sigap-demo"  # noqa: S105 - public: the demo accounts' password
STEP_SECONDS = 30.0


class JourneyFailed(Exception):
    """A step was not answered as the procedure says; the text names the step."""


class Office:
    """The office's front door, as each of its roles."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)
        self._tokens: dict[str, str] = {}

    def post(
        self,
        path: str,
        body: Any,
        role: str | None = None,
        headers: dict[str, str] | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Send a command, under a new idempotency key if none is given. Raises JourneyFailed."""
        sent = {"Idempotency-Key": key or str(uuid.uuid4()), **self._authorization(role)}
        sent |= headers or {}
        return dict(self._checked("POST", path, json=body, headers=sent).json())

    def upload(self, path: str, name: str, content: bytes, role: str | None = None) -> Any:
        """Send a file; returns what is said of it. Raises JourneyFailed."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), **self._authorization(role)}
        return self._checked("POST", path, files={"file": (name, content)}, headers=headers).json()

    def get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return self._checked("GET", path, headers=headers)

    def as_role(self, path: str, role: str) -> httpx.Response:
        return self.get(path, self._authorization(role))

    def sign_in_anew(self) -> None:
        """Forget the tokens: after the clock was moved they are out of date."""
        self._tokens.clear()

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


class CaseJourney:
    """One case on its way, as the resident and the roles of the office move it.

    `moves` is the path of the staff's calls for its kind, without the tracking number.
    """

    moves = ""

    def __init__(self, office: Office, patience: float = STEP_SECONDS) -> None:
        self.office = office
        self.patience = patience
        self.tracking_number = ""
        self.access_code = ""

    def registered(self, receipt: dict[str, Any]) -> None:
        """Keep what opens the case."""
        self.tracking_number = receipt["tracking_number"]
        self.access_code = receipt["access_code"]

    def status(self) -> dict[str, Any]:
        """What the resident reads, with the access code."""
        return dict(self._as_resident("").json())

    def document(self, code: str) -> bytes:
        """A letter, as the resident fetches it."""
        return self.office.get(f"/v1/documents/{code}", self._code()).content

    def documents(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        """The case's documents of this kind, once there are so many."""

        def found(status: dict[str, Any]) -> list[dict[str, Any]]:
            return [each for each in status["documents"] if each["kind"] == kind]

        return found(self.until(lambda status: len(found(status)) >= count, kind))

    def as_resident(self, move: str, body: Any) -> dict[str, Any]:
        """A move of the resident's."""
        return self.office.post(
            f"/v1/status/{self.tracking_number}/{move}", body, headers=self._code()
        )

    def as_staff(
        self, move: str, body: Any, role: str, awaited: str | None = None
    ) -> dict[str, Any]:
        """A move of the staff's; returns the status once it is the `awaited` one."""
        self.office.post(f"{self.moves}/{self.tracking_number}/{move}", body, role)
        if awaited is None:
            return {}
        return self.until(lambda status: status["status"] == awaited, awaited)

    def patiently(self, move: Callable[[], Any], refused: str) -> Any:
        """Make a move that another service may learn of a moment later: repeat it while it is
        refused with this code."""
        until = time.monotonic() + self.patience
        while True:
            try:
                return move()
            except JourneyFailed as failure:
                if refused not in str(failure) or time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def until(self, reached: Callable[[dict[str, Any]], Any], what: str) -> dict[str, Any]:
        """The status as soon as it is reached; raises JourneyFailed when patience is over."""
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            status = self.status()
            if reached(status):
                return status
            time.sleep(0.05)
        raise JourneyFailed(f"{self.tracking_number} was not seen as {what} in {self.patience} s")

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

    def _as_resident(self, part: str) -> httpx.Response:
        return self.office.get(f"/v1/status/{self.tracking_number}{part}", self._code())

    def _code(self) -> dict[str, str]:
        return {"X-Access-Code": self.access_code}
