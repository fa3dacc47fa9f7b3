"""`sigap dead-letters` and `sigap outbox`, as an operator runs them beside the running services."""

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.publishing import BrokerPublisher, Outgoing
from contracts.examples import example
from contracts.intake import RequestCompleted
from tests import commands
from tests.e2e.inspection import database
from tests.fleet import Fleet
from tests.real import eventually

MARK = "Halimah binti Contoh"
QUEUE = "evt-intake-request_completed--verification.on_request_completed"
COMPLETED = example(RequestCompleted)


@pytest.fixture(scope="module")
def fleet(broker, postgres, tmp_path_factory) -> Iterator[Fleet]:
    """Verification and the ledger; nobody else is needed."""
    vhost, prefix = broker.new_vhost(), f"sigap_o{secrets.token_hex(3)}"
    fleet = Fleet(vhost, postgres.url + prefix, tmp_path_factory.mktemp("fleet"))
    fleet.prepare()
    try:
        fleet.start("audit", "verification")
        yield fleet
    finally:
        fleet.close()
        broker.delete_vhost(vhost)
        postgres.drop_databases(prefix)


def sigap(fleet: Fleet, *words: str) -> commands.Told:
    return commands.sigap(fleet.environ(), *words)


def letters(fleet: Fleet, *words: str) -> list[dict[str, Any]]:
    code, printed, complaint = sigap(fleet, "dead-letters", *words, "--json")
    assert code == 0, complaint
    return list(json.loads(printed)["dead_letters"])


def poison(fleet: Fleet, message_id: str) -> None:
    """An event of a real case with data that nobody can read, and a name in it."""
    body = COMPLETED.model_copy(update={"id": message_id, "data": {"words": MARK}}).body()
    publisher = BrokerPublisher(fleet.amqp_url)
    publisher.publish([Outgoing("", QUEUE, body.encode(), message_id)])
    publisher.close()


def recorded(fleet: Fleet) -> list[dict[str, Any]]:
    """What the ledger has."""
    with database(fleet, "audit") as connection:
        rows = connection.exec_driver_sql("SELECT body FROM ledger ORDER BY index").scalars()
        return [json.loads(body) for body in rows]


def test_dead_letters_in_an_operators_hands(fleet):
    """Listed, shown, replayed and discarded; the ledger knows by whom, and no name is in it."""
    for number in range(3):
        poison(fleet, f"m-{number}")
    eventually(lambda: len(letters(fleet, "list")) == 3, "three dead letters")
    printed = fleet.sigap("dead-letters", "list") + sigap(fleet, "dead-letters", "show", "m-1")[1]
    assert "m-1" in printed
    assert MARK not in printed
    assert MARK in sigap(fleet, "dead-letters", "show", "m-1", "--with-data")[1]

    chosen = ("--service", "verification", "--reason", "contract", "--by", "agus")
    meant = letters(fleet, "replay", *chosen, "--dry-run")
    assert [each["outcome"] for each in meant] == ["would be replayed"] * 3
    assert recorded(fleet) == []
    done = letters(fleet, "replay", "m-1", "--by", "agus")
    assert [(each["id"], each["outcome"]) for each in done] == [("m-1", "replayed")]
    eventually(lambda: len(letters(fleet, "list")) == 3, "it to fail again")

    code, _, complaint = sigap(fleet, "dead-letters", "discard", "m-1", "--by", "agus")
    assert (code, "--yes" in complaint) == (2, True)
    code, printed, complaint = sigap(
        fleet, "dead-letters", "discard", "m-1", "m-9", "--by", "agus", "--yes"
    )
    assert (code, "m-1" in printed, "no dead letter m-9" in complaint) == (1, True, True)
    assert {each["id"] for each in letters(fleet, "list")} == {"m-0", "m-2"}

    eventually(lambda: len(recorded(fleet)) == 2, "both records")
    events = recorded(fleet)
    kinds = [event["type"].split(".")[1] for event in events]
    assert kinds == ["dead_letter_replayed", "dead_letter_discarded"]
    assert {(event["actor"], event["subject"]) for event in events} == {
        ("staff:agus", COMPLETED.subject)
    }
    assert MARK not in json.dumps(events)
    assert len(letters(fleet, "discard", "--reason", "contract", "--by", "agus", "--yes")) == 2


def test_without_the_ledger_nothing_is_touched(fleet):
    """It says so; with it again the same command works."""
    poison(fleet, "m-4")
    eventually(lambda: len(letters(fleet, "list")) == 1, "a dead letter")
    fleet.kill("audit")
    fleet.extra["SIGAP_RPC_TIMEOUT_SECONDS"] = "1"
    code, _, complaint = sigap(fleet, "dead-letters", "discard", "m-4", "--by", "agus", "--yes")
    assert (code, "no answer from audit" in complaint) == (1, True)
    assert len(letters(fleet, "list")) == 1
    fleet.start("audit")
    fleet.extra.clear()
    assert len(letters(fleet, "discard", "m-4", "--by", "agus", "--yes")) == 1
    assert letters(fleet, "list") == []


def test_an_outbox_that_does_not_empty_is_told(fleet):
    """By the command, from the databases alone."""
    code, printed, _ = sigap(fleet, "outbox", "status", "--json")
    assert code == 0
    assert {each["rows"] for each in json.loads(printed)["outboxes"].values()} == {0}
    with database(fleet, "intake") as connection:
        connection.exec_driver_sql(
            "INSERT INTO outbox (message_id, subject, sequence, event, body, written_at) "
            "VALUES ('m-1', 'VRF-1', 1, 'happened', '{}', now() - interval '5 minutes')"
        )
        connection.commit()
    code, printed, _ = sigap(fleet, "outbox", "status", "--older-than", "60", "--json")
    found = json.loads(printed)["outboxes"]["intake"]
    assert (code, found["rows"], found["oldest_seconds"] >= 300) == (1, 1, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("replay", "--by", "agus"), 2),
        (("replay", "--service", "cinema", "--by", "agus"), 2),
        (("replay", "m-1", "--by", "Agus Contoh"), 2),
        (("show", "m-9"), 1),
    ],
)
def test_what_is_not_clear_or_not_there_is_refused(fleet, words, code):
    """In one line."""
    ended, printed, complaint = sigap(fleet, "dead-letters", *words)
    assert (ended, printed) == (code, "")
    assert complaint.startswith("sigap: ")
    assert complaint.count("\n") == 1
