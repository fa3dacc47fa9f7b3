"""A method's name and its contract's must agree: queues and addresses are derived from them."""

import json
from types import SimpleNamespace

import eventlet
import pytest
from eventlet.semaphore import Semaphore

from chassis.entrypoints import Delivery, on_event
from chassis.rpc import command, query
from chassis.suspects import Seclusion
from contracts import intake
from contracts.examples import example
from tests.support import StoppedClock
from tests.unit.chassis.shelf import Noted, ReadNote, WriteNote


def wrong(self, ask, work):
    """Named after nothing."""


def test_an_event_handler_with_another_name_is_refused():
    """nameko names the queue after the method: it would wait on a queue nobody fills."""
    with pytest.raises(TypeError, match="on_noted"):
        on_event(Noted)(wrong)


@pytest.mark.parametrize(("decorate", "model"), [(command, WriteNote), (query, ReadNote)])
def test_a_method_that_answers_under_another_name_is_refused(decorate, model):
    """Its callers' address is derived from the contract."""
    with pytest.raises(TypeError, match=model.method):
        decorate(model)(wrong)


class InTurn:
    """An entrypoint whose messages are handled one after the other."""

    def __init__(self) -> None:
        self.turn = Semaphore(1)
        self.seclusion = Seclusion()

    def pause(self, seconds: float) -> None:
        eventlet.sleep(0)


def test_in_its_turn_no_message_overtakes_one_that_is_tried_again():
    """While the first waits for its second try, the others wait for it."""
    entrypoint, handled, failures = InTurn(), [], [OSError("the database is away")]
    message = SimpleNamespace(
        delivery_info={}, headers={}, channel=SimpleNamespace(connection=True)
    )
    service = SimpleNamespace(name="audit", store=SimpleNamespace(clock=StoppedClock()))

    def unit(_, event):
        if failures:
            raise failures.pop()
        handled.append(event.id)
        return "done"

    first = example(intake.RequestReceived)
    pool = eventlet.GreenPool()
    for name in ("first", "second", "third"):
        body = json.loads(first.model_copy(update={"id": name}).body())
        pool.spawn(Delivery(entrypoint, body, message).handle, service, unit)
    pool.waitall()
    assert handled == ["first", "second", "third"]
