"""What was written in one case: each piece is sealed for its own place and opens nowhere else."""

from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from chassis.vault import Vault

Piece = TypeVar("Piece", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class CaseSeal:
    """Seals and opens a case's pieces under one wrapped data key.

    `case` begins the name of every place, as `complaint:ADU-20261123-0001`; the parts that each
    method takes end it. What opens raises SealBroken.
    """

    vault: Vault
    key: str
    case: str

    def seal(self, content: BaseModel | str | bytes, *part: str | int) -> bytes:
        """The piece, as it is stored."""
        return self.vault.seal(self.key, content, self.place(*part))

    def open(self, sealed: bytes, *part: str | int) -> bytes:
        """What was sealed as bytes."""
        return self.vault.open(self.key, sealed, self.place(*part))

    def open_model(self, model: type[Piece], sealed: bytes, *part: str | int) -> Piece:
        """What was sealed as that model."""
        return self.vault.open_model(self.key, sealed, self.place(*part), model)

    def open_text(self, sealed: bytes | None, *part: str | int) -> str | None:
        """What was sealed as text; None where nothing was."""
        return self.open(sealed, *part).decode() if sealed is not None else None

    def place(self, *part: str | int) -> str:
        """The name of the piece's place."""
        return ":".join((self.case, *map(str, part)))
