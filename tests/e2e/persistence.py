"""Clients that do not give up: what a patient front end does when the office is briefly away."""

import time
from typing import Any

import eventlet
import httpx

from ops.demo import AidJourney, Office

PATIENCE = 150.0
"""Seconds after which a client calls it a failure."""


class PatientOffice(Office):
    """Repeats a request, under the same idempotency key, until it is answered."""

    def send(self, method: str, path: str, **content: Any) -> httpx.Response:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                response = super().send(method, path, **content)
                if response.status_code < 500 or time.monotonic() > until:
                    return response
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
            eventlet.sleep(0.2)


def patient_journeys(url: str, count: int) -> list[Any]:
    """Start `count` journeys at once; returns their green threads, each yielding its journey."""

    def travel() -> AidJourney:
        journey = AidJourney(PatientOffice(url), patience=PATIENCE)
        journey.travel()
        return journey

    return [eventlet.spawn(travel) for _ in range(count)]
