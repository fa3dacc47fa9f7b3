"""The HTTP server inside the service: nameko's web server with the gateway's WSGI application."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

import eventlet
import structlog
from eventlet import wsgi
from eventlet.event import Event
from nameko.extensions import Entrypoint
from nameko.web.server import HttpOnlyProtocol, WebServer

from chassis.health import readiness
from chassis.retry import Failure, failure_of, waits
from chassis.settings import Settings

IDLE_SECONDS = 75
"""A connection on which nothing comes for so long is closed."""

LONGEST_LINE = 8192

EVENT_STREAM = "text/event-stream"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

log = structlog.get_logger()


class QuietProtocol(HttpOnlyProtocol):  # type: ignore[misc] # nameko has no types
    """Writes nothing itself: a request's line may hold anything."""

    def log_message(self, *_: Any) -> None:
        """Not said."""

    def send_error(self, code: int, *_: Any, **__: Any) -> None:
        """The code alone for what is no HTTP: the library repeats it, and names its version."""
        head = f"HTTP/1.1 {int(code)} {HTTPStatus(code).phrase}"
        end = "X-Content-Type-Options: nosniff\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        self.wfile.write(f"{head}\r\n{end}".encode())
        self.close_connection = True


class HttpServer(WebServer):  # type: ignore[misc] # nameko has no types
    """Serves one WSGI application; on `drain` it lets the requests in hand finish."""

    def setup(self) -> None:
        self._app: WsgiApp | None = None
        self._is_accepting: bool = True
        self._in_hand = 0

    def start(self) -> None:
        """Nothing yet: `serve` is called once there is an application."""

    def serve(self, app: WsgiApp) -> None:
        """Listen, and answer with this application.

        Unlike nameko's own start, an address that another process listens on is an error.
        """
        self._app = app
        self._sock = eventlet.listen(self.bind_addr, reuse_port=False)
        self._sock.settimeout(None)
        self._serv = self.get_wsgi_server(self._sock, self.get_wsgi_app())
        self._gt = self.container.spawn_managed_thread(self.run)

    def drain(self, seconds: float) -> None:
        """Take no more connections, and return when the requests in hand are answered.

        Streams of events do not end by themselves: they are cut, and their clients come back.
        """
        if self._gt is None or not self._is_accepting:
            return
        self._is_accepting = False
        self._gt.kill()
        self._sock.close()
        with eventlet.Timeout(seconds, False):
            while self._in_hand:
                eventlet.sleep(0.05)

    def stop(self) -> None:
        """After `drain` there is nothing left to do."""

    def run(self) -> None:
        while self._is_accepting:
            try:
                sock, address = self._sock.accept()
            except OSError as error:  # out of file descriptors: the others go on
                log.warning("connection_not_accepted", error=type(error).__name__)
                eventlet.sleep(0.1)
                continue
            sock.settimeout(self._serv.socket_timeout)
            self.container.spawn_managed_thread(partial(self.process_request, sock, address))

    def process_request(self, sock: Any, address: Any) -> None:
        """One connection; what breaks it must not end the service."""
        try:
            super().process_request(sock, address)
        except Exception as error:
            log.warning("connection_broken", error=type(error).__name__)

    def get_wsgi_app(self) -> WsgiApp:
        return self._answer

    def get_wsgi_server(self, sock: Any, wsgi_app: WsgiApp, **_: Any) -> wsgi.Server:
        return wsgi.Server(
            sock,
            sock.getsockname(),
            wsgi_app,
            protocol=QuietProtocol,
            debug=False,
            log_output=False,
            socket_timeout=IDLE_SECONDS,
            url_length_limit=LONGEST_LINE,
        )

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        assert self._app is not None  # noqa: S101 - `serve` sets it before it listens
        environ["eventlet.minimum_write_chunk_size"] = 0  # an event is sent when it happens
        if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            environ["wsgi.input_terminated"] = True
        streams: list[str] = []

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            streams.extend(value for _, value in headers if value.startswith(EVENT_STREAM))
            return start_response(status, headers, *more)

        self._in_hand += 1
        try:
            response = self._app(environ, begin)
        except BaseException:
            self._done()
            raise
        if streams:
            self._done()
            return response
        return _Counted(response, self._done)

    def _done(self) -> None:
        self._in_hand -= 1


class _Counted:
    """A response that tells when it was sent, or given up."""

    def __init__(self, response: Iterable[bytes], done: Callable[[], None]) -> None:
        self._response = response
        self._done = done

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._response)

    def close(self) -> None:
        try:
            if hasattr(self._response, "close"):
                self._response.close()
        finally:
            self._done()


class HttpApi(Entrypoint):  # type: ignore[misc] # nameko has no types
    """Calls its method at start, for the WSGI application, and serves that.

    The method is called again while a server that it needs is away: one that was there a moment
    ago may be gone. An entrypoint stops before the dependencies do, so requests in hand find them
    working.
    """

    server = HttpServer()

    def start(self) -> None:
        self.server.serve(self._application())

    def _application(self) -> Any:
        for pause in waits():
            try:
                return self._built()
            except Exception as error:
                if failure_of(error) is not Failure.INFRASTRUCTURE:
                    raise
                log.warning("waiting", services=["gateway"], reason=type(error).__name__)
                eventlet.sleep(pause)
        return None

    def _built(self) -> Any:
        built = Event()
        needs = partial(_needs, self.container)
        self.container.spawn_worker(self, (needs,), {}, handle_result=partial(_hand_over, built))
        return built.wait()

    def stop(self) -> None:
        settings: Settings = self.container.config["settings"]
        self.server.drain(settings.stop_grace_seconds / 2)


def _needs(container: Any) -> dict[str, bool]:
    return readiness([container])


def _hand_over(built: Event, worker_ctx: Any, app: Any, exc_info: Any) -> tuple[Any, Any]:
    if exc_info is None:
        built.send(app)
    else:
        built.send_exception(*exc_info)
    return app, exc_info


http_api: Callable[[Callable[..., WsgiApp]], Callable[..., WsgiApp]] = HttpApi.decorator
