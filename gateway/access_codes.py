"""The resident's access code: derived from the tracking number, stored nowhere."""

import hashlib
import hmac

ALPHABET = "23456789CFKMRWXY"
"""Sixteen signs that neither look nor sound alike in Indonesian; without vowels, so no words."""

LENGTH = 10


class AccessCodes:
    """Makes and compares access codes under one secret (32 bytes)."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, tracking_number: str) -> str:
        """The case's code: ten signs of ALPHABET, always the same for the same number."""
        digest = hmac.digest(self._secret, tracking_number.encode(), hashlib.sha256)
        return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])

    def match(self, tracking_number: str, given: str) -> bool:
        """Whether `given` is the case's code, in any case and with any hyphens or spaces.

        Takes the same time for a wrong code and for a number that no case has.
        """
        plain = given.upper().replace("-", "").replace(" ", "")
        return hmac.compare_digest(self.of(tracking_number).encode(), plain.encode())
