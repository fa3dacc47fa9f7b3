"""Reports: figures from the read model, the register from its owner, as JSON and as CSV."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from contracts.complaints import Element
from contracts.data_request import PackagedFile, ReadRegister, RegisterEntry, RegisterPage
from contracts.envelope import Role
from contracts.errors import InvalidFields
from contracts.intake import Purpose
from tests.case_events import DISTRICT, RECEIVED_AT, TO_THE_LETTER
from tests.complaint_events import COMPLAINT, TO_THE_RESOLUTION
from tests.data_request_events import DATA_CASE
from tests.integration.gateway.desk import Desk, fields, problem

LEVELS = "/v1/reports/service-levels"
SATISFACTION = "/v1/reports/satisfaction"
REGISTER = "/v1/reports/data-register"
FILE = PackagedFile(name="penerima.csv", sha256="1" * 64, size=10)
ENTRY = RegisterEntry(
    tracking_number=DATA_CASE,
    handed_over_at=RECEIVED_AT,
    recipient="=Budi",
    institution="Universitas Contoh",
    purpose=Purpose.ACADEMIC_RESEARCH,
    files=(FILE, FILE.model_copy(update={"name": "catatan.txt"})),
    package_sha256="2" * 64,
    downloads=1,
    last_downloaded_at=RECEIVED_AT + timedelta(days=1),
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo, with a verification and a complaint, both at their end."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    desk.happened(*TO_THE_LETTER)
    desk.happened(*TO_THE_RESOLUTION, case=COMPLAINT)
    yield desk
    desk.close()


@pytest.fixture
def desk(shared: Desk) -> Desk:
    """The gateway, with a register of one entry, which was not asked yet."""
    shared.rpc.calls.clear()
    shared.rpc.replies[ReadRegister] = lambda ask: RegisterPage(
        entries=(ENTRY,), next_cursor="more"
    )
    return shared


def read(desk: Desk, path: str, role: Role = Role.AGENCY_HEAD, **headers: str) -> Any:
    return desk.http.get(path, headers=desk.sign_in(role) | headers)


def test_service_levels_count_the_cases_of_each_month(desk: Desk) -> None:
    """By standard and district; without months those of the present year."""
    levels = read(desk, LEVELS).json["service_levels"]
    (aid,) = [level for level in levels if level["standard"] == "aid_verification"]
    assert (aid["month"], aid["district"]) == ("2026-11", DISTRICT)
    assert (aid["received"], aid["done"], aid["in_time"], aid["late"]) == (1, 1, 1, 0)
    assert {level["standard"] for level in levels} == {"aid_verification", "complaint"}


@pytest.mark.parametrize(
    ("query", "standards"),
    [
        ("from=2026-11&to=2026-11", {"aid_verification", "complaint"}),
        ("from=2026-12", set()),
        ("to=2026-10", set()),
        ("to=2027-10", set()),
        ("from=2027-10", set()),
        ("standard=complaint", {"complaint"}),
        (f"district={DISTRICT}", {"aid_verification"}),
        ("district=63.71.01", set()),
    ],
)
def test_a_report_is_narrowed(desk: Desk, query: str, standards: set[str]) -> None:
    """Both months are included."""
    levels = read(desk, f"{LEVELS}?{query}").json["service_levels"]
    assert {level["standard"] for level in levels} == standards


def test_satisfaction_has_the_nine_elements_and_an_index(desk: Desk) -> None:
    """PermenPANRB 14/2017: the mean of each, times 25."""
    (answers,) = read(desk, SATISFACTION).json["satisfaction"]
    assert set(answers["elements"]) == set(Element)
    assert (answers["answers"], answers["index"]) == (1, 75.0)
    assert answers["grade"]


@pytest.mark.parametrize("path", [LEVELS, SATISFACTION, REGISTER])
@pytest.mark.parametrize(
    ("query", "accept"), [("?format=csv", "application/json"), ("", "text/csv")]
)
def test_every_report_comes_as_csv(desk: Desk, path: str, query: str, accept: str) -> None:
    """The same rows, under headings."""
    response = read(desk, path + query, Accept=accept)
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "Accept" in response.headers["Vary"]
    rows = list(csv.DictReader(StringIO(response.text)))
    (listed,) = [part for part in read(desk, path).json.values() if isinstance(part, list)]
    assert len(rows) == len(listed) > 0


@pytest.mark.parametrize("accept", ["*/*", "application/json, text/csv", "text/html"])
def test_who_asks_for_nothing_else_gets_json(desk: Desk, accept: str) -> None:
    """And who asks for JSON in the address gets it whatever is accepted."""
    assert read(desk, LEVELS, Accept=accept).mimetype == "application/json"
    assert read(desk, f"{LEVELS}?format=json", Accept="text/csv").mimetype == "application/json"


def test_an_empty_report_has_its_headings(desk: Desk) -> None:
    """As CSV too."""
    text = read(desk, f"{SATISFACTION}?from=2020-01&to=2020-12&format=csv").text
    assert text.startswith("standard,district,month,answers,index,grade,requirements,")
    assert text.count("\n") == 1


def test_the_register_tells_what_was_given_to_whom(desk: Desk) -> None:
    """A page at a time; the owner logs who read it and why."""
    page = read(desk, f"{REGISTER}?limit=1&cursor=before&purpose=audit_of_giving").json
    assert page["entries"][0]["recipient"] == "=Budi"
    assert page["entries"][0]["handed_over_at"] == "2026-11-23T09:00:00+08:00"
    assert page["next_cursor"] == "more"
    ((message, actor, _),) = desk.rpc.calls
    assert message == ReadRegister(purpose="audit_of_giving", limit=1, cursor="before")
    assert actor.role is Role.AGENCY_HEAD


def test_the_register_as_csv_holds_no_formula(desk: Desk) -> None:
    """A recipient's name is whatever was signed with; the next page's cursor is in a header."""
    response = read(desk, f"{REGISTER}?format=csv")
    (row,) = csv.DictReader(StringIO(response.text))
    assert row["recipient"] == "'=Budi"
    assert row["files"] == "penerima.csv; catatan.txt"
    assert response.headers["X-Next-Cursor"] == "more"


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        (LEVELS, {"agency_head", "division_head", "auditor", "administrator"}),
        (SATISFACTION, {"agency_head", "division_head", "auditor", "administrator"}),
        (REGISTER, {"agency_head", "division_head", "auditor"}),
    ],
)
def test_a_report_is_for_who_answers_for_the_office(desk: Desk, path: str, roles: set[str]) -> None:
    """The register holds names, so the administrator does not read it."""
    for role in set(Role) - {Role.RESIDENT, Role.SYSTEM}:
        assert (read(desk, path, role).status_code == 200) is (role in roles)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026", "from"),
        ("to=2026-13", "to"),
        ("from=2026-12&to=2026-11", "to"),
        ("month_from=2026-01", "month_from"),
        ("standard=Aid", "standard"),
        ("district=north", "district"),
        ("format=xlsx", "format"),
        ("colour=1", "colour"),
    ],
)
def test_a_wrong_query_is_named(desk: Desk, query: str, field: str) -> None:
    """As a field."""
    response = read(desk, f"{LEVELS}?{query}")
    assert problem(response) == (422, "validation_failed")
    assert list(fields(response)) == [field]


def test_a_cursor_that_no_page_gave_is_named(desk: Desk) -> None:
    """By the owner."""

    def refuse(ask: ReadRegister) -> None:
        raise InvalidFields(("cursor", "invalid"))

    desk.rpc.replies[ReadRegister] = refuse
    assert fields(read(desk, f"{REGISTER}?cursor=x")) == {"cursor": "invalid"}
