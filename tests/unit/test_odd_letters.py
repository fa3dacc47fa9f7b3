"""Whatever lies among the dead letters can be looked at: anybody can publish anything."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.operations import DeadLetterDiscarded, RecordDiscard
from ops import registry
from ops.dead_letter_commands import _line
from ops.letters import Letter, read_letter

TOPOLOGY = registry.topology()
HEADERS = (
    "x-death",
    "x-sigap-reason",
    "x-sigap-error",
    "x-sigap-code",
    "x-sigap-attempts",
    "x-sigap-first-tried-at",
    "x-sigap-buried-at",
    "x-sigap-exchange",
    "x-sigap-routing-key",
)


@dataclass
class Message:
    """As kombu gives it."""

    properties: dict[str, Any]
    headers: Any = None
    body: Any = b"{}"
    content_type: Any = field(default=None)


texts = st.text(st.characters(), max_size=20)  # with lone surrogates, as the protocol's library
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats()
    | texts
    | st.binary(max_size=20)
    | st.datetimes(timezones=st.just(UTC))
    | st.sampled_from(["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "2026-11-23T01:00Z"])
)
deaths = ("queue", "reason", "count", "exchange", "routing-keys")
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(deaths) | texts, inner, max_size=3)
    ),
    max_leaves=6,
)
headers = st.none() | st.dictionaries(st.sampled_from(HEADERS) | texts, values, max_size=6)
json_values = st.recursive(
    st.none() | st.integers() | texts, lambda inner: st.dictionaries(texts, inner, max_size=2)
)
events = st.fixed_dictionaries(
    {}, optional={"id": json_values, "subject": json_values, "time": json_values}
)
bodies = st.binary(max_size=40) | texts | st.none() | events.map(json.dumps)
messages = st.builds(
    Message,
    st.dictionaries(st.just("message_id"), scalars, max_size=1),
    headers,
    bodies,
    scalars,
)


@given(messages, st.sampled_from(sorted(registry.CLASSES)))
def test_any_message_is_a_letter(message: Message, service: str) -> None:
    """It can be listed, shown with all it holds, and recorded."""
    letter = read_letter(service, message, TOPOLOGY)
    for told in (letter.outline(), letter.envelope(with_data=True), {"line": _line(letter)}):
        json.dumps(told, ensure_ascii=False).encode()
    record = DeadLetterDiscarded(**letter.record())
    RecordDiscard(subject=letter.subject(), letter=record).model_dump_json()


@pytest.mark.parametrize("death", ["abc", [1], [], {}, 7, [{"routing-keys": 3}], [[{}]]])
def test_a_note_of_its_death_that_is_none_is_none(death: object) -> None:
    """What the broker notes is a list of tables; it can be forged."""
    assert _letter({"x-death": death}).reason == "unknown"


@pytest.mark.parametrize("moment", [b"\xff", 7, datetime(2026, 11, 23, tzinfo=UTC), ["a"]])
def test_a_moment_of_another_type_can_be_printed(moment: object) -> None:
    """A header has a type, and anybody chooses it."""
    letter = _letter({"x-sigap-first-tried-at": moment, "x-sigap-buried-at": moment})
    assert json.loads(json.dumps(letter.outline()))["first_tried_at"] == str(moment)


def _letter(headers: dict[str, Any]) -> Letter:
    return read_letter("intake", Message({}, headers), TOPOLOGY)
