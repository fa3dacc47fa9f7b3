"""Tokens as a forger makes them: with keys, headers and claims of their choice."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc import jwk

from contracts.envelope import Actor, Role
from gateway.tokens import HEADER
from tests.integration.gateway.desk import Desk

SITI = Actor(id="siti", role=Role.VERIFIER, districts=("63.71.03",))
HOURS = 3600

RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC_PEM = RSA_KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
RSA_JWK = jwk.import_key(PUBLIC_PEM, "RSA")
EC_JWK = jwk.ECKey.import_key(EC_KEY.public_key())
PUBLIC_JWK = EC_JWK.as_dict(private=False)

Sign = Callable[[bytes], bytes]


def b64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def unb64(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def nothing(message: bytes) -> bytes:
    return b""


def hs256(secret: bytes) -> Sign:
    return lambda message: hmac.digest(secret, message, hashlib.sha256)


def rs256(message: bytes) -> bytes:
    return RSA_KEY.sign(message, padding.PKCS1v15(), hashes.SHA256())


def es256(message: bytes) -> bytes:
    numbers = decode_dss_signature(EC_KEY.sign(message, ec.ECDSA(hashes.SHA256())))
    return b"".join(number.to_bytes(32, "big") for number in numbers)


def written(header: Any, payload: Any, sign: Sign) -> str:
    """A token written by hand: header and payload as they are given, or as JSON."""
    parts = [p if isinstance(p, bytes) else json.dumps(p).encode() for p in (header, payload)]
    message = ".".join(map(b64, parts)).encode()
    return f"{message.decode()}.{b64(sign(message))}"


@dataclass
class Forger:
    """Has a genuine token of Siti's, a verifier; `ours` signs as the gateway does.

    What is signed by `ours` shows that more is looked at than the signature.
    """

    desk: Desk
    token: str
    secret: bytes
    claims: dict[str, Any] = field(init=False)
    now: int = field(init=False)

    def __post_init__(self) -> None:
        self.claims = json.loads(unb64(self.token.split(".")[1]))
        self.now = self.claims["iat"]

    @property
    def ours(self) -> Sign:
        return hs256(self.secret)

    def unsigned(self, algorithm: Any) -> str:
        return written(HEADER | {"alg": algorithm}, self.claims, nothing)

    def with_header(self, **more: Any) -> str:
        return written(HEADER | more, self.claims, self.ours)

    def with_claims(self, **other: Any) -> str:
        """None takes a claim away."""
        claims = {name: v for name, v in (self.claims | other).items() if v is not None}
        return written(HEADER, claims, self.ours)

    def with_payload(self, change: Callable[[bytes], bytes]) -> str:
        """Another payload under the genuine signature."""
        header, payload, signature = self.token.split(".")
        return f"{header}.{b64(change(unb64(payload)))}.{signature}"
