"""Structured logs: one JSON line per message or request, with ids, never with personal data."""

import logging
import sys
import traceback
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_NOISY = ("nameko", "kombu", "amqp", "alembic", "eventlet", "werkzeug", "sqlalchemy", "fontTools")


def configure(log_format: str = "json", stream: TextIO | None = None) -> None:
    """Send our own logs and the libraries' warnings to standard output, or to `stream`."""
    stream = stream or sys.stdout
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _shape_of_the_exception,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer()
        if log_format == "console"
        else structlog.processors.JSONRenderer()
    )
    # Our own lines skip the standard library: it would take a large part of a message's time.
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _only_the_template],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def shape(error: BaseException) -> dict[str, Any]:
    """An exception's type and the places it passed. Its text is left out: it may quote a value."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return {
        "error": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in frames],
    }


def _shape_of_the_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event.update(shape(error))
    return event


def _only_the_template(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Of a library's log line keep the template, not the values put into it."""
    record: logging.LogRecord = event["_record"]
    event["event"] = str(record.msg)
    event["logger"] = record.name
    return event
