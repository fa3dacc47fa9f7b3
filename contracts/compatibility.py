"""What may change in a published event: optional fields may be added, anything else is a new `.vN`.

Both directions count: a consumer of yesterday reads what is published today, and a consumer of
today reads yesterday's events from the ledger.
"""

from collections.abc import Iterator, Mapping
from typing import Any

JsonSchema = Mapping[str, Any]

_SAYS_NOTHING_OF_VALUES = {"$schema", "$id", "$defs", "title", "description", "examples"}
_COMPARED_APART = {
    *("properties", "required", "items", "prefixItems", "anyOf", "enum", "const"),
    *("propertyNames", "additionalProperties"),
}
_HELD = ("items", "propertyNames", "additionalProperties")


def breaking_changes(published: JsonSchema, changed: JsonSchema) -> list[str]:
    """One line for each change that a consumer could trip over, naming the field by its path.

    Both are whole JSON Schemas of one message. Empty when only optional fields were added.
    """
    old, new = _Node(published, published), _Node(changed, changed)
    return [change.removeprefix(".") for change in _compare("", old, new)]


class _Node:
    """A place in a schema, its references followed and what says nothing of values dropped."""

    def __init__(self, schema: JsonSchema, root: JsonSchema) -> None:
        self._root = root
        rules = dict(schema)
        while "$ref" in rules:
            name = rules.pop("$ref").removeprefix("#/$defs/")
            rules = {**root["$defs"][name], **rules}
        self.rules = {k: v for k, v in rules.items() if k not in _SAYS_NOTHING_OF_VALUES}
        if self.rules.get("additionalProperties") is True:
            del self.rules["additionalProperties"]  # the same as leaving it out
        self.required: frozenset[str] = frozenset(rules.get("required", ()))

    def properties(self) -> dict[str, "_Node"]:
        return {k: self.at(v) for k, v in self.rules.get("properties", {}).items()}

    def branches(self) -> list["_Node"]:
        """The alternatives, or what an array holds, or the keys and values of a mapping."""
        held = [self.rules[word] for word in _HELD if isinstance(self.rules.get(word), Mapping)]
        inner = [*self.rules.get("anyOf", ()), *self.rules.get("prefixItems", ()), *held]
        return [self.at(schema) for schema in inner]

    def values(self) -> frozenset[str] | None:
        """The allowed values, None when they are not listed."""
        listed = self.rules.get("enum", [self.rules["const"]] if "const" in self.rules else None)
        return None if listed is None else frozenset(map(str, listed))

    def constraints(self) -> dict[str, Any]:
        return {k: v for k, v in self.rules.items() if k not in _COMPARED_APART}

    def shape(self) -> str:
        """The type in words, as `string` or `string or null`."""
        if "anyOf" in self.rules:
            return " or ".join(branch.shape() for branch in self.branches())
        return str(self.rules.get("type", "any"))

    def at(self, schema: JsonSchema) -> "_Node":
        return _Node(schema, self._root)


def _compare(path: str, old: _Node, new: _Node) -> Iterator[str]:
    if old.shape() != new.shape() or len(old.branches()) != len(new.branches()):
        yield f"{path}: type changed from {old.shape()} to {new.shape()}"
        return
    yield from _compare_values(path, old.values(), new.values())
    yield from _compare_constraints(path, old.constraints(), new.constraints())
    yield from _compare_properties(path, old, new)
    for mine, its in zip(old.branches(), new.branches(), strict=True):
        yield from _compare(path, mine, its)


def _compare_values(
    path: str, old: frozenset[str] | None, new: frozenset[str] | None
) -> Iterator[str]:
    if old == new:
        return
    if old is None or new is None:
        yield f"{path}: the list of allowed values {'appeared' if old is None else 'is gone'}"
        return
    if gone := sorted(old - new):
        yield f"{path}: values removed: {', '.join(gone)}"
    if added := sorted(new - old):
        yield f"{path}: values added that an old consumer refuses: {', '.join(added)}"


def _compare_constraints(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for word in sorted(old.keys() | new.keys()):
        if old.get(word) != new.get(word):
            yield f"{path}: {word} changed from {old.get(word)} to {new.get(word)}"


def _compare_properties(path: str, old: _Node, new: _Node) -> Iterator[str]:
    before, after = old.properties(), new.properties()
    for name in before:
        field = f"{path}.{name}"
        if name not in after:
            yield f"{field}: removed"
            continue
        if (name in old.required) != (name in new.required):
            yield f"{field}: {'no longer required' if name in old.required else 'now required'}"
        yield from _compare(field, before[name], after[name])
    for name in sorted(new.required - before.keys()):
        yield f"{path}.{name}: a new field that is required"
