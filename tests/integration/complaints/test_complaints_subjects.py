"""A complainant's own record, and what is left when their key is destroyed."""

import pytest
from sqlalchemy import select

from contracts.complaints import PersonalDataErased
from contracts.envelope import Contact, ContactWay
from contracts.errors import ErrorCode
from contracts.intake import PersonalDataErased as RequestErased
from services.complaints.models import Attachment, Person, Survey
from tests.integration.complaints.desk import (
    ADDRESS,
    AMIN,
    CASE,
    DEWI,
    EVERYBODY,
    MATTER,
    NAME,
    NIK,
    PHONE,
    complainant,
    pdf,
    refused,
)
from tests.unsealing import opened, stored

CONTACT = Contact(way=ContactWay.EMAIL, address="nurhalizah@contoh.example")
SURVEY_WORDS = "Petugasnya ramah kepada saya."
REQUEST = "VRF-20261120-0001"
MASTER = b"m" * 32


def readable(desk) -> bytes:
    """All that the master key, and what it opens, gives back."""
    with desk.store.engine.connect() as connection:
        return b"\n".join(content for _, content in opened(stored(connection), MASTER))


def closed(desk) -> str:
    """The evidence of a complaint with all that can be written, resolved and rated."""
    file = desk.upload(pdf("Kuitansi Nurhalizah"))
    desk.submit(attachments=(file.id,), notify=(CONTACT,))
    for step in (desk.check, desk.coordinate, desk.record_answer, desk.escalate):
        step()
    desk.respond(by=DEWI)
    desk.resolve()
    desk.rate()
    desk.answer_survey(words=SURVEY_WORDS)
    return file.id


def test_the_record_is_what_the_complainant_may_read(desk):
    """With the identity and the addresses; what the office wrote to others only as its kind."""
    closed(desk)
    complaint, survey = desk.record_of(nik=NIK).cases
    assert complaint.data["complainant"] == complainant().model_dump(mode="json")
    assert complaint.data["matter"] == MATTER
    assert complaint.data["notify"] == [CONTACT.model_dump(mode="json")]
    assert complaint.withheld == ("coordinations", "written")
    text = complaint.model_dump_json()
    for others in ("Bidang Linjamsos", "Benarkah ada potongan?", "Di luar wewenang saya."):
        assert others not in text
    assert (survey.tracking_number, survey.data["words"]) == (CASE, SURVEY_WORDS)


def test_the_look_itself_is_recorded(desk):
    """By whom, and why; an outline is no read."""
    closed(desk)
    desk.record_of(nik=NIK, with_data=False)
    assert desk.emitted("personal_data_read") == []
    desk.record_of(nik=NIK)
    of_complaint, of_survey = desk.emitted("personal_data_read")
    assert {e.data["purpose"] for e in (of_complaint, of_survey)} == {"subject_access"}
    assert of_complaint.actor == "staff:amin"
    assert "complainant.nik" in of_complaint.data["fields"]


def test_what_others_wrote_of_an_officer_is_in_nobodys_record(desk):
    """Who is concerned sees no such case, also when they keep the records."""
    desk.submit(officer=AMIN.id)
    assert desk.record_of(nik=NIK).cases == ()
    refused(ErrorCode.CASE_NOT_FOUND, desk.erase, by=AMIN)


@pytest.mark.parametrize("by", [a for a in EVERYBODY if a != AMIN], ids=lambda actor: actor.id)
def test_nobody_at_a_desk_may_ask_for_it(desk, by):
    """Neither for the record nor for the erasure."""
    desk.go_to("withdrawn")
    refused(ErrorCode.ACCESS_DENIED, desk.record_of, by=by, nik=NIK)
    refused(ErrorCode.ACCESS_DENIED, desk.erase, by=by)


@pytest.mark.parametrize(
    "state", ["received", "incomplete", "checked", "coordinating", "responded", "resolved"]
)
def test_an_open_complaint_keeps_its_complainant(desk, state):
    """What was resolved may be reopened for some days; then it is closed too."""
    desk.go_to(state)
    refused(ErrorCode.CASE_STILL_OPEN, desk.erase)
    assert desk.read().matter == MATTER
    if state == "resolved":
        desk.clock.move(days=30)
        assert desk.erase().erased_now


@pytest.mark.parametrize("state", ["closed", "redirected", "withdrawn"])
def test_a_closed_one_does_not(desk, state):
    """However it was closed."""
    desk.go_to(state)
    assert desk.erase().cases == (CASE,)


def test_erased_nothing_can_be_read_again(desk):
    """Every call that opens or seals something answers so; no key opens anything."""
    file = closed(desk)
    before = readable(desk)
    for said in (NAME, NIK, ADDRESS, PHONE, MATTER, CONTACT.address, SURVEY_WORDS):
        assert said.encode() in before
    assert b"Kuitansi Nurhalizah" in before
    desk.erase()
    assert readable(desk) == b""
    assert desk.rows(Attachment) == []
    for call in (desk.read, desk.read_contacts, desk.reopen):
        refused(ErrorCode.PERSONAL_DATA_ERASED, call)
    refused(ErrorCode.ATTACHMENT_NOT_FOUND, desk.read_evidence, file)
    outline, survey = desk.record_of(tracking_numbers=(CASE,)).cases
    assert (outline.erased, outline.data, outline.state) == (True, None, "closed")
    assert (survey.erased, survey.data) == (True, None)
    desk.keep_deadlines()


def test_what_was_passed_to_lapor_is_erased_here(desk):
    """The record for LAPOR! can be made no more."""
    desk.submit()
    desk.check()
    desk.escalate("lapor")
    desk.reconcile()
    desk.withdraw()
    desk.erase()
    refused(ErrorCode.PERSONAL_DATA_ERASED, desk.export)


def test_it_is_told_once_however_often_it_is_asked(desk):
    """And the same NIK is somebody new from then on."""
    desk.go_to("withdrawn")
    assert desk.erase().erased_now
    assert not desk.erase().erased_now
    (erased,) = desk.emitted("personal_data_erased")
    assert PersonalDataErased.model_validate(erased.data).survey_only is False
    desk.submit()
    assert [each.state for each in desk.record_of(nik=NIK).cases] == ["received"]
    assert len(desk.rows(Person)) == 2


def test_the_words_about_a_request_go_with_the_request(desk):
    """Intake says so; the scores count on."""
    desk.answer_survey(case=REQUEST, words=SURVEY_WORDS)
    (known,) = desk.record_of(tracking_numbers=(REQUEST,)).cases
    assert known.data["words"] == SURVEY_WORDS
    for _ in range(2):
        desk.tell(RequestErased(reason="subject_request"), REQUEST, AMIN)
    assert readable(desk) == b""
    with desk.session() as session:
        assert session.scalars(select(Survey.scores)).one()["conduct"] == 4
    (erased,) = desk.emitted("personal_data_erased")
    assert (erased.subject, erased.data["survey_only"]) == (REQUEST, True)
