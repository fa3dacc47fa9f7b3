"""Requests for data: the letter and what it states, and the moves of the staff."""

import base64
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from contracts.data_request import (
    BuildPackage,
    Complexity,
    DataRequestDetail,
    DispositionDataRequest,
    PackageBuilt,
    ReadDataRequest,
    RejectionGround,
    ReviewDataRequest,
    Side,
    SignHandover,
    SmallCells,
    StoreTable,
    TableChecked,
)
from contracts.envelope import AttachmentRef, Contact, ContactWay, Message, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import Purpose, RequestRegistered, StoreAttachment, SubmitDataRequest
from gateway.api.data_requests import SMALL_TABLE
from tests.data_request_events import DATA_CASE, PROMISED
from tests.integration.gateway.desk import DATA_REQUEST, KEY, Desk, fields, problem

MOVES = f"/v1/data-requests/{DATA_CASE}"
ROLES = {
    "disposition": Role.AGENCY_HEAD,
    "review": Role.DIVISION_HEAD,
    "package": Role.SOCIAL_WORKER,
    "handover": Role.DIVISION_HEAD,
}
COMMANDS: dict[str, type[Message]] = {
    "disposition": DispositionDataRequest,
    "review": ReviewDataRequest,
    "package": BuildPackage,
    "handover": SignHandover,
}
LETTER = AttachmentRef(id="l-1", sha256="0" * 64, media_type="application/pdf", size=3)
TABLE = TableChecked(
    table="t-1", name="penerima.csv", sha256="1" * 64, columns=("a",), rows=1, small_cells=()
)
BUILT = PackageBuilt(
    tracking_number=DATA_CASE,
    state="prepared",
    edition=1,
    sha256="2" * 64,
    size=10,
    files=(),
    suppressed_cells=0,
    flagged_cells=0,
)
DETAIL = DataRequestDetail(
    tracking_number=DATA_CASE,
    state="in_preparation",
    purpose=Purpose.ACADEMIC_RESEARCH,
    standard="data_request",
    standard_version="2026-1",
    disposition_note=None,
    social_worker="social_worker",
    complexity=Complexity.SIMPLE,
    working_days=3,
    reviews=(),
    clarifications=(),
    tables=(TABLE, TABLE.model_copy(update={"table": "t-2"})),
    package=None,
    signatures=(),
    downloads=0,
)
SENT_LETTER = {k: v for k, v in DATA_REQUEST.items() if k != "letter_file"} | {"letter": "l-9"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo."""
    desk = Desk(tmp_path_factory.mktemp("home"), max_attachment_bytes="2048")
    yield desk
    desk.close()


@pytest.fixture
def desk(shared: Desk) -> Desk:
    """The gateway, with services that carry everything out and were asked nothing yet."""
    shared.rpc.calls.clear()
    shared.done(DispositionDataRequest, ReviewDataRequest, SignHandover)
    shared.rpc.replies |= {
        StoreAttachment: lambda ask: LETTER,
        SubmitDataRequest: lambda ask: RequestRegistered(
            tracking_number=DATA_CASE, deadline=PROMISED, warnings=()
        ),
        StoreTable: lambda ask: TABLE,
        BuildPackage: lambda ask: BUILT,
        ReadDataRequest: lambda ask: DETAIL,
    }
    return shared


def submit(desk: Desk, body: dict[str, Any], **headers: str) -> Any:
    return desk.http.post("/v1/requests", json=body, headers=KEY | headers)


def move(desk: Desk, name: str, body: dict[str, Any]) -> Any:
    return desk.http.post(f"{MOVES}/{name}", json=body, headers=KEY | desk.sign_in(ROLES[name]))


def example(desk: Desk, name: str) -> dict[str, Any]:
    document = desk.http.get("/openapi.json").json
    operation = document["paths"][f"/v1/data-requests/{{tracking_number}}/{name}"]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    value: dict[str, Any] = content["examples"]["example"]["value"]
    return value


def test_the_example_of_the_document_is_registered_as_it_stands(desk: Desk) -> None:
    """With its letter, which is stored first; the receipt is that of any request."""
    response = submit(desk, DATA_REQUEST)
    assert response.status_code == 201
    assert response.json["tracking_number"] == DATA_CASE
    assert response.json["access_code"] == desk.code(DATA_CASE)["X-Access-Code"]
    stored, submitted = desk.asked()
    assert stored.content == DATA_REQUEST["letter_file"]
    assert submitted.letter == LETTER.id
    assert submitted.years == (2024, 2025)
    assert submitted.requester.institution == "Universitas Contoh"
    assert submitted.notify == (Contact(way=ContactWay.EMAIL, address="budi@contoh.example"),)


def test_a_letter_that_was_uploaded_before_goes_by_its_id(desk: Desk) -> None:
    """Then there is one command."""
    assert submit(desk, SENT_LETTER).status_code == 201
    (submitted,) = desk.asked()
    assert submitted.letter == "l-9"


def test_a_repeated_submission_stores_its_letter_once(desk: Desk) -> None:
    """The letter has a key of its own, the same for the same letter and call."""
    submit(desk, DATA_REQUEST)
    submit(desk, DATA_REQUEST)
    other = base64.b64encode(b"%PDF-1.4 other").decode()
    submit(desk, DATA_REQUEST | {"letter_file": other})
    keys = [key for message, _, key in desk.rpc.calls if isinstance(message, StoreAttachment)]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("field", ["purpose", "use", "data_types", "coverage", "years"])
def test_what_the_letter_must_state_is_named_when_it_is_missing(desk: Desk, field: str) -> None:
    """Requirement 2 of the standard, and the purpose of requirement 1."""
    body = {k: v for k, v in DATA_REQUEST.items() if k != field}
    response = submit(desk, body)
    assert problem(response) == (422, "validation_failed")
    assert fields(response) == {field: "required"}
    assert not desk.asked()


def test_a_request_without_its_letter_names_the_letter(desk: Desk) -> None:
    """Beside whatever else is missing."""
    body = {k: v for k, v in SENT_LETTER.items() if k not in ("letter", "years")}
    assert fields(submit(desk, body)) == {"years": "required", "letter": "required"}


def test_a_purpose_that_is_not_served_is_refused_in_the_standards_words(desk: Desk) -> None:
    """It reaches intake, and is no unknown choice of a list."""

    def refuse(ask: SubmitDataRequest) -> None:
        assert ask.purpose == "political_campaign"
        raise Refusal(ErrorCode.PURPOSE_NOT_SERVED, field="purpose")

    desk.rpc.replies[SubmitDataRequest] = refuse
    response = submit(desk, SENT_LETTER | {"purpose": "political_campaign"})
    assert problem(response) == (422, "purpose_not_served")
    assert "bukan untuk kepentingan politik" in response.json["title_id"]
    assert "not for politics" in response.json["title_en"]
    assert "political_campaign" not in response.text


def test_a_request_of_no_kind_names_the_kind(desk: Desk) -> None:
    """Missing, or another."""
    body = {k: v for k, v in SENT_LETTER.items() if k != "kind"}
    assert fields(submit(desk, body)) == {"kind": "required"}
    assert fields(submit(desk, body | {"kind": "complaint"})) == {"kind": "not_allowed"}


def test_a_counter_officer_enters_a_letter_that_came_by_mail(desk: Desk) -> None:
    """Anyone else sends it through the web or a bot."""
    by_mail = SENT_LETTER | {"channel": "email"}
    assert fields(submit(desk, by_mail)) == {"channel": "channel_not_open"}
    assert submit(desk, by_mail, **desk.sign_in(Role.COUNTER_OFFICER)).status_code == 201


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_each_move_works_as_it_stands(desk: Desk, name: str) -> None:
    """One command for the actor, with a key; the answer is the case's new state."""
    response = move(desk, name, example(desk, name))
    assert (response.status_code, response.json["tracking_number"]) == (200, DATA_CASE)
    message, actor, key = desk.rpc.calls[-1]
    assert type(message) is COMMANDS[name]
    assert message.tracking_number == DATA_CASE  # type: ignore[attr-defined]
    assert (actor.id, actor.role) == (ROLES[name].value, ROLES[name])
    assert key


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_field_is_refused_in_every_move(desk: Desk, name: str) -> None:
    """Nothing is dropped in silence."""
    response = move(desk, name, example(desk, name) | {"colour": "red"})
    assert fields(response) == {"colour": "unknown_field"}
    assert not desk.asked()


def test_a_review_reaches_the_service_whole(desk: Desk) -> None:
    """Approved, rejected, or asked back."""
    approved = {
        "decision": "approve",
        "complexity": "complex",
        "data_types": 3,
        "social_worker": "social_worker",
    }
    rejected = {"decision": "reject", "ground": "political_purpose", "words": "Untuk kampanye."}
    asked = {"decision": "clarify", "words": "Tahun berapa?"}
    for body in (approved, rejected, asked):
        assert move(desk, "review", body).status_code == 200
    assert desk.asked() == [
        ReviewDataRequest(
            tracking_number=DATA_CASE,
            decision="approve",
            complexity=Complexity.COMPLEX,
            data_types=3,
            social_worker="social_worker",
        ),
        ReviewDataRequest(
            tracking_number=DATA_CASE,
            decision="reject",
            ground=RejectionGround.POLITICAL_PURPOSE,
            words="Untuk kampanye.",
        ),
        ReviewDataRequest(tracking_number=DATA_CASE, decision="clarify", words="Tahun berapa?"),
    ]


@pytest.mark.parametrize("name", ["nobody", "verifier"])
def test_only_a_known_social_worker_can_be_instructed(desk: Desk, name: str) -> None:
    """A name that is no account, or another role's."""
    body = {"decision": "approve", "complexity": "simple", "social_worker": name}
    response = move(desk, "review", body)
    assert problem(response) == (422, "validation_failed")
    assert fields(response) == {"social_worker": "unknown_social_worker"}
    assert not desk.asked()


def upload(desk: Desk, content: bytes, name: str = "penerima.csv") -> Any:
    data = {"file": (BytesIO(content), name)}
    headers = KEY | desk.sign_in(Role.SOCIAL_WORKER)
    return desk.http.post(
        f"{MOVES}/tables", data=data, headers=headers, content_type="multipart/form-data"
    )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("penerima.csv", "penerima.csv"),
        ("C:/Data/penerima 2024.xlsx", "penerima-2024.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("<b>\x00.csv", "b-.csv"),
        ("..", "tabel"),
        ("a" * 200 + ".csv", "a" * 76 + ".csv"),
    ],
)
def test_a_table_is_stored_under_a_clean_name(desk: Desk, given: str, kept: str) -> None:
    """Without folders and strange signs; its content as it is."""
    response = upload(desk, SMALL_TABLE.encode(), given)
    assert (response.status_code, response.json["table"]) == (201, "t-1")
    (command,) = desk.asked()
    assert command.name == kept
    assert base64.b64decode(command.content) == SMALL_TABLE.encode()


def test_a_refused_table_says_why_and_not_its_name(desk: Desk) -> None:
    """The reason is a code; the file's name could be a person's."""

    def refuse(ask: StoreTable) -> None:
        raise Refusal(ErrorCode.TABLE_REFUSED, reason="personal_numbers", column=2)

    desk.rpc.replies[StoreTable] = refuse
    response = upload(desk, b"x", "siti-aminah.csv")
    assert problem(response) == (422, "table_refused")
    assert response.json["details"] == {"reason": "personal_numbers", "column": 2}
    assert "siti" not in response.text


def test_a_table_that_is_too_large_is_refused(desk: Desk) -> None:
    """Like any upload."""
    assert problem(upload(desk, b"x" * 3000)) == (413, "payload_too_large")
    assert not desk.asked()


def test_a_package_is_made_of_the_named_tables(desk: Desk) -> None:
    """With source, method, and what is done with small cells."""
    body = {
        "tables": ["t-2"],
        "data_source": "DTKS",
        "data_method": "Penjumlahan",
        "small_cells": "flag",
    }
    move(desk, "package", body)
    assert desk.asked() == [
        BuildPackage(
            tracking_number=DATA_CASE,
            tables=("t-2",),
            data_source="DTKS",
            data_method="Penjumlahan",
            small_cells=SmallCells.FLAG,
        )
    ]


def test_a_package_without_named_tables_is_made_of_all(desk: Desk) -> None:
    """The owner is asked which there are, for a purpose that stands in the log."""
    move(desk, "package", {"data_source": "DTKS", "data_method": "Penjumlahan"})
    question, command = desk.asked()
    assert question == ReadDataRequest(tracking_number=DATA_CASE, purpose="package_building")
    assert command.tables == ("t-1", "t-2")


@pytest.mark.parametrize("role", [Role.DIVISION_HEAD, Role.AGENCY_HEAD])
def test_the_heads_sign_for_the_office(desk: Desk, role: Role) -> None:
    """For the edition that they name."""
    body = {"name": "Nama Pejabat", "position": "Kepala Dinas", "edition": 2}
    desk.http.post(f"{MOVES}/handover", json=body, headers=KEY | desk.sign_in(role))
    assert desk.asked() == [
        SignHandover(
            tracking_number=DATA_CASE,
            side=Side.OFFICE,
            edition=2,
            name="Nama Pejabat",
            position="Kepala Dinas",
        )
    ]


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("review", ErrorCode.ILLEGAL_MOVE, 409),
        ("package", ErrorCode.NOT_THE_INSTRUCTED_SOCIAL_WORKER, 403),
        ("package", ErrorCode.TABLE_NOT_FOUND, 422),
        ("handover", ErrorCode.PACKAGE_CHANGED, 409),
        ("handover", ErrorCode.ALREADY_SIGNED, 409),
    ],
)
def test_a_refused_move_says_why(desk: Desk, name: str, code: ErrorCode, status: int) -> None:
    """With the code of the service that refused, as the document declares it."""

    def refuse(ask: Message) -> None:
        raise Refusal(code)

    desk.rpc.replies[COMMANDS[name]] = refuse
    assert problem(move(desk, name, example(desk, name))) == (status, code)
