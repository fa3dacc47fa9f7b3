"""Complaints as they are made: by anyone, or entered by a complaint officer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from contracts.complaints import (
    ComplaintChannel,
    ComplaintRegistered,
    StoreEvidence,
    SubmitComplaint,
)
from contracts.envelope import RESIDENT, AttachmentRef, Message, Role
from contracts.intake import StoreAttachment
from tests.case_events import CASE, RECEIVED
from tests.complaint_events import COMPLAINT, PROMISED
from tests.integration.gateway.desk import KEY, NIK, Desk, fields, problem
from tests.integration.gateway.replies import COMPLAINT_EXAMPLE


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
    ref = AttachmentRef(id="e-1", sha256="0" * 64, media_type="application/pdf", size=3)
    shared.rpc.replies |= {
        SubmitComplaint: lambda ask: ComplaintRegistered(
            tracking_number=COMPLAINT, deadline=PROMISED
        ),
        StoreEvidence: lambda ask: ref,
        StoreAttachment: lambda ask: ref,
    }
    return shared


def complain(desk: Desk, headers: dict[str, str] | None = None, **change: Any) -> Any:
    return desk.http.post(
        "/v1/complaints", json=COMPLAINT_EXAMPLE | change, headers=KEY | (headers or {})
    )


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


def test_an_officer_who_is_not_known_is_not_named(desk: Desk) -> None:
    """A typing error would hide the complaint from nobody."""
    response = complain(desk, desk.sign_in(Role.COMPLAINT_OFFICER), officer="nobody")
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
    body = {k: v for k, v in COMPLAINT_EXAMPLE.items() if k != field}
    response = desk.http.post("/v1/complaints", json=body, headers=KEY)
    assert fields(response) == {field: "required"}


def test_a_wrong_field_is_named_and_its_value_is_not_repeated(desk: Desk) -> None:
    """Neither the NIK nor a field's name that is one."""
    person = COMPLAINT_EXAMPLE["complainant"] | {"nik": f"{NIK}0", NIK: "x"}
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
