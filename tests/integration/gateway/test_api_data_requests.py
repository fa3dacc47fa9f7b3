"""The moves of a data request: each is one command to the service that owns it."""

import base64
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from contracts.data_request import (
    BuildPackage,
    Complexity,
    DispositionDataRequest,
    ReadDataRequest,
    RejectionGround,
    ReviewDataRequest,
    Side,
    SignHandover,
    SmallCells,
    StoreTable,
)
from contracts.envelope import Message, Role
from contracts.errors import ErrorCode, Refusal
from gateway.api.data_requests import SMALL_TABLE
from tests.data_request_events import DATA_CASE
from tests.integration.gateway.desk import KEY, Desk, fields, problem
from tests.integration.gateway.replies import BUILT, DETAIL, TABLE

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
        StoreTable: lambda ask: TABLE,
        BuildPackage: lambda ask: BUILT,
        ReadDataRequest: lambda ask: DETAIL,
    }
    return shared


def move(desk: Desk, name: str, body: dict[str, Any]) -> Any:
    return desk.http.post(f"{MOVES}/{name}", json=body, headers=KEY | desk.sign_in(ROLES[name]))


def example(desk: Desk, name: str) -> dict[str, Any]:
    document = desk.http.get("/openapi.json").json
    operation = document["paths"][f"/v1/data-requests/{{tracking_number}}/{name}"]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    value: dict[str, Any] = content["examples"]["example"]["value"]
    return value


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
    """The owner knows which there are; it is not asked before it has said that the caller may."""
    move(desk, "package", {"data_source": "DTKS", "data_method": "Penjumlahan"})
    (command,) = desk.asked()
    assert command.tables == ()


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
