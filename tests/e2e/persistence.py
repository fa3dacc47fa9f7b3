"""Clients that do not give up: what a patient front end does when the office is briefly away."""

import time
import uuid
from typing import Any

import eventlet
import httpx

from ops.demo import Journey, Office

PATIENCE = 150.0
"""Seconds after which a client calls it a failure."""


class PatientOffice(Office):
    """Repeats a call under the same idempotency key until it is answered."""

    def post(self, path: str, body: Any, role: str | None = None) -> dict[str, Any]:
        key = str(uuid.uuid4())

        def once() -> httpx.Response:
            headers = {"Idempotency-Key": key, **self._authorization(role)}
            return self._http.post(path, json=body, headers=headers)

        return dict(self._checked(_answered(once)).json())

    def get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return self._checked(_answered(lambda: self._http.get(path, headers=headers)))


def patient_journeys(url: str, count: int) -> list[Any]:
    """Start `count` journeys at once; returns their green threads, each yielding its journey."""

    def travel() -> Journey:
        journey = Journey(PatientOffice(url), patience=PATIENCE)
        journey.travel()
        return journey

    return [eventlet.spawn(travel) for _ in range(count)]


def _answered(call: Any) -> httpx.Response:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            response: httpx.Response = call()
            if response.status_code < 500 or time.monotonic() > until:
                return response
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
        eventlet.sleep(0.2)
