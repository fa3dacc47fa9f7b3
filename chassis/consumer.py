"""nameko's queue consumer with three guards: it never ends, never loses an unreadable message,
and prefetches little."""

from typing import Any

import eventlet
import structlog
from eventlet.semaphore import Semaphore
from nameko.extensions import ProviderCollector
from nameko.messaging import QueueConsumer, QueueConsumerStopped

from chassis import metrics
from chassis.dead_letters import DeadLetters
from chassis.kill_points import reached
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
        return broker_url(self.settings, self.container.service_name)

    @property
    def prefetch_count(self) -> int:
        return self.settings.prefetch

    def run(self, _tokens: int = 1, **options: Any) -> None:
        """Consume until stopped; nameko would end the process with the thread."""
        try:
            self._run_in_spite_of_failures()
        except QueueConsumerStopped:
            if not self._consumers_ready.ready():
                self._consumers_ready.send()

    def _run_in_spite_of_failures(self) -> None:
        pauses = waits()
        while not self.should_stop:
            try:
                super().run(safety_interval=LOOK_UP_SECONDS)
            except QueueConsumerStopped:
                raise
            except Exception as error:
                self._connection_is(False)
                log.warning(
                    "consumer_failed",
                    service=self.container.service_name,
                    failure=str(failure_of(error)),
                    error=type(error).__name__,
                )
                eventlet.sleep(next(pauses))

    def unregister_provider(self, provider: Any) -> None:
        """Take no more messages for `provider`; without a connection none can come."""
        if self.connected:
            super().unregister_provider(provider)
        else:
            self._consumers.pop(provider, None)
            ProviderCollector.unregister_provider(self, provider)

    def stop(self) -> None:
        """Return when the thread has ended, also when it waits for a broker that is away."""
        self.wait_for_providers()
        if not self.connected:
            self._gt.kill(QueueConsumerStopped())
        super().stop()

    def on_iteration(self) -> None:
        """End only when what is in hand is done: it is acknowledged on this connection."""
        self._cancel_consumers_if_requested()
        if not self._consumers and not self.container._worker_pool.running():
            self.should_stop = True

    def on_consume_ready(
        self, connection: Any, channel: Any, consumers: Any, **kwargs: Any
    ) -> None:
        self._connection_is(True)
        super().on_consume_ready(connection, channel, consumers, **kwargs)

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        self._connection_is(False)
        log.warning("broker_unreachable", service=self.container.service_name, retry_in=interval)
        if self._last_provider_unregistered.ready():
            raise QueueConsumerStopped

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """kombu would log the body and acknowledge it: gone, and quoted."""
        eventlet.spawn(self._bury_undecodable, message, exc)

    def ack_message(self, message: Any) -> None:
        reached("before_ack")
        self._settle(message, message.ack)
        reached("after_ack")

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

    def _cancel_consumers_if_requested(self) -> None:
        """nameko would forget who waits for a cancel when the connection breaks during it."""
        for provider in list(self._pending_remove_providers):
            self._consumers[provider].cancel()
            del self._consumers[provider]
            self._pending_remove_providers.pop(provider).send()

    def _connection_is(self, up: bool) -> None:
        self.connected = up
        if not up:
            for provider in list(self._pending_remove_providers):
                self._consumers.pop(provider, None)
                self._pending_remove_providers.pop(provider).send()
        metrics.CONNECTED.labels(self.container.service_name).set(int(up))
