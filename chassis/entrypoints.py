"""How an event enters a service: once in effect, retried in place, dead-lettered when hopeless."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import Any, Generic, TypeVar

import eventlet
import structlog
from eventlet.event import Event as Signal
from eventlet.semaphore import Semaphore
from nameko.messaging import Consumer
from nameko.timer import Timer
from sqlalchemy.exc import IntegrityError

from chassis import metrics
from chassis.consumer import GuardedQueueConsumer
from chassis.dead_letters import DeadLetters
from chassis.retry import HOPELESS, TRIES, ContractViolation, Failure, failure_of, waits
from chassis.statements import AlreadyHandled, repeats
from chassis.suspects import Seclusion, Trial
from chassis.topology import Topology, event_queue, observer_queue
from contracts.envelope import Actor, CloudEvent, EventData

Data = TypeVar("Data", bound=EventData)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Event(Generic[Data]):
    """An event as a handler sees it. `case` is the tracking number, `time` is aware."""

    id: str
    case: str
    time: datetime
    actor: Actor
    data: Data


class Abandoned(Exception):
    """While a message waited for its next try the service was stopped, or the connection lost.

    The broker has the message, and delivers it again.
    """


class EventEntrypoint(Consumer):
    """A quorum queue for one event, or for all of them."""

    queue_consumer = GuardedQueueConsumer()
    dead_letters = DeadLetters()
    seclusion = Seclusion()

    def __init__(self, source: str | None = None, event: str | None = None) -> None:
        self.source = source
        self.event = event
        self.stopping = Signal()
        self.turn: AbstractContextManager[Any] = nullcontext()
        super().__init__(queue=None)

    def setup(self) -> None:
        service = self.container.service_name
        if self.source is None or self.event is None:
            topology: Topology = self.container.config["topology"]
            in_order = service in topology.in_order
            self.queue = observer_queue(service, topology.publishers, in_order=in_order)
            if in_order:
                self.turn = Semaphore(1)  # who waits longest is next
        else:
            self.queue = event_queue(self.source, self.event, service)
        self.queue.no_declare = self.queue_consumer.settings.own_accounts
        super().setup()

    def stop(self) -> None:
        self.stopping.send()
        super().stop()

    def handle_message(self, body: Any, message: Any) -> None:
        delivery = Delivery(self, body, message)
        self.container.spawn_worker(
            self, (delivery,), {}, handle_result=partial(self.handle_result, message)
        )

    def handle_message_processed(
        self, message: Any, result: Any = None, exc_info: Any = None
    ) -> None:
        """Acknowledge what was handled or buried; nameko would acknowledge a failure too."""
        if exc_info is None:
            self.queue_consumer.ack_message(message)
        else:
            self.queue_consumer.requeue_message(message)

    def pause(self, seconds: float) -> None:
        """Wait before the next try; raises Abandoned when the service stops meanwhile."""
        timeout = eventlet.Timeout(seconds)
        try:
            self.stopping.wait()
        except eventlet.Timeout as expired:
            if expired is not timeout:
                raise
            return
        finally:
            timeout.cancel()
        raise Abandoned


class Delivery:
    """One message being handled: tried in place until it is done, hopeless, or abandoned."""

    def __init__(self, entrypoint: EventEntrypoint, body: Any, message: Any) -> None:
        self._entrypoint = entrypoint
        self._body = body
        self._message = message

    def handle(self, service: Any, unit: Callable[[Any, CloudEvent], str]) -> None:
        """Run `unit` on the message, in its turn. Infrastructure is waited for."""
        trial = Trial(self._entrypoint.seclusion, service.store, self._message)
        with self._entrypoint.turn:
            self._handle(service, unit, trial)

    def _handle(self, service: Any, unit: Callable[[Any, CloudEvent], str], trial: Trial) -> None:
        started, first_tried_at = time.monotonic(), service.store.clock.now()
        attempts, pauses = 0, waits()
        event: CloudEvent | None = None
        while True:
            try:
                event = CloudEvent.model_validate(self._body)
                with trial.attempt(event.id):
                    outcome = unit(service, event)
                break
            except Exception as error:
                failure = failure_of(error)
                attempts += failure is not Failure.INFRASTRUCTURE
                if failure in HOPELESS or attempts >= TRIES:
                    self._bury(error, failure, attempts, first_tried_at)
                    outcome = "dead_lettered"
                    break
                log.warning(
                    "event_retried", service=service.name, failure=str(failure), exc_info=error
                )
                self._pause(next(pauses))
        self._note(service.name, event, outcome, time.monotonic() - started)

    def _bury(
        self, error: Exception, failure: Failure, attempts: int, first_tried_at: datetime
    ) -> None:
        self._entrypoint.dead_letters.bury(
            self._message,
            reason=str(failure),
            error=error,
            attempts=attempts,
            first_tried_at=first_tried_at,
            pause=self._pause,
        )

    def _pause(self, seconds: float) -> None:
        self._entrypoint.pause(seconds)
        channel = self._message.channel
        if not channel or not channel.connection:  # it comes again, or has come already
            raise Abandoned

    def _note(self, service: str, event: CloudEvent | None, outcome: str, seconds: float) -> None:
        """One log line; of a message that is no event nothing is said: it may hold any text."""
        name = self._message.delivery_info.get("routing_key") or "unknown"
        metrics.HANDLED.labels(service, name, outcome).inc()
        metrics.SECONDS.labels(service, name).observe(seconds)
        log.info(
            "event_handled",
            service=service,
            event_name=name,
            message_id=event and event.id,
            case=event and event.subject,
            outcome=outcome,
            ms=round(seconds * 1000, 1),
        )


def on_event(model: type[EventData], *others: type[EventData]) -> Callable[[Any], Any]:
    """Handle one event of another service: `on_<event>(self, event: Event[Model], work: Work)`.

    `others` are the same event of other services.
    """
    models = {f"/services/{each.source}": each for each in (model, *others)}

    def decorate(method: Callable[..., None]) -> Any:
        if method.__name__ != f"on_{model.event}":
            raise TypeError(f"the handler of {model.event} must be named on_{model.event}")

        def unit(service: Any, event: CloudEvent) -> str:
            published = models.get(event.source, model)
            if event.type != published.cloud_event_type():
                raise ContractViolation(f"not {published.cloud_event_type()}")
            typed = Event(
                id=event.id,
                case=event.subject,
                time=event.time,
                actor=_actor_of(event),
                data=published.model_validate(event.data),
            )
            return _once(service, event, partial(method, service, typed))

        entrypoints = (EventEntrypoint.decorator(e.source, e.event) for e in models.values())
        return _register(method, unit, *entrypoints)

    return decorate


def on_every_event(method: Callable[..., None]) -> Any:
    """Handle every event of every service: `(self, event: CloudEvent, work: Work)`."""

    def unit(service: Any, event: CloudEvent) -> str:
        return _once(service, event, partial(method, service, event))

    return _register(method, unit, EventEntrypoint.decorator())


def every(seconds: float) -> Callable[[Any], Any]:
    """Run a job at this interval, each run one unit of work; a failure waits for the next run."""

    def decorate(method: Callable[..., None]) -> Any:
        @wraps(method)
        def run(service: Any) -> None:
            try:
                with service.store.unit(f"job:{method.__name__}") as work:
                    method(service, work)
            except Exception as error:
                log.warning("job_failed", service=service.name, job=method.__name__, exc_info=error)

        return Timer.decorator(seconds)(run)

    return decorate


def _register(
    method: Callable[..., None], unit: Callable[[Any, CloudEvent], str], *entrypoints: Any
) -> Any:
    @wraps(method)
    def handle(service: Any, delivery: Delivery) -> None:
        delivery.handle(service, unit)

    handle.unit = unit  # type: ignore[attr-defined] # tests enter here, without a broker
    for entrypoint in entrypoints:
        entrypoint(handle)
    return handle


def _once(service: Any, event: CloudEvent, handler: Callable[..., None]) -> str:
    try:
        with service.store.unit(event.id, _actor_of(event), event.traceparent) as work:
            work.receive(event.id)
            handler(work)
    except (AlreadyHandled, IntegrityError) as error:
        if not repeats(error):
            raise
        return "duplicate"
    return "done"


def _actor_of(event: CloudEvent) -> Actor:
    return Actor(id=event.actor.removeprefix("staff:"), role=event.actorrole)
