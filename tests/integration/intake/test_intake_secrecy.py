"""Personal data is found nowhere but encrypted, opened only for a reason, and erasable."""

import base64
import json

import pytest
from sqlalchemy import select, update

from chassis.seal import SealBroken
from contracts.envelope import SYSTEM
from contracts.errors import ErrorCode, Refusal
from contracts.intake import Reporter, RequirementCheck
from services.intake.models import Person, PersonalDataReading, Request
from tests.integration.intake.counter import AMAT, Counter, refused
from tests.unit.intake.samples import NAME, NIK, PHONE, STREET, checklist, pdf, submission

NOTE = "Suami sakit keras sejak Lebaran"
SECOND_NOTE = "Surat keterangan tidak mampu menyusul"
OFFICERS_NOTE = "Nama di KTP berbeda: Nurhaliza"
REPORTER = "Haji Darmawan"
TEXT_IN_FILE = "Kartu keluarga nomor rahasia"
SECRETS = (
    *(NIK, NAME, STREET, PHONE, NOTE, SECOND_NOTE, OFFICERS_NOTE, REPORTER, TEXT_IN_FILE),
    "6371030101150001",
    "RSUD Sultan Suriansyah",
    "Nurhalizah",
    "1985-05-05",
    NIK[6:],
)


@pytest.fixture
def case(counter):
    """A request that has been through everything that intake does."""
    first, second = counter.upload(pdf(TEXT_IN_FILE)), counter.upload(pdf(TEXT_IN_FILE))
    case = counter.received(
        notes=NOTE, reporter=Reporter(name=REPORTER, phone=PHONE), attachments=(first.id,)
    )
    wrong = RequirementCheck(requirement="resident", fulfilled=False, note=OFFICERS_NOTE)
    counter.identify(case, lines=(wrong, *checklist()[1:]))
    counter.supplement(case, second.id, notes=SECOND_NOTE)
    counter.read_file(case, first.id)
    counter.read(case)
    counter.identify(case)
    return case


def forms(text):
    """The ways in which a text may stand in a file or a message."""
    raw = text.encode()
    escaped = json.dumps(text)[1:-1].encode()
    return {raw, raw.hex().encode(), escaped, text.encode("utf-16-le"), *_in_base64(raw)}


def _in_base64(raw):
    # A text inside a longer one has three possible forms; its edges depend on the neighbours.
    for shift in range(3):
        coded = base64.b64encode(b"\x00" * shift + raw)
        yield coded[4 if shift else 0 : -4]


def test_the_databases_files_hold_nothing_to_read(counter, case, tmp_path):
    """Neither the file nor its log, whatever the form."""
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert case.encode() in content
    found = [secret for secret in SECRETS if any(form in content for form in forms(secret))]
    assert found == []


def test_the_events_hold_nothing_to_read(counter, case):
    """What goes to the queues and the ledger tells the village and no more."""
    bodies = "\n".join(event.model_dump_json() for event in counter.bench.emitted())
    assert case in bodies
    assert "63.71.03.1003" in bodies
    assert [secret for secret in SECRETS if secret in bodies] == []


def test_the_log_holds_nothing_to_read(counter, case, capfd, caplog):
    """A refused submission is no excuse."""
    with pytest.raises(Refusal) as refusal:
        counter.submit(nik=NIK[:-4] + "0000", attachments=(NIK,), notes=NOTE)
    said = capfd.readouterr()
    text = "".join((said.out, said.err, caplog.text, str(refusal.value), repr(refusal.value)))
    text += json.dumps(refusal.value.details)
    assert [secret for secret in (*SECRETS, NIK[:12]) if secret in text] == []


def test_what_was_sealed_is_what_was_said(counter, case):
    """The reader gets every word back."""
    ask, detail = submission(notes=NOTE), counter.read(case)
    assert (detail.applicant, detail.address) == (ask.applicant, ask.address)
    assert (detail.target_institution, detail.notes) == (ask.target_institution, NOTE)
    assert detail.reporter == Reporter(name=REPORTER, phone=PHONE)
    assert detail.supplements == (SECOND_NOTE,)
    assert [line.requirement for line in detail.checklist] == [
        *("resident", "identity_document", "institution_documents")
    ]


def test_each_read_is_logged_and_published(counter):
    """Who, in which role, why, when, and which fields."""
    case = counter.received(notes=NOTE)
    counter.read(case, SYSTEM, purpose="letter")
    event = counter.last()
    assert (event.type, event.actor) == ("sigap.personal_data_read.v1", "system")
    assert event.data["purpose"] == "letter"
    assert event.data["fields"] == [
        "target_institution",
        "applicant.name",
        "applicant.nik",
        "applicant.family_card",
        "applicant.birth_date",
        "applicant.sex",
        "applicant.phone",
        "address.street",
        "address.rt",
        "address.rw",
        "address.village",
        "notes",
    ]
    [row] = counter.rows(PersonalDataReading)
    assert (row.tracking_number, row.actor, row.role) == (case, "system", "system")
    assert (row.purpose, row.fields) == ("letter", event.data["fields"])
    assert row.read_at == counter.clock.now()


def test_reading_an_attachment_is_reading_personal_data(counter):
    """A scan of a family card says more than the form."""
    file = counter.upload()
    case = counter.received(attachments=(file.id,))
    counter.read_file(case, file.id)
    assert counter.last().data == {"purpose": "identification", "fields": ["attachment"]}
    assert [row.actor for row in counter.rows(PersonalDataReading)] == [AMAT.id]


def test_a_refused_read_is_not_logged(counter):
    """Nothing was read."""
    case = counter.received()
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND):
        counter.read_file(case, "8c8e1c0e-7d4b-4d0e-8b3a-0a4f6a1f2b3c")
    with refused(ErrorCode.VALIDATION_FAILED):
        counter.read(case, purpose=f"NIK {NIK}")
    assert counter.rows(PersonalDataReading) == []
    assert counter.emitted() == ["request_received"]


def test_one_person_has_one_key(counter):
    """A second request of the same NIK is the same person's."""
    first, second = counter.received(), counter.received(name="Nurhalizah B.")
    other = counter.received(nik="6371034505850004")
    assert len(counter.rows(Person)) == 2
    owner = {row.tracking_number: row.person_id for row in counter.rows(Request)}
    assert owner[first] == owner[second] != owner[other]
    assert counter.read(second).applicant.name == "Nurhalizah B."


def test_erasing_the_key_erases_the_person(counter, case):
    """All requests and files of that person, and nobody else's."""
    file = counter.read(case).attachments[0].id
    other = counter.received(nik="6371034505850004")
    with counter.bench.store.unit("erasure") as work:
        [person] = work.session.scalars(
            select(Person).join(Request).where(Request.tracking_number == case)
        )
        erased = {"wrapped_key": counter.bench.vault.new_key()}
        work.session.execute(update(Person).where(Person.id == person.id).values(erased))
    with pytest.raises(SealBroken):
        counter.read(case)
    with pytest.raises(SealBroken):
        counter.read_file(case, file)
    assert counter.read(other).applicant.name == NAME


def test_sealed_data_does_not_open_under_another_case(counter):
    """Rows cannot be swapped, not even between requests of one person."""
    first, second = counter.received(), counter.received()
    with counter.bench.store.unit("swap") as work:
        swapped = work.session.get_one(Request, first).submission
        work.session.get_one(Request, second).submission = swapped
    with pytest.raises(SealBroken):
        counter.read(second)


def test_another_installation_finds_nobody(counter, tmp_path):
    """The blind index is of no use without its key."""
    counter.received()
    [person] = counter.rows(Person)
    assert person.nik_index == counter.bench.vault.blind_index("nik", NIK)
    elsewhere = Counter(tmp_path / "elsewhere")
    elsewhere.bench.service.vault = type(counter.bench.vault)({"k1": b"m" * 32}, b"j" * 32)
    elsewhere.received()
    assert elsewhere.rows(Person)[0].nik_index != person.nik_index
    elsewhere.bench.close()
