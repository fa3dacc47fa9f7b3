"""A piece of a case opens in its own place, and in no other."""

import pytest

from casework.case_seal import CaseSeal
from chassis.seal import SealBroken
from chassis.vault import KEY_BYTES, Vault
from contracts.envelope import Done

VAULT = Vault({"k1": b"m" * KEY_BYTES}, b"i" * KEY_BYTES)
KEY = VAULT.new_key()
PIECES = CaseSeal(VAULT, KEY, "complaint:ADU-20261123-0001")


def test_what_was_written_opens_to_the_same():
    """Bytes, texts and models; where nothing was written nothing opens."""
    done = Done(tracking_number="ADU-20261123-0001", state="received")
    assert PIECES.open(PIECES.seal(b"\x00\xff", "scan"), "scan") == b"\x00\xff"
    assert PIECES.open_text(PIECES.seal("ibu", "note", 1), "note", 1) == "ibu"
    assert PIECES.open_model(Done, PIECES.seal(done, "reply"), "reply") == done
    assert PIECES.open_text(None, "note", 1) is None


@pytest.mark.parametrize("part", [("note", 2), ("answer", 1), ("note",)])
def test_a_piece_opens_nowhere_else_in_its_case(part):
    """Not as another number, kind, or the whole of its kind."""
    with pytest.raises(SealBroken):
        PIECES.open_text(PIECES.seal("ibu", "note", 1), *part)


def test_a_piece_opens_in_no_other_case():
    """Though the case has the same key, as two complaints of one person have."""
    other = CaseSeal(VAULT, KEY, "complaint:ADU-20261123-0002")
    with pytest.raises(SealBroken):
        other.open_text(PIECES.seal("ibu", "note", 1), "note", 1)
