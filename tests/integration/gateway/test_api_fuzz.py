"""Whatever is sent to whatever call, the answer is declared, and never our fault."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import catalogue
from contracts.envelope import Role
from contracts.errors import ErrorCode, Refusal
from gateway.calls import CALLS
from tests.bodies import places, put
from tests.case_events import CASE, TO_THE_LETTER
from tests.complaint_events import COMPLAINT, TO_THE_RESOLUTION
from tests.data_request_events import DATA_CASE, TO_THE_HANDOVER
from tests.integration.gateway.desk import KEY, NIK, Desk

PATIENT = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([NIK, "\x00", "\ud800", "a" * 5000, "1" * 400, "2026-11-20T00:00:00Z", -1]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
QUERIES = (
    "limit",
    "cursor",
    "after",
    "district",
    "due_before",
    "mine",
    "kind",
    "purpose",
    "version",
    "from",
    "index",
    "size",
    "to",
    "standard",
    "format",
    "state",
)
CASES_OF = {
    "/data-requests": DATA_CASE,
    "/clarification": DATA_CASE,
    "/status/{tracking_number}/handover": DATA_CASE,
    "/complaints": COMPLAINT,
    "/rating": COMPLAINT,
    "/reopening": COMPLAINT,
}
TEXTS = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=60)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway, with a case of each kind; its services refuse whatever reaches them."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    desk.happened(*TO_THE_LETTER)
    desk.happened(*TO_THE_HANDOVER, case=DATA_CASE)
    desk.happened(*TO_THE_RESOLUTION, case=COMPLAINT)

    def refuse(ask: object) -> None:
        raise Refusal(ErrorCode.VALIDATION_FAILED)

    for message in catalogue.MESSAGES:
        desk.rpc.replies[message] = refuse
    yield desk
    desk.close()


def bodies(desk: Desk) -> list[tuple[str, Any]]:
    """(path, example) of every call that takes JSON."""
    document = desk.http.get("/openapi.json").json
    found = []
    for path, methods in document["paths"].items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {})
        if "application/json" in content:
            for example in content["application/json"]["examples"].values():
                found.append((in_its_place(path), example["value"]))
    return found


def in_its_place(path: str) -> str:
    """The path with names of what there could be; a case of the kind that the call is for."""
    case = next((case for part, case in CASES_OF.items() if part in path), CASE)
    return re.sub(r"{(\w+)}", lambda m: case if m[1] == "tracking_number" else "1", path)


def everybody(desk: Desk, path: str) -> dict[str, str]:
    """Headers that get past the check for this path."""
    adapter = desk.app.url_map.bind("")
    endpoint, _ = adapter.match(path, method="POST")
    call = CALLS[endpoint]
    if call.with_access_code:
        case = re.search(r"[A-Z]{3}-[0-9]+-[0-9]+", path)
        return KEY | desk.code(case[0] if case else CASE)
    return KEY | (desk.sign_in(min(call.roles)) if call.roles else {})


@PATIENT
@given(data=st.data())
def test_no_body_is_our_fault(desk: Desk, data: st.DataObject) -> None:
    """An example with something else in one place; NaN and infinity included."""
    path, example = data.draw(st.sampled_from(bodies(desk)))
    place = data.draw(st.sampled_from([*places(example), ("colour",)]))
    body = put(example, place, data.draw(VALUES))
    headers = everybody(desk, path) | {"Content-Type": "application/json"}
    response = desk.http.post(path, data=json.dumps(body), headers=headers)
    assert response.status_code < 500


@PATIENT
@given(query=st.dictionaries(TEXTS, TEXTS, max_size=3), role=st.sampled_from(Role), data=st.data())
def test_no_query_is_our_fault(
    desk: Desk, query: dict[str, str], role: Role, data: st.DataObject
) -> None:
    """On the calls that take one, with names of theirs and of nobody's."""
    names = data.draw(st.permutations(QUERIES))
    known = dict(zip(names, query.values(), strict=False))
    for path in (
        "/v1/tasks",
        "/v1/events",
        f"/v1/cases/{CASE}",
        "/v1/service-standards/x",
        "/v1/reports/service-levels",
        "/v1/reports/satisfaction",
        "/v1/reports/data-register",
        f"/v1/complaints/{COMPLAINT}/lapor",
        "/v1/webhooks/1/deliveries",
        "/v1/deliveries",
    ):
        for given_query in (query, known):
            response = desk.http.get(path, query_string=given_query, headers=desk.sign_in(role))
            assert response.status_code < 500


@PATIENT
@given(header=TEXTS, other=TEXTS)
def test_no_header_is_our_fault(desk: Desk, header: str, other: str) -> None:
    """Whatever stands in those that are looked at."""
    headers = {
        "Authorization": header,
        "Idempotency-Key": other,
        "X-Request-ID": header,
        "If-None-Match": other,
        "Accept": header,
        "Origin": other,
        "traceparent": header,
        "Last-Event-ID": other,
    }
    code = {"X-Access-Code": other}
    for method, path in (
        ("GET", f"/v1/status/{CASE}"),
        ("GET", "/v1/verify/ABC"),
        ("GET", "/v1/regions"),
        ("GET", "/v1/reports/satisfaction"),
        ("POST", "/v1/requests"),
        ("POST", "/v1/complaints"),
        ("POST", "/v1/attachments"),
    ):
        for sent in (headers, code | {k: headers[k] for k in headers if k != "Authorization"}):
            response = desk.http.open(path, method=method, headers=sent)
            assert response.status_code < 500


@PATIENT
@given(name=st.text(min_size=1, max_size=40))
def test_no_name_in_a_path_is_our_fault(desk: Desk, name: str) -> None:
    """Of a case, a document, a standard, an attachment, a problem or a file of the docs."""
    headers = desk.sign_in(Role.SOCIAL_WORKER)
    for folder in (
        "/v1/status",
        "/v1/cases",
        f"/v1/cases/{CASE}/attachments",
        "/v1/documents",
        "/v1/verify",
        "/v1/service-standards",
        "/v1/reports",
        "/v1/webhooks",
        "/problems",
        "/docs",
    ):
        url = f"{folder}/{quote(name, safe='', errors='replace')}"
        assert desk.app.test_client().get(url, headers=headers).status_code < 500
