"""Letters are made in OS threads of a green process while its hub keeps turning."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

from services.documents.letters.verification import VerificationLetter

# A process of its own: monkey-patching cannot be taken back.
GREEN_PROCESS = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
import pickle, sys
from datetime import datetime, timezone
from pathlib import Path
import eventlet.tpool
from services.documents.letters.verification import render_verification_letter
from services.documents.signing import Signer, validate

where, letter, path, password = pickle.load(sys.stdin.buffer)
signer = Signer.from_file(Path(path), password)
when = datetime(2026, 11, 21, tzinfo=timezone.utc)
turns = 0

def turn():
    global turns
    while True:
        turns += 1
        eventlet.sleep(0.001)

def issue():
    pdf = render_verification_letter(letter)
    signed = signer.sign(pdf, reason="x", location="y", when=when)
    return validate(signed, signer.roots_pem, at=when).trusted

eventlet.spawn(turn)
eventlet.sleep(0)
turns = 0
execute = eventlet.tpool.execute if where == "thread" else (lambda task: task())
letters = [eventlet.spawn(execute, issue) for _ in range(8)]
print(sum(it.wait() for it in letters), turns)
"""


def test_letters_are_issued_in_threads_while_the_hub_turns(
    letter: VerificationLetter, certificate: Path
) -> None:
    """Eight at once, rendered, signed and validated; a green thread gets its turn throughout."""
    outcome = _run("thread", letter, certificate)

    assert outcome.returncode == 0, outcome.stderr
    issued, turns = outcome.stdout.split()
    assert int(issued) == 8
    assert int(turns) >= 5  # on a hub that stood still: none


def test_on_the_hub_itself_signing_fails_at_once(
    letter: VerificationLetter, certificate: Path
) -> None:
    """Two event loops cannot share a thread: a caller who forgets the thread learns it."""
    outcome = _run("hub", letter, certificate)

    assert outcome.returncode != 0
    assert "asyncio.run() cannot be called from a running event loop" in outcome.stderr


def _run(
    where: str, letter: VerificationLetter, certificate: Path
) -> subprocess.CompletedProcess[str]:
    task = pickle.dumps((where, letter, str(certificate), "kata sandi uji"))
    done = subprocess.run(
        [sys.executable, "-c", GREEN_PROCESS],
        input=task,
        capture_output=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONPATH": "."},
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )
