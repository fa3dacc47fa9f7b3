"""A document tells who somebody is: what the staff read is logged and published."""

import pytest

from contracts.documents import ReadDocument, VerifyDocument
from contracts.envelope import RESIDENT, SYSTEM, Actor, Role
from contracts.errors import ErrorCode, Refusal
from services.documents.models import PersonalDataReading
from tests.integration.documents.details import DONE, issued
from tests.support import Bench

CASE = "VRF-20261123-0001"
STAFF = [role for role in Role if role not in (Role.RESIDENT, Role.SYSTEM)]


@pytest.fixture
def code(desk: Bench) -> str:
    """The code of an issued letter."""
    desk.tell(DONE, CASE)
    (letter,) = issued(desk)
    return letter.code


def readings(desk: Bench) -> list[tuple[str, str, str, str, list[str]]]:
    """The log, oldest first."""
    with desk.session() as session:
        found = session.query(PersonalDataReading).order_by(PersonalDataReading.id)
        return [(r.tracking_number, r.actor, r.role, r.purpose, r.fields) for r in found]


@pytest.mark.parametrize("role", STAFF)
def test_what_the_staff_read_is_logged_under_its_case(desk: Bench, code: str, role: Role) -> None:
    """Each time, with who and why; the event holds no name."""
    hasan = Actor(id="hasan", role=role)
    assert desk.ask(ReadDocument(code=code), hasan).content
    desk.ask(ReadDocument(code=code, purpose="objection"), hasan)
    assert readings(desk) == [
        (CASE, "hasan", role, purpose, ["document"]) for purpose in ("case_handling", "objection")
    ]
    first, _ = desk.emitted("personal_data_read")
    assert (first.subject, first.actor, first.actorrole) == (CASE, "staff:hasan", role)
    assert first.data == {"purpose": "case_handling", "fields": ["document"]}


@pytest.mark.parametrize("actor", [RESIDENT, SYSTEM])
def test_a_residents_own_reading_is_not_logged(desk: Bench, code: str, actor: Actor) -> None:
    """Nor is what the system does; verifying shows no personal data to anybody."""
    desk.ask(ReadDocument(code=code), actor)
    desk.ask(VerifyDocument(code=code), Actor(id="hasan", role=Role.DIVISION_HEAD))
    assert (readings(desk), desk.emitted("personal_data_read")) == ([], [])


def test_the_purpose_is_a_code(desk: Bench, code: str) -> None:
    """Because it is published."""
    with pytest.raises(Refusal) as refused:
        desk.ask(ReadDocument(code=code, purpose="Ibu Siti"), RESIDENT)
    assert refused.value.code is ErrorCode.VALIDATION_FAILED
