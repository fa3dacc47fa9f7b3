"""The ledger, for auditors."""

import json
from collections.abc import Iterable
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from contracts.audit import LedgerEntry, LedgerPage, ReadLedger
from gateway.access import caller
from gateway.asking import ask
from gateway.context import here
from gateway.visibility import hidden_among

api = APIBlueprint(
    "events",
    __name__,
    url_prefix="/v1/events",
    abp_tags=[Tag(name="events", description="Every event once, in the ledger's order")],
)

MEDIA_TYPE = "application/x-ndjson"

NDJSON: dict[Any, Any] = {
    "description": (
        'One entry a line: {"index": 1, "event": {...}}, the event in CloudEvents 1.0; of a '
        'complaint about the auditor who asks: {"index": 1, "withheld": true}. Of an entry that '
        'was tampered with: {"index": 1, "unreadable": true}, or with "fault": "columns" beside '
        "the event. The Link header leads on."
    ),
    "headers": {
        "Link": {"description": "rel=next", "schema": {"type": "string"}},
        "X-Ledger-Size": {"description": "entries in all", "schema": {"type": "integer"}},
    },
    "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
}


class LedgerQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    after: int = Field(0, ge=0, le=2**53, description="index of the last entry you have")
    limit: int = Field(500, ge=1, le=1000)


@api.get("", responses={200: NDJSON})
def list_events(query: LedgerQuery) -> Response:
    """The ledger from an index on

    An empty answer means that there is no more now; its Link asks for what will come.
    """
    page: LedgerPage = ask(ReadLedger(after=query.after, limit=query.limit))
    lines = "".join(f"{line}\n" for line in _lines(page.entries))
    headers = {
        "Link": f'</v1/events?after={page.last}&limit={query.limit}>; rel="next"',
        "X-Ledger-Size": str(page.size),
    }
    return Response(lines, mimetype=MEDIA_TYPE, headers=headers)


def _lines(entries: Iterable[LedgerEntry]) -> Iterable[str]:
    """The entries as JSON; without their event those of a complaint about the caller."""
    subjects = [str(entry.event.get("subject", "")) for entry in entries]
    with here().store.reading() as session:
        hidden = hidden_among(session, caller().actor, subjects)
    for entry, subject in zip(entries, subjects, strict=True):
        if subject in hidden:
            yield json.dumps({"index": entry.index, "withheld": True}, separators=(",", ":"))
        elif entry.fault == "unreadable":
            yield json.dumps({"index": entry.index, "unreadable": True}, separators=(",", ":"))
        else:
            yield entry.model_dump_json(exclude_defaults=True)
