"""Everything that can be shown has its words, and everything open waits for somebody."""

import pytest

from contracts.catalogue import SUBSCRIBERS
from contracts.documents import DocumentKind
from gateway import texts
from gateway.duties import DUTIES
from gateway.projection import NOT_SHOWN
from gateway.stages import STAGES, CaseKind, Stage, Status


def test_every_status_stage_event_and_document_has_its_words() -> None:
    """In Indonesian and in English, none of them empty."""
    tables = (texts.STATUS_LABELS, texts.NEXT_STEPS, texts.EVENT_LABELS, texts.DOCUMENT_LABELS)
    said = [text for table in tables for text in table.values()]
    assert set(Status) <= texts.STATUS_LABELS.keys()
    assert set(Stage) <= texts.NEXT_STEPS.keys()
    assert set(DocumentKind) <= texts.DOCUMENT_LABELS.keys()
    assert {model.event for model in SUBSCRIBERS} - NOT_SHOWN <= texts.EVENT_LABELS.keys()
    assert all(text.id and text.en for text in said)


@pytest.mark.parametrize("kind", CaseKind)
def test_every_open_stage_waits_for_somebody(kind: CaseKind) -> None:
    """Only the resident, the system, and nobody once it is closed."""
    waiting = {stage for duty in DUTIES for stage in duty.stages if duty.kind is kind}
    closed = {stage for stage in STAGES[kind] if stage.status.closed}
    for_others = {
        CaseKind.ASSISTANCE_VERIFICATION: {Stage.RETURNED, Stage.IDENTIFIED},
        CaseKind.DATA_REQUEST: {Stage.CLARIFICATION_REQUESTED, Stage.SIGNED_BY_OFFICE},
        CaseKind.COMPLAINT: {Stage.INCOMPLETE},
    }
    assert set(STAGES[kind]) - waiting == closed | for_others[kind]
