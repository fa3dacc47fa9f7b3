"""A running system as its OpenAPI document describes it: every answer is held against it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker

Json = dict[str, Any]
Operation = tuple[str, str]

PROBLEM = "application/problem+json"
JSON = "application/json"
RESIDENT = "resident"
"""Who has the access code of the case that a call names."""


@dataclass
class Api:
    """Makes calls by their path in the document; what was made is kept."""

    http: httpx.Client
    document: Json
    made: set[Operation] = field(default_factory=set)
    made_by_example: set[tuple[str, str]] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)
    _bearers: dict[str, dict[str, str]] = field(default_factory=dict)

    def examples(self, path: str) -> dict[str, Any]:
        """The examples of the call's body, by name, as they are at this moment."""
        document = self.http.get("/openapi.json").json()
        content = document["paths"][path]["post"].get("requestBody", {}).get("content", {})
        return {
            name: example["value"]
            for media in content.values()
            for name, example in media["examples"].items()
        }

    def post(
        self, path: str, role: str | None = None, example: str = "example", **names: str
    ) -> Json:
        """Send an example of a call as it stands."""
        self.made_by_example.add((path, example))
        return self.send(path, role, self.examples(path)[example], **names)

    def send(self, path: str, role: str | None, body: Any, **names: str) -> Json:
        """Send this body."""
        answer: Json = self._call("post", path, role, names, json=body).json()
        if "access_code" in answer:
            self.codes[answer["tracking_number"]] = answer["access_code"]
        return answer

    def upload(self, path: str, role: str | None = None, query: str = "", **names: str) -> Json:
        """Send the example of a multipart call as a file."""
        self.made_by_example.add((path, "example"))
        files = {"file": ("scan.pdf", self.examples(path)["example"]["file"].encode())}
        return dict(self._call("post", path, role, names, query, files=files).json())

    def get(
        self, path: str, role: str | None = None, query: str = "", **names: str
    ) -> httpx.Response:
        return self._call("get", path, role, names, query)

    def stream(self, path: str, role: str, **names: str) -> str:
        """The first line of a stream, which does not end by itself."""
        address, headers = path.format(**names), self.bearer(role)
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
        schema = content[media_type]["schema"]
        if media_type in {JSON, PROBLEM}:
            validator(self.document, schema).validate(answer.json())

    def _call(
        self,
        method: str,
        path: str,
        role: str | None,
        names: dict[str, str],
        query: str = "",
        **content: Any,
    ) -> httpx.Response:
        address = path.format(**names) + query
        headers = {"Idempotency-Key": str(uuid.uuid4())} if method == "post" else {}
        if role == RESIDENT:
            headers["X-Access-Code"] = self.codes[names["tracking_number"]]
        elif role is not None:
            headers |= self.bearer(role)
        answer = self.http.request(method, address, headers=headers, **content)
        assert answer.is_success, (method, address, answer.text)
        self.check((method, path), answer)
        self.made.add((method, path))
        return answer

    def bearer(self, role: str) -> dict[str, str]:
        """The header of the role's demo account."""
        if role not in self._bearers:
            self.made_by_example.add(("/v1/login", "example"))
            login = self.examples("/v1/login")["example"]
            signed_in = self.send("/v1/login", None, login | {"username": role})
            self._bearers[role] = {"Authorization": f"Bearer {signed_in['access_token']}"}
        return self._bearers[role]

    def sign_in_again(self) -> None:
        """Use none of the tokens that were given out so far."""
        self._bearers.clear()


def validator(document: Json, schema: Json) -> Draft202012Validator:
    """For a schema of the document, whose parts it finds there."""
    whole = schema | {"components": document["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def operations(document: Json) -> dict[Operation, Json]:
    """Every operation by method and path."""
    return {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def references(node: Any) -> Iterator[str]:
    """Every `$ref` below the node."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for part in node.values():
            yield from references(part)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)
