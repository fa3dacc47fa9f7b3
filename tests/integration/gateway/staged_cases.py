"""Cases at every stage, brought there through the API by the people whose cases they are."""

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from werkzeug.test import TestResponse

from contracts.envelope import Actor, Role
from gateway.api.attachments import SMALL_PDF
from gateway.api.data_requests import SMALL_TABLE
from tests.integration.gateway.whole_office import WholeOffice

HERE, ELSEWHERE = ("63.71.03",), ("63.71.01",)

PEOPLE: dict[str, Actor] = {
    "lina": Actor(id="lina", role=Role.COUNTER_OFFICER),
    "andi": Actor(id="andi", role=Role.VERIFIER, districts=HERE),
    "rudi": Actor(id="rudi", role=Role.VERIFIER, districts=HERE),
    "budi": Actor(id="budi", role=Role.VERIFIER, districts=ELSEWHERE),
    "sari": Actor(id="sari", role=Role.SOCIAL_WORKER),
    "umar": Actor(id="umar", role=Role.SOCIAL_WORKER),
    "hasan": Actor(id="hasan", role=Role.DIVISION_HEAD),
    "rahma": Actor(id="rahma", role=Role.AGENCY_HEAD),
    "dewi": Actor(id="dewi", role=Role.COMPLAINT_OFFICER),
    "joko": Actor(id="joko", role=Role.COMPLAINT_OFFICER),
    "adit": Actor(id="adit", role=Role.AUDITOR),
    "amin": Actor(id="amin", role=Role.ADMINISTRATOR),
    "dian": Actor(id="dian", role=Role.COMPLAINT_OFFICER, districts=HERE),
}
"""Andi visits, Sari prepares data, Dewi handles complaints; Dian is complained about. The others
have nothing to do with a case unless their role has."""

_BODIES: dict[str, dict[str, Any]] = {
    "/v1/data-requests/{tracking_number}/review": {"social_worker": "sari"},
    "/v1/verifications/{tracking_number}/assignment": {"verifier": "andi"},
    "/v1/complaints/{tracking_number}/escalation": {"to": "agency_head"},
}
"""What differs from the examples of the OpenAPI document."""


class StagedCases:
    """Cases by the stage where they stand, each made when it is first asked for."""

    def __init__(self, office: WholeOffice) -> None:
        self.office = office
        self._http = office.app.test_client()
        self._cases: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._tokens: dict[Actor, dict[str, str]] = {}
        self._examples = self._http.get("/openapi.json").json["paths"]
        for person in PEOPLE.values():
            office.sign_in_as(person)

    def signed_in(self, name: str, role: Role | None = None) -> dict[str, str]:
        """The header of this person, in another role if one is given."""
        person = PEOPLE[name].model_copy(update={"role": role or PEOPLE[name].role})
        if person not in self._tokens:
            self._tokens[person] = self.office.sign_in_as(person)
        return self._tokens[person]

    def filled(self, text: str) -> str:
        """The text with `{stage}`, `{stage.letter}`, `{hook}` and the like filled."""
        for whole, stage, part in re.findall(r"({([a-z_]+)(?:\.(\w+))?})", text):
            if whole not in self._names:
                self._names[whole] = self._named(stage, part)
            text = text.replace(whole, self._names[whole])
        return text

    def call(
        self, headers: dict[str, str], method: str, path: str, key: str = "", **changed: Any
    ) -> TestResponse:
        """Make a call with the body of its example; `changed` are fields of it."""
        content: dict[str, Any] = {}
        if method == "POST":
            headers = headers | {"Idempotency-Key": key or str(uuid4())}
            content = self._body(path, changed)
        response = self._http.open(path, method=method, headers=headers, **content)
        if path == "/v1/logout":
            self._tokens.clear()
        return response

    def case(self, stage: str) -> str:
        """The number of the case at that stage."""
        if stage not in self._cases:
            self.office.papers = stage in _WITH_PAPERS
            self._cases[stage] = _STORIES[stage](self)
            self.office.papers = False
        return self._cases[stage]

    def _named(self, stage: str, part: str) -> str:
        if stage == "hook":
            return str(self._ok("amin", "/v1/webhooks")["webhook"])
        case = self.case(stage)
        if part == "message":
            listed = self.call(self.signed_in("amin"), "GET", "/v1/deliveries?limit=200").json
            of_case = (each for each in listed["deliveries"] if each["tracking_number"] == case)
            return str(next(of_case)["notification"])
        if part == "letter":
            status = self.call(self.office.code(case), "GET", f"/v1/status/{case}").json
            return str(status["documents"][-1]["code"])
        return self._files[case] if part == "file" else case

    def _body(self, path: str, changed: dict[str, Any]) -> dict[str, Any]:
        endpoint, _ = self.office.app.url_map.bind("").match(path.partition("?")[0], "POST")
        rule = next(r for r in self.office.app.url_map.iter_rules() if r.endpoint == endpoint)
        template = re.sub(r"<(\w+)>", r"{\1}", rule.rule)
        if endpoint.endswith(("store_attachment", "store_table")):
            table = endpoint.endswith("table")
            file = io.BytesIO((SMALL_TABLE if table else SMALL_PDF).encode())
            return {"data": {"file": (file, "t.csv" if table else "f.pdf")}}
        content = self._examples[template]["post"]["requestBody"]["content"]["application/json"]
        example = content["examples"]["example"]["value"]
        return {"json": example | _BODIES.get(template, {}) | changed}

    def _ok(self, name: str | None, path: str, **changed: Any) -> Any:
        """What a call that moves a case answers; None is nobody, or the case's resident."""
        headers = {} if name is None else self.signed_in(name)
        if name is None and "/status/" in path:
            headers = self.office.code(path.split("/")[3])
        response = self.call(headers, "POST", path, **changed)
        assert response.status_code < 300, (path, response.text)
        self.office.spread()
        return response.json

    def _aid(self, *moves: tuple[str | None, str, dict[str, Any]], **request: Any) -> str:
        file = self._ok(None, "/v1/attachments")["id"]
        body = {"attachments": [file]} | request
        case = str(self._ok(None, "/v1/requests", **body)["tracking_number"])
        self._files[case] = file
        for name, move, changed in moves:
            self._ok(name, f"/v1/{move.replace('*', case)}", **changed)
        return case

    def _data(self, *moves: tuple[str | None, str, dict[str, Any]]) -> str:
        file = self._ok(None, "/v1/attachments")["id"]
        content = self._examples["/v1/requests"]["post"]["requestBody"]["content"]
        body = content["application/json"]["examples"]["data_request"]["value"] | {"letter": file}
        body.pop("letter_file", None)
        headers = {"Idempotency-Key": str(uuid4())}
        made = self._http.post("/v1/requests", json=body, headers=headers)
        assert made.status_code == 201, made.text
        self.office.spread()
        case = str(made.json["tracking_number"])
        self._files[case] = file
        for name, move, changed in moves:
            self._ok(name, f"/v1/{move.replace('*', case)}", **changed)
        return case

    def _complaint(self, *moves: tuple[str | None, str, dict[str, Any]], **more: Any) -> str:
        by = "joko" if "officer" in more else None
        file = self._ok(by, "/v1/attachments?for=complaints")["id"]
        made = self._ok(by, "/v1/complaints", attachments=[file], **more)
        case = str(made["tracking_number"])
        self._files[case] = file
        for name, move, changed in moves:
            self._ok(name, f"/v1/{move.replace('*', case)}", **changed)
        return case


_Move = tuple[str | None, str, dict[str, Any]]


def _by(name: str | None, move: str, **changed: Any) -> _Move:
    return name, move, changed


_LACKING = [
    {"requirement": each, "fulfilled": each != "institution_documents"}
    for each in ("resident", "identity_document", "institution_documents")
]
_AID = (
    _by("lina", "verifications/*/identification"),
    _by("andi", "verifications/*/claim"),
    _by("andi", "verifications/*/visit-report"),
    _by("sari", "verifications/*/assessment"),
    _by("hasan", "verifications/*/decision"),
    _by("lina", "verifications/*/delivery"),
)
_DATA = (
    _by("rahma", "data-requests/*/disposition"),
    _by("hasan", "data-requests/*/review"),
    _by("sari", "data-requests/*/tables"),
    _by("sari", "data-requests/*/package"),
    _by("sari", "data-requests/*/handover"),
    _by(None, "status/*/handover"),
)
_QUESTION = _by(
    "hasan",
    "data-requests/*/review",
    decision="clarify",
    complexity=None,
    social_worker=None,
    words="Untuk apa?",
)
_CHECK = _by("dewi", "complaints/*/check")
_LACKS = _by("dewi", "complaints/*/check", result="incomplete", missing=["evidence"])
_SUPPLEMENT = _by(None, "status/*/supplement")
_ASK = _by("dewi", "complaints/*/coordination")
_RESPOND = _by("dewi", "complaints/*/response")
_RESOLVE = _by("dewi", "complaints/*/resolution")


def _up(to: str) -> _Move:
    return _by("dewi", "complaints/*/escalation", to=to)


def _aid(*moves: _Move) -> Callable[[StagedCases], str]:
    return lambda cases: cases._aid(*moves)


def _data(*moves: _Move) -> Callable[[StagedCases], str]:
    return lambda cases: cases._data(*moves)


def _complaint(*moves: _Move, **more: Any) -> Callable[[StagedCases], str]:
    return lambda cases: cases._complaint(*moves, **more)


_WITH_PAPERS = {"decided", "delivered", "complained", "checked", "passed", "raised", "about_dian"}

_STORIES: dict[str, Callable[[StagedCases], str]] = {
    "received": _aid(),
    "unchecked": _aid(),
    "a_neighbours": _aid(),
    "returned": _aid(_by("lina", "verifications/*/identification", checklist=_LACKING)),
    "announced": _aid(*_AID[:1]),
    "free": _aid(*_AID[:1]),
    "assigned": _aid(*_AID[:2]),
    "visited": _aid(*_AID[:3]),
    "assessed": _aid(*_AID[:4]),
    "decided": _aid(*_AID[:5]),
    "delivered": _aid(*_AID),
    "applied": _data(),
    "unwanted": _data(),
    "dispositioned": _data(*_DATA[:1]),
    "asked": _data(_DATA[0], _QUESTION),
    "in_preparation": _data(*_DATA[:3]),
    "prepared": _data(*_DATA[:4]),
    "handed_over": _data(*_DATA),
    "complained": _complaint(),
    "grumbled": _complaint(),
    "incomplete": _complaint(_LACKS),
    "supplemented": _complaint(_LACKS, _SUPPLEMENT),
    "checked": _complaint(_CHECK),
    "urgent": _complaint(_CHECK),
    "coordinating": _complaint(_CHECK, _ASK),
    "responded": _complaint(_CHECK, _RESPOND),
    "resolved": _complaint(_CHECK, _RESPOND, _RESOLVE),
    "passed": _complaint(_CHECK, _up("division_head")),
    "raised": _complaint(_CHECK, _up("agency_head")),
    "at_lapor": _complaint(_CHECK, _up("lapor")),
    "about_dian": _complaint(_CHECK, _up("agency_head"), officer="dian"),
}
