"""Complaints: made by anyone, entered and handled by the complaint officers and the heads."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest

from contracts.complaints import (
    CheckComplaint,
    CheckResult,
    Complainant,
    ComplaintChannel,
    ComplaintRegistered,
    CoordinateComplaint,
    CoordinationAsked,
    EscalateComplaint,
    ExportLapor,
    LaporRecord,
    LaporStatus,
    Missing,
    ReconcileLapor,
    RecordAnswer,
    ResolveComplaint,
    RespondComplaint,
    Scope,
    StoreEvidence,
    SubmitComplaint,
)
from contracts.envelope import RESIDENT, AttachmentRef, Message, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import StoreAttachment
from gateway.api.complaint_forms import ComplaintForm
from tests.case_events import CASE, RECEIVED, RECEIVED_AT
from tests.complaint_events import COMPLAINT, PROMISED
from tests.integration.gateway.desk import KEY, NIK, Desk, fields, problem

EXAMPLE: dict[str, Any] = ComplaintForm.model_config["openapi_extra"]["examples"]["example"][  # type: ignore[typeddict-item]
    "value"
]
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
RECORD = LaporRecord(
    tracking_number=COMPLAINT,
    title="Bantuan belum diterima",
    category="Sosial",
    matter="=HYPERLINK(1)",
    complainant=Complainant(name="Siti", nik=NIK, address="Jl. Contoh 1", phone="+62 812"),
    received_at=RECEIVED_AT,
    escalated_at=RECEIVED_AT + timedelta(days=3),
    office_due=None,
    lapor_forward_due=RECEIVED_AT + timedelta(days=6),
    lapor_answer_due=RECEIVED_AT + timedelta(days=11),
    lapor_number=None,
    lapor_status=None,
    lapor_updated_at=None,
    agrees=None,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo, which knows one request."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    desk.happened(RECEIVED)
    yield desk
    desk.close()


@pytest.fixture
def desk(shared: Desk) -> Desk:
    """The gateway, with services that carry everything out and were asked nothing yet."""
    shared.rpc.calls.clear()
    shared.done(*COMMANDS.values())
    ref = AttachmentRef(id="e-1", sha256="0" * 64, media_type="application/pdf", size=3)
    shared.rpc.replies |= {
        SubmitComplaint: lambda ask: ComplaintRegistered(
            tracking_number=COMPLAINT, deadline=PROMISED
        ),
        CoordinateComplaint: lambda ask: CoordinationAsked(
            tracking_number=COMPLAINT, state="coordinating", coordination=1
        ),
        StoreEvidence: lambda ask: ref,
        StoreAttachment: lambda ask: ref,
        ExportLapor: lambda ask: RECORD,
    }
    return shared


def complain(desk: Desk, headers: dict[str, str] | None = None, **change: Any) -> Any:
    return desk.http.post("/v1/complaints", json=EXAMPLE | change, headers=KEY | (headers or {}))


def move(desk: Desk, name: str, body: dict[str, Any], role: Role = Role.COMPLAINT_OFFICER) -> Any:
    return desk.http.post(f"{MOVES}/{name}", json=body, headers=KEY | desk.sign_in(role))


def example(desk: Desk, name: str) -> dict[str, Any]:
    path = f"/v1/complaints/{{tracking_number}}/{name.replace('/1/', '/{coordination}/')}"
    content = desk.http.get("/openapi.json").json["paths"][path]["post"]["requestBody"]["content"]
    value: dict[str, Any] = content["application/json"]["examples"]["example"]["value"]
    return value


def test_the_example_of_the_document_is_registered_as_it_stands(desk: Desk) -> None:
    """Without signing in: number, access code, explained deadline, and where to follow it."""
    response = complain(desk)
    assert response.status_code == 201
    assert response.headers["Location"] == f"/v1/status/{COMPLAINT}"
    receipt = response.json
    assert receipt["access_code"] == desk.code(COMPLAINT)["X-Access-Code"]
    assert receipt["deadline"]["working_days"] == 3
    assert receipt["links"]["stream"] == f"/v1/status/{COMPLAINT}/stream"
    ((message, actor, key),) = desk.rpc.calls
    assert message.channel is ComplaintChannel.WEBSITE
    assert message.complainant.nik == NIK
    assert actor == RESIDENT
    assert key


@pytest.mark.parametrize("channel", ["box", "email", "whatsapp", "counter"])
def test_what_came_another_way_is_entered_by_a_complaint_officer(desk: Desk, channel: str) -> None:
    """With the day it was received, and of whom it is about."""
    assert fields(complain(desk, channel=channel)) == {"channel": "channel_not_open"}
    response = complain(
        desk,
        desk.sign_in(Role.COMPLAINT_OFFICER),
        channel=channel,
        received_at="2026-11-20T10:00:00+08:00",
        officer="counter_officer",
        about_case=CASE,
        attachments=["e-1"],
    )
    assert response.status_code == 201
    ((message, actor, _),) = desk.rpc.calls
    assert message.received_at == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert (message.officer, message.about_case) == ("counter_officer", CASE)
    assert actor.role is Role.COMPLAINT_OFFICER


@pytest.mark.parametrize(
    ("field", "value"),
    [("received_at", "2026-11-20T10:00:00+08:00"), ("officer", "counter_officer")],
)
def test_what_only_officers_know_is_theirs_to_fill_in(desk: Desk, field: str, value: str) -> None:
    """Whoever could name an officer could keep every officer from a complaint."""
    response = complain(desk, **{field: value})
    assert problem(response) == (422, "validation_failed")
    assert fields(response) == {field: "staff_only"}
    assert not desk.asked()


@pytest.mark.parametrize("name", ["submission", "check"])
def test_an_officer_who_is_not_known_is_not_named(desk: Desk, name: str) -> None:
    """A typing error would hide the complaint from nobody."""
    if name == "submission":
        response = complain(desk, desk.sign_in(Role.COMPLAINT_OFFICER), officer="nobody")
    else:
        response = move(desk, "check", {"result": "complete", "officer": "nobody"})
    assert problem(response) == (422, "validation_failed")
    assert fields(response) == {"officer": "unknown_officer"}
    assert not desk.asked()


def test_a_complaint_is_about_a_case_of_the_callers_own(desk: Desk) -> None:
    """Its access code shows that it is."""
    assert complain(desk, desk.code(), about_case=CASE).status_code == 201
    assert desk.asked()[0].about_case == CASE


def test_an_unknown_case_and_a_foreign_one_get_the_same_answer(desk: Desk) -> None:
    """Nobody learns which numbers exist."""
    unknown = "VRF-20261123-9999"
    answers = [
        complain(desk, about_case=CASE),
        complain(desk, desk.code(unknown), about_case=CASE),
        complain(desk, about_case=unknown),
        complain(desk, desk.code(unknown), about_case=unknown),
    ]
    for response in answers:
        assert problem(response) == (422, "validation_failed")
        assert fields(response) == {"about_case": "unknown_case"}
    assert len({response.get_data() for response in answers}) == 1
    assert not desk.asked()


def test_an_officer_names_any_case_that_exists(desk: Desk) -> None:
    """And no other."""
    officer = desk.sign_in(Role.COMPLAINT_OFFICER)
    assert complain(desk, officer, about_case=CASE).status_code == 201
    unknown = complain(desk, officer, about_case="VRF-20261123-9999")
    assert fields(unknown) == {"about_case": "unknown_case"}


@pytest.mark.parametrize("field", ["complainant", "matter"])
def test_identity_and_matter_are_required(desk: Desk, field: str) -> None:
    """As the standards say."""
    body = {k: v for k, v in EXAMPLE.items() if k != field}
    response = desk.http.post("/v1/complaints", json=body, headers=KEY)
    assert fields(response) == {field: "required"}


def test_a_wrong_field_is_named_and_its_value_is_not_repeated(desk: Desk) -> None:
    """Neither the NIK nor a field's name that is one."""
    person = EXAMPLE["complainant"] | {"nik": f"{NIK}0", NIK: "x"}
    response = complain(desk, complainant=person)
    assert fields(response) == {"complainant.nik": "wrong_format", "complainant.?": "unknown_field"}
    assert NIK not in response.text


@pytest.mark.parametrize(
    ("query", "keeper"),
    [("", StoreAttachment), ("?for=requests", StoreAttachment), ("?for=complaints", StoreEvidence)],
)
def test_a_file_goes_to_who_keeps_it(desk: Desk, query: str, keeper: type[Message]) -> None:
    """Intake, unless it is for a complaint."""
    data = {"file": (BytesIO(b"%PDF"), "x.pdf")}
    options = {"data": data, "headers": KEY, "content_type": "multipart/form-data"}
    assert desk.http.post(f"/v1/attachments{query}", **options).status_code == 201
    assert [type(message) for message in desk.asked()] == [keeper]


def test_a_file_is_for_nobody_else(desk: Desk) -> None:
    """A typing error is not taken for the default."""
    data = {"file": (BytesIO(b"%PDF"), "x.pdf")}
    options = {"data": data, "headers": KEY, "content_type": "multipart/form-data"}
    response = desk.http.post("/v1/attachments?for=complaint", **options)
    assert fields(response) == {"for": "not_allowed"}


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
