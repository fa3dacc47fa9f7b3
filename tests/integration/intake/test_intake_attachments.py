"""Uploads: typed by content, limited, taken by one request, forgotten after a day."""

import base64
import hashlib

import pytest

from casework.attachments import MAX_ATTACHMENT_BYTES
from contracts.envelope import RESIDENT, SYSTEM
from contracts.errors import ErrorCode
from contracts.intake import StoreAttachment
from services.intake.models import Attachment
from tests.integration.intake.counter import AMAT, RINA, refused
from tests.unit.intake.samples import NIK, jpeg, pdf, png, webp


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf(), "application/pdf"),
        (jpeg(), "image/jpeg"),
        (png(), "image/png"),
        (webp(), "image/webp"),
    ],
)
def test_a_file_is_typed_by_its_content(counter, content, media_type):
    """The answer holds the hash by which the sender can check it."""
    ref = counter.upload(content)
    assert (ref.media_type, ref.size) == (media_type, len(content))
    assert ref.sha256 == hashlib.sha256(content).hexdigest()


def test_another_file_is_refused(counter):
    """A page with a script in it is no attachment."""
    with refused(ErrorCode.ATTACHMENT_TYPE_REFUSED):
        counter.upload(b"<html><script>alert(1)</script>")


def test_a_pdf_with_a_program_is_refused(counter):
    """It is what it says, and more than that."""
    with refused(ErrorCode.ATTACHMENT_NOT_PLAIN):
        counter.upload(pdf("<</S/JavaScript/JS(app.alert(1))>>"))


def test_a_file_has_a_largest_size(counter):
    """At the limit it is taken, a byte above it is refused, and so is what is far too large."""
    filling = MAX_ATTACHMENT_BYTES - len(pdf(""))
    assert counter.upload(pdf("x" * filling)).size == MAX_ATTACHMENT_BYTES
    for excess in (1, 3, MAX_ATTACHMENT_BYTES):
        with refused(ErrorCode.PAYLOAD_TOO_LARGE):
            counter.upload(pdf("x" * (filling + excess)))


@pytest.mark.parametrize("content", ["***", "abc", "JVBERi0x LjQ=", "Å"])
def test_what_is_not_base64_is_refused(counter, content):
    """The field is named, its content is not repeated."""
    with refused(ErrorCode.VALIDATION_FAILED) as refusal:
        counter.bench.ask(StoreAttachment(content=content))
    assert refusal.value.details == {"errors": [{"field": "content", "code": "wrong_format"}]}


def test_a_request_takes_its_attachments(counter):
    """They are counted in the event and read with the request."""
    files = [counter.upload(content) for content in (pdf("KK"), png())]
    case = counter.received(attachments=tuple(file.id for file in files))
    assert counter.last().data["attachments"] == 2
    assert {each.id for each in counter.read(case).attachments} == {each.id for each in files}
    assert counter.read_file(case, files[0].id) == pdf("KK")
    assert counter.read_file(case, files[1].id) == png()


def test_an_attachment_belongs_to_one_request(counter):
    """A second request is told which of its attachments is taken."""
    taken, free = counter.upload(), counter.upload()
    counter.submit(attachments=(taken.id,))
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND) as refusal:
        counter.submit(attachments=(free.id, taken.id))
    assert refusal.value.details == {"field": "attachments", "index": 1}
    assert counter.received(attachments=(free.id,))


def test_an_attachment_is_taken_once(counter):
    """The same id twice is one file."""
    file = counter.upload()
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND) as refusal:
        counter.submit(attachments=(file.id, file.id))
    assert refusal.value.details == {"field": "attachments", "index": 1}


@pytest.mark.parametrize("attachment", ["", NIK, "x\x00y", "'; drop table attachments; --"])
def test_a_made_up_attachment_is_refused_by_its_place(counter, attachment):
    """What was sent may be anything, so it is not repeated."""
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND) as refusal:
        counter.submit(attachments=(attachment,))
    assert refusal.value.details == {"field": "attachments", "index": 0}
    case = counter.received()
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND) as refusal:
        counter.read_file(case, attachment)
    assert refusal.value.details == {"field": "attachment"}


def test_a_supplement_takes_nothing_when_one_attachment_is_missing(counter):
    """All or nothing: the request stays returned."""
    case, file = counter.received(), counter.upload()
    counter.identify(case, resident=False)
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND):
        counter.supplement(case, file.id, "8c8e1c0e-7d4b-4d0e-8b3a-0a4f6a1f2b3c")
    assert counter.read(case).state == "returned"
    assert counter.supplement(case, file.id) == "received"


def test_an_attachment_is_read_with_its_own_request_only(counter):
    """A case's tracking number opens that case's files."""
    file = counter.upload(actor=AMAT)
    counter.submit(attachments=(file.id,))
    other = counter.received(nik="6371034505850004")
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND):
        counter.read_file(other, file.id)


def test_a_visits_photo_is_read_by_staff(counter):
    """Verification's report refers to it; intake keeps it for whoever works on the case."""
    case, photo = counter.received(), counter.upload(jpeg(), actor=RINA)
    assert counter.read_file(case, photo.id, actor=AMAT) == jpeg()
    assert counter.read_file(case, photo.id, actor=SYSTEM) == jpeg()
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND):
        counter.read_file(case, photo.id, actor=RESIDENT)


def test_a_residents_stray_upload_is_read_by_nobody(counter):
    """As long as no request has taken it, it is nobody's business."""
    case, file = counter.received(), counter.upload(actor=RESIDENT)
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND):
        counter.read_file(case, file.id)


def test_forgotten_uploads_are_deleted_after_a_day(counter):
    """A resident's stray file goes; a request's file and a visit's photo stay."""
    stray, photo, taken = counter.upload(), counter.upload(actor=RINA), counter.upload()
    counter.submit(attachments=(taken.id,))
    counter.clock.move(hours=24)
    counter.tidy()
    assert len(counter.rows(Attachment)) == 3
    counter.clock.move(seconds=1)
    counter.tidy()
    assert {row.id for row in counter.rows(Attachment)} == {photo.id, taken.id}
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND):
        counter.submit(attachments=(stray.id,))


def test_a_repeated_upload_is_one_file(counter):
    """The same key gives the same id."""
    ask = StoreAttachment(content=base64.b64encode(pdf()).decode())
    assert counter.bench.ask(ask, key="u-1") == counter.bench.ask(ask, key="u-1")
    assert len(counter.rows(Attachment)) == 1
