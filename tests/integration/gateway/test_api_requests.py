"""Sending a request, and the files that belong to it."""

import base64
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from contracts.envelope import RESIDENT, Role
from contracts.intake import AttachmentRef, Channel, StoreAttachment, SubmitRequest
from tests.case_events import CASE, DEADLINE
from tests.integration.gateway.desk import KEY, REQUEST, Desk, fields, problem

REF = AttachmentRef(id="a-1", sha256="0" * 64, media_type="application/pdf", size=3)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The gateway in the demo, with small attachments."""
    desk = Desk(tmp_path, max_attachment_bytes="2048")
    desk.registers()
    desk.rpc.replies[StoreAttachment] = lambda ask: REF
    yield desk
    desk.close()


def test_the_example_of_the_document_is_registered_as_it_stands(desk: Desk) -> None:
    """Without signing in: number, access code, explained deadline, and where to follow it."""
    response = desk.http.post("/v1/requests", json=REQUEST, headers=KEY)
    assert response.status_code == 201
    assert response.headers["Location"] == f"/v1/status/{CASE}"
    receipt = response.json
    assert receipt["tracking_number"] == CASE
    assert receipt["access_code"] == desk.code()["X-Access-Code"]
    assert receipt["deadline"]["due"] == "2026-11-24T16:00:00+08:00"
    assert receipt["deadline"]["steps"][0]["text_id"] == "Hari kerja ke-1"
    assert receipt["warnings"] == []
    assert receipt["links"]["stream"] == f"/v1/status/{CASE}/stream"


def test_intake_is_asked_on_behalf_of_the_resident(desk: Desk) -> None:
    """With everything the form holds."""
    desk.http.post("/v1/requests", json=REQUEST, headers=KEY)
    ((message, actor, key),) = desk.rpc.calls
    assert isinstance(message, SubmitRequest)
    assert message.applicant.nik == REQUEST["applicant"]["nik"]
    assert actor == RESIDENT
    assert key
    assert len(key) == 64


def test_warnings_are_told_in_both_languages(desk: Desk) -> None:
    """Also one that this version does not know."""
    desk.registers(DEADLINE, "nik_other_region", "made_up_later")
    warnings = desk.http.post("/v1/requests", json=REQUEST, headers=KEY).json["warnings"]
    assert [warning["code"] for warning in warnings] == ["nik_other_region", "made_up_later"]
    assert all(warning["text_id"] and warning["text_en"] for warning in warnings)


@pytest.mark.parametrize("channel", list(Channel))
def test_a_counter_officer_may_enter_any_channel(desk: Desk, channel: Channel) -> None:
    """What came by WhatsApp or email is entered by somebody."""
    headers = KEY | desk.sign_in(Role.COUNTER_OFFICER)
    response = desk.http.post("/v1/requests", json=REQUEST | {"channel": channel}, headers=headers)
    assert response.status_code == 201
    (_, actor, _) = desk.rpc.calls[0]
    assert (actor.id, actor.role) == ("counter_officer", Role.COUNTER_OFFICER)


def test_a_request_needs_an_idempotency_key(desk: Desk) -> None:
    """Without it nothing is asked of intake."""
    assert problem(desk.http.post("/v1/requests", json=REQUEST)) == (
        400,
        "idempotency_key_missing",
    )
    assert not desk.asked()


@pytest.mark.parametrize("key", ["x" * 201, "a b", "schlüssel"])
def test_an_unfit_idempotency_key_is_named(desk: Desk, key: str) -> None:
    """Up to 200 signs of visible ASCII."""
    response = desk.http.post("/v1/requests", json=REQUEST, headers={"Idempotency-Key": key})
    assert problem(response) == (422, "validation_failed")
    assert fields(response) == {"Idempotency-Key": "wrong_format"}


def test_the_services_key_is_that_of_call_caller_and_clients_key(desk: Desk) -> None:
    """The same three give the same key; another call, caller or key gives another."""
    officer = desk.sign_in(Role.COUNTER_OFFICER)
    desk.http.post("/v1/requests", json=REQUEST, headers=KEY)
    desk.http.post("/v1/requests", json=REQUEST, headers=KEY)
    desk.http.post("/v1/requests", json=REQUEST, headers=KEY | officer)
    desk.http.post("/v1/requests", json=REQUEST, headers={"Idempotency-Key": "another"})
    upload(desk, b"%PDF", headers=KEY)
    first, again, *others = [key for _, _, key in desk.rpc.calls]
    assert first == again
    assert len({first, *others}) == 4


def upload(desk: Desk, content: bytes, **options: Any) -> Any:
    data = {"file": (BytesIO(content), "ktp.pdf")}
    options = {"headers": KEY, "data": data, "content_type": "multipart/form-data"} | options
    return desk.http.post("/v1/attachments", **options)


def test_a_file_is_handed_to_intake_as_it_is(desk: Desk) -> None:
    """Its name and declared type stay behind; the answer says what was kept."""
    content = bytes(range(256)) * 8
    response = upload(desk, content)
    assert response.status_code == 201
    assert response.json == REF.model_dump()
    (message,) = desk.asked()
    assert base64.b64decode(message.content) == content


@pytest.mark.parametrize("size", [2049, 100_000])
def test_a_file_that_is_too_large_is_refused(desk: Desk, size: int) -> None:
    """By the file's own size, and by the body's before it is read whole."""
    assert problem(upload(desk, b"x" * size)) == (413, "payload_too_large")
    assert not desk.asked()


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, {"file": "required"}),
        ({"file": "a text"}, {"file": "wrong_type"}),
        ({"file": (BytesIO(b"x"), "a.pdf"), "name": "x"}, {"name": "unknown_field"}),
        ({"other": (BytesIO(b"x"), "a.pdf")}, {"file": "required", "other": "unknown_field"}),
    ],
)
def test_a_form_without_its_file_is_refused(
    desk: Desk, data: dict[str, Any], errors: dict[str, str]
) -> None:
    """One part, named `file`."""
    response = upload(desk, b"", data=data)
    assert problem(response) == (422, "validation_failed")
    assert fields(response) == errors


def test_an_upload_that_is_no_form_is_refused(desk: Desk) -> None:
    """JSON would need an encoding of its own."""
    response = desk.http.post("/v1/attachments", json={"file": "x"}, headers=KEY)
    assert problem(response) == (415, "unsupported_media_type")


def test_a_form_is_limited_as_a_whole(desk: Desk) -> None:
    """Not only its file: what is around it is not read without end."""
    data = {"file": (BytesIO(b"x"), "a.pdf"), "name": "x" * 100_000}
    assert problem(upload(desk, b"", data=data)) == (413, "payload_too_large")


def test_a_form_that_is_broken_is_refused(desk: Desk) -> None:
    """Without a boundary there are no parts."""
    response = upload(desk, b"", data=b"nonsense", content_type="multipart/form-data")
    assert problem(response) == (422, "validation_failed")
