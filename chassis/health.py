"""Liveness, readiness and metrics of a process, over HTTP for the operators."""

from collections.abc import Callable, Iterable
from typing import Any

import eventlet
from eventlet import wsgi
from nameko.containers import ServiceContainer
from prometheus_client import make_wsgi_app
from sqlalchemy import text

from chassis.consumer import GuardedQueueConsumer
from chassis.store import Store

PROBE_SECONDS = 2.0


def readiness(containers: Iterable[ServiceContainer]) -> dict[str, bool]:
    """For each service whether its database answers and its broker connection stands."""
    state: dict[str, bool] = {}
    for container in containers:
        name = container.service_name
        for extension in container.extensions:
            if isinstance(extension, Store):
                state[f"{name}.database"] = _within(_database_answers, extension)
            elif isinstance(extension, GuardedQueueConsumer):
                state[f"{name}.broker"] = extension.connected
    return state


def operations_app(
    containers: list[ServiceContainer], started: Callable[[], bool]
) -> Callable[..., Any]:
    """`/health/live`, `/health/ready` and `/metrics` as a WSGI app.

    Nothing is ready before it has `started`: a broker may be there before the gateway listens.
    """
    exposition = make_wsgi_app()

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return exposition(environ, start_response)
        if path == "/health/live":
            return _text(start_response, "200 OK", "live\n")
        if path == "/health/ready":
            state = readiness(containers) | ({} if started() else {"started": False})
            lines = "".join(f"{name} {'ok' if ok else 'down'}\n" for name, ok in state.items())
            status = "200 OK" if all(state.values()) else "503 Service Unavailable"
            return _text(start_response, status, lines)
        return _text(start_response, "404 Not Found", "not found\n")

    return app


def serve_operations(
    address: str, containers: list[ServiceContainer], started: Callable[[], bool]
) -> Any:
    """Serve the operators' app at `host:port` in a green thread; returns the listening socket."""
    host, _, port = address.rpartition(":")
    # Without reuse_port a forgotten process is noticed instead of sharing the address.
    socket = eventlet.listen((host or "127.0.0.1", int(port)), reuse_port=False)
    eventlet.spawn(wsgi.server, socket, operations_app(containers, started), log_output=False)
    return socket


def _text(start_response: Callable[..., Any], status: str, body: str) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [body.encode()]


def _within(probe: Callable[[Any], bool], subject: Any) -> bool:
    with eventlet.Timeout(PROBE_SECONDS, False):
        return probe(subject)
    return False


def _database_answers(store: Store) -> bool:
    try:
        with store.reading() as session:
            session.execute(text("SELECT 1"))
    except Exception:  # whatever it is, the database does not answer
        return False
    return True
