"""Consumers of other teams, in plain pika and on stock nameko, each a process of its own."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from contracts.catalogue import SUBSCRIBERS
from contracts.generate import EVENTS, SCHEMAS
from contracts.verification import VerificationReoffered
from tests.e2e.inspection import ledger_indexes
from tests.e2e.marked_journey import Counter, MarkedJourney
from tests.e2e.marks import found
from tests.e2e.programs import Program, running
from tests.fleet import Fleet
from tests.real import eventually

BOUND = ("intake.events", "verification.events")
CASES = 2
KINDS = {event for event in SUBSCRIBERS if f"{event.source}.events" in BOUND}
UNSEEN = {
    VerificationReoffered,
    *(kind for kind in KINDS if kind.event.startswith("deadline_")),
    *(kind for kind in KINDS if kind.event == "personal_data_erased"),
}
"""Only at an operator's word, when a case waits for so long, or when the calendar changes."""

Message = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Makes a new folder for a program's output."""
    return lambda: tmp_path_factory.mktemp("program")


@pytest.fixture(scope="module")
def programs(fleet: Fleet, folder):
    """Both strangers, listening before the first case comes."""
    with (
        running("stranger.py", folder(), "events", fleet.amqp_url, *BOUND) as stranger,
        running("stock_service.py", folder(), fleet.amqp_url) as neighbour,
    ):
        yield stranger, neighbour


@pytest.fixture(scope="module")
def ledger(programs, fleet: Fleet) -> list[Message]:
    """Every event of a case that is delivered and of one that is withdrawn, in order."""
    office = Counter(fleet.url)
    delivered, withdrawn = (MarkedJourney(office) for _ in range(CASES))
    delivered.travel()
    withdrawn.until_assigned()
    office.post(f"/v1/status/{withdrawn.tracking_number}/withdrawal", {}, "counter_officer")
    eventually(lambda: "result_delivered" in delivered.event_names(), "the end of one")
    eventually(lambda: "request_withdrawn" in withdrawn.event_names(), "the end of the other")
    lines = office.as_role("/v1/events?after=0&limit=1000", "auditor").text.splitlines()
    return [json.loads(line)["event"] for line in lines]


@pytest.fixture(scope="module")
def messages(programs, ledger) -> list[Message]:
    """What the stranger got, every one of the two services' events."""
    stranger: Program = programs[0]
    sources = {f"/services/{exchange.removesuffix('.events')}" for exchange in BOUND}
    sent = {event["id"] for event in ledger if event["source"] in sources}

    def all_came() -> list[Message]:
        heard = stranger.heard()
        return heard if sent <= {message["message_id"] for message in heard} else []

    return eventually(all_came, "all events at the stranger")


def schema_of(event: Message) -> Draft202012Validator:
    """The published schema of the event, found by what stands in it."""
    source = event["source"].removeprefix("/services/")
    name = event["type"].removeprefix("sigap.")
    schema = json.loads(Path(SCHEMAS, EVENTS, f"{source}.{name}.json").read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def test_every_message_is_as_its_published_schema_says(messages):
    """Formats of times included, for every kind of event."""
    for message in messages:
        event = json.loads(message["body"])
        errors = [error.message for error in schema_of(event).iter_errors(event)]
        assert errors == [], event["type"]
    came = {(message["exchange"], message["routing_key"]) for message in messages}
    assert came == {(f"{kind.source}.events", kind.event) for kind in KINDS - UNSEEN}


def test_a_schema_refuses_what_is_not_as_it_says(messages):
    """The schemas are not so wide that everything fits."""
    event = json.loads(messages[0]["body"])
    for spoiled in ({"time": "yesterday"}, {"sequence": "0"}, {"data": {}}, {"type": "x"}):
        assert not schema_of(event).is_valid(event | spoiled)


def test_every_message_says_in_its_properties_what_stands_in_it(messages):
    """Persistent JSON under the event's id and name."""
    for message in messages:
        event = json.loads(message["body"])
        assert message["message_id"] == event["id"]
        assert UUID(event["id"]).version == 7
        assert message["content_type"] == event["datacontenttype"] == "application/json"
        assert message["delivery_mode"] == 2
        assert message["exchange"] == f"{event['source'].removeprefix('/services/')}.events"
        assert event["type"] == f"sigap.{message['routing_key']}.v1"
        assert event["correlationid"] == event["subject"]


def test_no_message_speaks_of_a_person(messages):
    """Neither in its body nor around it."""
    for message in messages:
        assert found(json.dumps(message)) == set()


def test_a_cases_events_of_one_service_come_in_order_without_gaps(messages):
    """Who counts them knows that none is missing."""
    sequences = defaultdict(list)
    for message in messages:
        event = json.loads(message["body"])
        sequences[event["source"], event["subject"]].append(int(event["sequence"]))
    assert len(sequences) == len(BOUND) * CASES
    for numbers in sequences.values():
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= 3


def test_the_stream_holds_every_event_of_the_ledger(ledger, fleet, folder):
    """Read by who comes late, from its first offset: the same events, to the letter."""
    with running("stranger.py", folder(), "stream", fleet.amqp_url) as late:
        heard = eventually(lambda: len(each := late.heard()) >= len(ledger) and each, "the stream")
    assert ledger_indexes(fleet) == list(range(1, len(ledger) + 1))
    streamed = {message["message_id"]: json.loads(message["body"]) for message in heard}
    assert streamed == {event["id"]: event for event in ledger}


def test_a_stock_nameko_service_gets_the_events_it_asks_for(programs, ledger):
    """With the decorator of nameko itself, and nothing of ours."""
    neighbour: Program = programs[1]
    received = [event for event in ledger if event["type"] == "sigap.request_received.v1"]
    heard = eventually(lambda: len(each := neighbour.heard()) >= CASES and each, "its events")
    assert sorted(heard, key=lambda event: event["id"]) == received
