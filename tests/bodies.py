"""JSON bodies with something else at one place."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Place = tuple[Any, ...]


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    """Where something stands in a body, the body itself first."""
    yield path
    parts = value.items() if isinstance(value, dict) else ()
    for key, part in [*parts, *(enumerate(value) if isinstance(value, list) else ())]:
        yield from places(part, (*path, key))


def put(body: Any, place: Place, value: Any) -> Any:
    """The body with another value at that place."""
    if not place:
        return value
    changed = deepcopy(body)
    part = changed
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    return changed
