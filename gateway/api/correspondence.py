"""What was written between the office and the resident of a case."""

from datetime import datetime
from typing import Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from contracts.complaints import ReadComplaint
from contracts.data_request import ReadDataRequest
from contracts.errors import ErrorCode, Refusal
from contracts.intake import ReadRequest
from gateway.answers import answer
from gateway.api.case_status import Words
from gateway.api.forms import CasePath
from gateway.asking import ask
from gateway.correspondence import Entry, What, of_complaint, of_data_request, of_request
from gateway.kinds import has_kind
from gateway.stages import CaseKind

api = APIBlueprint(
    "correspondence",
    __name__,
    url_prefix="/v1/status/<tracking_number>/correspondence",
    abp_tags=[Tag(name="residents", description="What a resident may do with a case of theirs")],
)

PURPOSE = "resident_reading"
"""Stands in the log of reads."""


class CorrespondenceEntry(BaseModel):
    """One piece of writing. `label` says what it is, to be shown above the words."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    at: datetime
    sender: Literal["office", "resident"] = Field(alias="from")
    what: What
    label: Words
    words: str


class Correspondence(BaseModel):
    """Oldest first; empty when nothing was written."""

    model_config = ConfigDict(extra="forbid")

    entries: list[CorrespondenceEntry]


@api.get("", responses={200: Correspondence})
def read_correspondence(path: CasePath) -> Response:
    """What the office and the resident wrote

    The division head's question and its answer, why a request for data was rejected, the notes of
    the checks, the response to a complaint and its resolution. Without what the office wrote to
    itself or to others, and without who wrote it. The read is logged.
    """
    try:
        entries = _entries(path.tracking_number)
    except Refusal as refusal:
        if refusal.code is not ErrorCode.CASE_NOT_FOUND:
            raise
        entries = []  # its owner has yet to hear of it
    shown = {"entries": [_shown(entry) for entry in entries]}
    return answer(shown, headers={"Cache-Control": "no-store"})


def _entries(case: str) -> list[Entry]:
    """Asks the case's owner; raises Refusal."""
    if has_kind(case, CaseKind.COMPLAINT):
        return of_complaint(ask(ReadComplaint(tracking_number=case, purpose=PURPOSE)))
    if has_kind(case, CaseKind.DATA_REQUEST):
        return of_data_request(ask(ReadDataRequest(tracking_number=case, purpose=PURPOSE)))
    return of_request(ask(ReadRequest(tracking_number=case, purpose=PURPOSE)))


def _shown(entry: Entry) -> dict[str, object]:
    return {
        "at": entry.at,
        "from": entry.sender,
        "what": entry.what,
        "label": {"id": entry.label.id, "en": entry.label.en},
        "words": entry.words,
    }
