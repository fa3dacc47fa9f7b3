"""Writes `contracts/schemas/` from the models, or with `--check` says what is stale there.

The schemas in the repository are the published ones. Neither way lets a change through that
breaks a consumer of a published event.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.asyncapi import asyncapi_document
from contracts.catalogue import MESSAGES, SUBSCRIBERS
from contracts.compatibility import breaking_changes
from contracts.event_schemas import DIALECT, message_schema, schema_name

SCHEMAS = Path(__file__).parent / "schemas"
EVENTS = "events/"
ASYNCAPI = "asyncapi.json"

Documents = Mapping[str, Mapping[str, Any]]


def generate() -> Documents:
    """Every document by its path inside the schemas' folder."""
    events = {f"{EVENTS}{schema_name(event)}.json": message_schema(event) for event in SUBSCRIBERS}
    commands = {
        f"commands/{message.service}.{message.method}.json": {
            "$schema": DIALECT,
            "description": "RPC: the model sent and the model answered, before sealing.",
            "request": message.model_json_schema(),
            "reply": message.reply.model_json_schema(mode="serialization"),
        }
        for message in MESSAGES
    }
    return {**events, **commands, ASYNCAPI: asyncapi_document()}


def refusals(published: Documents, changed: Documents) -> list[str]:
    """Why the changed documents must not replace the published ones: an event and a field each."""
    reasons = []
    for path in (path for path in published if path.startswith(EVENTS)):
        event = path.removeprefix(EVENTS).removesuffix(".json")
        if path not in changed:
            reasons.append(f"{event}: its model is gone, but the ledger holds such events; keep it")
            continue
        reasons += [
            f"{event}: {change}; publish it as a new version"
            for change in breaking_changes(published[path], changed[path])
        ]
    return reasons


def read(folder: Path) -> Documents:
    """The documents in a folder, as `generate` gives them."""
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.json"))
    }


def write(folder: Path, documents: Documents) -> None:
    """Make the folder hold these documents and no other."""
    for path in folder.rglob("*.json"):
        if path.relative_to(folder).as_posix() not in documents:
            path.unlink()
    for name, document in documents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(document), "utf-8")


def stale(folder: Path, documents: Documents) -> list[str]:
    """The names of documents that differ from the files in the folder, byte for byte."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.json")}
    return sorted(
        name
        for name in files.keys() | documents.keys()
        if name not in files
        or name not in documents
        or files[name].read_text("utf-8") != _text(documents[name])
    )


def main(arguments: list[str], folder: Path = SCHEMAS) -> int:
    """0 when all is well, else 1 and the reasons on stderr. Writes, unless told to `--check`."""
    documents = generate()
    if reasons := refusals(read(folder), documents):
        return _complain(
            *reasons,
            "A published event only gains optional fields: make a model of the next `version`",
            "beside the old one. (For an event that was never released, delete its schema first.)",
        )
    if arguments != ["--check"]:
        write(folder, documents)
        return 0
    if names := stale(folder, documents):
        return _complain(
            *(f"{folder.name}/{name} is stale" for name in names), "Run `make schemas`."
        )
    return 0


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _complain(*lines: str) -> int:
    sys.stderr.write("\n".join(lines) + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
