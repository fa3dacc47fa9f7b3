"""What was written about a household is sealed at rest, in no event, and every read is known."""

import pytest
from sqlalchemy import select, update

from chassis.seal import SealBroken
from contracts.envelope import SYSTEM
from contracts.errors import ErrorCode
from contracts.verification import Position, TeamDiscussion
from services.verification.models import Assessment, PersonalDataReading, VerificationCase, Visit
from tests.integration.verification.desk import CASE, HASAN, SARI, refused

OTHER = "VRF-20261123-0002"
SECRETS = ("Dinding papan", "7654321", "-3.3194", "Sakit menahun", "Rapat sepakat", "Beri bantuan")


def write_everything(desk):
    """A case with findings, grounds, conclusions, in every place that holds such."""
    desk.go_to("assigned")
    position = Position(latitude=-3.3194, longitude=114.5908, accuracy_m=8.5)
    desk.report(findings="Dinding papan.", monthly_income_idr=7_654_321, position=position)
    discussed = TeamDiscussion(participants=("sari",), conclusion="Rapat sepakat.")
    desk.assess(grounds="Sakit menahun.", team_discussion=discussed)
    desk.decide(grounds="Beri bantuan.")


def test_nothing_that_was_written_lies_readable_in_the_database(desk, tmp_path):
    """Neither in the tables nor in the write-ahead log."""
    write_everything(desk)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("verification*"))
    assert b"verification_done" in stored
    assert [secret for secret in SECRETS if secret.encode() in stored] == []


def test_nothing_that_was_written_stands_in_an_event(desk):
    """Events hold codes, districts and user names."""
    write_everything(desk)
    desk.read()
    said = "".join(event.model_dump_json() for event in desk.emitted())
    assert [secret for secret in SECRETS if secret in said] == []


def test_every_read_of_findings_is_logged_and_published(desk):
    """Who, why and which fields."""
    write_everything(desk)
    detail = desk.read(by=HASAN, purpose="case_page")
    assert detail.decisions[0].grounds == "Beri bantuan."
    desk.read(by=SYSTEM, purpose="letter")
    first, second = desk.emitted("personal_data_read")
    fields = ["visits", "assessments", "decisions"]
    assert first.data == {"purpose": "case_page", "fields": fields}
    assert (first.source, first.actor) == ("/services/verification", "staff:hasan")
    assert (second.data["purpose"], second.actor) == ("letter", "system")
    with desk.session() as session:
        logged = session.scalars(select(PersonalDataReading)).all()
    assert [(each.actor, each.role, each.purpose) for each in logged] == [
        ("hasan", "division_head", "case_page"),
        ("system", "system", "letter"),
    ]
    assert [each.fields for each in logged] == [fields, fields]


def test_a_case_without_findings_is_read_without_a_word(desk):
    """Nothing personal is in it yet."""
    desk.go_to("assigned")
    assert desk.read().verifier == "rina"
    assert desk.emitted("personal_data_read") == []


def test_the_purpose_of_a_read_is_not_free_text(desk):
    """It is published, so it is a code."""
    write_everything(desk)
    refused(ErrorCode.VALIDATION_FAILED, desk.read, purpose="Bu Siti menelepon")
    assert desk.emitted("personal_data_read") == []


@pytest.mark.parametrize("with_key", [False, True])
def test_findings_cannot_be_passed_off_as_another_cases(desk, with_key):
    """A sealed report opens under its own case's key only, and that key for its own case only."""
    desk.go_to("visited")
    desk.go_to("visited", OTHER)
    copy(desk, Visit.sealed)
    if with_key:
        copy(desk, VerificationCase.wrapped_key)
    with pytest.raises(SealBroken):
        desk.read(case=OTHER)


def test_findings_cannot_change_their_place_within_a_case(desk):
    """An assessment sealed as the first does not open as the second."""
    desk.go_to("assessed")
    desk.decide("send_back")
    desk.report(visit="v2")
    desk.assess(by=SARI, grounds="Kini lengkap.")
    with desk.store.unit("test") as work:
        first = select(Assessment.sealed).where(Assessment.number == 1).scalar_subquery()
        work.session.execute(update(Assessment).values(sealed=first))
    with pytest.raises(SealBroken):
        desk.read()


def copy(desk, column):
    """Write the case's value of this column over the other case's, as an intruder would."""
    table = column.class_
    value = select(column).where(table.tracking_number == CASE).scalar_subquery()
    over = update(table).where(table.tracking_number == OTHER).values({column.key: value})
    with desk.store.unit("test") as work:
        work.session.execute(over)
