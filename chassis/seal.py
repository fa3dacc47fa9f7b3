"""Sealing with AES-256-GCM: a random nonce, then the ciphertext; the context is authenticated."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class SealBroken(Exception):
    """Wrong key, wrong context, or changed bytes."""


def seal(key: bytes, plaintext: bytes, context: str) -> bytes:
    """Encrypt under a 32-byte key; opens only with the same context (NIST SP 800-38D)."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """What was sealed; raises SealBroken."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError):
        raise SealBroken(context.partition(":")[0]) from None
