"""The handling of complaints: each move is one command to their service."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest

from contracts.complaints import (
    CheckComplaint,
    CheckResult,
    CoordinateComplaint,
    CoordinationAsked,
    EscalateComplaint,
    ExportLapor,
    LaporStatus,
    Missing,
    ReconcileLapor,
    RecordAnswer,
    ResolveComplaint,
    RespondComplaint,
    Scope,
)
from contracts.envelope import Message, Role
from contracts.errors import ErrorCode, Refusal
from tests.complaint_events import COMPLAINT
from tests.integration.gateway.desk import KEY, NIK, Desk, fields, problem
from tests.integration.gateway.replies import RECORD

MOVES = f"/v1/complaints/{COMPLAINT}"
COMMANDS: dict[str, type[Message]] = {
    "check": CheckComplaint,
    "coordination": CoordinateComplaint,
    "coordination/1/answer": RecordAnswer,
    "response": RespondComplaint,
    "resolution": ResolveComplaint,
    "escalation": EscalateComplaint,
    "lapor": ReconcileLapor,
}
HANDLERS = [Role.COMPLAINT_OFFICER, Role.DIVISION_HEAD, Role.AGENCY_HEAD]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    yield desk
    desk.close()


@pytest.fixture
def desk(shared: Desk) -> Desk:
    """The gateway, with services that carry everything out and were asked nothing yet."""
    shared.rpc.calls.clear()
    shared.done(*COMMANDS.values())
    shared.rpc.replies |= {
        CoordinateComplaint: lambda ask: CoordinationAsked(
            tracking_number=COMPLAINT, state="coordinating", coordination=1
        ),
        ExportLapor: lambda ask: RECORD,
    }
    return shared


def move(desk: Desk, name: str, body: dict[str, Any], role: Role = Role.COMPLAINT_OFFICER) -> Any:
    return desk.http.post(f"{MOVES}/{name}", json=body, headers=KEY | desk.sign_in(role))


def example(desk: Desk, name: str) -> dict[str, Any]:
    path = f"/v1/complaints/{{tracking_number}}/{name.replace('/1/', '/{coordination}/')}"
    content = desk.http.get("/openapi.json").json["paths"][path]["post"]["requestBody"]["content"]
    value: dict[str, Any] = content["application/json"]["examples"]["example"]["value"]
    return value


def test_an_officer_who_is_not_known_is_not_named_in_a_check(desk: Desk) -> None:
    """Like in a submission."""
    response = move(desk, "check", {"result": "complete", "officer": "nobody"})
    assert problem(response) == (422, "validation_failed")
    assert fields(response) == {"officer": "unknown_officer"}
    assert not desk.asked()


@pytest.mark.parametrize("role", HANDLERS)
@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_each_move_works_as_it_stands(desk: Desk, name: str, role: Role) -> None:
    """One command for the actor, with a key; the service decides whose move it is."""
    response = move(desk, name, example(desk, name), role)
    assert (response.status_code, response.json["tracking_number"]) == (200, COMPLAINT)
    ((message, actor, key),) = desk.rpc.calls
    assert type(message) is COMMANDS[name]
    assert message.tracking_number == COMPLAINT
    assert (actor.id, actor.role) == (role.value, role)
    assert key


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_field_is_refused_in_every_move(desk: Desk, name: str) -> None:
    """Nothing is dropped in silence."""
    response = move(desk, name, example(desk, name) | {"colour": "red"})
    assert fields(response) == {"colour": "unknown_field"}
    assert not desk.asked()


def test_the_moves_reach_the_service_whole(desk: Desk) -> None:
    """What was found, asked, answered, and what came back."""
    move(desk, "check", {"result": "incomplete", "missing": ["evidence"], "note": "Foto?"})
    move(
        desk,
        "coordination",
        {"scope": "external", "partner": "Dinkes", "question": "Kapan?", "working_days": 5},
    )
    move(desk, "coordination/12/answer", {"answer": "Besok."})
    lapor = {
        "lapor_number": "77",
        "status": "closed",
        "occurred_at": "2026-11-23T08:00:00+08:00",
        "words": "Selesai.",
    }
    move(desk, "lapor", lapor)
    assert desk.asked() == [
        CheckComplaint(
            tracking_number=COMPLAINT,
            result=CheckResult.INCOMPLETE,
            missing=(Missing.EVIDENCE,),
            note="Foto?",
        ),
        CoordinateComplaint(
            tracking_number=COMPLAINT,
            scope=Scope.EXTERNAL,
            partner="Dinkes",
            question="Kapan?",
            working_days=5,
        ),
        RecordAnswer(tracking_number=COMPLAINT, coordination=12, answer="Besok."),
        ReconcileLapor(
            tracking_number=COMPLAINT,
            lapor_number="77",
            status=LaporStatus.CLOSED,
            occurred_at=datetime(2026, 11, 23, 0, 0, tzinfo=UTC),
            words="Selesai.",
        ),
    ]


@pytest.mark.parametrize("number", ["0", "x", "-1", "1234567"])
def test_a_coordination_that_cannot_be_is_not_found(desk: Desk, number: str) -> None:
    """As an address."""
    response = move(desk, f"coordination/{number}/answer", {"answer": "Besok."})
    assert problem(response) == (404, "coordination_not_found")
    assert not desk.asked()


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("check", ErrorCode.NOT_THE_OWNER, 403),
        ("response", ErrorCode.ILLEGAL_MOVE, 409),
        ("coordination/1/answer", ErrorCode.COORDINATION_NOT_FOUND, 404),
        ("lapor", ErrorCode.NOT_ESCALATED, 409),
    ],
)
def test_a_refused_move_says_why(desk: Desk, name: str, code: ErrorCode, status: int) -> None:
    """With the code of the service that refused, as the document declares it."""

    def refuse(ask: Message) -> None:
        raise Refusal(code)

    desk.rpc.replies[COMMANDS[name]] = refuse
    assert problem(move(desk, name, example(desk, name))) == (status, code)


def test_the_record_for_lapor_has_both_deadlines(desk: Desk) -> None:
    """As JSON; the read is for a purpose that stands in the log."""
    response = desk.http.get(f"{MOVES}/lapor", headers=desk.sign_in(Role.COMPLAINT_OFFICER))
    assert response.json["lapor_answer_due"] == "2026-12-04T09:00:00+08:00"
    assert response.json["complainant"]["nik"] == NIK
    assert desk.asked() == [ExportLapor(tracking_number=COMPLAINT, purpose="lapor_entry")]


@pytest.mark.parametrize(
    ("query", "accept"), [("?format=csv", "*/*"), ("", "text/csv"), ("?purpose=check", "text/csv")]
)
def test_the_record_for_lapor_comes_as_csv(desk: Desk, query: str, accept: str) -> None:
    """One row; nothing in it is taken for a formula."""
    headers = desk.sign_in(Role.DIVISION_HEAD) | {"Accept": accept}
    response = desk.http.get(f"{MOVES}/lapor{query}", headers=headers)
    assert response.mimetype == "text/csv"
    assert f"lapor-{COMPLAINT}.csv" in response.headers["Content-Disposition"]
    (row,) = csv.DictReader(StringIO(response.text))
    assert row["complainant_nik"] == NIK
    assert row["matter"] == "'=HYPERLINK(1)"
    assert row["complainant_phone"] == "'+62 812"
    assert row["received_at"] == "2026-11-23T09:00:00+08:00"
