"""Every call, every role, somebody else's case: the running office against lines written by hand.

`who_may.txt` holds every call against every role, `whose_case.txt` people who differ in nothing but
whose case it is. The application is the real one, and so are the services that decide.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from contracts.envelope import Role
from gateway.calls import CALLS
from gateway.kinds import kind_of
from gateway.problems import STATUS
from gateway.rights import RULES, Whose
from tests.integration.gateway.desk import NIK
from tests.integration.gateway.staged_cases import PEOPLE, StagedCases
from tests.integration.gateway.whole_office import WholeOffice

HERE = Path(__file__).parent
ROLES = {
    "cou": "lina",
    "ver": "budi",
    "soc": "umar",
    "div": "hasan",
    "age": "rahma",
    "com": "joko",
    "aud": "adit",
    "adm": "amin",
}
"""Who stands for a role: somebody who has nothing to do with the case."""

COLUMNS = ("any", "res", *ROLES)
CELLS = {
    "401": {"not_signed_in"},
    "403": {"access_denied"},
    "404": {"case_not_found", "document_not_found", "attachment_not_found", "delivery_not_found"},
    "dis": {"other_district"},
    "asg": {"not_the_assigned_verifier"},
    "ins": {"not_the_instructed_social_worker"},
    "own": {"not_the_owner"},
}
REFUSED = set().union(*CELLS.values()) | {"too_many_attempts"}
PHONES = ("0812 0000", "+62 812", "81200000")
PRIVATE = (NIK, "Siti", "Budi Contoh", *PHONES, "Jl. Contoh", "loket tutup", "operasi")
"""Of the examples' people, and of what they wrote; nothing that identifiers hold by chance."""


@dataclass(frozen=True, slots=True)
class Line:
    """A call, and what it is answered with."""

    method: str
    path: str
    cells: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def lines(name: str) -> list[list[str]]:
    """The words of every line that is neither empty nor a comment."""
    read = (HERE / name).read_text("utf-8").splitlines()
    return [line.split() for line in read if line and not line.startswith("#")]


HEAD, *_ROWS = lines("who_may.txt")
MATRIX = [Line(method, path, tuple(cells)) for method, path, *cells in _ROWS]
PERSONS = [
    (who, Line(method, path, (cell,))) for who, method, path, cell in lines("whose_case.txt")
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeOffice]:
    """The gateway and every service, each with its own database."""
    office = WholeOffice(tmp_path_factory.mktemp("office"))
    yield office
    office.close()


@pytest.fixture(scope="module")
def cases(office: WholeOffice) -> StagedCases:
    """For the matrix."""
    return StagedCases(office)


@pytest.fixture(scope="module")
def own_cases(office: WholeOffice) -> StagedCases:
    """For the people: what is done to the matrix's cases does not touch them."""
    return StagedCases(office)


def code_of(response: TestResponse) -> str | None:
    is_problem = response.mimetype == "application/problem+json"
    return response.json["code"] if is_problem else None  # type: ignore[index]


def refused(
    cases: StagedCases, line: Line, headers: dict[str, str], actor: tuple[Role, str] | None
) -> TestResponse:
    """The answer to a call that is refused: it changes nothing, tells nothing, is logged once."""
    path = cases.filled(line.path)
    before = cases.office.state()
    with capture_logs() as logs:
        response = cases.call(headers, line.method, path)
    code = code_of(response)
    assert code in REFUSED, (str(line), response.status_code, code)
    assert cases.office.state() == before, f"{line} was refused and changed something"
    answer = f"{response.headers} {response.text}"
    assert not [private for private in PRIVATE if private in answer]
    (told,) = [log for log in logs if log["event"] == "access_refused"]
    assert (told["code"], told["status"]) == (code, response.status_code)
    assert (told["role"], told["actor"]) == (actor or (None, None))
    assert told["case"] is None or (response.status_code == 403 and _is_of(told["case"], path))
    assert re.fullmatch("[0-9a-f]{12}", told["client"])
    secrets = [value.removeprefix("Bearer ") for value in headers.values()]
    assert not [each for each in (*secrets, *PRIVATE) if each in str(told)]
    return response


def _is_of(case: str, path: str) -> bool:
    return case in path or path.startswith("/v1/documents/")


def caller(cases: StagedCases, column: str, path: str) -> tuple[dict[str, str], Any]:
    """The headers of who stands for the column, and the role and name that the log may know."""
    if column == "any":
        return {}, None
    if column == "res":
        return cases.office.code(cases.case("a_neighbours")), None
    person = PEOPLE[ROLES[column]]
    return cases.signed_in(person.id), (person.role.value, person.id)


@pytest.mark.parametrize("line", MATRIX, ids=str)
def test_every_role_gets_the_answer_that_the_matrix_says(cases: StagedCases, line: Line) -> None:
    """The refused first; then who may does, and at least one of them succeeds."""
    assert len(line.cells) == len(COLUMNS)
    done = []
    for cell, column in sorted(zip(line.cells, COLUMNS, strict=True), key=lambda x: x[0] == "ok"):
        headers, actor = caller(cases, column, line.path)
        if cell != "ok":
            response = refused(cases, line, headers, actor)
            assert code_of(response) in CELLS[cell], (column, code_of(response))
            continue
        response = cases.call(headers, line.method, cases.filled(line.path))
        assert code_of(response) not in REFUSED, (column, code_of(response))
        assert response.status_code < 500 or str(line) in NEVER_DONE
        done.append(response.status_code < 300)
        response.close()
        cases.office.spread()
    assert not done or any(done) or str(line) in NEVER_DONE


NEVER_DONE = {
    "GET /v1/login/oidc",
    "POST /v1/login/oidc",
    "GET /v1/ledger/checkpoint",
    "GET /v1/ledger/key",
    "GET /v1/ledger/proof/inclusion?index=1&size=1",
    "GET /v1/ledger/proof/consistency?from=1&to=1",
    "GET /v1/complaints/{checked}/lapor",
}
"""They need a provider, a signed checkpoint, or LAPOR!: what is said instead is no refusal."""


def test_the_matrix_has_every_call_of_the_application(office: WholeOffice) -> None:
    """A call that nobody has written down is a call that nobody has thought about."""
    assert tuple(HEAD[1:]) == COLUMNS
    calls = office.app.url_map.bind("")
    written = set()
    for line in MATRIX:
        path = re.sub(r"{[^}]*}", "x", line.path.partition("?")[0])
        written.add((line.method, calls.match(path, line.method)[0]))
    assert written == {
        (method, rule.endpoint)
        for rule in office.app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
    }


HOLDS = {
    "passed": {("div", Whose.ESCALATED), ("div", Whose.ESCALATED_EVER)},
    "at_lapor": {(head, Whose.ESCALATED_EVER) for head in ("div", "age")},
    "complained": {("com", Whose.OWNED_OR_FREE)},
    "urgent": {("div", Whose.BELOW_LAPOR)},
}
"""Where even somebody who has nothing to do with a case is who the rule speaks of."""


@pytest.mark.parametrize("line", MATRIX, ids=str)
def test_the_table_says_what_the_matrix_says(cases: StagedCases, line: Line) -> None:
    """So what is generated from the table is true: a row or a rule that is changed shows here."""
    path = cases.filled(line.path)
    endpoint, names = cases.office.app.url_map.bind("").match(path.partition("?")[0], line.method)
    call, stage = CALLS[endpoint], (re.findall(r"{(\w+)", line.path) or [""])[0]
    named = "tracking_number" in names or "code" in names
    case = cases.case(stage) if stage and named else None
    expected = ["ok" if call.anyone else "401"]
    expected.append("ok" if call.anyone else "404" if call.with_access_code else "401")
    for column, name in ROLES.items():
        if call.anyone and not call.grants:
            expected.append("ok")
            continue
        grants = call.grants_of(PEOPLE[name].role, kind_of(case) if case else None)
        held = {(column, grant.whose) for grant in grants} & HOLDS.get(stage, set())
        codes = {grant.refusal for grant in grants if grant.whose is not Whose.ANY}
        cell = next((each for each, of in CELLS.items() if codes & of), "ok")  # type: ignore[operator]
        expected.append("403" if not grants else "ok" if held else cell)
    assert tuple(expected) == line.cells


@pytest.mark.parametrize(("who", "line"), PERSONS, ids=lambda each: str(each))
def test_whose_case_it_is_decides(own_cases: StagedCases, who: str, line: Line) -> None:
    """Line after line, as they stand: the same call by the same role, but for another's case."""
    name, _, role = who.partition("/")
    (cell,) = line.cells
    actor: Any = None
    if name == "resident":
        stage = re.findall(r"{(\w+)", role or line.path)[0]
        headers = own_cases.office.code(own_cases.case(stage))
    else:
        known = Role(role) if role else PEOPLE[name].role
        headers, actor = own_cases.signed_in(name, known), (known.value, name)
    if cell in CELLS or cell in REFUSED:
        response = refused(own_cases, line, headers, actor)
        assert code_of(response) in CELLS.get(cell, {cell})
        return
    response = own_cases.call(headers, line.method, own_cases.filled(line.path))
    own_cases.office.spread()
    assert (code_of(response) or "ok") == cell, response.text


def test_every_rule_has_somebody_on_either_side() -> None:
    """Each refusal of a rule stands in one of the files, as does somebody who is not refused."""
    told = {cell for _, line in PERSONS for cell in line.cells}
    named = {code for cell in told for code in CELLS.get(cell, {cell})}
    assert {rule.refusal.value for rule in RULES.values() if rule.refusal} <= named
    assert "ok" in told
    assert all(STATUS[rule.refusal] in (403, 404) for rule in RULES.values() if rule.refusal)


def test_only_the_division_head_may_not_pass_it_to_lapor(own_cases: StagedCases) -> None:
    """The one rule that is about where to, not whose case."""
    path = own_cases.filled("/v1/complaints/{raised}/escalation")
    for name, code in (("hasan", "access_denied"), ("joko", "not_the_owner"), ("rahma", None)):
        headers = own_cases.signed_in(name)
        assert code_of(own_cases.call(headers, "POST", path, to="lapor")) == code
        own_cases.office.spread()


def test_the_answer_to_another_persons_key_is_ones_own(own_cases: StagedCases) -> None:
    """Whoever learns a key and its body learns nothing by sending both again."""
    path = own_cases.filled("/v1/complaints/{coordinating}/coordination")
    first, again, others = (
        own_cases.call(own_cases.signed_in(name), "POST", path, key="a-key-of-dewi")
        for name in ("dewi", "dewi", "joko")
    )
    assert first.status_code == again.status_code == 200
    assert first.json == again.json
    assert code_of(others) == "not_the_owner"
    resident = own_cases.filled("/v1/status/{asked}/withdrawal")
    for stage, code in (("asked", None), ("free", "case_not_found")):
        headers = own_cases.office.code(own_cases.case(stage))
        assert code_of(own_cases.call(headers, "POST", resident, key="a-residents-key")) == code
