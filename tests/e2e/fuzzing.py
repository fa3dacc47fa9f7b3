"""Random calls that get somewhere: by whom, on which case, and with what in the body.

Schemathesis makes calls of the OpenAPI document and holds each answer against it. Left alone it
would seldom get past the door: here its calls get a caller, a case that exists, and often a body
that works but for one place.
"""

import re
from copy import deepcopy
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from typing import Any

import eventlet
from schemathesis import Case
from schemathesis.checks import CHECKS
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response
from schemathesis.openapi import checks  # noqa: F401 - registers the checks of OpenAPI

from tests.bodies import places, put
from tests.e2e.documented_api import JSON, Api, Json

CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
ODD = (
    None,
    True,
    -1,
    2**31,
    2**63,
    10**400,
    1e308,
    0.1,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e",
    "1" * 400,
    "a" * 5000,
    "6371034107900001",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-11-20T00:00:00Z",
    [],
    {},
    [[[[]]]],
    {"": None},
)
FILES = (b"", b"\x00", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"a,b\n1,\xff\n", b"PK\x03\x04", b"MZ")
MULTIPART = "multipart/form-data"
KINDS = {"/verifications": "VRF", "/data-requests": "DTA", "/complaints": "ADU"}
ACCESS_CODE = "X-Access-Code"
PATIENCE = 60.0
STREAMED = 1.0
"""Seconds after which a stream is left, for it does not end by itself."""


@dataclass
class Pool:
    """What there is: found in the answers, by the name that paths give it."""

    codes: dict[str, str]
    names: dict[str, list[str]] = field(default_factory=dict)
    case_of: dict[str, str] = field(default_factory=dict)

    def learn(self, answer: Any, case: str | None = None) -> None:
        """Keep what an answer names, and of each thing the newest thousand."""
        if isinstance(answer, list):
            for part in answer:
                self.learn(part, case)
        if not isinstance(answer, dict):
            return
        case = answer.get("tracking_number", case)
        if "access_code" in answer:
            self.codes[answer["tracking_number"]] = answer["access_code"]
        for name in ("tracking_number", "webhook", "notification", "coordination", "table"):
            if isinstance(answer.get(name), str | int):
                self._keep(name, str(answer[name]), case)
        for document in answer.get("documents") or ():
            self._keep("code", document["code"], case)
        if "sha256" in answer and "id" in answer:
            self._keep("attachment", answer["id"], case)
        for part in answer.values():
            self.learn(part, case)

    def draw(self, name: str, chance: Random, path: str) -> str | None:
        """One of these names, of the kind that the path is for; None if there is none."""
        known = self.names.get(name, [])
        kind = next((kind for part, kind in KINDS.items() if part in path), "")
        fitting = [each for each in known if each.startswith(kind)] if kind else known
        return chance.choice(fitting) if fitting else None

    def _keep(self, name: str, value: str, case: str | None) -> None:
        if case is not None:
            self.case_of[value] = case
        known = self.names.setdefault(name, [])
        if value not in known:
            known.append(value)
            del known[:-1000]


@dataclass
class Fuzzer:
    """Dresses calls, makes them, and keeps what was wrong with their answers."""

    api: Api
    pool: Pool
    answered: dict[tuple[str, int], int] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def made(self) -> int:
        """How many calls were answered."""
        return sum(self.answered.values())

    def dressed(self, drawn: Case, chance: Random, *, linked: bool = False) -> Case:
        """The call with a caller, names of what there is unless they came by a link, and perhaps
        a better body."""
        operation = self.api.document["paths"][drawn.path][drawn.method.lower()]
        case = drawn.operation.Case(
            path_parameters=dict(drawn.path_parameters),
            headers=dict(drawn.headers),
            query=dict(drawn.query),
            body=drawn.body,
            media_type=drawn.media_type,
        )
        if not linked:
            self._name(case, chance)
        careful = chance.random() < (0.6 if linked else 0.2)
        self._fill(case, operation, chance, careful=careful)
        self._sign(case, operation, chance, careful=careful)
        if careful and "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = f"{chance.getrandbits(64):016x}"
        return case

    def make(self, case: Case) -> Response:
        """Make the call, learn from its answer, and hold that against the document."""
        response = self._call(case)
        seen = (case.operation.label, response.status_code)
        self.answered[seen] = self.answered.get(seen, 0) + 1
        if case.path == "/v1/logout":
            self.api.sign_in_again()
        if response.headers.get("content-type") == [JSON]:
            self.pool.learn(response.json())
        try:
            case.validate_response(response, checks=[CHECKS.get_one(name) for name in CHECKED])
        except FailureGroup as group:
            for failure in group.exceptions:
                self._note(case, response, failure)
        return response

    def _call(self, case: Case) -> Response:
        """Once more where there was no answer in time, as a front end does."""
        timeout = STREAMED if "/stream" in case.path else PATIENCE
        for _ in range(2):
            response = case.call(base_url=str(self.api.http.base_url), timeout=timeout)
            if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            eventlet.sleep(1)
        return response

    def _name(self, case: Case, chance: Random) -> None:
        for name in case.path_parameters:
            drawn = self.pool.draw(name, chance, case.path)
            if drawn is None or chance.random() < 0.1:
                continue
            case.path_parameters[name] = drawn
            if name != "tracking_number" and "tracking_number" in case.path_parameters:
                its_case = self.pool.case_of.get(drawn, case.path_parameters["tracking_number"])
                case.path_parameters["tracking_number"] = its_case
                break

    def _fill(self, case: Case, operation: Json, chance: Random, *, careful: bool) -> None:
        content = operation.get("requestBody", {}).get("content", {})
        lot = chance.random()
        if not content or (lot < 0.4 and not careful):
            return
        media = content.get(case.media_type) or next(iter(content.values()))
        body = deepcopy(chance.choice(list(media["examples"].values()))["value"])
        attachment = self.pool.draw("attachment", chance, "")
        if MULTIPART in content:
            body = {name: text.encode() for name, text in body.items()}
            if lot < 0.7 and not careful:
                body = {name: chance.choice(FILES) for name in body}
        elif lot < 0.8 and not careful:
            given = case.body if isinstance(case.body, dict) else {}
            _, *inside = places(body)
            place = chance.choice([*inside, ("colour",)])
            other = [given[key] for key in place[:1] if key in given]
            body = put(body, place, chance.choice([*other, *ODD]))
        elif attachment is not None and lot < 0.2 and "attachments" in body:
            body["attachments"] = [attachment]
        case.body = body

    def _sign(self, case: Case, operation: Json, chance: Random, *, careful: bool) -> None:
        case.headers.pop("Authorization", None)
        case.headers.pop(ACCESS_CODE, None)
        who = [*re.findall(r"\w+", operation["description"].rpartition("Who: ")[2])]
        roles = [role for role in ROLES if role in who]
        with_code = any("access_code" in way for way in operation["security"])
        lot = chance.random() * (0.9 if careful else 1.0)
        if with_code and (lot < 0.5 or (careful and not roles)):
            case.headers[ACCESS_CODE] = self._code(case, chance)
        elif lot < 0.9 and roles:
            case.headers.update(self.api.bearer(chance.choice(roles)))
        elif lot < 0.95:
            case.headers.update(self.api.bearer(chance.choice(ROLES)))

    def _code(self, case: Case, chance: Random) -> str:
        names = case.path_parameters
        number = names.get("tracking_number") or self.pool.case_of.get(str(names.get("code")))
        wrong = "2222222222"
        return wrong if chance.random() < 0.03 else self.pool.codes.get(str(number), wrong)

    def _note(self, case: Case, response: Response, failure: Any) -> None:
        title = failure.title if isinstance(failure, Failure) else type(failure).__name__
        first = str(failure).strip().splitlines()[:12]
        key = f"{case.operation.label} {response.status_code} {title}"
        request = response.request
        self.wrong.setdefault(
            key,
            "\n".join(
                [
                    key,
                    *first,
                    f"{request.method} {request.url}",
                    repr(request.body)[:800],
                    response.text[:600],
                ]
            ),
        )


ROLES = (
    "counter_officer",
    "verifier",
    "social_worker",
    "division_head",
    "agency_head",
    "complaint_officer",
    "auditor",
    "administrator",
)
