"""Personal data at rest: a data key per person, wrapped under the master key; blind indexes.

Erasing a person's wrapped key makes everything sealed under it unreadable.
"""

import base64
import hashlib
import hmac
import os
from typing import Any, TypeVar

from nameko.extensions import DependencyProvider
from pydantic import BaseModel

from chassis.seal import SealBroken, seal, unseal
from chassis.settings import Settings
from contracts.errors import ErrorCode, Refusal

KEY_BYTES = 32
Model = TypeVar("Model", bound=BaseModel)


DESTROYED = ""
"""Stands where the wrapped key of an erased person was."""


class KeyDestroyed(Refusal):
    """What was sealed is erased, and nothing more is sealed under that key."""

    code = ErrorCode.PERSONAL_DATA_ERASED


class Vault:
    """`master_keys` by key id, the last one wraps new keys; `index_key` is for blind indexes."""

    def __init__(self, master_keys: dict[str, bytes], index_key: bytes) -> None:
        self._master_keys = master_keys
        self._newest = list(master_keys)[-1]
        self._index_key = index_key

    def new_key(self) -> str:
        """A new data key, wrapped: `<master key id>.<base64>`. Keep it in the person's row."""
        return self._wrap(os.urandom(KEY_BYTES))

    def seal(self, wrapped_key: str, content: BaseModel | str | bytes, context: str) -> bytes:
        """Encrypt `content`; it opens only with the same `context`, so rows cannot be swapped."""
        if isinstance(content, BaseModel):
            content = content.model_dump_json()
        plaintext = content.encode() if isinstance(content, str) else content
        return seal(self._unwrap(wrapped_key), plaintext, context)

    def open(self, wrapped_key: str, sealed: bytes, context: str) -> bytes:
        """What was sealed. Raises SealBroken, or KeyDestroyed once it is erased."""
        return unseal(self._unwrap(wrapped_key), sealed, context)

    def open_model(
        self, wrapped_key: str, sealed: bytes, context: str, model: type[Model]
    ) -> Model:
        return model.model_validate_json(self.open(wrapped_key, sealed, context))

    def blind_index(self, field: str, value: str) -> str:
        """Finds equal values without telling them: HMAC-SHA256 in hexadecimal, a key of its own."""
        return hmac.new(self._index_key, f"{field}:{value}".encode(), hashlib.sha256).hexdigest()

    def _wrap(self, data_key: bytes) -> str:
        wrapped = seal(self._master_keys[self._newest], data_key, "data-key")
        return f"{self._newest}.{base64.b64encode(wrapped).decode()}"

    def _unwrap(self, wrapped_key: str) -> bytes:
        if wrapped_key == DESTROYED:
            raise KeyDestroyed
        key_id, _, wrapped = wrapped_key.partition(".")
        if key_id not in self._master_keys:
            raise SealBroken("data-key")
        return unseal(self._master_keys[key_id], base64.b64decode(wrapped), "data-key")


class VaultProvider(DependencyProvider):
    """Injects the vault, with the keys from the settings' secrets `vault` and `index`."""

    def setup(self) -> None:
        settings: Settings = self.container.config["settings"]
        self._vault = Vault({"k1": settings.secret("vault")}, settings.secret("index"))

    def get_dependency(self, worker_ctx: Any) -> Vault:
        return self._vault
