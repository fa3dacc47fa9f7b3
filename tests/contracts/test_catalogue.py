"""The catalogue says what the services do: their handlers, their commands, their observers."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from chassis.entrypoints import EventEntrypoint
from chassis.rpc import CommandEntrypoint
from contracts.catalogue import (
    MESSAGES,
    OBSERVERS,
    SERVICES,
    SUBSCRIBERS,
    event_model,
    subscriptions,
)
from contracts.envelope import EventData
from contracts.event_schemas import schema_name
from contracts.examples import example

PROCESSES = sorted({*SERVICES, *OBSERVERS})


def service_class(name: str) -> type[Any]:
    """The class that runs under this name."""
    room = name if name == "gateway" else f"services.{name}"
    module = import_module(f"{room}.service")
    (found,) = (
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if member.__module__ == module.__name__ and getattr(member, "name", None) == name
    )
    return found


def entrypoints(name: str, kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """(method, entrypoint) of each entrypoint of this kind."""
    for method_name, method in inspect.getmembers(service_class(name), inspect.isfunction):
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ()):
            if isinstance(entrypoint, kind):
                yield method_name, entrypoint


@pytest.mark.parametrize("name", PROCESSES)
def test_a_service_handles_the_events_that_the_catalogue_says(name: str) -> None:
    """Every subscription has its handler, and every handler is in the catalogue."""
    handled = sorted(
        (entrypoint.source, entrypoint.event, method)
        for method, entrypoint in entrypoints(name, EventEntrypoint)
        if entrypoint.source is not None
    )
    expected = sorted(
        (source, event, f"on_{event}")
        for source, event, service in subscriptions()
        if service == name
    )
    assert handled == expected


@pytest.mark.parametrize("name", PROCESSES)
def test_only_an_observer_takes_every_event(name: str) -> None:
    """Each observer has the one handler of all events, the others none."""
    takes_all = [
        method
        for method, entrypoint in entrypoints(name, EventEntrypoint)
        if entrypoint.source is None
    ]
    assert len(takes_all) == (1 if name in OBSERVERS else 0)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_answers_the_commands_that_the_catalogue_says(name: str) -> None:
    """Every command and query has its method, and every method is in the catalogue."""
    answered = sorted(method for method, _ in entrypoints(name, CommandEntrypoint))
    assert answered == sorted(message.method for message in MESSAGES if message.service == name)


def test_every_event_is_published_by_a_service() -> None:
    """No event has a source that is no service, and its subscribers are services."""
    for event, subscribers in SUBSCRIBERS.items():
        assert event.source in SERVICES
        assert set(subscribers) <= set(SERVICES) - set(OBSERVERS)


@pytest.mark.parametrize("event", SUBSCRIBERS, ids=schema_name)
def test_an_event_is_found_by_its_source_and_type(event: type[EventData]) -> None:
    """Two services may publish an event of one name; each has its own model."""
    assert event_model(example(event)) is event


def test_a_type_that_is_not_known_has_no_model() -> None:
    """A newer publisher's event is no error here."""
    known = example(next(iter(SUBSCRIBERS)))
    assert event_model(known.model_copy(update={"type": "sigap.parcel_sent.v1"})) is None


def test_no_two_events_share_a_queue_or_a_schema() -> None:
    """Publisher, event and version name an event; service and method name a command."""
    assert len({schema_name(event) for event in SUBSCRIBERS}) == len(SUBSCRIBERS)
    assert len({(message.service, message.method) for message in MESSAGES}) == len(MESSAGES)
