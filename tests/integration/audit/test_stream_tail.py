"""`sigap audit tail` on a real stream: from an offset, from a time, and following."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import pika
import pytest

from chassis.publishing import BrokerPublisher, Outgoing
from chassis.topology import AUDIT_STREAM
from ops.audit import _place
from ops.audit_stream import messages
from tests.fleet import ROOT
from tests.real import eventually


@pytest.fixture
def stream(vhost_url: str) -> str:
    """The URL of a broker with the stream and ten messages in it."""
    with pika.BlockingConnection(pika.URLParameters(vhost_url)) as connection:
        arguments = {"x-queue-type": "stream"}
        connection.channel().queue_declare(AUDIT_STREAM, durable=True, arguments=arguments)
    publish(vhost_url, range(10))
    return vhost_url


def publish(url: str, numbers: range) -> None:
    publisher = BrokerPublisher(url)
    publisher.publish([Outgoing("", AUDIT_STREAM, body(n), message_id=f"e-{n}") for n in numbers])
    publisher.close()


def body(number: int) -> bytes:
    """An event; the seventh is not even JSON."""
    return b"{siti" if number == 7 else json.dumps({"id": f"e-{number}"}).encode()


@contextmanager
def tail(url: str, output: IO[str], *options: str) -> Iterator[subprocess.Popen[str]]:
    server = "postgresql://nobody@127.0.0.1:1/sigap"
    environ = os.environ | {"SIGAP_AMQP_URL": url, "SIGAP_DATABASE_URL": server}
    heeding = ["env", "--default-signal=INT"]  # of a run in the background it would be ignored
    command = [*heeding, sys.executable, "-m", "ops.cli", "audit", "tail", *options]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:  # else a failure would wait for it for ever
            process.kill()


def lines(path: Path) -> list[tuple[int, str | None]]:
    told = [json.loads(line) for line in path.read_text().splitlines()]
    return [(each["offset"], (each["event"] or {}).get("id")) for each in told]


def whole(first: int, last: int) -> list[tuple[int, str | None]]:
    return [(n, None if n == 7 else f"e-{n}") for n in range(first, last)]


def read(url: str, start: int | datetime | str) -> list[tuple[int, str | None]]:
    """Without following."""
    found = messages(url, start, follow=False)
    return [(each["offset"], (each["event"] or {}).get("id")) for each in found]


def test_the_stream_is_read_to_its_end_from_anywhere(stream: str) -> None:
    """From the beginning, an offset, or a time; what is no JSON is an offset without an event."""
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert read(stream, "first") == read(stream, long_ago) == whole(0, 10)
    assert read(stream, 6) == whole(6, 10)


def test_a_time_leaves_out_what_came_long_before_it(stream: str) -> None:
    """A time in between finds what came after it; the protocol has whole seconds."""
    came = int(time.time())
    eventually(lambda: int(time.time()) > came, "the next second")
    moment = datetime.now(UTC)
    publish(stream, range(10, 13))
    assert read(stream, moment) == whole(10, 13)


def test_what_happened_before_a_time_is_left_out_though_its_block_is_sent(stream: str) -> None:
    """The stream begins with the block that holds the time; what tells no time is kept."""
    now = datetime.now(UTC)
    came = {"earlier": now - timedelta(minutes=5), "later": now}
    publisher = BrokerPublisher(stream)
    bodies = [json.dumps({"id": each, "time": at.isoformat()}) for each, at in came.items()]
    publisher.publish([Outgoing("", AUDIT_STREAM, each.encode()) for each in bodies])
    publisher.close()
    told = {each for _, each in read(stream, now - timedelta(minutes=4))}
    assert told & {*came} == {"later"}
    assert {each for _, each in read(stream, 0)} >= {*came}


def test_a_time_without_a_zone_is_the_offices() -> None:
    """As `audit subject --received` has it."""
    office = ZoneInfo("Asia/Makassar")
    moment = datetime(2026, 11, 23, 1, tzinfo=UTC)
    for start in ("2026-11-23T09:00", "2026-11-23T08:00+07:00", "2026-11-23T01:00Z"):
        assert _place(start, False, office) == moment
    assert (_place("17", False, office), _place(None, True, office)) == (17, "next")


def test_following_waits_for_what_comes_until_it_is_stopped(stream: str, tmp_path: Path) -> None:
    """Longer than the stream is quiet; Ctrl-C is no failure."""
    path = tmp_path / "told"
    with path.open("w") as output, tail(stream, output, "--from", "7", "--follow") as process:
        eventually(lambda: len(lines(path)) == 3, "what is there already")
        publish(stream, range(10, 12))
        eventually(lambda: len(lines(path)) == 5, "what comes")
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert lines(path) == whole(7, 12)
    assert "siti" not in path.read_text()
