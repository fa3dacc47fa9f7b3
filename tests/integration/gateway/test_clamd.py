"""The scanner's protocol, over TCP and over a Unix socket, with a scanner that behaves or not."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from gateway.clamd import PIECE, Clamd, ScannerAway, TooLargeToScan
from tests.integration.gateway.scanner import EICAR, StandIn
from tests.real.runtime import free_port

SECONDS = 20


@pytest.fixture(params=["tcp", "unix"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StandIn]:
    """Listening by either way."""
    scanner = StandIn(tmp_path / "clamd.sock" if request.param == "unix" else None)
    yield scanner
    scanner.close()


def scan(scanner: StandIn, content: bytes, seconds: float = SECONDS) -> str | None:
    return Clamd.at(scanner.address, seconds).signature_in(content)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 5 * 1024 * 1024])
def test_a_clean_file_is_sent_as_it_is_and_in_pieces(scanner: StandIn, size: int) -> None:
    """Whatever its length; no piece is longer than it says."""
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    assert scan(scanner, content) is None
    assert scanner.files == [content]
    assert sum(scanner.pieces) == size
    assert max(scanner.pieces, default=0) <= PIECE


def test_what_was_found_is_named(scanner: StandIn) -> None:
    """Wherever it stands in the file."""
    assert scan(scanner, EICAR) == "Eicar-Test-Signature"
    assert scan(scanner, b"x" * (PIECE - 7) + EICAR) == "Eicar-Test-Signature"


def test_a_name_with_spaces_is_a_name(scanner: StandIn) -> None:
    """clamd's heuristics have such; what follows the name is none of it."""
    scanner.answer = b"stream: Heuristics.Encrypted PDF FOUND\0"
    assert scan(scanner, b"%PDF") == "Heuristics.Encrypted PDF"


@pytest.mark.parametrize("size", [PIECE + 1, 5 * 1024 * 1024])
def test_a_file_that_is_too_large_for_the_scanner_is_said_to_be(
    scanner: StandIn, size: int
) -> None:
    """It answers in the middle of the file and closes."""
    scanner.limit = PIECE
    with pytest.raises((TooLargeToScan, ScannerAway)) as failed:
        scan(scanner, bytes(size))
    if scanner.address.startswith("unix:"):  # over TCP the answer may be lost with the connection
        assert failed.type is TooLargeToScan


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"stream: OK",  # cut off
        b"stream: OK FOUND?\0",
        b"stream:  FOUND\0",
        b"OK\0",
        b"stream: Can't allocate memory ERROR\0",
        b"INSTREAM: Command timed out. ERROR\0",
        b"HTTP/1.1 400 Bad Request\r\n\r\n\0",
        b"\xff\xfe stream: OK\0",
        b"x" * 10_000,
    ],
)
def test_any_other_answer_is_none(scanner: StandIn, answer: bytes) -> None:
    """A file is clean when the scanner says so in its own words only."""
    scanner.answer = answer
    with pytest.raises(ScannerAway):
        scan(scanner, b"a")


@pytest.mark.parametrize("after", [0, 3 * PIECE])
def test_a_scanner_that_closes_early_has_not_answered(scanner: StandIn, after: int) -> None:
    """At once, or in the middle of the file."""
    scanner.close_after = after
    with pytest.raises(ScannerAway):
        scan(scanner, bytes(5 * 1024 * 1024))


def test_a_slow_scanner_is_waited_for_until_the_time_is_over(scanner: StandIn) -> None:
    """No longer."""
    scanner.working.clear()
    began = monotonic()
    with pytest.raises(ScannerAway, match="Timeout"):
        scan(scanner, b"a", seconds=0.3)
    assert 0.2 < monotonic() - began < 10


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "unix:{folder}/none.sock"])
def test_a_scanner_that_is_not_there_is_away(address: str, tmp_path: Path) -> None:
    """Nobody listens."""
    clamd = Clamd.at(address.format(port=free_port(), folder=tmp_path), SECONDS)
    with pytest.raises(ScannerAway):
        clamd.signature_in(b"a")


@pytest.mark.parametrize(
    "address",
    [
        "clamav:3310",
        "tcp://clamav",
        "tcp://clamav:0",
        "tcp://clamav:x",
        "tcp://clamav:3310/path",
        "tcp://user@clamav:3310",
        "tcp://:3310",
        "http://clamav:3310",
        "unix:clamd.sock",
        "unix://host/clamd.sock",
        "unix:",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    """At start, not at the first upload."""
    with pytest.raises(ValueError, match=r"(?i)tcp://|port"):
        Clamd.at(address, SECONDS)


def test_both_forms_of_an_address_are_understood() -> None:
    """As the documentation has them."""
    assert Clamd.at("tcp://127.0.0.1:3310", 1).target == ("127.0.0.1", 3310)
    assert Clamd.at("tcp://[::1]:3310", 1).target == ("::1", 3310)
    assert Clamd.at("unix:/run/clamav/clamd.ctl", 1).target == "/run/clamav/clamd.ctl"
    assert Clamd.at("unix:///run/clamav/clamd.ctl", 1).target == "/run/clamav/clamd.ctl"
