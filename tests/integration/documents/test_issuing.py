"""Receipts and letters: one each, numbered without a hole, whatever happens in the middle."""

import hashlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from contracts.documents import DocumentKind, ReadDocument, VerifyDocument
from contracts.errors import ErrorCode, Refusal
from contracts.intake import (
    ReadRequest,
    RequestDetail,
)
from services.documents.models import Content, Document
from services.documents.settings import DocumentsSettings
from services.documents.signing import Signer, validate
from tests.integration.documents.details import (
    DONE,
    NAME,
    RECEIVED,
    PowerCut,
    fail,
    issued,
    pdf_of,
    request_of,
)
from tests.pdf_text import pdf_text


def test_a_reception_gives_a_receipt(desk):
    """With the tracking number, the promise, and that it costs nothing."""
    desk.tell(RECEIVED, "VRF-20261123-0001")
    (receipt,) = issued(desk)
    assert receipt.kind is DocumentKind.RECEIPT
    text = pdf_text(pdf_of(desk, receipt.code))
    for words in ("VRF-20261123-0001", NAME, "1 hari kerja", "Tidak dipungut biaya"):
        assert words in text


def test_a_decision_gives_a_signed_letter(desk, tmp_path):
    """The PDF is what its event says, and its signature is valid."""
    desk.tell(DONE, "VRF-20261123-0001")
    (letter,) = issued(desk)
    pdf = pdf_of(desk, letter.code)
    assert letter.number == "400.9/0001/SKHV/Dinsos-Bjm/XI/2026"
    assert (letter.sha256, letter.size) == (hashlib.sha256(pdf).hexdigest(), len(pdf))
    settings = DocumentsSettings.read({"SIGAP_HOME": str(tmp_path)})
    password = settings.secret("signing").hex()
    root = Signer.from_file(tmp_path / "secrets" / "signing.p12", password).roots_pem
    report = validate(pdf, root, at=desk.clock.now())
    assert report.valid
    assert report.trusted


def test_numbers_run_without_a_hole_per_kind_and_year(desk):
    """A new year begins with 1 again, in the office's time zone."""
    for number in (1, 2):
        desk.tell(DONE, f"VRF-20261123-000{number}")
    desk.tell(RECEIVED, "VRF-20261123-0001")
    desk.clock.set(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    desk.tell(DONE, "VRF-20270101-0001")
    assert [document.number for document in issued(desk)] == [
        "400.9/0001/SKHV/Dinsos-Bjm/XI/2026",
        "400.9/0002/SKHV/Dinsos-Bjm/XI/2026",
        "400.9/0001/TT/Dinsos-Bjm/XI/2026",
        "400.9/0001/SKHV/Dinsos-Bjm/I/2027",
    ]


def test_a_crash_after_the_number_is_reserved_leaves_no_hole(desk):
    """The repeated message finds the reservation and issues under the same number."""
    event = "0190a000-0000-7000-8000-000000000001"
    desk.rpc.replies[ReadRequest] = fail
    with pytest.raises(PowerCut):
        desk.tell(DONE, "VRF-20261123-0001", id=event)
    assert issued(desk) == []
    desk.rpc.replies[ReadRequest] = request_of
    desk.tell(DONE, "VRF-20261123-0002")
    assert desk.tell(DONE, "VRF-20261123-0001", id=event) == "done"
    numbers = {e.subject: e.data["number"].split("/")[1] for e in desk.emitted()}
    assert numbers == {"VRF-20261123-0001": "0001", "VRF-20261123-0002": "0002"}


def test_a_message_that_comes_twice_gives_one_letter(desk):
    """Under the same id the inbox drops it; under another the case has its letter already."""
    event = "0190a000-0000-7000-8000-000000000001"
    assert desk.tell(DONE, "VRF-20261123-0001", id=event) == "done"
    assert desk.tell(DONE, "VRF-20261123-0001", id=event) == "duplicate"
    assert desk.tell(DONE, "VRF-20261123-0001") == "done"
    assert len(issued(desk)) == 1


def test_two_replicas_with_the_same_message_issue_one_letter(desk):
    """One renders while the other is faster: the slower one changes nothing."""
    event = "0190a000-0000-7000-8000-000000000001"

    def overtaken(ask: ReadRequest) -> RequestDetail:
        desk.rpc.replies[ReadRequest] = request_of
        assert desk.tell(DONE, "VRF-20261123-0001", id=event) == "done"
        return request_of(ask)

    desk.rpc.replies[ReadRequest] = overtaken
    desk.tell(DONE, "VRF-20261123-0001", id=event)
    assert len(issued(desk)) == 1
    with desk.session() as session:
        assert len(session.scalars(select(Document)).all()) == 1
        assert len(session.scalars(select(Content)).all()) == 1


def test_a_letter_lies_encrypted_under_its_hash(desk):
    """Neither the PDF nor the name can be read from the stored bytes."""
    desk.tell(DONE, "VRF-20261123-0001")
    (letter,) = issued(desk)
    with desk.session() as session:
        content = session.get_one(Content, letter.sha256)
    assert b"%PDF" not in content.sealed
    assert NAME.encode() not in content.sealed


def test_the_verify_page_tells_no_personal_data(desk):
    """Its status, hash and certificate; and that the certificate is self-made."""
    desk.tell(DONE, "VRF-20261123-0001")
    (letter,) = issued(desk)
    status = desk.ask(VerifyDocument(code=letter.code))
    assert (status.status, status.sha256) == ("valid", letter.sha256)
    assert status.self_made_certificate
    assert NAME not in status.model_dump_json()


def test_a_reserved_document_is_unknown_outside(desk):
    """A number without its PDF is nobody's business yet."""
    desk.rpc.replies[ReadRequest] = fail
    with pytest.raises(PowerCut):
        desk.tell(DONE, "VRF-20261123-0001")
    with desk.session() as session:
        code = session.scalars(select(Document.code)).one()
    for ask in (VerifyDocument(code=code), ReadDocument(code=code)):
        with pytest.raises(Refusal) as refusal:
            desk.ask(ask)
        assert refusal.value.code is ErrorCode.DOCUMENT_NOT_FOUND
