"""Sealed data opens with its own key in its own context, and in no other way."""

import base64

import pytest
from pydantic import BaseModel

from chassis.seal import SealBroken, seal, unseal
from chassis.vault import DESTROYED, KEY_BYTES, KeyDestroyed, Vault
from contracts.errors import ErrorCode

NIK = "6371012345670001"


class Person(BaseModel):
    name: str
    nik: str


PERSON = Person(name="Siti Aminah", nik=NIK)


@pytest.fixture
def vault():
    return Vault({"k1": b"m" * KEY_BYTES}, b"i" * KEY_BYTES)


def test_what_was_sealed_opens_to_the_same(vault):
    """Bytes, text and models alike."""
    key = vault.new_key()
    assert vault.open(key, vault.seal(key, b"\x00\xff", "c"), "c") == b"\x00\xff"
    assert vault.open(key, vault.seal(key, "ibu", "c"), "c") == b"ibu"
    assert vault.open_model(key, vault.seal(key, PERSON, "c"), "c", Person) == PERSON


def test_sealed_data_shows_nothing_of_its_content(vault):
    """Nor do two seals of the same content look alike."""
    key = vault.new_key()
    first, second = (vault.seal(key, PERSON, "c") for _ in range(2))
    assert NIK.encode() not in first
    assert first != second


def test_the_wrong_context_does_not_open(vault):
    """A seal moved to another column or row says so instead of opening."""
    key = vault.new_key()
    sealed = vault.seal(key, PERSON, "request:VRF-1:applicant")
    with pytest.raises(SealBroken):
        vault.open(key, sealed, "request:VRF-2:applicant")


def test_swapped_rows_do_not_open(vault):
    """Each person has a key of their own, so neither opens the other's data."""
    mine, yours = vault.new_key(), vault.new_key()
    with pytest.raises(SealBroken):
        vault.open(yours, vault.seal(mine, PERSON, "c"), "c")


@pytest.mark.parametrize("damaged", ["k1.", "k1.!", "k2." + "A" * 80, "k1." + "A" * 80])
def test_without_the_key_the_data_is_gone(vault, damaged):
    """Whatever is left in the wrapped key's place opens nothing."""
    sealed = vault.seal(vault.new_key(), PERSON, "c")
    with pytest.raises(SealBroken):
        vault.open(damaged, sealed, "c")


def test_a_destroyed_key_says_that_the_person_is_erased(vault):
    """To who reads and to who writes: nothing more is stored about them."""
    sealed = vault.seal(vault.new_key(), PERSON, "c")
    for use in (vault.open, vault.seal):
        with pytest.raises(KeyDestroyed) as refusal:
            use(DESTROYED, sealed, "c")
        assert refusal.value.code is ErrorCode.PERSONAL_DATA_ERASED


def test_a_changed_byte_does_not_open(vault):
    """The cipher authenticates what it hides."""
    key = vault.new_key()
    sealed = bytearray(vault.seal(key, PERSON, "c"))
    sealed[-1] ^= 1
    with pytest.raises(SealBroken):
        vault.open(key, bytes(sealed), "c")


@pytest.mark.parametrize("sealed", [b"", b"short", b"n" * 12])
def test_what_is_no_seal_does_not_open(sealed):
    """A truncated column is a broken seal, not a crash."""
    with pytest.raises(SealBroken):
        unseal(b"k" * KEY_BYTES, sealed, "c")


def test_the_error_tells_the_kind_of_data_and_not_whose(vault):
    """The context holds a tracking number; the error is logged."""
    key = vault.new_key()
    with pytest.raises(SealBroken) as failure:
        vault.open(key, vault.seal(key, PERSON, "a"), "request:VRF-1:applicant")
    assert str(failure.value) == "request"
    assert failure.value.__suppress_context__


def test_a_new_master_key_wraps_new_keys_and_opens_old_ones(vault):
    """Keys are rotated without sealing everything anew."""
    old = vault.new_key()
    sealed = vault.seal(old, PERSON, "c")
    rotated = Vault({"k1": b"m" * KEY_BYTES, "k2": b"n" * KEY_BYTES}, b"i" * KEY_BYTES)
    assert rotated.open_model(old, sealed, "c", Person) == PERSON
    assert rotated.new_key().startswith("k2.")


def test_a_wrapped_key_does_not_hold_the_key_itself():
    """Whoever has the database alone has nothing."""
    master = b"m" * KEY_BYTES
    wrapped = Vault({"k1": master}, b"i" * KEY_BYTES).new_key().partition(".")[2]
    data_key = unseal(master, base64.b64decode(wrapped), "data-key")
    assert len(data_key) == KEY_BYTES
    assert data_key not in base64.b64decode(wrapped)


def test_a_blind_index_is_stable(vault):
    """The same value is found again, also by another process."""
    again = Vault({"k9": b"x" * KEY_BYTES}, b"i" * KEY_BYTES)
    assert vault.blind_index("nik", NIK) == again.blind_index("nik", NIK)


def test_a_blind_index_is_keyed_and_bound_to_its_field(vault):
    """Without the key nobody can try all NIKs; equal values of two fields do not meet."""
    other_key = Vault({"k1": b"m" * KEY_BYTES}, b"j" * KEY_BYTES)
    index = vault.blind_index("nik", NIK)
    assert index != other_key.blind_index("nik", NIK)
    assert index != vault.blind_index("kk", NIK)
    assert NIK not in index


def test_a_seal_is_a_nonce_a_ciphertext_and_a_tag():
    """12 + n + 16 bytes (NIST SP 800-38D): columns can be sized for it."""
    assert len(seal(b"k" * KEY_BYTES, b"1234", "c")) == 12 + 4 + 16
