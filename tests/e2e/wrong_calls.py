"""Calls that are refused, with personal data in every place where a caller can put it."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from tests.e2e.marks import MARKS, marked_request

NIK = MARKS["nik"]
NAME = MARKS["name"]
KEY = {"Idempotency-Key": "k"}
Bearer = Callable[[str], dict[str, str]]
"""The header of who is signed in as a role."""

NO_DATA_REQUEST = "DTA-20260101-0001"
NO_COMPLAINT = "ADU-20260101-0001"

PATHS = (
    "/v1/status/{}",
    "/v1/status/{}/stream",
    "/v1/documents/{}",
    "/v1/verify/{}",
    "/v1/cases/{}",
    "/v1/cases/{}/attachments/{}",
    "/v1/service-standards/{}",
    "/v1/status/{}/package",
    "/v1/status/{}/correspondence",
    "/v1/complaints/{}/lapor",
    "/v1/reports/{}",
    "/v1/webhooks/{}/deliveries",
    "/problems/{}",
    "/docs/{}",
    "/v1/{}",
    "/{}",
)
QUERIES = (
    "/v1/tasks?cursor={}&district={}&due_before={}&limit={}",
    "/v1/events?after={}&limit={}",
    "/v1/verify/X?{}={}",
    "/v1/cases/VRF-20260101-0001?purpose={}",
    "/v1/tasks?kind={}",
    "/v1/reports/service-levels?from={}&to={}&standard={}&district={}&format={}",
    "/v1/reports/satisfaction?{}={}",
    "/v1/reports/data-register?purpose={}&cursor={}",
    "/v1/deliveries?state={}&cursor={}",
)


def refused(url: str, bearer: Bearer, case: str) -> Iterator[httpx.Response]:
    """The answers to wrong calls; `case` is one that is assigned to a verifier."""
    with httpx.Client(base_url=url, timeout=30) as http:
        for template in (*PATHS, *QUERIES):
            path = template.replace("{}", NIK)
            yield http.get(path)
            yield http.get(path, headers={"X-Access-Code": NIK})
            for role in ("counter_officer", "agency_head", "administrator"):
                yield http.get(path, headers=bearer(role))
            yield http.get(path, headers={"Authorization": f"Bearer {NIK}"})
        yield http.get(f"/v1/cases/{case}/attachments/{NIK}", headers=bearer("counter_officer"))
        yield from _wrong_bodies(http, bearer, case)
        yield from _wrong_data_requests(http, bearer)
        yield from _wrong_complaints(http, bearer)
        yield from _wrong_webhooks(http, bearer)
        yield from _wrong_uploads(http, bearer)
        yield http.get("/v1/regions", headers=_strange_headers())


def _wrong_bodies(http: httpx.Client, bearer: Bearer, case: str) -> Iterator[httpx.Response]:
    good = marked_request([], "web")
    spoiled: list[Any] = [
        good | {"channel": "counter"},
        good | {"kind": NIK},
        good | {"village": NIK},
        good | {NIK: NAME},
        good | {"applicant": good["applicant"] | {"nik": int(NIK)}},
        good | {"applicant": good["applicant"] | {"nik": f"{NIK}0"}},
        good | {"applicant": good["applicant"] | {"family_card": "6371059999999999"}},
        good | {"address": good["address"] | {"village": "99.99.99.9999"}},
        good | {"attachments": [NIK, NAME]},
        [good],
        NIK,
    ]
    for body in spoiled:
        yield http.post("/v1/requests", json=body, headers=KEY)
    for text, kind in ((f"{NIK}, {NAME}", "application/json"), (f"nik={NIK}", "text/plain")):
        yield http.post("/v1/requests", content=text, headers=KEY | {"Content-Type": kind})
    yield http.post("/v1/requests", json=good, headers={"Idempotency-Key": NIK * 20})
    yield http.post("/v1/login", json={"username": NIK, "password": NAME})
    yield http.post("/v1/login", json={"username": NAME, "password": NIK, NIK: NIK})
    for move in ("withdrawal", "supplement"):
        yield http.post(f"/v1/status/{NIK}/{move}", json={}, headers=KEY | {"X-Access-Code": NIK})
    moves = {
        "identification": ("counter_officer", {"checklist": [_line(NAME.lower())]}),
        "claim": ("verifier", {NIK: NIK}),
        "assignment": ("division_head", {"verifier": NAME.lower()}),
        "visit-report": ("verifier", _visit_named_after_a_person()),
        "assessment": ("social_worker", {"recommendation": NAME, "grounds": NIK}),
        "decision": ("division_head", {"decision": NAME, "grounds": NIK}),
        "delivery": ("counter_officer", {"delivery": NAME}),
    }
    for move, (role, body) in moves.items():
        yield http.post(f"/v1/verifications/{case}/{move}", json=body, headers=KEY | bearer(role))
        yield http.post(f"/v1/verifications/{NIK}/{move}", json=body, headers=KEY | bearer(role))


def _wrong_data_requests(http: httpx.Client, bearer: Bearer) -> Iterator[httpx.Response]:
    good = {
        "kind": "data_request",
        "purpose": "academic_research",
        "use": NAME,
        "data_types": [NAME],
        "coverage": NAME,
        "years": [2025],
        "letter": "no-such-letter",
        "requester": {"name": NAME, "institution": NAME, "nik": NIK},
    }
    spoiled: list[dict[str, Any]] = [
        good,
        good | {"purpose": NAME},
        good | {"purpose": NAME.lower()},
        good | {"years": [int(NIK)]},
        good | {"letter": NIK},
        good | {"letter_file": NAME},
        good | {"requester": {NIK: NAME}},
        good | {"notify": [{"way": "whatsapp", "address": NAME}, {"way": NIK, "address": NIK}]},
        {"kind": "data_request", NIK: NAME},
    ]
    for body in spoiled:
        yield http.post("/v1/requests", json=body, headers=KEY)
    moves = {
        "disposition": ("agency_head", {"note": NAME}),
        "review": ("division_head", {"decision": "approve", "social_worker": NAME.lower()}),
        "package": ("social_worker", {"tables": [NIK], "data_source": NAME, "data_method": NIK}),
        "handover": ("division_head", {"name": NAME, "edition": int(NIK)}),
    }
    for move, (role, body) in moves.items():
        for case in (NO_DATA_REQUEST, NIK):
            path = f"/v1/data-requests/{case}/{move}"
            yield http.post(path, json=body, headers=KEY | bearer(role))


def _wrong_complaints(http: httpx.Client, bearer: Bearer) -> Iterator[httpx.Response]:
    good = {
        "complainant": {"name": NAME, "nik": NIK, "address": NAME, "phone": MARKS["phone"]},
        "matter": f"{NAME} {NIK}",
    }
    spoiled: list[dict[str, Any]] = [
        good | {"channel": "box"},
        good | {"officer": NAME.lower()},
        good | {"about_case": NIK},
        good | {"about_case": NO_COMPLAINT},
        good | {"attachments": [NIK]},
        good | {"complainant": good["complainant"] | {"nik": f"{NIK}0", NIK: NAME}},  # type: ignore[operator]
        {NIK: NAME},
    ]
    for body in spoiled:
        yield http.post("/v1/complaints", json=body, headers=KEY)
    officer = KEY | bearer("complaint_officer")
    yield http.post("/v1/complaints", json=good | {"officer": NAME.lower()}, headers=officer)
    moves: dict[str, dict[str, Any]] = {
        "check": {"result": "complete", "note": NAME, "officer": NAME.lower()},
        "coordination": {"scope": NAME, "partner": NAME, "question": NIK},
        f"coordination/{NIK}/answer": {"answer": NAME},
        "response": {"response": NAME},
        "resolution": {"resolution": NAME},
        "escalation": {"to": NAME, "words": NIK},
        "lapor": {"lapor_number": NIK, "status": NAME, "occurred_at": NIK},
    }
    for move, body in moves.items():
        for case in (NO_COMPLAINT, NIK):
            yield http.post(f"/v1/complaints/{case}/{move}", json=body, headers=officer)
    for move in ("clarification", "handover", "rating", "reopening", "survey", "notifications"):
        code = KEY | {"X-Access-Code": NIK}
        yield http.post(f"/v1/status/{NO_COMPLAINT}/{move}", json={NIK: NAME}, headers=code)


def _wrong_webhooks(http: httpx.Client, bearer: Bearer) -> Iterator[httpx.Response]:
    administrator = KEY | bearer("administrator")
    for body in ({"url": f"ftp://{NAME}/{NIK}", "kind": "status"}, {"url": NIK, NIK: NAME}):
        yield http.post("/v1/webhooks", json=body, headers=administrator)
    for path in (f"/v1/webhooks/{NIK}/removal", f"/v1/deliveries/{NIK}/replay"):
        yield http.post(path, headers=administrator)


def _wrong_uploads(http: httpx.Client, bearer: Bearer) -> Iterator[httpx.Response]:
    text = f"{NAME} {NIK}".encode()
    for files in (
        {"file": (f"{NAME}.txt", text, f"text/{NIK}")},
        {NIK: (f"{NAME}.pdf", text, "application/pdf")},
    ):
        for query in ("", "?for=complaints", f"?for={NIK}"):
            yield http.post(f"/v1/attachments{query}", files=files, headers=KEY)
        tables = f"/v1/data-requests/{NO_DATA_REQUEST}/tables"
        yield http.post(tables, files=files, headers=KEY | bearer("social_worker"))


def garbage(url: str) -> bytes:
    """What comes back for bytes that are not HTTP."""
    parts = httpx.URL(url)
    with socket.create_connection((parts.host, parts.port), timeout=20) as connection:
        connection.sendall(f"{NIK} /{NAME} HTTP/9.9\r\n{NAME}\r\n\r\n".encode())
        return connection.makefile("rb").read()


def _line(requirement: str) -> dict[str, Any]:
    return {"requirement": requirement, "fulfilled": True}


def _visit_named_after_a_person() -> dict[str, Any]:
    return {
        "visit": f"kunjungan-{NIK}-1",
        "outcome": "nobody_home",
        "visited_at": "2026-11-20T09:30:00+08:00",
    }


def _strange_headers() -> dict[str, str]:
    names = ("User-Agent", "Referer", "Origin", "Cookie", "traceparent", "X-Forwarded-For")
    return dict.fromkeys(names, f"{NAME} {NIK}") | {"X-Request-ID": NIK}
