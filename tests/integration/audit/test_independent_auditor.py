"""An auditor who has the documents and not the code: RFC 6962, RFC 8785, C2SP, and OpenSSL's keys.

Nothing of `services.audit` but the service itself is used here.
"""

import base64
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contracts.audit import ProveConsistency, ProveInclusion, ReadCheckpoint
from services.audit.service import AuditService
from tests.integration.audit.auditor import entries, record, sign
from tests.support import Bench

SIZES = (1, 2, 3, 5, 8, 13, 14)


def opened(note: str, key: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint, its signature checked, by c2sp.org/signed-note."""
    name, key_hash, encoded = key.split("+", 2)
    public = base64.b64decode(encoded)
    assert public[:1] == b"\x01"
    assert sha256(name.encode() + b"\n" + public).digest()[:4].hex() == key_hash
    text, signature = note.split("\n\n")
    dash, signer, signed = signature.rstrip("\n").split(" ")
    assert (dash, signer) == ("\N{EM DASH}", name)
    raw = base64.b64decode(signed)
    assert raw[:4].hex() == key_hash
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(raw[4:], f"{text}\n".encode())
    origin, size, root = text.split("\n")
    assert origin == name
    return int(size), base64.b64decode(root)


def leaf(event: dict[str, Any]) -> bytes:
    """MTH of one entry; of what an event here holds this is RFC 8785's form."""
    text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(b"\x00" + text.encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than the size."""
    k = 1
    while 2 * k < size:
        k *= 2
    return k


def root_by(path: list[bytes], number: int, size: int, hashed: bytes) -> bytes:
    """RFC 6962, 2.1.1, read from its end: the root that PATH(number, D[size]) leads to."""
    if size == 1:
        assert not path
        return hashed
    *rest, last = path
    k = split(size)
    if number < k:
        return node(root_by(rest, number, k, hashed), last)
    return node(last, root_by(rest, number - k, size - k, hashed))


def roots_by(
    proof: list[bytes], old: int, new: int, known: bytes, *, whole: bool = True
) -> tuple[bytes, bytes]:
    """RFC 6962, 2.1.2, the same way: the roots of both trees that SUBPROOF leads to."""
    if old == new:
        if whole:
            assert not proof
            return known, known
        (last,) = proof
        return last, last
    *rest, last = proof
    k = split(new)
    if old <= k:
        first, second = roots_by(rest, old, k, known, whole=whole)
        return first, node(second, last)
    first, second = roots_by(rest, old - k, new - k, known, whole=False)
    return node(last, first), node(last, second)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Bench]:
    """The audit service."""
    bench = Bench(AuditService, tmp_path, ledger_origin="log.test")
    yield bench
    bench.close()


def test_every_entry_and_every_growth_is_proven_by_the_documents_alone(office: Bench) -> None:
    """Each signed checkpoint holds each entry before it, and every smaller checkpoint."""
    signed: dict[int, bytes] = {}
    recorded = 0
    for size in SIZES:
        record(office, size - recorded, start=recorded + 1)
        recorded = size
        newest = sign(office)
        signed.update([opened(newest.note, newest.key)])
    assert tuple(signed) == SIZES
    shown = dict(entries(office))
    for size, root in signed.items():
        for index in range(1, size + 1):
            proof = office.ask(ProveInclusion(index=index, size=size))
            path = [base64.b64decode(each) for each in proof.hashes]
            assert root_by(path, index - 1, size, leaf(shown[index])) == root
        for old in [each for each in SIZES if each <= size]:
            hashes = office.ask(ProveConsistency(start=old, to=size)).hashes
            steps = [base64.b64decode(each) for each in hashes]
            assert roots_by(steps, old, size, signed[old]) == (signed[old], root)


def test_the_first_checkpoint_is_of_the_hash_of_nothing(office: Bench) -> None:
    """MTH({}) = SHA-256()."""
    office.run_job("sign_checkpoints")
    newest = office.ask(ReadCheckpoint())
    assert opened(newest.note, newest.key) == (0, sha256(b"").digest())
