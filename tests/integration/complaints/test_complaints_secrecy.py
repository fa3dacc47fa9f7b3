"""Who complains, about what, and every word written: nowhere but encrypted, and erasable."""

import base64
import json

import pytest
from sqlalchemy import select, update

from chassis.seal import SealBroken
from contracts.envelope import RESIDENT
from contracts.errors import Refusal
from services.complaints.models import Complaint, Person
from tests.integration.complaints.desk import (
    ADDRESS,
    CASE,
    EMAIL,
    MATTER,
    NAME,
    NIK,
    PHONE,
    SYSTEM,
    complainant,
    pdf,
)

MARKS = {
    "note": "Mohon lampirkan foto kuitansi Bu Nur",
    "supplement": "Kuitansi ada pada Haji Darmawan",
    "partner": "Puskesmas Pelambuan dokter Yulia",
    "question": "Apakah Nurhalizah terdaftar",
    "answer": "Ya sejak Ramadan terdaftar",
    "escalation": "Suaminya anggota dewan",
    "response": "Uang lima puluh ribu dikembalikan",
    "resolution": "Diterima di rumahnya Gang Keluarga",
    "rating": "Pegawai loket tiga tetap kasar",
    "reopening": "Uang palsu semua itu",
    "lapor": "Diteruskan ke inspektorat Pak Anang",
    "lapor_number": "99887766",
    "survey": "Ibu saya menangis di loket",
    "file": "Kuitansi nomor rahasia",
}
SECRETS = (NIK, NIK[6:], NAME, ADDRESS, PHONE, EMAIL, MATTER, "Nurhalizah", *MARKS.values())


@pytest.fixture
def case(desk):
    """A complaint that has been through everything, each word marked."""
    file, second = desk.upload(pdf(MARKS["file"])), desk.upload(pdf(MARKS["file"]))
    desk.submit(
        RESIDENT,
        complainant=complainant(email=EMAIL),
        attachments=(file.id,),
        notify=({"way": "email", "address": EMAIL},),
    )
    desk.check("incomplete", note=MARKS["note"])
    desk.supplement(second.id, notes=MARKS["supplement"])
    desk.check()
    desk.coordinate(partner=MARKS["partner"], question=MARKS["question"])
    desk.record_answer(answer=MARKS["answer"])
    desk.escalate("lapor", words=MARKS["escalation"])
    desk.reconcile(lapor_number=MARKS["lapor_number"], words=MARKS["lapor"])
    desk.respond(response=MARKS["response"])
    desk.resolve(resolution=MARKS["resolution"])
    desk.rate(1, words=MARKS["rating"])
    desk.reopen(words=MARKS["reopening"])
    desk.answer_survey(words=MARKS["survey"])
    desk.read()
    desk.read_evidence(file.id)
    desk.read_contacts(by=SYSTEM)
    desk.export()
    desk.file = file.id
    return CASE


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


def test_the_databases_files_hold_nothing_to_read(desk, case, tmp_path):
    """Neither the file nor its log, whatever the form."""
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert case.encode() in content
    found = [secret for secret in SECRETS if any(form in content for form in forms(secret))]
    assert found == []


def test_the_events_hold_nothing_to_read(desk, case):
    """What goes to the queues and the ledger tells the moves and no more."""
    bodies = "\n".join(event.model_dump_json() for event in desk.emitted())
    assert case in bodies
    assert [secret for secret in SECRETS if secret in bodies] == []


def test_the_log_holds_nothing_to_read(desk, case, capfd, caplog):
    """A refused complaint is no excuse."""
    with pytest.raises(Refusal) as refusal:
        desk.submit(complainant=complainant(nik=NIK[:-4] + "0000"), about_case=MATTER)
    desk.keep_deadlines()
    said = capfd.readouterr()
    text = "".join((said.out, said.err, caplog.text, str(refusal.value), repr(refusal.value)))
    text += json.dumps(refusal.value.details)
    assert [secret for secret in (*SECRETS, NIK[:12]) if secret in text] == []


def test_what_was_sealed_is_what_was_said(desk, case):
    """The reader gets every word back, in the order of writing."""
    detail = desk.read()
    assert (detail.complainant, detail.matter) == (complainant(email=EMAIL), MATTER)
    assert [(each.what, each.words) for each in detail.written] == [
        ("check", MARKS["note"]),
        ("supplement", MARKS["supplement"]),
        ("check", None),
        ("escalation", MARKS["escalation"]),
        ("lapor", MARKS["lapor"]),
        ("response", MARKS["response"]),
        ("resolution", MARKS["resolution"]),
        ("rating", MARKS["rating"]),
        ("reopening", MARKS["reopening"]),
    ]
    assert {each.by for each in detail.written} == {"dewi", "resident"}
    [coordination] = detail.coordinations
    assert (coordination.partner, coordination.question, coordination.answer) == (
        MARKS["partner"],
        MARKS["question"],
        MARKS["answer"],
    )
    content = base64.b64decode(desk.read_evidence(desk.file).content)
    assert content == pdf(MARKS["file"])


def test_erasing_the_key_erases_the_person(desk, case):
    """All words and files of that complaint, and of nobody else's."""
    desk.submit(complainant=complainant(nik="6371034505850004"))
    with desk.store.unit("erasure") as work:
        [person] = work.session.scalars(
            select(Person).join(Complaint).where(Complaint.tracking_number == case)
        )
        erased = {"wrapped_key": desk.vault.new_key()}
        work.session.execute(update(Person).where(Person.id == person.id).values(erased))
    for read in (desk.read, desk.export, desk.read_contacts):
        with pytest.raises(SealBroken):
            read()
    with pytest.raises(SealBroken):
        desk.read_evidence(desk.file)
    assert desk.read(case="ADU-20261123-0002").matter == MATTER


def test_sealed_data_does_not_open_under_another_case(desk):
    """Rows cannot be swapped, not even between complaints of one person."""
    desk.submit()
    desk.submit()
    with desk.store.unit("swap") as work:
        swapped = work.session.get_one(Complaint, CASE).submission
        work.session.get_one(Complaint, "ADU-20261123-0002").submission = swapped
    with pytest.raises(SealBroken):
        desk.read(case="ADU-20261123-0002")
