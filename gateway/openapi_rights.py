"""What the OpenAPI document says of who may make a call, for whose case."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contracts.envelope import Role
from contracts.errors import ErrorCode
from gateway.calls import Call
from gateway.rights import COMPLAINT, EVERY_KIND, ROLE_NAMES, RULES, STAFF, Grant, Whose
from gateway.stages import CaseKind

EXTENSION = "x-sigap-who"

HIDES = Grant(STAFF, Whose.NOT_ABOUT_THEM, COMPLAINT)
"""Goes before every grant of the staff, in every call that names a case or a document."""


@dataclass(frozen=True, slots=True)
class Right:
    """One role's right to a call; `role` is None for anyone. `kinds` are in their own order."""

    role: Role | None
    whose: Whose
    kinds: tuple[CaseKind, ...]

    @property
    def refusal(self) -> ErrorCode | None:
        """What any other case of these kinds is refused with."""
        return RULES[self.whose].refusal

    def as_json(self) -> dict[str, Any]:
        """For a program that reads the document."""
        return {
            "role": self.role.value if self.role else "anyone",
            "kinds": [kind.value for kind in self.kinds],
            "cases": self.whose.value,
            "else": self.refusal and self.refusal.value,
            "kept_by": RULES[self.whose].kept_by,
        }

    def __str__(self) -> str:
        return f"{ROLE_NAMES[self.role].en if self.role else 'anyone'}{self._cases()}"

    def _cases(self) -> str:
        if self.whose is not Whose.ANY:
            return f" ({RULES[self.whose].text.en})"
        if len(self.kinds) == len(EVERY_KIND):
            return ""
        return f" ({', '.join(kind.value for kind in self.kinds)})"


def rights_of(call: Call) -> Iterator[Right]:
    """Every right to the call, by role."""
    if call.anyone:
        yield Right(None, Whose.ANY, _in_order(call.kinds))
    for role in ROLE_NAMES:
        for grant in call.grants_of(role):
            kinds = grant.kinds & call.kinds
            if kinds:
                yield Right(role, grant.whose, _in_order(kinds))


def hides_complaints(path: str, call: Call) -> bool:
    """Whether the call keeps a complaint from the member of the staff whom it is about."""
    names_case = "{tracking_number}" in path or "/documents/{code}" in path
    return names_case and bool(call.roles) and CaseKind.COMPLAINT in call.kinds


def describe_rights(operation: dict[str, Any], path: str, call: Call) -> None:
    """Write who may make the call into its description and its `x-sigap-who`."""
    rights = list(rights_of(call))
    described = operation.get("description", "").replace("<br/>", " ").strip()
    who = "; ".join(str(right) for right in rights)
    if hides_complaints(path, call):
        who += f". Staff: {RULES[HIDES.whose].text.en}"
    operation["description"] = f"{described}\n\nWho: {who}.".strip()
    operation[EXTENSION] = [right.as_json() for right in rights]


def _in_order(kinds: frozenset[CaseKind]) -> tuple[CaseKind, ...]:
    return tuple(kind for kind in CaseKind if kind in kinds)
