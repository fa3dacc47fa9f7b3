"""Signed checkpoints: written as C2SP has them, and refused when anything in them is not right."""

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit.notes import Checkpoint, NoteBroken, Signer, Verifier

ORIGIN = "example.go.id/log"
SIGNER = Signer(ORIGIN, b"s" * 32)
ROOT = sha256(b"root").digest()
NOTE = SIGNER.checkpoint(17, ROOT)


def test_a_checkpoint_is_a_signed_note() -> None:
    """Origin, size, root; an empty line; an em dash, the name, key hash and signature."""
    origin, size, root, empty, signature, end = NOTE.split("\n")
    assert (origin, size, empty, end) == (ORIGIN, "17", "", "")
    assert base64.b64decode(root) == ROOT
    dash, name, signed = signature.split(" ")
    assert (dash, name) == ("—", ORIGIN)
    assert len(base64.b64decode(signed)) == 4 + 64
    assert base64.b64decode(signed)[:4] == SIGNER.verifier.key_hash


def test_a_key_of_another_program_is_understood() -> None:
    """The example key of Go's golang.org/x/mod/sumdb/note."""
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    verifier = Verifier.from_text(key)
    assert str(verifier) == key
    assert verifier.key_hash.hex() == "c74f20a3"


def test_an_opened_checkpoint_says_what_was_signed() -> None:
    """With a key that went through its written form."""
    verifier = Verifier.from_text(f"{SIGNER.verifier}\n")
    assert verifier.opened(NOTE) == Checkpoint(ORIGIN, 17, ROOT)


@pytest.mark.parametrize("name", ["witness.example", ORIGIN])
def test_other_signatures_are_left_alone(name: str) -> None:
    """As a witness adds them, or the log itself under another key, before ours or after it."""
    other = f"— {name} {base64.b64encode(b'w' * 76).decode()}\n"
    text, gap, ours = NOTE.rpartition("\n\n")
    assert SIGNER.verifier.opened(NOTE + other).size == 17
    assert SIGNER.verifier.opened(text + gap + other + ours).size == 17


def test_lines_that_a_later_version_adds_are_signed_and_left_alone() -> None:
    """C2SP tlog-checkpoint calls them extensions."""
    text = Checkpoint(ORIGIN, 17, ROOT).text() + "more: 1\n"
    key = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
    signed = base64.b64encode(SIGNER.verifier.key_hash + key.sign(text.encode())).decode()
    assert SIGNER.verifier.opened(f"{text}\n— {ORIGIN} {signed}\n").size == 17


@pytest.mark.parametrize(
    "broken",
    [
        NOTE.replace("17", "18"),
        NOTE.replace(ORIGIN, "other.example"),
        NOTE.replace("\n—", "\nmore\n\n—"),
        NOTE.rpartition("—")[0],
        NOTE.rstrip("\n"),
        NOTE.replace("\n17\n", "\n017\n"),
        NOTE[:-8] + "AAAA" + NOTE[-4:],
        Signer(ORIGIN, b"t" * 32).checkpoint(17, ROOT),
        NOTE + "hello\n",
        NOTE + "— witness.example AAA\n",
        NOTE + "— witness.example AAAA\n",
        NOTE + "— witness.example  AAAAAAAA\n",
        NOTE.replace("\n", "\r\n"),
        NOTE + "— witness\tx AAAAAAAA\n",
        NOTE + "— witness\udc80 AAAAAAAA\n",
        "",
        "\n\n",
    ],
)
def test_what_this_key_did_not_sign_is_refused(broken: str) -> None:
    """Changed, cut off, of another log, or signed by somebody else."""
    with pytest.raises(NoteBroken):
        SIGNER.verifier.opened(broken)


@pytest.mark.parametrize(
    "broken",
    ["", "a+b", f"x{SIGNER.verifier}", str(SIGNER.verifier)[:-4], "a b+00000000+AQ=="],
)
def test_a_broken_key_is_refused(broken: str) -> None:
    """Its own hash must be its."""
    with pytest.raises(NoteBroken):
        Verifier.from_text(broken)
