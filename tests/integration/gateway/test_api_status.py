"""What a resident sees of a case, and may do with it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import eventlet
import pytest

from contracts.envelope import RESIDENT, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import SupplementRequest, WithdrawRequest
from contracts.verification import WithdrawVerification
from gateway.api import status as status_api
from tests.case_events import CASE, COMPLETED, RECEIPT, RECEIVED, TO_THE_LETTER, told
from tests.integration.gateway.desk import KEY, Desk, fields, problem

STATUS = f"/v1/status/{CASE}"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The gateway in the demo."""
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def refusing(code: ErrorCode) -> object:
    def refuse(ask: object) -> None:
        raise Refusal(code)

    return refuse


def test_a_status_explains_itself(desk: Desk) -> None:
    """Stage, next step, the deadline day by day, timeline and documents, in both languages."""
    desk.happened(RECEIVED, RECEIPT)
    response = desk.http.get(STATUS, headers=desk.code())
    status = response.json
    assert status["tracking_number"] == CASE
    assert status["status"] == "received"
    assert status["next"]["id"]
    assert status["next"]["en"]
    assert status["deadline"]["due"] == "2026-11-24T16:00:00+08:00"
    assert status["deadline"]["steps"][0]["counted"] is True
    assert [entry["event"] for entry in status["timeline"]] == [
        "request_received",
        "document_issued",
    ]
    assert status["documents"][0]["url"] == f"/v1/documents/{RECEIPT.code}"


@pytest.mark.parametrize("steps", range(1, len(TO_THE_LETTER) + 1))
def test_a_status_is_as_the_document_declares_it(desk: Desk, steps: int) -> None:
    """At every step of the procedure; the client of these tests compares it with its schema."""
    desk.happened(*TO_THE_LETTER[:steps])
    assert desk.http.get(STATUS, headers=desk.code()).status_code == 200


def test_a_status_that_has_not_changed_is_not_sent_again(desk: Desk) -> None:
    """The ETag is that of the version; a change gives another."""
    request, completion = told(RECEIVED, COMPLETED)
    desk.take([request])
    first = desk.http.get(STATUS, headers=desk.code())
    tag = {"If-None-Match": first.headers["ETag"]}
    unchanged = desk.http.get(STATUS, headers=desk.code() | tag)
    assert (unchanged.status_code, unchanged.get_data()) == (304, b"")
    assert unchanged.headers["ETag"] == first.headers["ETag"]
    desk.take([completion])
    changed = desk.http.get(STATUS, headers=desk.code() | tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_status_is_kept_by_nobody_else(desk: Desk) -> None:
    """Caches between ask again each time, and tell callers apart."""
    desk.happened(RECEIVED)
    headers = desk.http.get(STATUS, headers=desk.code()).headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert {"X-Access-Code", "Authorization"} <= set(headers["Vary"].split(", "))


def test_a_status_asked_for_right_after_registration_is_waited_for(desk: Desk) -> None:
    """The event is on its way; who has the access code need not ask twice."""
    eventlet.spawn_after(0.1, desk.happened, RECEIVED)
    assert desk.http.get(STATUS, headers=desk.code()).status_code == 200


def test_a_status_is_not_waited_for_forever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right code proves that the case exists: its event is late, so try again shortly."""
    monkeypatch.setattr(status_api, "NEWEST_CASE_SECONDS", 0.05)
    answer = desk.http.get(STATUS, headers=desk.code())
    assert problem(answer) == (503, "unavailable")
    assert answer.headers["Retry-After"]


def test_a_stream_sends_the_status_and_its_changes(desk: Desk) -> None:
    """As server-sent events whose id is the version."""
    request, completion = told(RECEIVED, COMPLETED)
    desk.take([request])
    response = desk.http.get(f"{STATUS}/stream", headers=desk.code(), buffered=False)
    assert response.mimetype == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-store"
    sent = iter(response.response)
    next(sent)
    first = next(sent).decode()
    assert first.startswith("id: 1\nevent: status\ndata: ")
    assert json.loads(first.split("data: ")[1])["status"] == "received"
    eventlet.spawn_after(0.05, desk.take, [completion])
    assert next(sent).decode().startswith("id: 2\n")
    response.close()


def test_a_stream_goes_on_from_the_last_event(desk: Desk) -> None:
    """A client that has the present version hears of the next."""
    request, completion = told(RECEIVED, COMPLETED)
    desk.take([request])
    headers = desk.code() | {"Last-Event-ID": "1"}
    response = desk.http.get(f"{STATUS}/stream", headers=headers, buffered=False)
    sent = iter(response.response)
    next(sent)
    eventlet.spawn_after(0.05, desk.take, [completion])
    assert next(sent).decode().startswith("id: 2\n")
    response.close()


@pytest.mark.parametrize("body", [{}, {"json": {}}])
def test_a_withdrawal_goes_to_intake(desk: Desk, body: dict[str, Any]) -> None:
    """On behalf of the resident; with an empty body or none."""
    desk.done(WithdrawRequest, state="withdrawn")
    response = desk.http.post(f"{STATUS}/withdrawal", headers=KEY | desk.code(), **body)
    assert response.json == {"tracking_number": CASE, "state": "withdrawn"}
    ((message, actor, key),) = desk.rpc.calls
    assert message == WithdrawRequest(tracking_number=CASE)
    assert actor == RESIDENT
    assert key


def test_a_withdrawal_with_a_body_is_refused(desk: Desk) -> None:
    """A reason would be lost, so it is not taken."""
    response = desk.http.post(
        f"{STATUS}/withdrawal", json={"reason": "x"}, headers=KEY | desk.code()
    )
    assert fields(response) == {"reason": "unknown_field"}


def test_a_withdrawal_of_a_case_that_was_handed_over_goes_to_verification(desk: Desk) -> None:
    """With the same key, so that a repetition finds its reply there."""
    desk.rpc.replies[WithdrawRequest] = refusing(ErrorCode.ALREADY_HANDED_OVER)
    desk.done(WithdrawVerification, state="withdrawn")
    response = desk.http.post(f"{STATUS}/withdrawal", headers=KEY | desk.code())
    assert response.json["state"] == "withdrawn"
    (_, _, at_intake), (second, _, at_verification) = desk.rpc.calls
    assert second == WithdrawVerification(tracking_number=CASE)
    assert at_intake == at_verification


@pytest.mark.parametrize(
    ("at_intake", "at_verification", "answered"),
    [
        (ErrorCode.ILLEGAL_MOVE, None, (409, "illegal_move")),
        (ErrorCode.ALREADY_HANDED_OVER, ErrorCode.ILLEGAL_MOVE, (409, "illegal_move")),
        (ErrorCode.ALREADY_HANDED_OVER, ErrorCode.CASE_NOT_FOUND, (503, "unavailable")),
        (
            ErrorCode.IDEMPOTENCY_KEY_REUSED,
            None,
            (422, "idempotency_key_reused"),
        ),
    ],
)
def test_a_withdrawal_that_is_refused_says_why(
    desk: Desk, at_intake: ErrorCode, at_verification: ErrorCode | None, answered: tuple[int, str]
) -> None:
    """Handed over but not yet arrived is a matter of seconds, so it may be tried again.

    Verification is asked for what intake has handed over, and for nothing else.
    """
    desk.rpc.replies[WithdrawRequest] = refusing(at_intake)
    if at_verification is not None:
        desk.rpc.replies[WithdrawVerification] = refusing(at_verification)
    response = desk.http.post(f"{STATUS}/withdrawal", headers=KEY | desk.code())
    assert problem(response) == answered
    assert len(desk.rpc.calls) == (1 if at_verification is None else 2)


def test_a_supplement_goes_to_intake(desk: Desk) -> None:
    """The resident's own, or brought to the counter."""
    desk.done(SupplementRequest, state="received")
    body = {"attachments": ["a-1"], "notes": "KK baru"}
    for header in (desk.code(), desk.sign_in(Role.COUNTER_OFFICER)):
        response = desk.http.post(f"{STATUS}/supplement", json=body, headers=KEY | header)
        assert response.json == {"tracking_number": CASE, "state": "received"}
    assert [actor.role for _, actor, _ in desk.rpc.calls] == [Role.RESIDENT, Role.COUNTER_OFFICER]
    assert desk.asked()[0] == SupplementRequest(
        tracking_number=CASE, attachments=("a-1",), notes="KK baru"
    )


def test_two_cases_may_use_the_same_key(desk: Desk) -> None:
    """A key belongs to who sends it: here, to the case that the access code opened."""
    desk.done(WithdrawRequest)
    for case in (CASE, "VRF-20261123-0002"):
        desk.http.post(f"/v1/status/{case}/withdrawal", headers=KEY | desk.code(case))
    (_, _, first), (_, _, second) = desk.rpc.calls
    assert first != second
