"""A person's own record at intake, and what is left when their key is destroyed."""

import base64

import pytest

from contracts.envelope import Actor, Contact, ContactWay, Role
from contracts.errors import ErrorCode
from contracts.intake import (
    EraseSubject,
    PersonalDataErased,
    ReadSubject,
    Reporter,
    StoreAttachment,
)
from contracts.verification import PersonalDataErased as VisitsErased
from services.intake.models import Attachment, Person
from tests.integration.intake.counter import AMAT, RINA, Counter, refused
from tests.unit.intake.samples import NAME, NIK, PHONE, STREET, pdf
from tests.unsealing import opened, stored

OFFICER = Actor(id="agus", role=Role.ADMINISTRATOR)
OTHER_NIK = "6371031212900002"
NOTE = "Anak kami tiga, suami sakit sejak lama."
CONTACT = Contact(way=ContactWay.EMAIL, address="nurhalizah@contoh.example")
MASTER = b"m" * 32


def record(counter: Counter, by: Actor = OFFICER, **asked):
    """What intake stores about a person."""
    return counter.bench.ask(ReadSubject(**asked), by)


def erase(counter: Counter, case: str, *closed: str, by: Actor = OFFICER, key: str | None = None):
    """The person of the case is erased."""
    ask = EraseSubject(tracking_number=case, closed=closed, reason="subject_request")
    return counter.bench.ask(ask, by, key)


def withdrawn(counter: Counter, **parts) -> str:
    """A request that its resident took back."""
    case = counter.received(**parts)
    counter.withdraw(case)
    return case


def readable(counter: Counter) -> bytes:
    """All that the master key, and what it opens, gives back."""
    with counter.bench.store.engine.connect() as connection:
        return b"\n".join(content for _, content in opened(stored(connection), MASTER))


def test_the_record_holds_every_request_of_the_person(counter):
    """Found by the NIK, with each word and the addresses; another's is not among them."""
    reporter = Reporter(name="Pak Ketua RT", phone="081200000000")
    first = counter.received(notes=NOTE, reporter=reporter, notify=(CONTACT,))
    counter.clock.move(minutes=1)
    second = counter.received(purpose="jampersal")
    counter.received(nik=OTHER_NIK, birth_date="1990-12-12", sex="male", name="Orang Lain")
    found = record(counter, nik=NIK)
    assert [case.tracking_number for case in found.cases] == [first, second]
    told = found.cases[0].data
    assert told["applicant"]["name"] == NAME
    assert told["notes"] == NOTE
    assert told["notify"] == [CONTACT.model_dump(mode="json")]
    assert "Orang Lain" not in found.model_dump_json()


def test_who_reported_somebody_is_not_told_to_them(counter):
    """A third person: only that there was one."""
    reporter = Reporter(name="Pak Ketua RT", phone="081200000000")
    counter.received(reporter=reporter)
    (case,) = record(counter, nik=NIK).cases
    assert case.withheld == ("reporter",)
    assert "Ketua RT" not in case.model_dump_json()


def test_the_look_itself_is_recorded(counter):
    """By whom, and why; looking for what there is, without what it says, is no read."""
    case = counter.received()
    record(counter, tracking_numbers=(case,), with_data=False)
    assert "personal_data_read" not in counter.emitted(case)
    record(counter, tracking_numbers=(case,))
    read = counter.last()
    assert (read.event_name, read.actor, read.data["purpose"]) == (
        "personal_data_read",
        "staff:agus",
        "subject_access",
    )
    assert "applicant.nik" in read.data["fields"]


@pytest.mark.parametrize("by", [AMAT, RINA, Actor(id="adit", role=Role.AUDITOR)], ids=str)
def test_nobody_at_a_desk_may_ask_for_it(counter, by):
    """Neither for the record nor for the erasure."""
    case = withdrawn(counter)
    with refused(ErrorCode.ACCESS_DENIED):
        record(counter, by, nik=NIK)
    with refused(ErrorCode.ACCESS_DENIED):
        erase(counter, case, by=by)


def test_the_same_person_is_found_by_the_index_that_the_record_tells(counter):
    """Which says nothing of who it is."""
    case = counter.received()
    person = record(counter, tracking_numbers=(case,)).person
    assert NIK not in person
    assert [each.tracking_number for each in record(counter, person=person).cases] == [case]
    assert record(counter, nik=OTHER_NIK).cases == ()


@pytest.mark.parametrize("state", ["received", "returned", "completed"])
def test_an_open_request_keeps_its_person(counter, state):
    """The office needs the data; one handed over is open until its service says otherwise."""
    closed = withdrawn(counter)
    case = counter.received(purpose="jampersal")
    if state != "received":
        counter.identify(case, identity_document=state == "completed")
    with refused(ErrorCode.CASE_STILL_OPEN):
        erase(counter, closed)
    assert counter.read(closed).applicant.name == NAME
    assert "personal_data_erased" not in counter.emitted()


def test_erased_nothing_can_be_read_again(counter):
    """Every reading answers so; no key opens anything; the files are gone."""
    file = counter.upload(pdf("Kartu Keluarga Nurhalizah"))
    case = counter.received(notes=NOTE, attachments=(file.id,), notify=(CONTACT,))
    counter.identify(case, identity_document=False)
    counter.supplement(case, notes="Sudah saya lengkapi.")
    counter.identify(case)
    before = readable(counter)
    for said in (NAME, NIK, STREET, PHONE, NOTE, CONTACT.address, "Sudah saya lengkapi."):
        assert said.encode() in before
    assert b"Kartu Keluarga Nurhalizah" in before
    assert erase(counter, case, case).erased_now
    assert readable(counter) == b""
    assert counter.rows(Attachment) == []
    for reading in (counter.read, counter.contacts):
        with refused(ErrorCode.PERSONAL_DATA_ERASED):
            reading(case)
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND):
        counter.read_file(case, file.id)
    (told,) = record(counter, tracking_numbers=(case,)).cases
    assert (told.erased, told.data, told.state) == (True, None, "completed")


def test_every_case_of_the_person_tells_of_it_once(counter):
    """However often it is asked, with the same key or another."""
    cases = [withdrawn(counter), withdrawn(counter, purpose="jampersal")]
    for key in ("once", "once", "again"):
        assert {*erase(counter, cases[0], key=key).cases} == {*cases}
    erased = [e for e in counter.bench.emitted() if e.event_name == "personal_data_erased"]
    assert sorted(event.subject for event in erased) == sorted(cases)
    assert {event.actor for event in erased} == {"staff:agus"}
    assert PersonalDataErased.model_validate(erased[0].data).reason == "subject_request"


def test_somebody_who_comes_back_is_somebody_new(counter):
    """The same NIK is found no more: the new request has a key of its own."""
    old = withdrawn(counter)
    erase(counter, old)
    new = counter.received()
    assert counter.read(new).applicant.nik == NIK
    assert [each.tracking_number for each in record(counter, nik=NIK).cases] == [new]
    assert len(counter.rows(Person)) == 2
    with refused(ErrorCode.PERSONAL_DATA_ERASED):
        counter.read(old)


def test_the_photos_of_a_visit_go_with_its_findings(counter):
    """Those alone: another's photo stays, and so does what a case has taken."""
    photo, others = (counter.upload(pdf(text), RINA) for text in ("Rumah", "Rumah lain"))
    taken = counter.upload(pdf("KTP"))
    case = counter.received(attachments=(taken.id,))
    erased = VisitsErased(reason="subject_request", photos=(photo.id, taken.id))
    assert counter.bench.tell(erased, "VRF-20261120-0001") == "done"
    assert {each.id for each in counter.rows(Attachment)} == {others.id, taken.id}
    assert counter.read_file(case, others.id) == pdf("Rumah lain")


def test_a_person_without_a_nik_is_erased_by_their_case(counter):
    """A request for data need not tell one."""
    case = counter.apply()
    assert record(counter, tracking_numbers=(case,)).person is None
    erase(counter, case, case)
    with refused(ErrorCode.PERSONAL_DATA_ERASED):
        counter.read_application(case)
    assert readable(counter) == b""


def test_an_unknown_case_has_nobody(counter):
    """Nothing is erased for it."""
    with refused(ErrorCode.CASE_NOT_FOUND):
        erase(counter, "VRF-20200101-0001")
    assert record(counter, tracking_numbers=("VRF-20200101-0001",)).cases == ()


def test_what_staff_store_later_is_not_of_the_erased(counter):
    """An upload has a key of its own until a case takes it; an erased case takes nothing."""
    case = counter.received()
    counter.identify(case, identity_document=False)
    counter.withdraw(case)
    erase(counter, case)
    content = base64.b64encode(pdf()).decode()
    file = counter.bench.ask(StoreAttachment(content=content), AMAT)
    with pytest.raises(Exception) as refusal:  # noqa: PT011 - which rule says no is not the point
        counter.supplement(case, file.id)
    assert refusal.type.__name__ in {"IllegalMove", "KeyDestroyed"}
