"""What can be read: standards, regions, tasks, the ledger, health, the documents of the API."""

import json
import re
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from contracts.audit import LedgerEntry, LedgerPage, ReadLedger
from contracts.envelope import Role
from tests.case_events import ANNOUNCED, CASE, COMPLETED, RECEIVED
from tests.integration.gateway.desk import Desk, problem


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo, with one announced case."""
    desk = Desk(
        tmp_path_factory.mktemp("home"), cors_origins="https://a.example, https://b.example"
    )
    desk.happened(RECEIVED, COMPLETED, ANNOUNCED)
    yield desk
    desk.close()


def test_the_standards_are_published(desk: Desk) -> None:
    """Requirements, procedure, time, fee, products, complaint channels; not the office's own."""
    listed = desk.http.get("/v1/service-standards").json["standards"]
    assert [standard["id"] for standard in listed] == [
        "aid_verification",
        "complaint",
        "data_request",
    ]
    one = desk.http.get("/v1/service-standards/aid_verification").json
    assert one == listed[0]
    assert one["fee"]["rupiah"] == 0
    assert one["time"]["max_working_days"] == 1
    assert len(one["procedure"]) == 6
    assert one["complaints"]["channels"]
    assert "field_work" not in one


def test_a_standard_is_read_in_the_version_of_a_case(desk: Desk) -> None:
    """One that was never published is unknown."""
    path = "/v1/service-standards/aid_verification"
    assert desk.http.get(f"{path}?version=2026-1").json["version"] == "2026-1"
    assert problem(desk.http.get(f"{path}?version=1999-1")) == (404, "standard_not_found")


def test_the_regions_are_those_of_the_city(desk: Desk) -> None:
    """Five districts with 52 villages."""
    city = desk.http.get("/v1/regions").json
    assert city["name"] == "Kota Banjarmasin"
    assert len(city["districts"]) == 5
    assert sum(len(district["villages"]) for district in city["districts"]) == 52


@pytest.mark.parametrize("path", ["/v1/regions", "/v1/service-standards", "/openapi.json"])
def test_what_anyone_may_read_is_kept_for_a_while(desk: Desk, path: str) -> None:
    """And not sent again to who has it."""
    first = desk.http.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    tag = {"If-None-Match": first.headers["ETag"]}
    assert desk.http.get(path, headers=tag).status_code == 304


def test_tasks_say_what_waits_and_how_to_do_it(desk: Desk) -> None:
    """For the caller's role and districts."""
    page = desk.http.get("/v1/tasks", headers=desk.sign_in(Role.VERIFIER)).json
    (task,) = page["tasks"]
    assert (task["tracking_number"], task["status"]) == (CASE, "announced")
    assert (task["method"], task["path"]) == ("POST", f"/v1/verifications/{CASE}/claim")
    assert task["due"] == "2026-11-24T16:00:00+08:00"
    assert task["todo"]["id"]
    assert task["todo"]["en"]
    assert page["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("unowned=true", 1),
        ("mine=true", 0),
        ("overdue=true", 0),
        ("district=63.71.03", 1),
        ("district=63.71.01", 0),
        ("due_before=2026-11-25T00:00:00%2B08:00", 1),
        ("due_before=2026-11-24T00:00:00Z", 0),
        ("limit=1", 1),
    ],
)
def test_tasks_are_narrowed(desk: Desk, query: str, found: int) -> None:
    """By what the query asks."""
    page = desk.http.get(f"/v1/tasks?{query}", headers=desk.sign_in(Role.VERIFIER)).json
    assert len(page["tasks"]) == found


def test_the_auditor_reads_the_ledger_page_by_page(desk: Desk) -> None:
    """One entry a line, and a link to what follows."""
    entries = tuple(LedgerEntry(index=i, event={"id": f"e-{i}", "é": None}) for i in (8, 9))
    desk.rpc.replies[ReadLedger] = lambda ask: LedgerPage(entries=entries, last=9, size=12)
    headers = desk.sign_in(Role.AUDITOR)
    response = desk.http.get("/v1/events?after=7&limit=2", headers=headers)
    assert response.mimetype == "application/x-ndjson"
    lines = response.text.splitlines()
    assert [json.loads(line)["index"] for line in lines] == [8, 9]
    assert json.loads(lines[0])["event"] == {"id": "e-8", "é": None}
    assert response.headers["Link"] == '</v1/events?after=9&limit=2>; rel="next"'
    assert response.headers["X-Ledger-Size"] == "12"
    assert desk.asked()[-1] == ReadLedger(after=7, limit=2)


def test_an_entry_that_was_tampered_with_is_shown_as_such(desk: Desk) -> None:
    """In its place, and the others as ever."""
    entries = (
        LedgerEntry(index=1, event={}, fault="unreadable"),
        LedgerEntry(index=2, event={"id": "e-2", "subject": ["x"]}, fault="columns"),
        LedgerEntry(index=3, event={"id": "e-3"}),
    )
    desk.rpc.replies[ReadLedger] = lambda ask: LedgerPage(entries=entries, last=3, size=3)
    response = desk.http.get("/v1/events", headers=desk.sign_in(Role.AUDITOR))
    assert [json.loads(line) for line in response.text.splitlines()] == [
        {"index": 1, "unreadable": True},
        {"index": 2, "event": {"id": "e-2", "subject": ["x"]}, "fault": "columns"},
        {"index": 3, "event": {"id": "e-3"}},
    ]


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=1001", "after=99999999999999999"])
def test_a_wrong_place_in_the_ledger_is_refused(desk: Desk, query: str) -> None:
    """Before the ledger is asked."""
    response = desk.http.get(f"/v1/events?{query}", headers=desk.sign_in(Role.AUDITOR))
    assert problem(response) == (422, "validation_failed")


def test_health_is_told_to_operations(desk: Desk) -> None:
    """Alive whenever it answers; ready when all it needs is there."""
    assert desk.http.get("/health/live").json == {"status": "live"}
    assert desk.http.get("/health/ready").json["status"] == "ready"
    desk.checks["gateway.broker"] = False
    ready = desk.http.get("/health/ready")
    desk.checks["gateway.broker"] = True
    assert ready.status_code == 503
    assert ready.json["checks"] == {"gateway.database": True, "gateway.broker": False}


def test_metrics_count_requests_by_route(desk: Desk) -> None:
    """Never by path or case, nor by a method that somebody made up."""
    desk.http.get(f"/v1/status/{CASE}", headers=desk.code())
    desk.http.open("/v1/regions", method="MADEUP")
    metrics = desk.http.get("/metrics").text
    assert 'route="/v1/status/<tracking_number>"' in metrics
    assert CASE not in metrics
    assert "MADEUP" not in metrics


def test_a_request_is_logged_once_by_route_and_ids(desk: Desk) -> None:
    """A path that is no case's may be anything, so it stays out."""
    with capture_logs() as lines:
        desk.http.get(f"/v1/status/{CASE}?nik=6371034107900001", headers=desk.code())
        desk.http.get("/v1/status/6371034107900001", headers=desk.code())
    assert [(line["event"], line["case"]) for line in lines] == [
        ("request_answered", CASE),
        ("request_answered", None),
        ("access_refused", None),
    ]
    assert lines[0]["route"] == "/v1/status/<tracking_number>"
    assert "6371034107900001" not in str(lines)


def test_the_docs_need_nothing_from_elsewhere(desk: Desk) -> None:
    """The page, its script and its styles name no other host, and the policy would stop them."""
    page = desk.http.get("/docs")
    assert page.mimetype == "text/html"
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert set(linked) == {"/docs/docs.css", "/docs/docs.js", "/openapi.json"}
    for path in linked:
        asset = desk.http.get(path)
        assert asset.status_code == 200
        if path.startswith("/docs"):
            assert "//" not in re.sub(r"^\s*//.*$", "", asset.text, flags=re.MULTILINE)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.text
    assert "style=" not in page.text


def test_every_answer_carries_the_headers_of_safety(desk: Desk) -> None:
    """Errors too; what is not said to be kept is not kept."""
    for path in ("/health/live", "/v1/nothing", "/v1/tasks", "/docs"):
        headers = desk.http.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"]
    assert desk.http.get("/v1/tasks").headers["Cache-Control"] == "no-store"


def test_a_request_id_is_given_back(desk: Desk) -> None:
    """The caller's, when it has the form of one and holds no NIK; else a new one."""
    given = {"X-Request-ID": "client-4711"}
    assert desk.http.get("/health/live", headers=given).headers["X-Request-ID"] == "client-4711"
    for unfit in ("a b", "nik-6371054509873947"):
        strange = desk.http.get("/health/live", headers={"X-Request-ID": unfit}).headers
        assert re.fullmatch("[0-9a-f-]{36}", strange["X-Request-ID"])


def preflight(desk: Desk, origin: str) -> dict[str, str]:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    response = desk.http.options("/v1/requests", headers=headers)
    assert response.status_code == 204
    return dict(response.headers)


@pytest.mark.parametrize("origin", ["https://a.example", "https://b.example"])
def test_a_configured_origin_may_call_from_a_browser(desk: Desk, origin: str) -> None:
    """With the headers that the calls need; the answer's own headers can be read."""
    allowed = preflight(desk, origin)
    assert allowed["Access-Control-Allow-Origin"] == origin
    assert "POST" in allowed["Access-Control-Allow-Methods"]
    asked = allowed["Access-Control-Allow-Headers"]
    assert all(name in asked for name in ("Idempotency-Key", "X-Access-Code", "Authorization"))
    answered = desk.http.get("/v1/regions", headers={"Origin": origin}).headers
    assert answered["Access-Control-Allow-Origin"] == origin
    assert "ETag" in answered["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answered


def test_another_origin_may_not(desk: Desk) -> None:
    """Neither the preflight nor the answer says so; caches keep the two apart."""
    assert "Access-Control-Allow-Origin" not in preflight(desk, "https://c.example")
    answered = desk.http.get("/v1/regions", headers={"Origin": "https://c.example"}).headers
    assert "Access-Control-Allow-Origin" not in answered
    assert "Origin" in answered["Vary"]


def test_an_error_can_be_read_from_a_browser_too(desk: Desk) -> None:
    """A front end needs the problem's code."""
    answered = desk.http.get("/v1/tasks", headers={"Origin": "https://a.example"})
    assert problem(answered)[0] == 401
    assert answered.headers["Access-Control-Allow-Origin"] == "https://a.example"


def test_without_configuration_no_origin_is_allowed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """And with `*` each is."""
    for origins, allowed in (("", None), ("*", "https://a.example")):
        desk = Desk(tmp_path_factory.mktemp("home"), cors_origins=origins)
        answered = desk.http.get("/v1/regions", headers={"Origin": "https://a.example"})
        assert answered.headers.get("Access-Control-Allow-Origin") == allowed
        desk.close()
