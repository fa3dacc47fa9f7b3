"""Bad input gets a clear problem that names the field; nothing gets a 500, nothing is echoed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from chassis.retry import Unavailable
from contracts.envelope import Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import SubmitRequest
from contracts.verification import ClaimVerification
from gateway.incoming import MAX_JSON_BYTES
from gateway.problems import STATUS
from tests.case_events import CASE
from tests.integration.gateway.desk import KEY, NIK, REQUEST, Desk, fields, problem

CLAIM = f"/v1/verifications/{CASE}/claim"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The gateway in the demo."""
    desk = Desk(tmp_path)
    yield desk
    desk.close()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_body"),
        (b"\xff\xfe", 400, "malformed_body"),
        (b'{"a": NaN}', 400, "malformed_body"),
        (b'{"a": %s}' % (b"9" * 5000), 400, "malformed_body"),
        (b"[" * 20_000, 400, "malformed_body"),
        (b"[]", 422, "validation_failed"),
        (b"null", 422, "validation_failed"),
        (json.dumps(json.dumps(REQUEST)).encode(), 422, "validation_failed"),
        (b"{}", 422, "validation_failed"),
        (b"", 422, "validation_failed"),
        (b" " * (MAX_JSON_BYTES + 1), 413, "payload_too_large"),
    ],
)
def test_a_body_that_is_no_request_is_refused(
    desk: Desk, body: bytes, status: int, code: str
) -> None:
    """Whatever it is, the answer is a 4xx."""
    response = desk.http.post(
        "/v1/requests", data=body, content_type="application/json", headers=KEY
    )
    assert problem(response) == (status, code)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_of_another_media_type_is_refused(desk: Desk, content_type: str | None) -> None:
    """JSON is declared as JSON."""
    response = desk.http.post(
        "/v1/requests", data=json.dumps(REQUEST), content_type=content_type, headers=KEY
    )
    assert problem(response) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"colour": NIK}, "colour", "unknown_field"),
        ({NIK: NIK}, "?", "unknown_field"),
        ({"kind": NIK}, "kind", "not_allowed"),
        ({"purpose": NIK}, "purpose", "not_allowed"),
        ({"channel": "counter"}, "channel", "channel_not_open"),
        ({"channel": "whatsapp"}, "channel", "channel_not_open"),
        ({"target_institution": f"\u0000{NIK}"}, "target_institution", "wrong_format"),
        ({"applicant": REQUEST["applicant"] | {"nik": f"{NIK}0"}}, "applicant.nik", "wrong_format"),
        ({"applicant": REQUEST["applicant"] | {"name": 5}}, "applicant.name", "wrong_type"),
        ({"address": NIK}, "address", "wrong_type"),
        ({"attachments": [f" {NIK}"]}, "attachments.0", "wrong_format"),
        ({"notes": NIK * 500}, "notes", "too_long"),
    ],
)
def test_a_wrong_field_is_named_and_its_value_is_not_repeated(
    desk: Desk, change: dict[str, Any], field: str, code: str
) -> None:
    """The answer holds the field and the rule, and nothing of what the resident sent."""
    response = desk.http.post("/v1/requests", json=REQUEST | change, headers=KEY)
    assert problem(response) == (422, "validation_failed")
    assert fields(response) == {field: code}
    assert NIK not in response.text
    assert not desk.asked()


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_refusal_of_a_service_is_answered_by_the_table(desk: Desk, code: ErrorCode) -> None:
    """Its code, its status, and the states and codes in its details."""

    def refuse(ask: SubmitRequest) -> None:
        raise Refusal(code, state="received", allowed=["complete"])

    desk.rpc.replies[SubmitRequest] = refuse
    undeclared = FlaskClient(desk.app)
    response = undeclared.post("/v1/requests", json=REQUEST, headers=KEY)
    assert problem(response) == (STATUS[code], code)
    assert response.json["details"] == {"state": "received", "allowed": ["complete"]}


def test_fields_that_a_service_refuses_are_named_like_our_own(desk: Desk) -> None:
    """A rule that only the service knows reads the same to the caller."""

    def refuse(ask: SubmitRequest) -> None:
        raise Refusal(
            ErrorCode.VALIDATION_FAILED, errors=[{"field": "applicant.nik", "code": "invalid_nik"}]
        )

    desk.rpc.replies[SubmitRequest] = refuse
    response = desk.http.post("/v1/requests", json=REQUEST, headers=KEY)
    assert fields(response) == {"applicant.nik": "invalid_nik"}


def test_a_refusal_about_one_field_names_it(desk: Desk) -> None:
    """With its place in a list."""

    def refuse(ask: SubmitRequest) -> None:
        raise Refusal(ErrorCode.ATTACHMENT_NOT_FOUND, field="attachments", index=2)

    desk.rpc.replies[SubmitRequest] = refuse
    response = desk.http.post("/v1/requests", json=REQUEST, headers=KEY)
    assert problem(response) == (422, "attachment_not_found")
    assert fields(response) == {"attachments.2": "attachment_not_found"}


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Unavailable("verification"), 503, "unavailable"),
        (OperationalError("SELECT", {}, Exception()), 503, "unavailable"),
        (ConnectionResetError(), 503, "unavailable"),
        (KeyError(NIK), 500, "internal_error"),
    ],
)
def test_what_fails_says_nothing_of_itself(
    desk: Desk, error: Exception, status: int, code: str
) -> None:
    """What passes by itself is a 503 with a time to try again; the rest hides its text."""

    def fail(ask: ClaimVerification) -> None:
        raise error

    desk.rpc.replies[ClaimVerification] = fail
    response = desk.http.post(CLAIM, headers=KEY | desk.sign_in(Role.VERIFIER))
    assert problem(response) == (status, code)
    assert response.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert NIK not in response.text


def test_a_failure_is_logged_by_its_type_only(desk: Desk) -> None:
    """An exception's text may quote what a resident wrote."""

    def fail(ask: ClaimVerification) -> None:
        raise KeyError(NIK)

    desk.rpc.replies[ClaimVerification] = fail
    with capture_logs() as lines:
        desk.http.post(CLAIM, headers=KEY | desk.sign_in(Role.VERIFIER))
    (failure,) = [line for line in lines if line["event"] == "request_failed"]
    assert failure["error"] == "builtins.KeyError"
    assert NIK not in str(lines)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "//v1//regions", 404, "not_found"),
        ("DELETE", "/v1/regions", 405, "method_not_allowed"),
        ("FOO", "/v1/regions", 405, "method_not_allowed"),
        ("GET", "/v1/service-standards/nothing", 404, "standard_not_found"),
        ("GET", "/docs/../service.py", 404, "not_found"),
        ("GET", "/docs/index.html", 404, "not_found"),
        ("GET", "/problems/nothing", 404, "not_found"),
    ],
)
def test_a_wrong_address_is_a_problem_too(
    desk: Desk, method: str, path: str, status: int, code: str
) -> None:
    """Flask's own errors have the same form; a wrong method is told the right ones."""
    response = desk.http.open(path, method=method)
    assert problem(response) == (status, code)
    assert ("GET" in response.headers.get("Allow", "")) == (status == 405)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=1", "colour"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("due_before=2026-11-20", "due_before"),
        ("due_before=0001-01-01T00:00:00%2B08:00", "due_before"),
        ("district=north", "district"),
        ("cursor=nonsense", "cursor"),
        ("cursor=AA", "cursor"),
        (
            "cursor=MDAwMS0wMS0wMVQwMDowMDowMCswODowMCBWUkYtMjAyNjExMjEtMDAwMQ==",
            "cursor",
        ),  # before the first year, in UTC
        (
            "cursor=MjAyNi0wMS0wMVQwMDowMDowMCswODowMCAA",
            "cursor",
        ),  # a control character for a number
        ("mine=perhaps", "mine"),
    ],
)
def test_a_wrong_query_is_named(desk: Desk, query: str, field: str) -> None:
    """Unknown and unfit parameters are refused like fields."""
    response = desk.http.get(f"/v1/tasks?{query}", headers=desk.sign_in(Role.VERIFIER))
    assert problem(response) == (422, "validation_failed")
    assert list(fields(response)) == [field]


def test_a_problem_type_leads_to_its_explanation(desk: Desk) -> None:
    """Relative to the address of the call."""
    link = desk.http.get("/v1/nothing").json["type"]
    explained = desk.http.get(link).json
    assert explained["code"] == "not_found"
    assert explained["status"] == 404
    assert explained["title_id"]
    assert explained["title_en"]
