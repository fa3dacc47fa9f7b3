"""Dead letters in an operator's hands, on a real broker: looked at, sent back, thrown away."""

import json

import pytest
from prometheus_client import REGISTRY

from chassis.publishing import BrokerPublisher, Outgoing
from chassis.retry import ContractViolation, Unavailable
from chassis.settings import SettingsError
from chassis.topology import REPLAY_EXCHANGE
from contracts.envelope import SYSTEM
from contracts.operations import RecordDiscard, RecordReplay
from ops.dead_letters import Choice, discard, holding, replay, waiting
from ops.operator import acting
from tests.integration.chassis.toys import (
    TOPOLOGY,
    Alpha,
    Asker,
    Behaviour,
    Beta,
    Say,
    client_of,
)
from tests.real import eventually

QUEUE = "evt-alpha-happened--beta.on_happened"
AGUS = acting("agus")


class Ledger:
    """Takes note of what operators do; with `failing` it does not answer."""

    def __init__(self):
        self.notes = []
        self.failing = False

    def call(self, message, actor=SYSTEM, idempotency_key=None, traceparent=None):
        if self.failing:
            raise Unavailable("audit")
        self.notes.append((message, actor.id))


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def publisher(vhost_url):
    publisher = BrokerPublisher(vhost_url)
    yield publisher
    publisher.close()


@pytest.fixture
def runner(toys):
    with toys.running(Alpha, Beta, Asker) as runner:
        yield runner


@pytest.fixture
def buried(toys, runner):
    """Five words that beta would not take; it would now."""

    def refuse(word, attempt):
        raise ContractViolation(word)

    Behaviour.act = refuse
    for number in range(5):
        client_of(runner).call(Say(word=f"w{number}"), SYSTEM, f"w{number}")
    eventually(lambda: dead(toys) == 5, "five dead letters")
    Behaviour.act = staticmethod(lambda word, attempt: None)
    return toys


def dead(toys):
    return waiting(toys.settings, ["beta"])["beta"]


def held(toys, **choice):
    return holding(toys.settings, TOPOLOGY, Choice(("beta",), **choice))


def ids(toys, **choice):
    with held(toys, **choice) as letters:
        return [each.letter.id for each in letters]


def send_back(toys, publisher, ledger, **choice):
    with held(toys, **choice) as letters:
        return [outcome for _, outcome in replay(letters, publisher, ledger, AGUS)]


def test_looking_neither_takes_nor_shuffles(buried):
    """However often, and more often than RabbitMQ 4 gives a message back by itself."""
    first = ids(buried)
    assert len(first) == 5
    for _ in range(30):
        assert ids(buried) == first
        assert ids(buried, limit=2) == first[:2]
    assert dead(buried) == 5


def test_a_letter_tells_where_it_failed_and_why_but_not_what_it_says(buried):
    """The outline is the headers; the envelope its attributes; the data only when asked for."""
    with held(buried, limit=1) as (one,):
        letter = one.letter
    outline = letter.outline()
    assert outline["queue"] == QUEUE
    assert (outline["service"], outline["reason"], outline["attempts"]) == ("beta", "contract", 1)
    assert (outline["exchange"], outline["routing_key"]) == ("alpha.events", "happened")
    assert outline["error"].endswith("ContractViolation")
    assert outline["first_tried_at"] <= outline["buried_at"]
    assert "word" not in json.dumps(outline) + repr(letter)
    envelope = letter.envelope(with_data=False)
    assert envelope["attributes"]["subject"] == "VRF-1"
    assert "word" not in json.dumps(envelope)
    assert json.loads(letter.envelope(with_data=True)["body"])["data"] == {"word": "w0"}


def test_a_letter_sent_back_takes_effect_once_and_is_noted(buried, publisher, ledger):
    """By its id; the others stay."""
    chosen = ids(buried)[2]
    assert send_back(buried, publisher, ledger, ids=frozenset({chosen})) == ["replayed"]
    eventually(lambda: buried.effects() == ["w2"], "the effect")
    assert dead(buried) == 4
    ((note, who),) = ledger.notes
    assert isinstance(note, RecordReplay)
    assert (who, note.letter.letter, note.letter.taker) == ("agus", chosen, "beta")
    assert note.subject == "beta.dead"  # VRF-1 is no tracking number


def test_letters_are_chosen_by_reason(buried, publisher, ledger):
    """One that nothing has failed for chooses none."""
    assert send_back(buried, publisher, ledger, reasons=frozenset({"unknown"})) == []
    assert send_back(buried, publisher, ledger, reasons=frozenset({"contract"})) == ["replayed"] * 5
    eventually(lambda: len(buried.effects()) == 5, "the effects")
    assert dead(buried) == 0


def test_a_break_between_publishing_and_taking_away_leaves_a_copy_that_is_dropped(
    buried, publisher, ledger
):
    """Ten times over: the letter is still there, its effect happened once."""
    one, before = frozenset({ids(buried)[0]}), dropped()
    ledger.failing = True
    for _ in range(10):
        with pytest.raises(Unavailable), held(buried, ids=one) as letters:
            list(replay(letters, publisher, ledger, AGUS))
        eventually(lambda: dead(buried) == 5, "the letter to be given back")
    ledger.failing = False
    assert send_back(buried, publisher, ledger, ids=one) == ["replayed"]
    assert dead(buried) == 4
    eventually(lambda: dropped() == before + 10, "the copies to be dropped")
    assert buried.effects() == ["w0"]
    assert dead(buried) == 4


def test_a_letter_that_fails_again_lies_there_again_with_its_own_queue_as_address(
    buried, publisher, ledger
):
    """And can be sent back a second time."""
    Behaviour.act = staticmethod(lambda word, attempt: (_ for _ in ()).throw(ContractViolation()))
    assert send_back(buried, publisher, ledger) == ["replayed"] * 5
    eventually(lambda: dead(buried) == 5, "the letters to come back")
    with held(buried, limit=1) as (one,):
        assert (one.letter.exchange, one.letter.routing_key) == (REPLAY_EXCHANGE.name, QUEUE)
    Behaviour.act = staticmethod(lambda word, attempt: None)
    assert send_back(buried, publisher, ledger) == ["replayed"] * 5
    eventually(lambda: len(buried.effects()) == 5, "the effects")


def test_a_letter_whose_queue_is_gone_stays(toys, runner, publisher, ledger):
    """A handler that was renamed; nothing is noted, for nothing was done."""
    stray = Outgoing(
        exchange="",
        routing_key="beta.dead",
        body=b"{}",
        message_id="m-1",
        headers={
            "x-sigap-reason": "contract",
            "x-sigap-exchange": "alpha.events",
            "x-sigap-routing-key": "vanished",
        },
    )
    publisher.publish([stray])
    assert send_back(toys, publisher, ledger) == ["no queue"]
    assert (dead(toys), ledger.notes) == (1, [])


def test_a_discarded_letter_is_gone_and_noted(buried, runner, ledger):
    """Noted first: without a note it stays."""
    ledger.failing = True
    with pytest.raises(Unavailable), held(buried) as letters:
        list(discard(letters, ledger, AGUS))
    assert dead(buried) == 5
    ledger.failing = False
    with held(buried) as letters:
        assert [outcome for _, outcome in discard(letters, ledger, AGUS)] == ["discarded"] * 5
    assert dead(buried) == 0
    assert {type(note) for note, _ in ledger.notes} == {RecordDiscard}
    client_of(runner).call(Say(word="after"), SYSTEM, "after")
    eventually(lambda: buried.effects() != [], "what comes behind them in the queue")
    assert buried.effects() == ["after"]


def test_a_letter_of_the_brokers_own_goes_back_where_it_died(toys, runner, publisher, ledger):
    """Its header x-death tells."""
    death = {
        "queue": QUEUE,
        "reason": "delivery_limit",
        "count": 1,
        "exchange": "alpha.events",
        "routing-keys": ["happened"],
    }
    letter = Outgoing(
        exchange="", routing_key="beta.dead", body=b"\xff", headers={"x-death": [death]}
    )
    publisher.publish([letter])
    with held(toys) as (one,):
        outline = one.letter.outline()
        assert (outline["queue"], outline["reason"]) == (QUEUE, "delivery_limit")
        assert outline["id"].startswith("sha256:")


def test_embedded_there_is_nothing_to_look_at(toys):
    """It says where such a message is then."""
    settings = toys.settings.model_copy(update={"amqp_url": None, "database_url": None})
    with (
        pytest.raises(SettingsError, match="stays in its outbox"),
        holding(settings, TOPOLOGY, Choice(("beta",))),
    ):
        pass


def dropped():
    """How many messages from operators were known already."""
    labels = {"service": "beta", "message": QUEUE, "outcome": "duplicate"}
    return REGISTRY.get_sample_value("sigap_messages_handled_total", labels) or 0
