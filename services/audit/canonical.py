"""Canonical JSON (RFC 8785, JCS): the bytes of an event that are hashed.

Members are sorted by their names' UTF-16 units, nothing is escaped that need not be, a number is
written as ECMAScript writes it.
"""

import json
import math
from collections.abc import Iterable
from typing import Any

DEEPEST = 100
"""Levels of nesting; every reader of JSON on the way can follow so far."""

LARGEST_INTEGER = 2**53 - 1
"""The largest integer that every reader of JSON takes for the same number (RFC 7493, 2.2)."""


class NotCanonical(ValueError):
    """What is given has no canonical form: a name stands twice, a number or text is none."""


def canonical(value: Any) -> bytes:
    """The canonical UTF-8 of what `parsed` gives. Raises NotCanonical."""
    try:
        return _text(value).encode()
    except UnicodeEncodeError:
        raise NotCanonical("half of a surrogate pair") from None
    except RecursionError:
        raise NotCanonical("nested too deep") from None


def parsed(text: str) -> Any:
    """The JSON text's value. Raises NotCanonical, also for a name that stands twice."""
    try:
        value = json.loads(text, object_pairs_hook=_distinct)
    except RecursionError:
        raise NotCanonical("nested too deep") from None
    except ValueError as error:
        raise NotCanonical(type(error).__name__) from None
    if text.count("{") + text.count("[") > DEEPEST and _deeper(value, DEEPEST):
        raise NotCanonical("nested too deep")
    return value


def _deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper(each, levels - 1) for each in inner)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=_utf16)
        return f"{{{','.join(f'{_quoted(name)}:{_text(value[name])}' for name in names)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_text, value))}]"
    if isinstance(value, str):
        return _quoted(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return _number(value)
    raise NotCanonical(type(value).__name__)


def _quoted(text: str) -> str:
    # Python escapes what RFC 8785 does, and DEL neither does.
    return json.dumps(text, ensure_ascii=False)


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def _integer(value: int) -> str:
    if abs(value) > LARGEST_INTEGER:
        raise NotCanonical("an integer that not every reader can hold")
    return str(value)


def _number(value: float) -> str:
    """As ECMA-262 writes a number: the shortest digits that read back to it."""
    if not math.isfinite(value):
        raise NotCanonical("not a finite number")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(digits) - len(fraction) + int(exponent or 0)
    return sign + _placed(digits.rstrip("0"), point)


def _placed(digits: str, point: int) -> str:
    """The digits with the decimal point before the digit number `point`, counted from 0."""
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    more = f".{digits[1:]}" if digits[1:] else ""
    return f"{digits[0]}{more}e{point - 1:+d}"


def _distinct(members: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in members:
        if name in found:
            raise NotCanonical("a name that stands twice")
        found[name] = value
    return found
