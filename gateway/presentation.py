"""The status of a case as residents and officers read it."""

import json
from typing import Any

from contracts.envelope import DeadlineView
from gateway import texts
from gateway.projection import CaseView, Document, Moment
from standards.catalogue import ServiceStandard, UnknownStandard, load
from standards.wording import Text, moment_text


def status_json(case: CaseView) -> str:
    """The body of `GET /v1/status/{tracking_number}`: the same bytes for the same version."""
    return json.dumps(status_page(case), ensure_ascii=False, separators=(",", ":"))


def status_page(case: CaseView) -> dict[str, Any]:
    """The status as JSON; every text in Indonesian and English.

    Says nothing of which officer has the case, and nothing that somebody wrote about it.
    """
    status = case.status
    return {
        "tracking_number": case.tracking_number,
        "kind": case.kind,
        "purpose": case.purpose,
        "status": status,
        "label": _text(texts.status_label(status, case.outcome)),
        "next": _text(texts.NEXT_STEPS[case.stage]),
        "outcome": case.outcome,
        "closed": status.closed,
        "district": case.district,
        "standard": _standard(case),
        "received_at": case.received_at and case.received_at.isoformat(),
        "updated_at": case.updated_at and case.updated_at.isoformat(),
        "missing": _missing(case),
        "deadline": _deadline(case),
        "timeline": [_moment(moment) for moment in case.timeline],
        "documents": [_document(document) for document in case.documents],
    }


def _text(text: Text) -> dict[str, str]:
    return {"id": text.id, "en": text.en}


def _published(case: CaseView) -> ServiceStandard | None:
    try:
        return load(*case.standard) if case.standard else None
    except UnknownStandard:
        return None


def _standard(case: CaseView) -> dict[str, Any] | None:
    if case.standard is None:
        return None
    return {"id": case.standard[0], "version": case.standard[1]}


def _missing(case: CaseView) -> list[dict[str, Any]]:
    published = _published(case)
    requirements = published.requirements if published else ()
    words = {each.id: {"id": each.text_id, "en": each.text_en} for each in requirements}
    return [{"requirement": each, "label": words.get(each)} for each in case.missing]


def _deadline(case: CaseView) -> dict[str, Any] | None:
    deadline = case.deadline
    if deadline is None:
        return None
    published = _published(case)
    promise = Text(published.time.text_id, published.time.text_en) if published else None
    return {
        **deadline.model_dump(mode="json"),
        "in_time": case.in_time,
        "promise": promise and _text(promise),
        "text": _text(_due_text(deadline)),
    }


def _due_text(deadline: DeadlineView) -> Text:
    if deadline.due is None:
        return texts.CLOCK_STOPPED
    return texts.DUE.fill(moment=moment_text(deadline.due))


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "at": moment.at.isoformat(),
        "event": moment.event,
        "label": _text(texts.event_label(moment.event, moment.variant)),
        "actor_role": moment.actor_role,
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "code": document.code,
        "kind": document.kind,
        "label": _text(texts.DOCUMENT_LABELS[document.kind]),
        "number": document.number,
        "issued_at": document.issued_at.isoformat(),
        "sha256": document.sha256,
        "size": document.size,
        "self_made_certificate": document.self_made_certificate,
        "revoked": document.revoked,
        "url": f"/v1/documents/{document.code}",
        "verify_url": f"/v1/verify/{document.code}",
    }
