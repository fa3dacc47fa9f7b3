"""`make test`: the tests of the parts and those of the whole system, in two runs at once.

The whole system mostly waits for outages and restarts to pass; the parts mostly compute. Each run
has a RabbitMQ and a PostgreSQL of its own. What follows on the command line goes to both.
"""

import os
import subprocess
import sys
import tempfile

WHOLE = ("tests/e2e", "tests/faults")
LEDGER = "tests/integration/audit"  # among the others it would make their run the longer one
RUNS = {
    "the parts": ("tests", *(f"--ignore={path}" for path in (*WHOLE, LEDGER))),
    "the whole system and the ledger": (*WHOLE, LEDGER),
}


def main(*more: str) -> int:
    """Returns 0 if both runs passed; the second one's report is printed after the first one's."""
    say(f"sigap: testing {' and '.join(RUNS)} at once")
    (first, paths), (second, others) = RUNS.items()
    with tempfile.TemporaryFile("w+") as report:
        environ = os.environ | {"SIGAP_TEST_RUN": "1"}  # whose ports are others
        beside = subprocess.Popen(_pytest(others, more), stdout=report, stderr=report, env=environ)
        try:
            codes = {first: subprocess.call(_pytest(paths, more)), second: beside.wait()}
        finally:
            if beside.poll() is None:
                beside.terminate()
                beside.wait()
        report.seek(0)
        say(f"\nsigap: {second}\n{report.read()}")
    for name, code in codes.items():
        say(f"sigap: {name}: {'passed' if code == 0 else f'pytest ended with {code}'}")
    return max(codes.values())


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _pytest(paths: tuple[str, ...], more: tuple[str, ...]) -> list[str]:
    # Two runs must not write one cache.
    return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *paths, *more]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
