"""A method's name and its contract's must agree: queues and addresses are derived from them."""

import pytest

from chassis.entrypoints import on_event
from chassis.rpc import command, query
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
