"""The AsyncAPI document holds together: every reference, operation, channel and message.

The official schema of AsyncAPI is not part of the project; what it would find in a document
that is made by hand is checked here by its rules.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from chassis.topology import audit_stream, event_queue, events_exchange, observer_queue
from contracts.catalogue import OBSERVERS, SERVICES, SUBSCRIBERS, subscriptions
from contracts.generate import ASYNCAPI, SCHEMAS

DOCUMENT: dict[str, Any] = json.loads((SCHEMAS / ASYNCAPI).read_text("utf-8"))
OPERATIONS: dict[str, Any] = DOCUMENT["operations"]
CHANNELS: dict[str, Any] = DOCUMENT["channels"]


def resolve(reference: str) -> Any:
    """What a reference inside the document points to. Raises KeyError for nothing."""
    assert reference.startswith("#/"), "the document is complete in itself"
    place: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        place = place[step.replace("~1", "/").replace("~0", "~")]
    return place


def references(place: Any) -> Iterator[str]:
    """Every reference in the document."""
    if isinstance(place, dict):
        if "$ref" in place:
            yield place["$ref"]
        place = list(place.values())
    if isinstance(place, list):
        for inner in place:
            yield from references(inner)


def channels_of(action: str) -> dict[str, Any]:
    """The operations with this action and the channel of each."""
    return {
        name: resolve(operation["channel"]["$ref"])
        for name, operation in OPERATIONS.items()
        if operation["action"] == action
    }


def test_every_reference_leads_somewhere() -> None:
    """No reference is broken, and none leaves the document."""
    found = list(references(DOCUMENT))
    assert len(found) > len(SUBSCRIBERS)
    for reference in found:
        assert resolve(reference)


def test_the_document_has_what_the_specification_requires() -> None:
    """The version, a title, and for each object the keys that it must and may have."""
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    for server in DOCUMENT["servers"].values():
        assert {"host", "protocol"} <= server.keys()
    for channel in CHANNELS.values():
        assert channel.keys() <= {
            *("address", "messages", "servers", "bindings"),
            *("title", "summary", "description"),
        }
    for operation in OPERATIONS.values():
        assert operation["action"] in {"send", "receive"}
        assert operation.keys() <= {"action", "channel", "messages", "summary", "bindings"}


def test_the_messages_of_an_operation_are_those_of_its_channel() -> None:
    """An operation refers to a channel of the document, and to messages by way of that channel."""
    for operation in OPERATIONS.values():
        channel = operation["channel"]["$ref"]
        assert channel.removeprefix("#/channels/") in CHANNELS
        assert operation["messages"]
        for message in operation["messages"]:
            assert message["$ref"].startswith(f"{channel}/messages/")


def test_an_amqp_channel_is_a_routing_key_or_a_queue() -> None:
    """The binding says which, and holds the exchange or the queue but not both."""
    for channel in CHANNELS.values():
        binding = channel["bindings"]["amqp"]
        assert binding["bindingVersion"] == "0.3.0"
        other = {"routingKey": ("exchange", "queue"), "queue": ("queue", "exchange")}
        present, absent = other[binding["is"]]
        assert binding[present]["durable"] is True
        assert absent not in binding


def test_every_event_is_sent_once_by_its_publisher() -> None:
    """One send operation for each event, to the exchange and routing key that the chassis uses."""
    sent = {
        (channel["bindings"]["amqp"]["exchange"]["name"], channel["address"])
        for channel in channels_of("send").values()
    }
    assert sent == {(events_exchange(e.source).name, e.event) for e in SUBSCRIBERS}
    assert len(channels_of("send")) == len(sent)


def test_every_subscription_is_a_receive_operation_from_its_queue() -> None:
    """The receiving services and their queues are those of the catalogue and the chassis."""
    for source, event, service in subscriptions():
        operation = OPERATIONS[f"{service}.on_{event}_from_{source}"]
        assert operation["action"] == "receive"
        assert operation["channel"]["$ref"] == f"#/channels/{source}.{event}"
        assert f"`{event_queue(source, event, service).name}`" in operation["summary"]
    observed = {e.source for e in SUBSCRIBERS}
    for service in OBSERVERS:
        for source in observed:
            operation = OPERATIONS[f"{service}.on_any_event_from_{source}"]
            assert f"`{observer_queue(service).name}`" in operation["summary"]
    expected = len(list(subscriptions())) + len(OBSERVERS) * len(observed)
    assert len(channels_of("receive")) == expected


def test_other_teams_find_the_stream_of_every_event() -> None:
    """The stream's channel has the name that the chassis declares, and every message."""
    channel = CHANNELS["audit"]
    assert channel["bindings"]["amqp"]["queue"]["name"] == audit_stream(SERVICES).name
    assert len(channel["messages"]) == len(SUBSCRIBERS)


@pytest.mark.parametrize("name", DOCUMENT["components"]["messages"])
def test_a_message_has_a_payload_that_its_example_fits(name: str) -> None:
    """AsyncAPI reads a payload as JSON Schema draft 7: it is one, and accepts the example."""
    message = DOCUMENT["components"]["messages"][name]
    schema = {**DOCUMENT, **resolve(message["payload"]["$ref"])}
    Draft7Validator.check_schema(schema)
    checker = Draft7Validator(schema, format_checker=FormatChecker())
    assert message["examples"]
    for shown in message["examples"]:
        assert [error.message for error in checker.iter_errors(shown["payload"])] == []
