"""What somebody could read who has stolen a database together with the master keys.

Nothing is taken for granted: every stored byte string is tried with every key that lies anywhere,
whatever it was sealed for (AES-GCM decrypts without its tag as AES-CTR does).
"""

import base64
import hmac
import re
from collections.abc import Iterable, Iterator

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import Connection, LargeBinary, MetaData, select

from chassis.seal import NONCE_BYTES, SealBroken, unseal

WRAPPED = re.compile(r"k[0-9]+\.[A-Za-z0-9+/=]{60,}")
TAG_BYTES = 16
HEAD = 64


def stored(connection: Connection) -> dict[str, list[bytes]]:
    """Every byte string of every table, and every text as bytes, by table."""
    tables = MetaData()
    tables.reflect(connection)
    found: dict[str, list[bytes]] = {}
    for table in tables.sorted_tables:
        for row in connection.execute(select(table)):
            for column, value in zip(table.columns, row, strict=True):
                if isinstance(value, (bytes, memoryview)):
                    found.setdefault(f"{table.name}.{column.name}", []).append(bytes(value))
                elif isinstance(value, str) and not isinstance(column.type, LargeBinary):
                    found.setdefault(f"{table.name}.{column.name}", []).append(value.encode())
    return found


def reply_key(rpc_secret: bytes) -> bytes:
    """The key that the replies of commands are kept under."""
    return hmac.new(rpc_secret, b"replies", "sha256").digest()


def opened(
    columns: dict[str, list[bytes]], master_key: bytes, *other_keys: bytes
) -> Iterator[tuple[str, bytes]]:
    """(column, content) of all that gives way to any key, those that are found on the way too."""
    blobs = [(name, blob) for name, blobs in columns.items() for blob in _sealed(blobs)]
    keys = [*other_keys, *_unwrapped((b for bs in columns.values() for b in bs), master_key)]
    tried = 0
    while tried < len(keys):
        key = keys[tried]
        tried += 1
        for name, blob in blobs:
            if _is_text(_decrypted(key, blob[: NONCE_BYTES + HEAD + TAG_BYTES])):
                content = _decrypted(key, blob)
                keys += [each for each in _unwrapped([content], master_key) if each not in keys]
                yield name, content


def _sealed(values: Iterable[bytes]) -> Iterator[bytes]:
    for value in values:
        yield value
        if re.fullmatch(rb"([0-9a-f]{2}){29,}", value):
            yield bytes.fromhex(value.decode())


def _unwrapped(values: Iterable[bytes], master_key: bytes) -> Iterator[bytes]:
    for value in values:
        for wrapped in WRAPPED.findall(value.decode("ascii", "replace")):
            try:
                yield unseal(master_key, base64.b64decode(wrapped.partition(".")[2]), "data-key")
            except (SealBroken, ValueError):
                continue


def _decrypted(key: bytes, blob: bytes) -> bytes:
    nonce, body = blob[:NONCE_BYTES], blob[NONCE_BYTES:-TAG_BYTES]
    if len(nonce) < NONCE_BYTES or not body:
        return b""
    counter = nonce + (2).to_bytes(4, "big")
    return Cipher(algorithms.AES(key), modes.CTR(counter)).decryptor().update(body)


def _is_text(content: bytes) -> bool:
    """Whether it is what we seal: text, or a file whose head is; chance gives no such bytes."""
    if content.startswith((b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"RIFF")):
        return True
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(content) - 4:
            return False
        text = content[: error.start].decode("utf-8")
    return bool(text) and all(sign.isprintable() or sign in "\r\n\t" for sign in text)
