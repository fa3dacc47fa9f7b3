"""JSON Schemas of whole messages: the CloudEvents envelope around the data of one event.

Optional fields stay optional in them although today's publisher always writes them: the ledger
holds events that are older than the field.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import create_model
from pydantic.json_schema import models_json_schema

from contracts.envelope import CloudEvent, EventData

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Json = dict[str, Any]


def schema_name(event: type[EventData]) -> str:
    """A message's name in file names and documents, as `intake.request_received.v1`.

    The publisher is in it because some events, as `personal_data_read`, have several.
    """
    return f"{event.source}.{event.event}.v{event.version}"


def message_schema(event: type[EventData]) -> Json:
    """The JSON Schema (2020-12) of one message, complete in itself."""
    schema = _message_model(event).model_json_schema()
    _fix_constants(schema, event)
    parts = schema.pop("$defs")
    identifier = f"urn:sigap:{schema_name(event).replace('.', ':')}"
    return {"$schema": DIALECT, "$id": identifier, **schema, "$defs": parts}


def shared_schemas(
    events: Iterable[type[EventData]], reference: str
) -> tuple[dict[type[EventData], Json], Json]:
    """A reference to the schema of each event's message, and the schemas with their parts by name.

    They refer to each other by `reference`, a template with `{model}` in it.
    """
    models = {event: _message_model(event) for event in events}
    references, schema = models_json_schema(
        [(model, "validation") for model in models.values()], ref_template=reference
    )
    parts: Json = schema["$defs"]
    for event, model in models.items():
        _fix_constants(parts[model.__name__], event)
    return {event: references[model, "validation"] for event, model in models.items()}, parts


def _message_model(event: type[EventData]) -> type[CloudEvent]:
    name = schema_name(event).replace(".", "_")
    return create_model(name, __base__=CloudEvent, __doc__=event.__doc__, data=(event, ...))


def _fix_constants(schema: Json, event: type[EventData]) -> None:
    """`type` and `source` have one value each in one event's messages; CloudEvents asks for all."""
    properties = schema["properties"]
    properties["source"] = {"const": f"/services/{event.source}", "type": "string"}
    properties["type"] = {"const": event.cloud_event_type(), "type": "string"}
    del properties["specversion"]["default"]
    schema["required"].insert(0, "specversion")
