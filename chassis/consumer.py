"""nameko's queue consumer with three guards: it never ends, never loses an unreadable message,
and prefetches little."""

from typing import Any

import eventlet
import structlog
from eventlet.semaphore import Semaphore
from nameko.messaging import QueueConsumer

from chassis import metrics
from chassis.dead_letters import DeadLetters
from chassis.retry import failure_of, waits
from chassis.settings import Settings
from chassis.transport import broker_url

log = structlog.get_logger()

LOOK_UP_SECONDS = 0.25
"""How often an idle consumer looks whether it shall stop, and checks the heartbeat."""


class GuardedQueueConsumer(QueueConsumer):
    """One connection per service process; acknowledgements are written one at a time."""

    dead_letters = DeadLetters()

    def __init__(self) -> None:
        super().__init__()
        self.connected = False
        self._writing = Semaphore(1)

    @property
    def settings(self) -> Settings:
        settings: Settings = self.container.config["settings"]
        return settings

    @property
    def amqp_uri(self) -> str:
        return broker_url(self.settings)

    @property
    def prefetch_count(self) -> int:
        return self.settings.prefetch

    def run(self, _tokens: int = 1, **options: Any) -> None:
        """Consume until stopped; nameko would end the process with the thread."""
        pauses = waits()
        while not self.should_stop:
            try:
                super().run(safety_interval=LOOK_UP_SECONDS)
            except Exception as error:
                self._connection_is(False)
                log.warning(
                    "consumer_failed",
                    service=self.container.service_name,
                    failure=str(failure_of(error)),
                    error=type(error).__name__,
                )
                eventlet.sleep(next(pauses))

    def on_consume_ready(
        self, connection: Any, channel: Any, consumers: Any, **kwargs: Any
    ) -> None:
        self._connection_is(True)
        super().on_consume_ready(connection, channel, consumers, **kwargs)

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        self._connection_is(False)
        log.warning("broker_unreachable", service=self.container.service_name, retry_in=interval)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """kombu would log the body and acknowledge it: gone, and quoted."""
        eventlet.spawn(self._bury_undecodable, message, exc)

    def ack_message(self, message: Any) -> None:
        self._settle(message, message.ack)

    def requeue_message(self, message: Any) -> None:
        self._settle(message, message.requeue)

    def _settle(self, message: Any, settle: Any) -> None:
        """Tell the broker; if the connection is gone it has the message back already."""
        if not message.channel or not message.channel.connection:
            return
        try:
            with self._writing:
                settle()
        except Exception as error:
            log.info(
                "settle_failed", service=self.container.service_name, error=type(error).__name__
            )

    def _bury_undecodable(self, message: Any, exc: Exception) -> None:
        self.dead_letters.bury(message, reason="undecodable", error=exc, attempts=1)
        self.ack_message(message)

    def _connection_is(self, up: bool) -> None:
        self.connected = up
        metrics.CONNECTED.labels(self.container.service_name).set(int(up))
