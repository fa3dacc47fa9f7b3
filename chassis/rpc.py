"""Commands and queries over nameko RPC: sealed, timed out, idempotent, refused with codes.

What travels is encrypted under a key that the services share, because queues lie on the broker's
disk and a command may hold personal data.
"""

import json
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, cast
from uuid import uuid4

import eventlet
import structlog
from nameko.extensions import DependencyProvider
from nameko.rpc import ReplyListener, Rpc, RpcConsumer
from pydantic import BaseModel

from chassis.calls import Answer, Call, Incoming, opened, sealed
from chassis.consumer import GuardedQueueConsumer
from chassis.ids import uuid7
from chassis.publishing import Outgoing
from chassis.retry import CalleeFailed, Failure, Unavailable, failure_of
from chassis.settings import Settings
from chassis.topology import RPC_EXCHANGE, reply_queue
from chassis.transport import make_publisher
from contracts.envelope import SYSTEM, Actor, Command, Message, Query
from contracts.errors import Refusal

log = structlog.get_logger()


class Listener(ReplyListener):
    """nameko's reply listener on our consumer; a call that gave up leaves nothing behind."""

    queue_consumer = GuardedQueueConsumer()

    def setup(self) -> None:
        """As nameko's, but the address tells whose it is: that is what rights can be given by."""
        self.queue = reply_queue(
            self.container.service_name,
            str(uuid4()),
            exchange_is_there=self.queue_consumer.settings.own_accounts,
        )
        self.routing_key = self.queue.routing_key
        self.queue_consumer.register_provider(self)

    def forget(self, correlation_id: str) -> None:
        self._reply_events.pop(correlation_id, None)


class RpcClient(DependencyProvider):
    """Injects the means to ask other services: `self.rpc.call(message, actor)`."""

    listener = Listener()

    def setup(self) -> None:
        self.settings: Settings = self.container.config["settings"]
        self._key = self.settings.secret("rpc")
        self._publisher = make_publisher(self.settings, self.container.service_name)

    def stop(self) -> None:
        self._publisher.close()

    def get_dependency(self, worker_ctx: Any) -> "RpcClient":
        return self

    def call(
        self,
        message: Message,
        actor: Actor = SYSTEM,
        idempotency_key: str | None = None,
        traceparent: str | None = None,
    ) -> Any:
        """The reply, of the message's own `reply` model.

        Raises Refusal when the service says no, Unavailable when nobody answers in time: the
        settings' own, or the message's patience where that is more.
        """
        timeout = max(self.settings.rpc_timeout_seconds, message.patience_seconds or 0)
        correlation_id = uuid7()
        call = Call(
            message=message.model_dump(mode="json"),
            actor=actor,
            key=idempotency_key,
            traceparent=traceparent,
        )
        address = f"{message.service}.{message.method}"
        body = sealed(self._key, call, f"call:{address}")
        answered = self.listener.get_reply_event(correlation_id)
        try:
            with eventlet.Timeout(timeout, Unavailable(message.service)):
                self._send(address, body, correlation_id, timeout)
                raw = answered.wait()
        except Unavailable:
            raise
        except Exception as error:
            if failure_of(error) is Failure.INFRASTRUCTURE:
                raise Unavailable(message.service) from error
            raise
        finally:
            self.listener.forget(correlation_id)
        answer = opened(self._key, raw, Answer, f"answer:{correlation_id}")
        return _reply_of(answer, message)

    def _send(self, address: str, body: bytes, correlation_id: str, timeout: float) -> None:
        request = Outgoing(
            exchange=RPC_EXCHANGE.name,
            routing_key=address,
            body=body,
            reply_to=self.listener.routing_key,
            correlation_id=correlation_id,
            expiration=timeout,
            persistent=False,
        )
        self._publisher.publish([request], timeout=self.settings.rpc_timeout_seconds)


def _reply_of(answer: Answer, message: Message) -> BaseModel:
    if answer.code is not None:
        raise Refusal(answer.code, **answer.details)
    if answer.failure is not None and answer.failure != Failure.INFRASTRUCTURE:
        raise CalleeFailed(message.service)
    if answer.reply is None:
        raise Unavailable(message.service)
    return message.reply.model_validate(answer.reply)


class CommandConsumer(RpcConsumer):
    """nameko's RPC consumer on our queue consumer; replies are sealed and need no confirm."""

    queue_consumer = GuardedQueueConsumer()

    def setup(self) -> None:
        super().setup()
        settings: Settings = self.container.config["settings"]
        self.queue.no_declare = settings.own_accounts
        self.key = settings.secret("rpc")
        self.timeout = settings.rpc_timeout_seconds
        self._publisher = make_publisher(settings, self.container.service_name)

    def handle_message(self, body: Any, message: Any) -> None:
        """A call for an unknown method is answered; nameko's way would leave our seal."""
        address = message.delivery_info["routing_key"]
        known = {f"{self.container.service_name}.{p.method_name}": p for p in self._providers}
        if address in known:
            known[address].handle_message(body, message)
        else:
            self.answer(message, Answer(failure="unknown_method"))

    def answer(self, message: Any, answer: Answer) -> None:
        """Send the answer, then acknowledge; one that cannot be sent is the caller's timeout."""
        try:
            self._publisher.publish([self._reply(message, answer)], confirm=False)
        except Exception as error:  # one that escapes here would end the whole service
            log.warning("answer_not_sent", service=self.container.service_name, exc_info=error)
        self.queue_consumer.ack_message(message)

    def stop(self) -> None:
        super().stop()
        self._publisher.close()

    def _reply(self, message: Any, answer: Answer) -> Outgoing:
        correlation_id = message.properties.get("correlation_id")
        return Outgoing(
            exchange=RPC_EXCHANGE.name,
            routing_key=message.properties.get("reply_to") or "",
            body=sealed(self.key, answer, f"answer:{correlation_id}"),
            correlation_id=correlation_id,
            persistent=False,
            mandatory=False,
        )


class CommandEntrypoint(Rpc):
    """A method that answers calls."""

    rpc_consumer = CommandConsumer()

    def handle_message(self, body: Any, message: Any) -> None:
        call = Incoming(self.rpc_consumer.key, body, message, self.rpc_consumer.timeout)
        self.container.spawn_worker(
            self, (call,), {}, handle_result=partial(self.handle_result, message)
        )

    def handle_result(self, message: Any, worker_ctx: Any, result: Any, exc_info: Any) -> Any:
        answer = result if exc_info is None else Answer(failure="internal")
        self.rpc_consumer.answer(message, answer)
        return result, None


def command(model: type[Command]) -> Callable[[Any], Any]:
    """Take a command: `(self, ask: Model, work: Work) -> model.reply`, once per idempotency key."""
    return _answering(model, once=True)


def query(model: type[Query]) -> Callable[[Any], Any]:
    """Answer a query: `(self, ask: Model, work: Work) -> model.reply`. No reply is stored."""
    return _answering(model, once=False)


def _answering(model: type[Message], *, once: bool) -> Callable[[Any], Any]:
    def decorate(method: Callable[..., Any]) -> Any:
        if method.__name__ != model.method:
            raise TypeError(f"the method for {model.__name__} must be named {model.method}")

        def unit(service: Any, call: Call) -> BaseModel:
            ask = model.model_validate(call.message)
            key = call.key if once else None
            with service.store.unit(key or uuid7(), call.actor, call.traceparent) as work:
                if key is not None:
                    stored = work.recall(key, service.store.digest(_content(model, call)))
                    if stored is not None:
                        known = service.store.opened_reply(stored, key)
                        return model.reply.model_validate_json(known)
                reply = cast(BaseModel, method(service, ask, work))
                if key is not None:
                    work.remember(service.store.sealed_reply(reply.model_dump_json(), key))
            return reply

        @wraps(method)
        def answer(service: Any, incoming: Incoming) -> Answer:
            return incoming.answer(service, unit)

        answer.unit = unit  # type: ignore[attr-defined] # tests enter here, without a broker
        return CommandEntrypoint.decorator()(answer)

    return decorate


def _content(model: type[Message], call: Call) -> str:
    """What two calls with one key must have in common."""
    content = json.dumps(call.message, sort_keys=True, separators=(",", ":"))
    return f"{model.service}.{model.method}\n{call.actor.id}\n{content}"
