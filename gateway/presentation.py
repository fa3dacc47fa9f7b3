"""The status of a case as residents and officers read it."""

import json
from typing import Any

from gateway import texts
from gateway.actions import actions
from gateway.case_view import CaseView, Document, Moment, Package
from gateway.complaint_texts import MISSING, REFERRALS
from gateway.deadline_page import deadline_page, step_page
from standards.catalogue import ServiceStandard, UnknownStandard, load
from standards.published import Item, Requirement
from standards.wording import Text


def status_json(case: CaseView) -> str:
    """The body of `GET /v1/status/{tracking_number}`: the same bytes for the same version."""
    return json.dumps(status_page(case), ensure_ascii=False, separators=(",", ":"))


def status_page(case: CaseView) -> dict[str, Any]:
    """The status as JSON; every text in Indonesian and English.

    Says nothing of which officer has the case, and nothing that somebody wrote about it.
    """
    published = _published(case)
    return {
        **_state(case),
        "outcome": case.outcome,
        "rejection": _rejection(case, published),
        "district": case.district,
        "standard": _standard(case),
        "received_at": case.received_at and case.received_at.isoformat(),
        "updated_at": case.updated_at and case.updated_at.isoformat(),
        "missing": _missing(case, published),
        "deadline": deadline_page(case, published),
        "step": step_page(case, published),
        "escalated_to": case.escalated_to,
        "referral": _referral(case),
        "package": _package(case.package),
        "signed": list(case.signed),
        "downloads": case.downloads,
        "reopen_until": case.reopen_until and case.reopen_until.isoformat(),
        "score": case.score,
        "survey_answered": case.survey is not None,
        "timeline": [_moment(moment) for moment in case.timeline],
        "documents": [_document(case, document) for document in case.documents],
    }


def _state(case: CaseView) -> dict[str, Any]:
    return {
        "tracking_number": case.tracking_number,
        "kind": case.kind,
        "purpose": case.purpose,
        "status": case.status,
        "label": _text(texts.status_label(case.kind, case.status, case.outcome)),
        "next": _text(texts.next_step(case.kind, case.stage)),
        "actions": list(actions(case)),
        "closed": case.status.closed,
    }


def _text(text: Text) -> dict[str, str]:
    return {"id": text.id, "en": text.en}


def _words(item: Item | Requirement) -> dict[str, str]:
    return {"id": item.text_id, "en": item.text_en}


def _published(case: CaseView) -> ServiceStandard | None:
    try:
        return load(*case.standard) if case.standard else None
    except UnknownStandard:
        return None


def _standard(case: CaseView) -> dict[str, Any] | None:
    if case.standard is None:
        return None
    return {"id": case.standard[0], "version": case.standard[1]}


def _missing(case: CaseView, published: ServiceStandard | None) -> list[dict[str, Any]]:
    words = {each.id: _words(each) for each in published.requirements} if published else {}
    words |= {code: _text(text) for code, text in MISSING.items() if code not in words}
    return [{"requirement": each, "label": words.get(each)} for each in case.missing]


def _rejection(case: CaseView, published: ServiceStandard | None) -> dict[str, Any] | None:
    if case.rejection is None:
        return None
    grounds = published.release.rejection_grounds if published and published.release else ()
    words = {each.id: _words(each) for each in grounds}
    return {"ground": case.rejection, "label": words.get(case.rejection)}


def _referral(case: CaseView) -> dict[str, Any] | None:
    if case.referral is None:
        return None
    place = REFERRALS[case.referral]
    return {"code": case.referral, "name": _text(place.name), "address": _text(place.address)}


def _package(package: Package | None) -> dict[str, Any] | None:
    if package is None:
        return None
    return {"edition": package.edition, "sha256": package.sha256, "size": package.size}


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "at": moment.at.isoformat(),
        "event": moment.event,
        "label": _text(texts.event_label(moment.event, moment.variant)),
        "actor_role": moment.actor_role,
    }


def _document(case: CaseView, document: Document) -> dict[str, Any]:
    return {
        "code": document.code,
        "kind": document.kind,
        "label": _text(texts.document_label(case.kind, document.kind)),
        "number": document.number,
        "issued_at": document.issued_at.isoformat(),
        "sha256": document.sha256,
        "size": document.size,
        "self_made_certificate": document.self_made_certificate,
        "revoked": document.revoked,
        "url": f"/v1/documents/{document.code}",
        "verify_url": f"/v1/verify/{document.code}",
    }
