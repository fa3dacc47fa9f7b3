"""Clients that do not give up: what a patient front end does when the office is briefly away."""

import time
from typing import Any

import eventlet
import httpx

from ops.demo import AidJourney, Office

PATIENCE = 150.0
"""Seconds after which a client calls it a failure."""

STAFF = ("counter_officer", "verifier", "social_worker", "division_head")
"""Who has a part in a journey."""


class PatientOffice(Office):
    """Repeats a request, under the same idempotency key, until it is answered."""

    def sign_in(self, role: str) -> None:
        self._authorization(role)

    def go_on_as(self, other: "PatientOffice") -> None:
        """With the sign-ins of another."""
        self._tokens |= other._tokens

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
    """Start `count` journeys at once; returns their green threads, each yielding its journey.

    All go with the same sign-ins: so many of one person at once would be taken for guesses.
    """
    signed_in = PatientOffice(url)
    for role in STAFF:
        signed_in.sign_in(role)

    def travel() -> AidJourney:
        office = PatientOffice(url)
        office.go_on_as(signed_in)
        journey = AidJourney(office, patience=PATIENCE)
        journey.travel()
        return journey

    return [eventlet.spawn(travel) for _ in range(count)]
