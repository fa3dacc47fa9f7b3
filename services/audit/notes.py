"""Signed checkpoints: C2SP tlog-checkpoint in a C2SP signed-note, with Ed25519.

A note is its text, an empty line, and a line for each signature. A verifier key is written
`<name>+<key hash in hex>+<base64 of 0x01 and the public key>`.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
KEY_HASH = 4
"""Bytes of a key's hash, that stand before each of its signatures."""

KEY_NAME = r"[^\s+]+"

_CHECKPOINT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\ufffd\ud800-\udfff]")
_SIGNATURE = re.compile(rf"— ({KEY_NAME}) ([A-Za-z0-9+/]+={{0,2}})")


class NoteBroken(Exception):
    """It is no checkpoint of this log under this key; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's size and root hash, under the log's name."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text, which is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Signer:
    """Signs checkpoints; `name` is the log's origin and the key's name. `seed` has 32 bytes."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self._key.public_key().public_bytes_raw())

    def checkpoint(self, size: int, root: bytes) -> str:
        """The signed note."""
        text = Checkpoint(self.verifier.name, size, root).text()
        signed = self.verifier.key_hash + self._key.sign(text.encode())
        return f"{text}\n— {self.verifier.name} {base64.b64encode(signed).decode()}\n"


class Verifier:
    """Opens checkpoints of the log called `name`; `public_key` has 32 bytes."""

    def __init__(self, name: str, public_key: bytes) -> None:
        self.name = name
        self._public_key = public_key
        self.key_hash = sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:KEY_HASH]

    @classmethod
    def from_text(cls, text: str) -> "Verifier":
        """From the key as it is written. Raises NoteBroken."""
        name, _, rest = text.strip().partition("+")
        key_hash, _, encoded = rest.partition("+")
        key = _decoded(encoded)
        if not re.fullmatch(KEY_NAME, name) or len(key) != 33 or key[:1] != ED25519:
            raise NoteBroken("not an Ed25519 key of a log")
        verifier = cls(name, key[1:])
        if verifier.key_hash.hex() != key_hash:
            raise NoteBroken("the key's own hash is not its")
        return verifier

    def __str__(self) -> str:
        key = base64.b64encode(ED25519 + self._public_key).decode()
        return f"{self.name}+{self.key_hash.hex()}+{key}"

    def opened(self, note: str) -> Checkpoint:
        """The checkpoint that the note holds. Raises NoteBroken unless this key signed it."""
        text, gap, signatures = note.rpartition("\n\n")
        text += "\n"
        if not gap or not signatures.endswith("\n") or _CONTROLS.search(note):
            raise NoteBroken("not a signed note")
        found = _CHECKPOINT.fullmatch(text)
        if not found or found[1] != self.name:
            raise NoteBroken("not a checkpoint of this log")
        for signature in [*self._own(signatures)]:
            try:
                key = Ed25519PublicKey.from_public_bytes(self._public_key)
                key.verify(signature, text.encode())
            except InvalidSignature:
                raise NoteBroken("the signature is wrong") from None
            return Checkpoint(found[1], int(found[2]), base64.b64decode(found[3]))
        raise NoteBroken("not signed with this key")

    def _own(self, lines: str) -> Iterator[bytes]:
        """The signatures said to be of this key; others, as of witnesses, are left alone."""
        for line in lines.split("\n")[:-1]:
            found = _SIGNATURE.fullmatch(line)
            if not found:
                raise NoteBroken("not a signed note")
            signed = _decoded(found[2])
            if len(signed) <= KEY_HASH:
                raise NoteBroken("not a signed note")
            if found[1] == self.name and signed[:KEY_HASH] == self.key_hash:
                yield signed[KEY_HASH:]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
