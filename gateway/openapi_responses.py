"""What the OpenAPI document says of answers beside their bodies: headers, and links to go on."""

import re
from typing import Any

from gateway.problems import MEDIA_TYPE
from gateway.web import LONGEST_LINE

Document = dict[str, Any]

HEADERS: dict[str, Any] = {
    "X-Request-ID": {
        "description": "Names this call in the office's log; the caller's own where it sent one",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{8,64}$"},
    },
    "Retry-After": {
        "description": "After so many seconds the call may be repeated, under the same key",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {
        "description": "How to sign in",
        "required": True,
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": "For If-None-Match, which saves the body while nothing changes",
        "required": True,
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "Where the case is followed",
        "required": True,
        "schema": {"type": "string"},
    },
}

TOO_LONG = {"description": f"The address is longer than {LONGEST_LINE} bytes; nothing more is said"}
"""What the server itself answers, before the application sees the call."""

_BY_STATUS = {
    "401": "WWW-Authenticate",
    "429": "Retry-After",
    "503": "Retry-After",
    "304": "ETag",
}

_LOCATED = frozenset({"/v1/requests", "/v1/complaints"})

_STATUS = "/v1/status/{tracking_number}"
_FOLLOWED = (
    ("get", _STATUS),
    ("get", f"{_STATUS}/stream"),
    ("get", f"{_STATUS}/correspondence"),
    ("post", f"{_STATUS}/withdrawal"),
    ("post", f"{_STATUS}/supplement"),
    ("post", f"{_STATUS}/survey"),
    ("post", f"{_STATUS}/notifications"),
    ("get", "/v1/cases/{tracking_number}"),
)
_VERIFICATION = "/v1/verifications/{tracking_number}"
_DATA = "/v1/data-requests/{tracking_number}"
_COMPLAINT = "/v1/complaints/{tracking_number}"

_NEXT: dict[str, tuple[tuple[str, str], ...]] = {
    "/v1/requests": (
        *_FOLLOWED,
        ("post", f"{_VERIFICATION}/identification"),
        ("post", f"{_DATA}/disposition"),
    ),
    f"{_VERIFICATION}/identification": (
        ("post", f"{_VERIFICATION}/claim"),
        ("post", f"{_VERIFICATION}/assignment"),
    ),
    f"{_VERIFICATION}/claim": (("post", f"{_VERIFICATION}/visit-report"),),
    f"{_VERIFICATION}/assignment": (("post", f"{_VERIFICATION}/visit-report"),),
    f"{_VERIFICATION}/visit-report": (("post", f"{_VERIFICATION}/assessment"),),
    f"{_VERIFICATION}/assessment": (("post", f"{_VERIFICATION}/decision"),),
    f"{_VERIFICATION}/decision": (("post", f"{_VERIFICATION}/delivery"),),
    f"{_VERIFICATION}/delivery": (("post", f"{_STATUS}/survey"),),
    f"{_DATA}/disposition": (("post", f"{_DATA}/review"),),
    f"{_DATA}/review": (
        ("post", f"{_STATUS}/clarification"),
        ("post", f"{_DATA}/tables"),
        ("post", f"{_DATA}/package"),
    ),
    f"{_STATUS}/clarification": (("post", f"{_DATA}/review"),),
    f"{_DATA}/package": (("post", f"{_DATA}/handover"), ("post", f"{_STATUS}/handover")),
    f"{_DATA}/handover": (("post", f"{_STATUS}/handover"),),
    f"{_STATUS}/handover": (("get", f"{_STATUS}/package"),),
    "/v1/complaints": (*_FOLLOWED, ("post", f"{_COMPLAINT}/check")),
    f"{_COMPLAINT}/check": (
        ("post", f"{_COMPLAINT}/coordination"),
        ("post", f"{_COMPLAINT}/response"),
        ("post", f"{_COMPLAINT}/escalation"),
    ),
    f"{_COMPLAINT}/coordination": (("post", f"{_COMPLAINT}/response"),),
    f"{_COMPLAINT}/response": (("post", f"{_COMPLAINT}/resolution"),),
    f"{_COMPLAINT}/escalation": (
        ("get", f"{_COMPLAINT}/lapor"),
        ("post", f"{_COMPLAINT}/lapor"),
    ),
    f"{_COMPLAINT}/resolution": (
        ("post", f"{_STATUS}/rating"),
        ("post", f"{_STATUS}/reopening"),
    ),
    "/v1/webhooks": (
        ("get", "/v1/webhooks/{webhook}/deliveries"),
        ("post", "/v1/webhooks/{webhook}/removal"),
    ),
}
"""What may follow a call that succeeded, in the order of the procedures."""


def describe_responses(document: Document) -> None:
    """Add headers and links to every response of the document."""
    document["components"]["headers"] = HEADERS
    for path, methods in document["paths"].items():
        for operation in methods.values():
            _add_headers(path, operation["responses"])
            if "parameters" in operation:
                operation["responses"]["414"] = TOO_LONG
        if path in _NEXT:
            _add_links(document, path, methods["post"]["responses"])


def _add_headers(path: str, responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        names = ["X-Request-ID"]
        is_problem = MEDIA_TYPE in response.get("content", {MEDIA_TYPE: {}})
        if status in _BY_STATUS and is_problem:
            names.append(_BY_STATUS[status])
        if status == "200" and "304" in responses:
            names.append("ETag")
        if status == "201" and path in _LOCATED:
            names.append("Location")
        headers = response.setdefault("headers", {})
        headers |= {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _add_links(document: Document, path: str, responses: dict[str, Any]) -> None:
    (response,) = (each for status, each in responses.items() if status.startswith("2"))
    for method, target in _NEXT[path]:
        operation = document["paths"][target][method]["operationId"]
        names = re.findall(r"{(\w+)}", target)
        found = {name: f"$response.body#/{name}" for name in names}
        response.setdefault("links", {})[operation] = {
            "operationId": operation,
            "parameters": found,
        }
