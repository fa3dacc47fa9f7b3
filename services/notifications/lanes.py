"""Green threads that send, a few for each receiver, so that none keeps the others waiting."""

from collections import Counter
from collections.abc import Callable

import eventlet
import structlog
from eventlet.greenthread import GreenThread
from nameko.extensions import DependencyProvider

log = structlog.get_logger()


class Lanes(DependencyProvider):  # type: ignore[misc] # nameko has no types
    """Injects the lanes of this process."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()
        self._threads: set[GreenThread] = set()
        self._stopping = False

    def get_dependency(self, worker_ctx: object) -> "Lanes":
        return self

    def stop(self) -> None:
        """Let what is being sent be finished, and start nothing more."""
        self._stopping = True
        self.wait()

    def kill(self) -> None:
        self._stopping = True
        for thread in [*self._threads]:
            thread.kill()

    def wait(self) -> None:
        """Return when nothing runs in any lane."""
        while self._threads:
            next(iter(self._threads)).wait()

    def room(self, lane: str, size: int) -> int:
        """How many more threads a lane of this size takes."""
        return max(size - self._running[lane], 0)

    def begin(self, lane: str, threads: int, send_next: Callable[[], bool]) -> None:
        """Start so many threads in the lane; each goes on until `send_next` finds nothing."""
        for _ in range(threads):
            if self._stopping:
                return
            self._running[lane] += 1
            self._threads.add(eventlet.spawn(self._run, lane, send_next))

    def _run(self, lane: str, send_next: Callable[[], bool]) -> None:
        try:
            while not self._stopping and send_next():
                eventlet.sleep()
        except Exception as error:
            log.warning(
                "sending_failed", lane=lane, exc_info=error
            )  # its lease ends, and it is tried again
        finally:
            self._running[lane] -= 1
            self._threads.discard(eventlet.getcurrent())
