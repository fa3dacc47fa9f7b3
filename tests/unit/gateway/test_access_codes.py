"""Access codes: derived, read aloud without confusion, compared in constant time."""

import hmac

import pytest

from gateway.access_codes import ALPHABET, LENGTH, AccessCodes

CASE = "VRF-20261123-0001"
CODES = AccessCodes(b"s" * 32)


def test_a_code_is_ten_signs_that_cannot_be_mistaken_for_each_other() -> None:
    """No O and 0, no I, L and 1, no S and 5, no vowels that would make words."""
    code = CODES.of(CASE)
    assert len(code) == LENGTH == 10
    assert set(code) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01AEILOSUZ")


def test_the_same_number_always_gets_the_same_code() -> None:
    """Nothing is stored, so a retry must give what the first answer gave."""
    assert AccessCodes(b"s" * 32).of(CASE) == CODES.of(CASE)


def test_numbers_and_secrets_give_codes_of_their_own() -> None:
    """One code opens one case, and under this secret only."""
    codes = {CODES.of(f"VRF-20261123-{number:04}") for number in range(500)}
    assert len(codes) == 500
    assert AccessCodes(b"t" * 32).of(CASE) != CODES.of(CASE)


def test_a_code_is_accepted_as_people_write_it() -> None:
    """In small letters, with hyphens or spaces."""
    code = CODES.of(CASE)
    assert CODES.match(CASE, f" {code[:5].lower()}-{code[5:]} ")


@pytest.mark.parametrize("given", ["", "2", "2222222222", "é" * 10, "\x00", "9" * 5000])
def test_anything_else_is_refused(given: str) -> None:
    """Whatever stands in the header is compared, and fails."""
    assert not CODES.match(CASE, given)


def test_a_code_of_another_case_is_refused() -> None:
    """Each case has its own."""
    assert not CODES.match(CASE, CODES.of("VRF-20261123-0002"))


def test_codes_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard library's comparison is asked every time, whatever was given."""
    asked = []
    compare = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda *two: asked.append(two) or compare(*two))
    for given in (CODES.of(CASE), "", "wrong"):
        CODES.match(CASE, given)
    assert len(asked) == 3
