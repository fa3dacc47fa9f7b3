"""The OpenAPI document of a running system: what it says is so, and its examples work."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.e2e.documented_api import (
    PROBLEM,
    RESIDENT,
    Api,
    Json,
    Operation,
    operations,
    references,
    validator,
)
from tests.e2e.documented_journeys import CASE, awaited

AT_A_PROVIDER = {("get", "/v1/login/oidc"), ("post", "/v1/login/oidc")}
"""Needs a sign-in provider, and is tested where there is one."""

OF_WHAT_IS_SIGNED = {
    ("get", "/v1/ledger/proof/inclusion"),
    ("get", "/v1/ledger/proof/consistency"),
}
"""There is something to prove after a minute, and it is tested where nobody waits for it."""


@pytest.fixture(scope="module")
def looked_at(
    api: Api, delivered: str, detours: str, handed_over: str, reopened: str, escalated: str
) -> None:
    """Every call that reads, on what is there by now."""
    upload = api.upload("/v1/attachments")
    api.upload("/v1/attachments", query="?for=complaints")
    with_file = api.examples("/v1/requests")["example"] | {"attachments": [upload["id"]]}
    case = api.send("/v1/requests", None, with_file)["tracking_number"]
    page = awaited(api, delivered, lambda page: page["closed"], "the end")
    code = page["documents"][0]["code"]
    (standard, *_) = api.get("/v1/service-standards").json()["standards"]
    api.get("/v1/service-standards/{id}", id=standard["id"])
    for each, role in (
        (delivered, "counter_officer"),
        (handed_over, "social_worker"),
        (reopened, "complaint_officer"),
        (escalated, "agency_head"),
    ):
        detail = api.get("/v1/cases/{tracking_number}", role, tracking_number=each).json()
        assert detail["personal_data_shown"] is True
    for each in (detours, handed_over, reopened):
        api.get(f"{CASE}/correspondence", RESIDENT, tracking_number=each)
    attachment = "/v1/cases/{tracking_number}/attachments/{attachment}"
    awaited(api, case, lambda page: True, "the case with a file")
    api.get(attachment, "counter_officer", tracking_number=case, attachment=upload["id"])
    assert api.stream(f"{CASE}/stream", "counter_officer", tracking_number=case)
    api.get("/v1/documents/{code}", "counter_officer", code=code)
    api.get("/v1/verify/{code}", code=code)
    assert api.get(f"{CASE}/package", RESIDENT, tracking_number=handed_over).content[:2] == b"PK"
    for role in ("counter_officer", "agency_head", "complaint_officer"):
        api.get("/v1/tasks", role)
    for report in ("service-levels", "satisfaction", "data-register"):
        api.get(f"/v1/reports/{report}", "agency_head")
        api.get(f"/v1/reports/{report}", "auditor", "?format=csv")
    api.get("/v1/events", "auditor")
    for path in ("/v1/ledger/checkpoint", "/v1/ledger/key"):
        api.get(path)
    for path in ("/v1/regions", "/health/live", "/health/ready", "/metrics"):
        api.get(path)
    api.post("/v1/logout", "auditor")
    api.sign_in_again()


def test_every_call_with_a_body_was_made_with_its_own_examples(api, looked_at, told):
    """A new call needs an example that works, and its place in the procedures above."""
    with_body = {
        (path, name)
        for method, path in operations(api.document)
        if method == "post"
        for name in api.examples(path)
    }
    assert len(with_body) >= 35
    not_here = {(path, "example") for _, path in AT_A_PROVIDER}
    assert with_body - api.made_by_example == not_here


def test_every_call_answers_as_the_document_says(api, looked_at, told):
    """No call was left out; each answer was held against its schema when it came."""
    assert set(operations(api.document)) - AT_A_PROVIDER - OF_WHAT_IS_SIGNED == api.made


def test_a_refusal_answers_as_the_document_says(api, delivered):
    """Whatever is refused, and why: the problem has its schema too."""
    wrong: list[tuple[Operation, Json]] = [
        (("post", "/v1/requests"), {"json": {"kind": 1, "applicant": {}}}),
        (("post", "/v1/requests"), {"content": b"{"}),
        (("post", "/v1/login"), {"json": {"username": "x", "password": "y"}}),
        (("get", "/v1/tasks"), {}),
        (("get", f"{CASE}"), {"headers": {"X-Access-Code": "AAAAAAAAAA"}}),
        (("post", f"{CASE}/withdrawal"), {"headers": {"X-Access-Code": "AAAAAAAAAA"}}),
    ]
    for (method, path), content in wrong:
        address = path.format(tracking_number=delivered)
        answer = api.http.request(method, address, **content)
        assert answer.is_client_error
        assert answer.headers["Content-Type"] == PROBLEM
        api.check((method, path), answer)


def test_the_document_is_openapi_3_1_and_whole(api):
    """Every reference leads somewhere, and every schema is one."""
    assert re.fullmatch(r"3\.1\.\d+", api.document["openapi"])
    for reference in set(references(api.document)):
        node: Any = api.document
        for name in reference.removeprefix("#/").split("/"):
            node = node[name]
        assert node
    for schema in api.document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_example_fits_its_own_schema(api):
    """Of the bodies; what works and what is written are one."""
    for (_, path), operation in operations(api.document).items():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            for example in media["examples"].values():
                validator(api.document, media["schema"]).validate(example["value"])
                assert example["summary"], path


def test_the_pages_to_read_need_nobody_else(api):
    """They load, and no address in them leads to another host; `.example` is nobody's."""
    page = api.http.get("/docs")
    assert page.is_success
    assert page.headers["Content-Type"].startswith("text/html")
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert {"/openapi.json", "/docs/docs.js", "/docs/docs.css"} <= set(assets)
    for text in (page.text, *(api.http.get(asset).text for asset in assets)):
        hosts = re.findall(r"(?:https?:)?//([a-z0-9.-]+\.[a-z]+)", text)
        assert all(host.endswith(".example") for host in hosts)
    assert all(api.http.get(asset).is_success for asset in assets)
