"""One order for the events of a case, whatever the order in which they came."""

from collections import deque
from collections.abc import Iterable
from itertools import groupby

from contracts.envelope import CloudEvent


def in_order(events: Iterable[CloudEvent]) -> list[CloudEvent]:
    """The events by time, but each service's by its own sequence, and none before its cause.

    The clocks of two machines may disagree; a sequence and a cause do not. The events' ids must
    be distinct.
    """
    by_source = sorted(events, key=lambda event: (event.source, int(event.sequence), event.id))
    queues = [deque(queue) for _, queue in groupby(by_source, key=lambda event: event.source)]
    waiting = {event.id for event in by_source}
    ordered: list[CloudEvent] = []
    while queues:
        caused = [queue for queue in queues if queue[0].causationid not in waiting]
        # Causes that run in a circle cannot be honoured; then the time alone decides.
        queue = min(caused or queues, key=lambda each: (each[0].time, each[0].source))
        event = queue.popleft()
        ordered.append(event)
        waiting.discard(event.id)
        queues = [each for each in queues if each]
    return ordered
