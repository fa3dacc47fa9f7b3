"""Ways around the door: other methods, other writings of a path, streams that outlast a right."""

from collections.abc import Iterator

import eventlet
import pytest
from structlog.testing import capture_logs

from chassis.metrics import REFUSALS
from contracts.envelope import Actor, Role
from gateway.accounts import StaffAccount
from tests.case_events import CASE, LETTER, TO_THE_LETTER, Story
from tests.complaint_events import COMPLAINED, COMPLAINT
from tests.integration.gateway.desk import KEY, REQUEST, Desk, problem

SECONDS = 20.0
STATUS, WHOLE = f"/v1/status/{CASE}", f"/v1/cases/{CASE}"


@pytest.fixture(scope="module")
def the_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway with a case and its letter."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    desk.happened(*TO_THE_LETTER[:-1])
    desk.happened(LETTER)
    yield desk
    desk.close()


@pytest.fixture
def desk(the_desk: Desk) -> Desk:
    """The same, of which nothing was asked yet."""
    the_desk.rpc.calls.clear()
    return the_desk


def test_no_other_method_does_what_get_and_post_may_not(desk: Desk) -> None:
    """HEAD is checked like GET; OPTIONS answers which methods there are and runs nothing."""
    for path in (STATUS, WHOLE, f"/v1/documents/{LETTER.code}", "/v1/tasks", "/v1/events"):
        assert desk.http.head(path).status_code == 401
        assert desk.http.head(path, headers=desk.code("VRF-20261123-0999")).status_code in (
            401,
            404,
        )
        options = desk.http.options(path)
        assert (options.status_code, options.get_data()) == (200, b"")
        assert "Content-Type" not in options.headers
        for method in ("PUT", "PATCH", "DELETE", "TRACE"):
            assert desk.http.open(path, method=method).status_code == 405
    assert not desk.asked()


@pytest.mark.parametrize(
    "header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL"]
)
def test_a_header_does_not_make_another_call_of_it(desk: Desk, header: str) -> None:
    """The method and the path are those of the request line."""
    for value in ("POST", "DELETE", "/v1/regions"):
        response = desk.http.get(WHOLE, headers={header: value})
        assert problem(response) == (401, "not_signed_in")
        response = desk.http.get(f"{STATUS}/withdrawal", headers={header: value} | KEY)
        assert response.status_code == 405
    assert not desk.asked()


@pytest.mark.parametrize(
    "path",
    [
        f"{WHOLE}/",
        f"{WHOLE}%2F",
        f"/v1/%63ases/{CASE}",
        f"/v1/status/x/../../cases/{CASE}",
        f"/v1/status/..%2F..%2Fv1/cases/{CASE}",
        f"//v1/cases/{CASE}",
        f"/v1//cases/{CASE}",
        f"{WHOLE};jsessionid=1",
        f"{WHOLE}%00",
        f"{WHOLE}?_method=GET",
        f"/V1/CASES/{CASE}",
    ],
)
def test_another_writing_of_a_path_opens_nothing(desk: Desk, path: str) -> None:
    """It is the same call with the same check, or none at all; never the case."""
    for headers in ({}, desk.code(), desk.sign_in(Role.VERIFIER)):
        response = desk.http.get(path, headers=headers)
        shown = response.status_code == 200 and response.json["personal_data_shown"]
        assert not shown, path
        if not headers:
            assert response.status_code in (401, 404), path
    assert not desk.asked()


@pytest.mark.parametrize(
    "case", [CASE.lower(), f" {CASE}", f"{CASE} ", f"{CASE}%0A", "VRF-2026112３-0001"]
)
def test_another_writing_of_a_number_is_no_number(desk: Desk, case: str) -> None:
    """Else a complaint might be found under a writing for which nobody is looked for."""
    for headers in (desk.code(), desk.sign_in(Role.DIVISION_HEAD)):
        for path in (f"/v1/status/{case}", f"/v1/status/{case}/stream"):
            assert problem(desk.http.get(path, headers=headers)) == (404, "case_not_found")


def test_the_body_of_a_get_changes_nothing(desk: Desk) -> None:
    """It is not read."""
    for body in ({"tracking_number": CASE}, {"access_code": "x" * 10}):
        assert problem(desk.http.get(STATUS, json=body)) == (401, "not_signed_in")
        assert desk.http.get(STATUS, json=body, headers=desk.code()).status_code == 200


def test_a_code_beside_a_token_gives_no_more_than_the_better_of_the_two(desk: Desk) -> None:
    """A member of the staff with somebody's code is the resident where the resident may."""
    both = desk.sign_in(Role.AUDITOR) | desk.code()
    assert problem(desk.http.get(f"{WHOLE}/attachments/a-1", headers=both)) == (
        403,
        "access_denied",
    )
    assert problem(desk.http.post(f"{STATUS}/withdrawal", json={}, headers=KEY | both)) == (
        403,
        "access_denied",
    )
    assert not desk.asked()


def test_a_key_is_another_one_for_every_caller(desk: Desk) -> None:
    """So nobody gets the answer that was stored for somebody else under the same key."""
    desk.registers()
    callers = [
        {},
        desk.sign_in_as(Actor(id="lina", role=Role.COUNTER_OFFICER)),
        desk.sign_in_as(Actor(id="lena", role=Role.COUNTER_OFFICER)),
    ]
    for headers in callers:
        response = desk.http.post("/v1/requests", json=REQUEST, headers=KEY | headers)
        assert response.status_code == 201
    keys = [key for _, _, key in desk.rpc.calls]
    assert len(set(keys)) == len(callers)
    assert KEY["Idempotency-Key"] not in str(keys)


def stream_of(desk: Desk, headers: dict[str, str], case: str) -> Iterator[bytes]:
    """The stream, after its first event."""
    response = desk.http.get(f"/v1/status/{case}/stream", headers=headers)
    assert response.status_code == 200
    sent = iter(response.response)
    assert next(sent).startswith(b"retry")  # type: ignore[arg-type]
    assert next(sent).startswith(b"id")  # type: ignore[arg-type]
    return sent  # type: ignore[return-value]


def change_account(desk: Desk, name: str) -> None:
    with desk.bench.store.unit("test") as work:
        work.session.get_one(StaffAccount, name).stamp = "another"


def sign_out(desk: Desk, headers: dict[str, str]) -> None:
    assert desk.http.post("/v1/logout", json={}, headers=KEY | headers).status_code == 200


@pytest.mark.parametrize(
    ("how", "case"),
    [
        ("changed", "ADU-20261123-0011"),
        ("signed out", "ADU-20261123-0012"),
        ("expired", "ADU-20261123-0013"),
        ("still good", "ADU-20261123-0014"),
    ],
)
def test_a_stream_does_not_outlast_its_token(desk: Desk, how: str, case: str) -> None:
    """The next status is not sent to who may not ask for it any more; the end is logged."""
    headers = desk.sign_in_as(Actor(id="wati", role=Role.SOCIAL_WORKER))
    complaint, again = Story(case).tell(COMPLAINED, COMPLAINED)
    desk.take([complaint])
    sent = stream_of(desk, headers, case)
    if how == "changed":
        change_account(desk, "wati")
    elif how == "signed out":
        sign_out(desk, headers)
    elif how == "expired":
        desk.clock.move(hours=24)
    with capture_logs() as logs, eventlet.Timeout(SECONDS):
        desk.take([again])
        following = next(sent, None)
    told = [log for log in logs if log["event"] == "access_refused"]
    if how == "still good":
        assert following is not None
        assert not told
        return
    assert following is None
    assert [(log["code"], log["role"], log["actor"]) for log in told] == [
        ("not_signed_in", "social_worker", "wati")
    ]


def counted(code: str, route: str) -> float:
    return REFUSALS.labels(code, route)._value.get()


def test_each_refusal_is_logged_once_and_counted(desk: Desk) -> None:
    """By code and route; what is not refused is neither, nor is a page that is not there."""
    route = "/v1/status/<tracking_number>"
    for headers, code in (
        ({}, "not_signed_in"),
        (desk.code("VRF-20261123-0999"), "case_not_found"),
    ):
        before = counted(code, route)
        with capture_logs() as logs:
            desk.http.get(STATUS, headers=headers)
        told = [log for log in logs if log["event"] == "access_refused"]
        assert [(log["code"], log["route"], log["case"]) for log in told] == [(code, route, None)]
        assert counted(code, route) == before + 1
    with capture_logs() as logs:
        desk.http.get(STATUS, headers=desk.code())
        desk.http.get("/v1/nothing")
        desk.http.get("/v1/verify/N0TH1NG")
        desk.http.post("/v1/requests", json={}, headers=KEY)
    assert not [log for log in logs if log["event"] == "access_refused"]


def test_a_wrong_code_within_another_refusal_is_told_too(desk: Desk) -> None:
    """As for the case that a complaint names: it is answered as a field that is not right."""
    body = {"about_case": CASE, "matter": "Loket tutup."}
    example = {
        "name": "Siti Contoh",
        "nik": "6371034107900001",
        "address": "Jl. Contoh 1",
        "phone": "0812 0000 0000",
    }
    with capture_logs() as logs:
        response = desk.http.post(
            "/v1/complaints",
            json=body | {"complainant": example},
            headers=KEY | desk.code("VRF-20261123-0999"),
        )
    assert problem(response) == (422, "validation_failed")
    (told,) = [log for log in logs if log["event"] == "access_refused"]
    assert (told["code"], told["status"], told["case"]) == ("case_not_found", 422, None)


def test_the_log_names_no_case_that_is_hidden_and_no_address(desk: Desk) -> None:
    """A reader learns neither whom a complaint is about, nor where somebody called from."""
    about = COMPLAINED.model_copy(update={"officer": "wati"})
    desk.happened(about, case=COMPLAINT)
    headers = desk.sign_in_as(Actor(id="wati", role=Role.COMPLAINT_OFFICER))
    told = []
    for case in (COMPLAINT, "ADU-20261123-9999"):
        with capture_logs() as logs:
            response = desk.http.get(f"/v1/cases/{case}", headers=headers)
        assert problem(response) == (404, "case_not_found")
        (line,) = [log for log in logs if log["event"] == "access_refused"]
        assert "127.0.0.1" not in str(line)
        line.pop("request_id")
        told.append(line)
    assert told[0] == told[1]
