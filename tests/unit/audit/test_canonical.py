"""Canonical JSON against RFC 8785's own examples."""

import struct

import pytest

from services.audit.canonical import NotCanonical, canonical, parsed


def test_the_examples_of_the_rfc_come_out_to_the_byte() -> None:
    """RFC 8785, 3.2.2 and 3.2.3."""
    given = (
        '{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],'
        r'"string": "\u20ac$\u000F\u000aA'
        r"'"
        r'\u0042\u0022\u005c\\\"\/",'
        '"literals": [null, true, false]}'
    )
    assert canonical(parsed(given)).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_names_are_sorted_by_their_utf_16_units() -> None:
    """RFC 8785, 3.2.3: an emoji's surrogates come before a Hebrew presentation form."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    expected = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(parsed(canonical(dict.fromkeys(names)).decode())) == expected


@pytest.mark.parametrize(
    ("bits", "written"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_are_written_as_ecmascript_writes_them(bits: str, written: str) -> None:
    """RFC 8785, appendix B."""
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number).decode() == written


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 2**53, -(2**53), object(), "\ud800"])
def test_what_readers_would_not_agree_on_has_no_canonical_form(wrong: object) -> None:
    """It is refused, not rounded."""
    with pytest.raises(NotCanonical):
        canonical([wrong])


def test_what_is_nested_too_deep_has_no_canonical_form() -> None:
    """A reader of JSON may take what cannot be written again."""
    nested: list[object] = []
    for _ in range(5_000):
        nested = [nested]
    with pytest.raises(NotCanonical, match="deep"):
        canonical(nested)


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', "{", '{"a":' * 100_000])
def test_text_that_readers_would_not_agree_on_is_not_parsed(text: str) -> None:
    """A name that stands twice is read as the one or the other."""
    with pytest.raises(NotCanonical):
        parsed(text)


def test_spaces_and_order_do_not_matter() -> None:
    """The same event in another writing has the same hash."""
    assert canonical(parsed('{ "b": [1, 2.0],\n"a": {} }')) == b'{"a":{},"b":[1,2]}'
