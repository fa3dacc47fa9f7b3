"""The OpenAPI document of a running system: what it says is so, and its examples work."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.e2e.embedded import Embedded
from tests.real import eventually

Json = dict[str, Any]
Operation = tuple[str, str]

CASE = "/v1/status/{tracking_number}"
MOVES = "/v1/verifications/{tracking_number}"
PROBLEM = "application/problem+json"
JSON = "application/json"


@dataclass
class Api:
    """The system as its OpenAPI document describes it: every answer is held against it."""

    http: httpx.Client
    document: Json
    made: set[Operation] = field(default_factory=set)
    made_by_example: set[Operation] = field(default_factory=set)
    _bearers: dict[str, dict[str, str]] = field(default_factory=dict)

    def example(self, path: str) -> list[Any]:
        """The examples of the call's body."""
        content = self.document["paths"][path]["post"]["requestBody"]["content"]
        ((_, media),) = content.items()
        return [example["value"] for example in media["examples"].values()]

    def post(self, path: str, role: str | None = None, body: Any = None, **names: str) -> Json:
        """Send the examples of a call as they stand, or this body; the last answer."""
        answer: Json = {}
        examples = self.example(path)
        for value in examples if body is None else [body]:
            headers = {"Idempotency-Key": str(uuid.uuid4())}
            answer = self._call("post", path, role, names, json=value, headers=headers).json()
            if value in examples:
                self.made_by_example.add(("post", path))
        return answer

    def upload(self) -> Json:
        """Send the example of the multipart call as a file."""
        path = "/v1/attachments"
        (example,) = self.example(path)
        files = {"file": ("scan.pdf", example["file"].encode())}
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        self.made_by_example.add(("post", path))
        return dict(self._call("post", path, None, {}, files=files, headers=headers).json())

    def get(self, path: str, role: str | None = None, **names: str) -> httpx.Response:
        return self._call("get", path, role, names)

    def stream(self, path: str, role: str, **names: str) -> str:
        """The first line of a stream, which does not end by itself."""
        address, headers = path.format(**names), self._bearer(role)
        with self.http.stream("GET", address, headers=headers) as answer:
            self.check(("get", path), answer)
            self.made.add(("get", path))
            return next(answer.iter_lines())

    def check(self, operation: Operation, answer: httpx.Response) -> None:
        """Hold an answer against what the document says of the operation."""
        responses = self.document["paths"][operation[1]][operation[0]]["responses"]
        described = responses[str(answer.status_code)]
        media_type = answer.headers["Content-Type"].partition(";")[0]
        content = described["content"]
        schema = content.get(media_type, content.get("application/octet-stream"))["schema"]
        if media_type in {JSON, PROBLEM}:
            validator(self.document, schema).validate(answer.json())

    def _call(
        self, method: str, path: str, role: str | None, names: dict[str, str], **content: Any
    ) -> httpx.Response:
        headers = content.pop("headers", {}) | (self._bearer(role) if role else {})
        address = path.format(**names)
        answer = self.http.request(method, address, headers=headers, **content)
        assert answer.is_success, (method, address, answer.text)
        self.check((method, path), answer)
        self.made.add((method, path))
        return answer

    def _bearer(self, role: str) -> dict[str, str]:
        if role not in self._bearers:
            (example,) = self.example("/v1/login")
            signed_in = self.post("/v1/login", body=example | {"username": role})
            self._bearers[role] = {"Authorization": f"Bearer {signed_in['access_token']}"}
        return self._bearers[role]


def validator(document: Json, schema: Json) -> Draft202012Validator:
    """For a schema of the document, whose parts it finds there."""
    whole = schema | {"components": document["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def operations(document: Json) -> dict[Operation, Json]:
    return {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for part in node.values():
            yield from references(part)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)


@pytest.fixture(scope="module")
def api(tmp_path_factory) -> Iterator[Api]:
    """A fresh embedded system and its document."""
    embedded = Embedded(tmp_path_factory.mktemp("embedded"))
    try:
        embedded.start()
        with httpx.Client(base_url=embedded.url, timeout=30) as http:
            yield Api(http, http.get("/openapi.json").json())
    finally:
        embedded.close()


def submitted(api: Api) -> str:
    return str(api.post("/v1/requests")["tracking_number"])


def awaited(api: Api, case: str, reached: Callable[[Json], bool], what: str) -> Json:
    def look() -> Json | None:
        status = api.get(CASE, "counter_officer", tracking_number=case).json()
        return status if reached(status) else None

    return dict(eventually(look, what))


def move(api: Api, name: str, role: str, case: str, status: str) -> None:
    """Send the example of a move, and wait until the resident sees what it led to."""
    api.post(f"{MOVES}/{name}", role, tracking_number=case)
    awaited(api, case, lambda page: page["status"] == status, status)


@pytest.fixture(scope="module")
def delivered(api: Api) -> str:
    """A case made from the examples alone, in the order of the procedure."""
    api.upload()
    case = submitted(api)
    move(api, "identification", "counter_officer", case, "announced")
    move(api, "claim", "verifier", case, "assigned")
    move(api, "visit-report", "verifier", case, "visited")
    move(api, "assessment", "social_worker", case, "assessed")
    move(api, "decision", "division_head", case, "decided")
    awaited(api, case, lambda page: len(page["documents"]) == 2, "receipt and letter")
    move(api, "delivery", "counter_officer", case, "delivered")
    return case


@pytest.fixture(scope="module")
def detours(api: Api) -> str:
    """What the straight way leaves out: appointed, returned and supplemented, withdrawn."""
    appointed, returned = submitted(api), submitted(api)
    move(api, "identification", "counter_officer", appointed, "announced")
    move(api, "assignment", "division_head", appointed, "assigned")
    path = f"{MOVES}/identification"
    (complete,) = api.example(path)
    lacking = {"checklist": [line | {"fulfilled": False} for line in complete["checklist"]]}
    api.post(path, "counter_officer", lacking, tracking_number=returned)
    awaited(api, returned, lambda page: page["missing"], "returned")
    api.post(f"{CASE}/supplement", "counter_officer", tracking_number=returned)
    api.post(f"{CASE}/withdrawal", "counter_officer", tracking_number=returned)
    return returned


@pytest.fixture(scope="module")
def looked_at(api: Api, delivered: str, detours: str) -> None:
    """Every call that reads, on what is there by now."""
    upload = api.upload()
    with_file = api.example("/v1/requests")[0] | {"attachments": [upload["id"]]}
    case = api.post("/v1/requests", body=with_file)["tracking_number"]
    page = awaited(api, delivered, lambda page: page["closed"], "the end")
    code = page["documents"][0]["code"]
    (standard, *_) = api.get("/v1/service-standards").json()["standards"]
    api.get("/v1/service-standards/{id}", id=standard["id"])
    api.get("/v1/cases/{tracking_number}", "counter_officer", tracking_number=delivered)
    attachment = "/v1/cases/{tracking_number}/attachments/{attachment}"
    awaited(api, case, lambda page: True, "the case with a file")
    api.get(attachment, "counter_officer", tracking_number=case, attachment=upload["id"])
    assert api.stream(f"{CASE}/stream", "counter_officer", tracking_number=case)
    api.get("/v1/documents/{code}", "counter_officer", code=code)
    api.get("/v1/verify/{code}", code=code)
    api.get("/v1/tasks", "counter_officer")
    api.get("/v1/events", "auditor")
    for path in ("/v1/regions", "/health/live", "/health/ready", "/metrics"):
        api.get(path)


def test_every_call_with_a_body_was_made_with_its_own_example(api, delivered, detours):
    """A new call needs an example that works, and its place in the procedure above."""
    with_body = {key for key, each in operations(api.document).items() if "requestBody" in each}
    assert len(with_body) >= 12
    assert with_body - api.made_by_example == set()


def test_every_call_answers_as_the_document_says(api, looked_at):
    """No call was left out; each answer was held against its schema when it came."""
    assert set(operations(api.document)) == api.made


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
    """They load, and no address in them leads to another host."""
    page = api.http.get("/docs")
    assert page.is_success
    assert page.headers["Content-Type"].startswith("text/html")
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert {"/openapi.json", "/docs/docs.js", "/docs/docs.css"} <= set(assets)
    for text in (page.text, *(api.http.get(asset).text for asset in assets)):
        assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", text)
    assert all(api.http.get(asset).is_success for asset in assets)
