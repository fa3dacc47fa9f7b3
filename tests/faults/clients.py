# ruff: noqa: S311 - the choices need no secrecy
"""The rig's clients: each walks one case after the other and writes down what it was told."""

import hashlib
import hmac
import random
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import eventlet
import httpx

from ops.demo.office import PASSWORD
from tests.faults.options import Options
from tests.faults.record import ACKNOWLEDGED, REFUSED, UNKNOWN, Operation, Record
from tests.faults.walks import RESIDENT, Step, walk

IMPATIENT_SHARE = 0.03
"""How many writes are sent once and given up soon: their outcome stays unknown."""

IMPATIENT_SECONDS = 0.15
PATIENCE = 120.0
"""Seconds until a write that nobody answers is given up."""

TRICKLE_SECONDS = 8.0
NOT_YET = 15.0
"""Seconds in which a refusal may mean that another service has not heard of the case yet."""


class Desk:
    """What all clients share: the address, the staff's tokens, and the services' key secret."""

    def __init__(self, url: str, secrets: Path) -> None:
        self.url = url
        self._secret = bytes.fromhex((secrets / "rpc").read_text().strip())
        self._tokens: dict[str, str] = {}

    def service_key(self, step: Step, key: str, case: str = "") -> str:
        """The name under which the services know the write: the cause of its events."""
        opened = case if step.role == RESIDENT else ""
        scope = "\n".join((step.endpoint, step.role, step.role, opened, key))
        return hmac.new(self._secret, scope.encode(), hashlib.sha256).hexdigest()

    def authorization(self, http: httpx.Client, role: str) -> dict[str, str]:
        """Of a role; signs in if it must. Raises httpx.HTTPError."""
        if role not in self._tokens:
            answer = http.post("/v1/login", json={"username": role, "password": PASSWORD})
            answer.raise_for_status()
            self._tokens[role] = answer.json()["access_token"]
        return {"Authorization": f"Bearer {self._tokens[role]}"}

    def sign_out(self, role: str) -> None:
        """The token is not taken any more, as after the clock was moved."""
        self._tokens.pop(role, None)


class Client:
    """Walks cases until told to stop."""

    def __init__(
        self, desk: Desk, record: Record, dice: random.Random, registered_only: float
    ) -> None:
        self._registered_only = registered_only
        self._desk = desk
        self._record = record
        self._dice = dice
        self._access_code = ""
        self._http = httpx.Client(base_url=desk.url, timeout=20)

    def work(self, enough: Callable[[], bool], sated: Callable[[], bool]) -> None:
        """One case after the other; when sated, only a trickle."""
        while not enough():
            if sated():
                eventlet.sleep(TRICKLE_SECONDS)
            case = ""
            for step in walk(self._dice, self._registered_only):
                operation = self._write(step, case)
                if operation.outcome != ACKNOWLEDGED:
                    break
                case = operation.case

    def _write(self, step: Step, case: str) -> Operation:
        key = str(uuid.UUID(int=self._dice.getrandbits(128)))
        service_key = self._desk.service_key(step, key, case)
        operation = Operation(service_key, step.endpoint, case, step.events)
        self._record.attempted(operation)
        if self._dice.random() < IMPATIENT_SHARE:
            self._try_once(step, operation, key)
        else:
            self._try_long(step, operation, key)
        return operation

    def _try_once(self, step: Step, operation: Operation, key: str) -> None:
        try:
            answer = self._send(step, operation, key, IMPATIENT_SECONDS)
        except httpx.HTTPError:
            self._record.settled(operation, UNKNOWN)
            return
        # A refusal is no last word here: what was refused for now is not asked again.
        self._settle(operation, answer, refused=UNKNOWN)

    def _try_long(self, step: Step, operation: Operation, key: str) -> None:
        started = time.monotonic()
        while (waited := time.monotonic() - started) < PATIENCE:
            try:
                answer = self._send(step, operation, key, 20)
            except httpx.HTTPError:
                eventlet.sleep(0.2 + self._dice.random() * 0.3)
                continue
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                self._desk.sign_out(step.role)
            elif answer.is_success or (400 <= answer.status_code < 500 and waited > NOT_YET):
                self._settle(operation, answer, refused=REFUSED)
                return
            eventlet.sleep(0.2 + self._dice.random() * 0.3)
        self._record.settled(operation, UNKNOWN)

    def _send(self, step: Step, operation: Operation, key: str, timeout: float) -> httpx.Response:
        headers = {"Idempotency-Key": key, **self._opening(step)}
        path = step.path.format(case=operation.case)
        if step.file:
            sent = {"file": step.file}
            return self._http.post(path, files=sent, headers=headers, timeout=timeout)
        return self._http.post(path, json=step.body, headers=headers, timeout=timeout)

    def _opening(self, step: Step) -> dict[str, str]:
        if step.role == RESIDENT:
            return {"X-Access-Code": self._access_code}
        return self._desk.authorization(self._http, step.role)

    def _settle(self, operation: Operation, answer: httpx.Response, *, refused: str) -> None:
        if answer.is_success:
            said = answer.json()
            operation.case = said.get("tracking_number", operation.case)
            self._access_code = said.get("access_code", self._access_code)
            self._record.settled(operation, ACKNOWLEDGED, case=operation.case)
        else:
            code = answer.json().get("code") if answer.status_code < 500 else answer.status_code
            self._record.settled(operation, refused, code=code)


def start_clients(
    desk: Desk,
    record: Record,
    options: Options,
    enough: Callable[[], bool],
    sated: Callable[[], bool],
) -> list[eventlet.greenthread.GreenThread]:
    """So many clients at once, each with dice of its own; they end when `enough` says so.

    When `sated` says so they go on slowly, so that faults still have something to break.
    """
    dice = [random.Random(f"{options.seed}:{number}") for number in range(options.clients)]
    clients = [Client(desk, record, each, options.registered_only) for each in dice]
    return [eventlet.spawn(client.work, enough, sated) for client in clients]
