"""Every way by which a file comes in leads past the scanner."""

import base64
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from chassis.settings import SettingsError
from contracts.catalogue import MESSAGES
from contracts.complaints import StoreEvidence
from contracts.data_request import StoreTable
from contracts.envelope import AttachmentRef, Command, Role
from contracts.intake import RequestRegistered, StoreAttachment, SubmitDataRequest
from gateway.asking import FILES
from gateway.settings import GatewaySettings
from tests.data_request_events import DATA_CASE
from tests.integration.gateway.desk import DATA_REQUEST, DEADLINE, KEY, Desk, fields, problem
from tests.integration.gateway.replies import TABLE
from tests.integration.gateway.scanner import EICAR, StandIn
from tests.integration.gateway.server import Server
from tests.real.runtime import free_port

NAME = "surat-siti-6371034107900001.pdf"
REF = AttachmentRef(id="a-1", sha256="0" * 64, media_type="application/pdf", size=3)

Send = Callable[[Desk, bytes], TestResponse]


def upload(path: str, role: Role | None = None) -> Send:
    """A form with one file in it."""

    def send(desk: Desk, content: bytes) -> TestResponse:
        return desk.http.post(
            path,
            data={"file": (BytesIO(content), NAME)},
            headers=KEY | (desk.sign_in(role) if role else {}),
            content_type="multipart/form-data",
        )

    return send


def letter(desk: Desk, content: bytes) -> TestResponse:
    """A letter inside a request."""
    body = DATA_REQUEST | {"letter_file": base64.b64encode(content).decode()}
    return desk.http.post("/v1/requests", json=body, headers=KEY)


WAYS: dict[str, tuple[Send, str]] = {
    "a request's attachment": (upload("/v1/attachments"), "file"),
    "a visit's photo": (upload("/v1/attachments", Role.VERIFIER), "file"),
    "a complaint's evidence": (upload("/v1/attachments?for=complaints"), "file"),
    "a table": (upload(f"/v1/data-requests/{DATA_CASE}/tables", Role.SOCIAL_WORKER), "file"),
    "a letter": (letter, "letter_file"),
}
"""Supplements and visit reports refer to what was uploaded before."""


@pytest.fixture(scope="module")
def scanner() -> Iterator[StandIn]:
    """One for all."""
    scanner = StandIn()
    yield scanner
    scanner.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, scanner: StandIn) -> Iterator[Desk]:
    """A gateway with a scanner."""
    desk = Desk(tmp_path_factory.mktemp("home"), clamd=scanner.address, clamd_timeout_seconds="0.5")
    desk.rpc.replies |= {
        StoreAttachment: lambda ask: REF,
        StoreEvidence: lambda ask: REF,
        StoreTable: lambda ask: TABLE,
        SubmitDataRequest: lambda ask: RequestRegistered(
            tracking_number=DATA_CASE, deadline=DEADLINE, warnings=()
        ),
    }
    yield desk
    desk.close()


@pytest.fixture
def desk(shared: Desk, scanner: StandIn) -> Iterator[Desk]:
    """With services that were asked nothing, and a scanner that works and saw nothing."""
    shared.rpc.calls.clear()
    scanner.files.clear()
    scanner.answer = None
    yield shared
    scanner.answer = None
    scanner.working.set()


@pytest.mark.parametrize("way", WAYS)
def test_a_clean_file_is_scanned_and_goes_on(desk: Desk, scanner: StandIn, way: str) -> None:
    """The very bytes that the service gets."""
    send, _ = WAYS[way]
    assert send(desk, b"clean, as far as is known").status_code == 201
    stored = next(message for message in desk.asked() if isinstance(message, FILES))
    assert scanner.files == [base64.b64decode(stored.content)] == [b"clean, as far as is known"]


@pytest.mark.parametrize("way", WAYS)
def test_an_infected_file_is_refused_and_no_service_sees_it(desk: Desk, way: str) -> None:
    """The field is named; the log has what was found, and not the file's name."""
    send, field = WAYS[way]
    with capture_logs() as lines:
        response = send(desk, EICAR)
    assert problem(response) == (422, "file_infected")
    assert fields(response) == {field: "file_infected"}
    assert desk.asked() == []
    assert [line["signature"] for line in lines if "signature" in line] == ["Eicar-Test-Signature"]
    assert "siti" not in f"{lines}{response.text}".lower()


@pytest.mark.parametrize("way", WAYS)
def test_while_the_scanner_talks_nonsense_no_file_gets_in(
    desk: Desk, scanner: StandIn, way: str
) -> None:
    """The client is asked to come back."""
    scanner.answer = b"stream: lunch ERROR\0"
    response = WAYS[way][0](desk, b"clean")
    assert problem(response) == (503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0
    assert desk.asked() == []


def test_a_scanner_that_says_nothing_is_not_waited_for_long(desk: Desk, scanner: StandIn) -> None:
    """As when it is away."""
    scanner.working.clear()
    began = monotonic()
    assert problem(WAYS["a letter"][0](desk, b"clean")) == (503, "unavailable")
    assert monotonic() - began < 10
    assert desk.asked() == []


def test_a_file_that_the_scanner_does_not_take_is_too_large(desk: Desk, scanner: StandIn) -> None:
    """It was not looked into, so it does not get in."""
    scanner.answer = b"INSTREAM size limit exceeded. ERROR\0"
    assert problem(WAYS["a letter"][0](desk, b"clean")) == (413, "payload_too_large")
    assert desk.asked() == []


def test_every_command_that_carries_a_file_is_scanned() -> None:
    """One that is added later must be named too."""
    commands = [message for message in MESSAGES if issubclass(message, Command)]
    carrying = {each for each in commands if "content" in each.model_fields}
    hidden = {
        (each.__name__, name)
        for each in commands
        for name, field in each.model_fields.items()
        if not field.repr or field.annotation is bytes
    }
    assert carrying == set(FILES)
    assert {name for name, _ in hidden} <= {each.__name__ for each in FILES}, hidden


def test_without_a_scanner_files_pass_and_the_start_says_so(tmp_path: Path) -> None:
    """Off is a choice that can be seen."""
    with capture_logs() as lines:
        desk = Desk(tmp_path)
    desk.rpc.replies[StoreAttachment] = lambda ask: REF
    assert "uploads_not_scanned" in {line["event"] for line in lines}
    assert WAYS["a request's attachment"][0](desk, EICAR).status_code == 201
    desk.close()


def test_a_wrong_address_ends_the_start() -> None:
    """Before a file comes in unseen."""
    with pytest.raises(SettingsError, match=r"SIGAP_CLAMD: .*unix:/path"):
        GatewaySettings.read({"SIGAP_CLAMD": "clamav:3310"})


def test_others_are_answered_while_a_file_is_scanned(tmp_path: Path) -> None:
    """In the real server, whose green threads must not stand still with it."""
    scanner = StandIn()
    scanner.working.clear()
    server = Server(tmp_path, SIGAP_CLAMD=scanner.address, SIGAP_CLAMD_TIMEOUT_SECONDS="15")
    answers: list[int] = []
    sending = Thread(
        target=lambda: answers.append(server.call("POST", "/v1/requests", DATA_REQUEST)[0])
    )
    began = monotonic()
    sending.start()
    while not scanner.files:
        assert server.call("GET", "/health/live")[0] == 200
    assert server.call("GET", "/health/live")[0] == 200
    assert monotonic() - began < 10
    assert answers == []
    scanner.close()
    sending.join()
    server.runner.stop()
    assert answers == [201]


def test_a_scanner_that_is_away_is_said_over_the_wire(tmp_path: Path) -> None:
    """With the time after which to come back."""
    server = Server(tmp_path, SIGAP_CLAMD=f"tcp://127.0.0.1:{free_port()}")
    status, answer = server.call("POST", "/v1/requests", DATA_REQUEST)
    server.runner.stop()
    assert (status, answer["code"]) == (503, "unavailable")
