"""The guards that the rig's processes can do without, so that the rig can prove that it sees.

The product knows nothing of it: these replace its parts, in the rig's own entry module only.
"""

from collections.abc import Callable
from typing import Any

from chassis.consumer import GuardedQueueConsumer
from chassis.entrypoints import EventEntrypoint
from chassis.publishing import BrokerPublisher
from chassis.work import Work

WITHOUT = "FAULTS_WITHOUT"
"""The environment variable that names the guard to take out."""


def without_inbox() -> None:
    """A message is not noted: each of its deliveries takes effect."""
    Work.receive = lambda self, message_id: None  # type: ignore[method-assign]


def acknowledging_first() -> None:
    """A message is acknowledged as it comes, before its effects are committed."""
    handle = EventEntrypoint.handle_message
    acknowledge = GuardedQueueConsumer.ack_message

    def handle_acknowledged(self: EventEntrypoint, body: Any, message: Any) -> None:
        acknowledge(self.queue_consumer, message)
        handle(self, body, message)

    EventEntrypoint.handle_message = handle_acknowledged  # type: ignore[method-assign]
    EventEntrypoint.handle_message_processed = (  # type: ignore[method-assign]
        lambda self, message, result=None, exc_info=None: None
    )


def without_confirms() -> None:
    """The relay takes what it has written into the socket for published."""
    publish = BrokerPublisher.publish

    def unconfirmed(self: BrokerPublisher, messages: Any, *_: Any, **__: Any) -> None:
        publish(self, messages, confirm=False)

    BrokerPublisher.publish = unconfirmed  # type: ignore[method-assign]


GUARDS: dict[str, Callable[[], None]] = {
    "inbox": without_inbox,
    "ack_after_commit": acknowledging_first,
    "confirms": without_confirms,
}
