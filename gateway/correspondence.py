"""What the office and a resident wrote to each other in a case; nothing that the office wrote to
itself, to its partners or to LAPOR!."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from contracts.complaints import ComplaintDetail
from contracts.data_request import DataRequestDetail
from contracts.intake import RequestDetail
from standards.catalogue import UnknownStandard, load
from standards.wording import Text


class What(StrEnum):
    """What a piece of writing is."""

    CHECKLIST_NOTE = "checklist_note"
    CLARIFICATION_QUESTION = "clarification_question"
    CLARIFICATION_ANSWER = "clarification_answer"
    REJECTION = "rejection"
    CHECK_NOTE = "check_note"
    SUPPLEMENT = "supplement"
    RESPONSE = "response"
    RESOLUTION = "resolution"
    REOPENING = "reopening"


LABELS: dict[What, Text] = {
    What.CHECKLIST_NOTE: Text("Catatan pemeriksaan persyaratan", "Note on the requirements"),
    What.CLARIFICATION_QUESTION: Text(
        "Permintaan klarifikasi Kepala Bidang", "The division head's question"
    ),
    What.CLARIFICATION_ANSWER: Text("Jawaban klarifikasi pemohon", "The applicant's answer"),
    What.REJECTION: Text("Alasan penolakan", "Why the request was rejected"),
    What.CHECK_NOTE: Text("Catatan cek administrasi", "Note of the administrative check"),
    What.SUPPLEMENT: Text("Kelengkapan dari pelapor", "The complainant's supplement"),
    What.RESPONSE: Text("Respon pengaduan", "Response to the complaint"),
    What.RESOLUTION: Text("Penyelesaian pengaduan", "Resolution of the complaint"),
    What.REOPENING: Text(
        "Alasan pengaduan dibuka kembali", "Why the complainant reopened the complaint"
    ),
}

BY_RESIDENTS = (What.CLARIFICATION_ANSWER, What.SUPPLEMENT, What.REOPENING)

OF_COMPLAINTS = {
    "check": What.CHECK_NOTE,
    "supplement": What.SUPPLEMENT,
    "response": What.RESPONSE,
    "resolution": What.RESOLUTION,
    "reopening": What.REOPENING,
}
"""By what the complaints service calls it; the rest is not between the two."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of writing; who in the office wrote it is not said."""

    at: datetime
    what: What
    label: Text
    words: str

    @property
    def sender(self) -> Literal["office", "resident"]:
        return "resident" if self.what in BY_RESIDENTS else "office"


def of_request(detail: RequestDetail) -> list[Entry]:
    """The notes of the newest checklist, each with its requirement."""
    texts = _requirements(detail.standard, detail.standard_version)
    label = LABELS[What.CHECKLIST_NOTE]
    return _in_order(
        Entry(
            at=detail.checked_at,
            what=What.CHECKLIST_NOTE,
            label=label.then(texts.get(line.requirement, Text("", ""))),
            words=line.note,
        )
        for line in detail.checklist
        if line.note and detail.checked_at is not None
    )


def of_data_request(detail: DataRequestDetail) -> list[Entry]:
    """Questions, answers, and why it was rejected."""
    return _in_order(_of_reviews(detail))


def of_complaint(detail: ComplaintDetail) -> list[Entry]:
    """Check, supplement, response, resolution and reopening."""
    return _in_order(
        _entry(each.at, OF_COMPLAINTS[each.what], each.words)
        for each in detail.written
        if each.what in OF_COMPLAINTS and each.words
    )


def _of_reviews(detail: DataRequestDetail) -> Iterator[Entry]:
    for asked in detail.clarifications:
        yield _entry(asked.asked_at, What.CLARIFICATION_QUESTION, asked.question)
        if asked.answer and asked.answered_at:
            yield _entry(asked.answered_at, What.CLARIFICATION_ANSWER, asked.answer)
    for review in detail.reviews:
        if review.decision == "reject" and review.words:
            yield _entry(review.reviewed_at, What.REJECTION, review.words)


def _entry(at: datetime, what: What, words: str) -> Entry:
    return Entry(at=at, what=what, label=LABELS[what], words=words)


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.at)


def _requirements(standard: str, version: str) -> dict[str, Text]:
    """What follows the label, by requirement."""
    try:
        published = load(standard, version).requirements
    except UnknownStandard:
        return {}
    return {each.id: Text(f": {each.text_id}", f": {each.text_en}") for each in published}
