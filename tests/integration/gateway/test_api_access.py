"""Who may make which call: by access code, by role, or not at all."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from contracts import catalogue
from contracts.envelope import Message, Role
from contracts.errors import ErrorCode, Refusal
from gateway.access_codes import AccessCodes
from gateway.calls import CALLS, STAFF
from gateway.duties import DUTIES, Duty
from tests.case_events import CASE, LETTER, TO_THE_LETTER
from tests.complaint_events import COMPLAINED, COMPLAINT
from tests.integration.gateway.desk import KEY, Desk, problem

COMPLAINT_LETTER = LETTER.model_copy(update={"code": "C0MPL41NT"})
UNKNOWN_CASE = "VRF-20261123-9999"
UNKNOWN_LETTER = "N0TH1NG"
STATUS = f"/v1/status/{CASE}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo, with one closed case and a complaint."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    desk.happened(*TO_THE_LETTER)
    desk.happened(COMPLAINED, COMPLAINT_LETTER, case=COMPLAINT)
    yield desk
    desk.close()


def routes(desk: Desk) -> list[tuple[str, str, str]]:
    """(endpoint, method, path of the known case and letter) of every call."""
    names = {"tracking_number": CASE, "code": LETTER.code, "coordination": "1"}
    return [
        (rule.endpoint, method, re.sub(r"<(\w+)>", lambda m: names.get(m[1], "x"), rule.rule))
        for rule in desk.app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
    ]


def test_a_call_for_staff_is_refused_without_signing_in(desk: Desk) -> None:
    """Every one of them, with a challenge; and also the resident's without the access code."""
    closed = [route for route in routes(desk) if not CALLS[route[0]].anyone]
    assert closed
    for _, method, path in closed:
        response = desk.http.open(path, method=method, headers=KEY)
        assert problem(response) == (401, "not_signed_in"), path
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_call_is_refused_to_every_role_that_the_table_does_not_name(desk: Desk) -> None:
    """Every call with every role; what the table allows gets past the check."""
    for endpoint, method, path in routes(desk):
        for role in sorted(() if CALLS[endpoint].anyone else STAFF - CALLS[endpoint].roles):
            response = desk.http.open(path, method=method, headers=KEY | desk.sign_in(role))
            assert problem(response) == (403, "access_denied"), (path, role)


def test_a_call_is_open_to_every_role_that_the_table_names(desk: Desk) -> None:
    """Every call with every role: what then refuses is a missing field, or a service that is away.

    A complaint officer's cases are the complaints, and files follow who may see the case.
    """

    def refuse(ask: Message) -> None:
        raise Refusal(ErrorCode.UNAVAILABLE)

    desk.rpc.replies |= dict.fromkeys(catalogue.MESSAGES, refuse)
    for endpoint, method, path in routes(desk):
        for role in sorted(CALLS[endpoint].roles):
            if endpoint in ("cases.read_attachment", "status.stream_status"):
                continue  # tested for themselves
            own = path
            if role is Role.COMPLAINT_OFFICER:
                own = path.replace(CASE, COMPLAINT).replace(LETTER.code, COMPLAINT_LETTER.code)
            response = desk.http.open(own, method=method, headers=KEY | desk.sign_in(role))
            assert response.status_code not in (401, 403, 404), (own, role)


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: f"{duty.role} {duty.move}")
def test_a_task_is_given_to_a_role_that_may_make_its_call(desk: Desk, duty: Duty) -> None:
    """Else the case would wait for a move that is refused to the only one who sees the task."""
    calls = desk.app.url_map.bind("")
    endpoint, _ = calls.match(duty.path(COMPLAINT), method="POST")
    assert duty.role in CALLS[endpoint].roles


def test_an_access_code_does_not_open_what_is_for_staff(desk: Desk) -> None:
    """It is the resident's, for the resident's calls."""
    staff_only = [r for r in routes(desk) if not CALLS[r[0]].with_access_code]
    for endpoint, method, path in staff_only:
        if not CALLS[endpoint].anyone:
            response = desk.http.open(path, method=method, headers=KEY | desk.code())
            assert problem(response) == (401, "not_signed_in"), path


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x.y.z", "Basic c2l0aTp4"])
def test_what_is_no_token_is_refused(desk: Desk, header: str) -> None:
    """Also where anyone may call: who signs in wants to be known."""
    for path in ("/v1/tasks", STATUS):
        response = desk.http.get(path, headers={"Authorization": header})
        assert problem(response) == (401, "not_signed_in")
    response = desk.http.post("/v1/requests", headers=KEY | {"Authorization": header})
    assert problem(response) == (401, "not_signed_in")


def test_an_open_call_does_not_look_at_a_token_it_does_not_need(desk: Desk) -> None:
    """A front end may send an old token along to read the regions."""
    response = desk.http.get("/v1/regions", headers={"Authorization": "Bearer old"})
    assert response.status_code == 200


def test_the_access_code_opens_the_status(desk: Desk) -> None:
    """In any writing."""
    code = desk.code()["X-Access-Code"].lower()
    response = desk.http.get(STATUS, headers={"X-Access-Code": f"{code[:5]}-{code[5:]}"})
    assert response.status_code == 200


@pytest.mark.parametrize("role", sorted(STAFF))
def test_any_staff_may_read_a_status(desk: Desk, role: Role) -> None:
    """It holds no personal data."""
    assert desk.http.get(STATUS, headers=desk.sign_in(role)).status_code == 200


@pytest.mark.parametrize(
    "move",
    [
        "",
        "/stream",
        "/package",
        "/withdrawal",
        "/supplement",
        "/clarification",
        "/handover",
        "/rating",
        "/reopening",
        "/survey",
        "/notifications",
    ],
)
def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(desk: Desk, move: str) -> None:
    """Byte for byte, but for the request's own id."""
    method = "GET" if move in ("", "/stream", "/package") else "POST"
    other = desk.code(UNKNOWN_CASE)
    answers = [
        desk.http.open(f"/v1/status/{case}{move}", method=method, headers=KEY | code)
        for case, code in (
            (CASE, other),
            (UNKNOWN_CASE, desk.code()),
            ("VRF-1", other),
            ("%00", other),
            ("6371034107900001", other),
        )
    ]
    for answer in answers:
        assert problem(answer) == (404, "case_not_found")
        answer.headers.remove("X-Request-ID")
    assert len({answer.get_data() for answer in answers}) == 1
    assert len({str(answer.headers) for answer in answers}) == 1


def test_a_wrong_code_and_an_unknown_number_cost_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One comparison each, and the same statements, none of which looks for the case."""
    compared: list[str] = []
    match = AccessCodes.match
    monkeypatch.setattr(
        AccessCodes,
        "match",
        lambda self, case, given: compared.append(case) or match(self, case, given),
    )
    asked: dict[str, list[str]] = {CASE: [], UNKNOWN_CASE: []}
    for case, statements in asked.items():

        def note(*execution: Any, into: list[str] = statements) -> None:
            into.append(execution[2])

        event.listen(desk.bench.store.engine, "before_cursor_execute", note)
        desk.http.get(f"/v1/status/{case}", headers={"X-Access-Code": "2222222222"})
        event.remove(desk.bench.store.engine, "before_cursor_execute", note)
    assert compared == [CASE, UNKNOWN_CASE]
    assert asked[CASE] == asked[UNKNOWN_CASE]
    spoken_of = [text for text in asked[CASE] if " " in text and "BEGIN" not in text]
    assert spoken_of
    assert all("wrong_tries" in text for text in spoken_of)


def test_a_wrong_code_and_an_unknown_document_get_the_same_answer(desk: Desk) -> None:
    """Nobody learns which letters exist."""
    other = desk.code(UNKNOWN_CASE)
    answers = [
        desk.http.get(f"/v1/documents/{code}", headers=header)
        for code, header in (
            (LETTER.code, other),
            (UNKNOWN_LETTER, desk.code()),
            ("%00", desk.code()),
        )
    ]
    for answer in answers:
        assert problem(answer) == (404, "document_not_found")
    assert len({answer.get_data() for answer in answers}) == 1


def test_an_access_code_opens_its_own_case_only(desk: Desk) -> None:
    """The code of another case is a wrong code."""
    headers = desk.code("VRF-20261123-0002")
    assert problem(desk.http.get(STATUS, headers=headers)) == (404, "case_not_found")


@pytest.mark.parametrize("case", [UNKNOWN_CASE, "VRF-1", "%00", "x" * 500])
def test_staff_are_told_that_a_case_is_unknown(desk: Desk, case: str) -> None:
    """Whatever stands for its number."""
    headers = desk.sign_in(Role.SOCIAL_WORKER)
    for path in (f"/v1/status/{case}", f"/v1/cases/{case}"):
        assert problem(desk.http.get(path, headers=headers)) == (404, "case_not_found")


def test_a_head_request_is_checked_like_its_get(desk: Desk) -> None:
    """It tells no more."""
    assert desk.http.head(STATUS).status_code == 401
    assert desk.http.head(STATUS, headers=desk.code()).status_code == 200


def test_a_moves_key_is_asked_for_after_the_caller_is_known(desk: Desk) -> None:
    """Who may not call learns nothing about the call."""
    path = f"/v1/verifications/{CASE}/claim"
    assert problem(desk.http.post(path))[0] == 401
    assert problem(desk.http.post(path, headers=desk.sign_in(Role.VERIFIER))) == (
        400,
        "idempotency_key_missing",
    )
