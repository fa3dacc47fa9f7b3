"""Log lines hold names, ids and places; never the text of an error nor a library's arguments."""

import contextlib
import io
import json
import logging

import pytest
import structlog

from chassis import logs

NIK = "6371012345670001"


@pytest.fixture
def lines():
    """The log as a process writes it, line by line; the test run's own logging is put back."""
    root, settings = logging.getLogger(), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    root.handlers[:] = []
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        logs.configure("json")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    structlog.configure(**settings)
    root.handlers[:], root.level = handlers, level


def fail():
    raise ValueError(f"no such person: {NIK}")


def test_a_line_is_one_json_object_with_level_and_time(lines):
    """Machines read it; the time is UTC."""
    structlog.get_logger().info("event_handled", case="VRF-1")
    (line,) = lines()
    assert (line["event"], line["case"], line["level"]) == ("event_handled", "VRF-1", "info")
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("given", ["itself", "true"])
def test_an_exceptions_message_is_never_logged(lines, given):
    """Its type and the places it passed are; its text may quote what a resident wrote."""
    try:
        fail()
    except ValueError as error:
        exc_info = error if given == "itself" else True
        structlog.get_logger().warning("event_retried", exc_info=exc_info)
    (line,) = lines()
    assert line["error"] == "builtins.ValueError"
    assert line["at"][-1].startswith("test_logs.py:")
    assert NIK not in json.dumps(line)


def test_a_chained_exceptions_message_is_never_logged(lines):
    """Nor that of its cause."""
    try:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError("outer") from error
    except RuntimeError as error:
        structlog.get_logger().error("job_failed", exc_info=error)
    assert NIK not in json.dumps(lines())


def test_a_librarys_arguments_are_not_logged(lines):
    """nameko's own line has the exception's text as an argument; the template is kept."""
    try:
        fail()
    except ValueError as error:
        logging.getLogger("nameko.containers").exception("error handling %s: %s", "w", error)
    (line,) = lines()
    assert line["event"] == "error handling %s: %s"
    assert line["logger"] == "nameko.containers"
    assert line["error"] == "builtins.ValueError"
    assert NIK not in json.dumps(line)


def test_a_librarys_chatter_is_not_logged(lines):
    """A broker client at INFO would write a line for each connection, with its address."""
    logging.getLogger("kombu.mixins").info("Connected to %s", "amqp://u:p@h")
    logging.getLogger("sqlalchemy.engine.Engine").info("INSERT ...")
    assert lines() == []


def test_the_shape_of_an_error_names_the_last_places_only():
    """Enough to find the line, bounded however deep the stack was."""

    def deep(level):
        return deep(level - 1) if level else fail()

    with pytest.raises(ValueError, match="no such person") as caught:
        deep(50)
    shape = logs.shape(caught.value)
    assert shape["error"] == "builtins.ValueError"
    assert len(shape["at"]) == 6


def test_an_error_that_was_never_raised_has_a_shape():
    """It has passed no place."""
    assert logs.shape(KeyError(NIK)) == {"error": "builtins.KeyError", "at": []}
