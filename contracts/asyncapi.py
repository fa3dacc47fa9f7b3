"""The AsyncAPI 3.0 document: who publishes which event where, and who receives it."""

from collections.abc import Iterator
from typing import Any, Literal

from contracts.catalogue import OBSERVERS, SUBSCRIBERS
from contracts.envelope import EventData
from contracts.event_schemas import schema_name, shared_schemas
from contracts.examples import example

BINDING = "0.3.0"
"""The version of AsyncAPI's AMQP binding."""

_DESCRIPTION = """\
The events of a city social-affairs office's case handling, as CloudEvents 1.0 in structured JSON.

Each service publishes to its own topic exchange `<service>.events`; the routing key is the event's
name. Delivery is at least once: drop an `id` that was seen before. `sequence` counts a publisher's
events of one case from 1 without gaps. Ignore unknown fields: optional ones may be added at any
time; any other change is a new event version beside the old one. No event holds personal data.
"""

Json = dict[str, Any]
Events = tuple[type[EventData], ...]


def asyncapi_document() -> Json:
    """The whole document, valid by the AsyncAPI 3.0.0 specification and complete in itself."""
    events = tuple(SUBSCRIBERS)
    payloads, schemas = shared_schemas(events, "#/components/schemas/{model}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Sigap events",
            "version": "1.0.0",
            "description": _DESCRIPTION,
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {"rabbitmq": _server()},
        "channels": dict(_channels(events)),
        "operations": dict(_operations(events)),
        "components": {
            "messages": {schema_name(event): _message(event, payloads[event]) for event in events},
            "schemas": schemas,
            "securitySchemes": {"account": {"type": "userPassword"}},
        },
    }


def _server() -> Json:
    return {
        "host": "{broker}",
        "protocol": "amqp",
        "protocolVersion": "0-9-1",
        "description": "RabbitMQ, the virtual host that the installation sets.",
        "variables": {"broker": {"default": "rabbitmq:5672"}},
        "security": [{"$ref": "#/components/securitySchemes/account"}],
    }


def _channels(events: Events) -> Iterator[tuple[str, Json]]:
    for source, published in _grouped(events, "source").items():
        for name, versions in _grouped(published, "event").items():
            yield f"{source}.{name}", _channel(source, name, versions)
        yield f"{source}.everything", _channel(source, "#", published)
    yield (
        "audit",
        {
            "address": "audit",
            "description": "A stream with a copy of every event, for consumers of other teams.",
            "messages": _message_references(events),
            "servers": [{"$ref": "#/servers/rabbitmq"}],
            "bindings": {
                "amqp": {
                    "is": "queue",
                    "queue": {"name": "audit", "durable": True, "autoDelete": False},
                    "bindingVersion": BINDING,
                }
            },
        },
    )


def _operations(events: Events) -> Iterator[tuple[str, Json]]:
    sends = {"deliveryMode": 2, "mandatory": True, "bindingVersion": BINDING}
    receives = {"ack": True, "bindingVersion": BINDING}
    for source, published in _grouped(events, "source").items():
        for name, versions in _grouped(published, "event").items():
            channel = f"{source}.{name}"
            yield (
                f"{source}.publish_{name}",
                _operation("send", channel, versions, _summary(versions[-1]), sends),
            )
            for service in sorted({to for event in versions for to in SUBSCRIBERS[event]}):
                queue = f"From the quorum queue `evt-{source}-{name}--{service}.on_{name}`."
                taken = tuple(event for event in versions if service in SUBSCRIBERS[event])
                yield (
                    f"{service}.on_{name}_from_{source}",
                    _operation("receive", channel, taken, queue, receives),
                )
        for service in OBSERVERS:
            queue = f"From the quorum queue `evt-all--{service}`, which takes every event."
            yield (
                f"{service}.on_any_event_from_{source}",
                _operation("receive", f"{source}.everything", published, queue, receives),
            )


def _grouped(events: Events, by: Literal["source", "event"]) -> dict[str, Events]:
    """In the order of the catalogue."""
    names = dict.fromkeys(getattr(event, by) for event in events)
    return {name: tuple(e for e in events if getattr(e, by) == name) for name in names}


def _channel(source: str, routing_key: str, events: Events) -> Json:
    exchange = {"name": f"{source}.events", "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": routing_key,
        "messages": _message_references(events),
        "servers": [{"$ref": "#/servers/rabbitmq"}],
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": BINDING}},
    }


def _message_references(events: Events) -> Json:
    names = [schema_name(event) for event in events]
    return {name: {"$ref": f"#/components/messages/{name}"} for name in names}


def _operation(action: str, channel: str, events: Events, summary: str, amqp: Json) -> Json:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": summary,
        "messages": [
            {"$ref": f"#/channels/{channel}/messages/{schema_name(event)}"} for event in events
        ],
        "bindings": {"amqp": amqp},
    }


def _message(event: type[EventData], payload: Json) -> Json:
    name = schema_name(event)
    return {
        "name": event.cloud_event_type(),
        "title": name,
        "summary": _summary(event),
        "contentType": "application/json",
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": payload,
        "bindings": {"amqp": {"messageType": event.cloud_event_type(), "bindingVersion": BINDING}},
        "examples": [
            {"name": name, "payload": example(event).model_dump(mode="json", exclude_none=True)}
        ],
    }


def _summary(event: type[EventData]) -> str:
    return (event.__doc__ or "").partition("\n")[0]
