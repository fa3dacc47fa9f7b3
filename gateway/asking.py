"""Asking the services on behalf of the present caller."""

import re
from typing import Any

from flask import request

from contracts.complaints import StoreEvidence
from contracts.data_request import StoreTable
from contracts.envelope import Message
from contracts.intake import StoreAttachment
from gateway.access import caller, idempotency_key
from gateway.context import here

FILES = (StoreAttachment, StoreEvidence, StoreTable)
"""The commands that carry what somebody uploaded."""

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def ask(query: Message) -> Any:
    """The service's answer; raises Refusal or chassis.rpc.Unavailable."""
    return here().rpc.call(query, caller().actor, traceparent=_traceparent())


def send(command: Message, key: str | None = None, file_field: str = "file") -> Any:
    """The reply of a command that is carried out once per idempotency key; raises as `ask`.

    Without a `key` of its own it is the present call's. A file that it carries, from the call's
    `file_field`, is scanned first: raises as Scanning.admit.
    """
    if isinstance(command, FILES):
        here().scanning.admit(command.content, file_field)
    return here().rpc.call(command, caller().actor, key or idempotency_key(), _traceparent())


def key_for(part: str) -> str:
    """A key for a command that prepares the present call's, with `part` as its content."""
    return here().store.digest(f"{idempotency_key()}\n{part}")


def _traceparent() -> str | None:
    """The caller's trace (W3C Trace Context), if the header holds one."""
    given = request.headers.get("traceparent", "")
    return given if _TRACEPARENT.fullmatch(given) else None
