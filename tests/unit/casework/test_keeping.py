"""Numbers, the log of reads, and files, apart from any service."""

import base64
import hashlib
from datetime import date

import pytest
from sqlalchemy import select

from casework.attachments import Attachments, is_attachment_id
from casework.numbering import is_tracking_number, next_tracking_number
from casework.readings import log_read
from chassis.vault import Vault
from contracts.envelope import RESIDENT, SYSTEM
from contracts.errors import ErrorCode, Refusal
from contracts.verification import PersonalDataRead
from tests.unit.casework.room import CASE, Attachment, DayCounter, Reading
from tests.unit.intake.samples import pdf

TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
VAULT = Vault({"k1": b"m" * 32}, b"i" * 32)


def test_numbers_count_by_prefix_and_day(room):
    """Each from 1, without gaps; they grow beyond four digits rather than start again."""
    with room.store.unit("test") as work:
        asked = [("VRF", TODAY), ("VRF", TODAY), ("DTA", TODAY), ("VRF", TOMORROW)]
        numbers = [next_tracking_number(work.session, DayCounter, *each) for each in asked]
        assert numbers == [
            *("VRF-20261123-0001", "VRF-20261123-0002"),
            *("DTA-20261123-0001", "VRF-20261124-0001"),
        ]
        work.session.get(DayCounter, ("VRF", TODAY)).value = 12344
        work.session.flush()
        assert next_tracking_number(work.session, DayCounter, "VRF", TODAY) == "VRF-20261123-12345"
    assert all(map(is_tracking_number, [*numbers, "VRF-20261123-12345"]))


@pytest.mark.parametrize("text", ["", "VRF-20261123-1", "XYZ-20261123-0001", f"{CASE}\x00"])
def test_what_cannot_be_a_number_is_none(text):
    """The database is never asked for it."""
    assert not is_tracking_number(text)
    assert not is_attachment_id(text)


def test_a_read_is_noted_and_published_in_one(room):
    """Who, in which role, why, when, which fields."""
    with room.store.unit("test", SYSTEM) as work:
        read = PersonalDataRead(purpose="letter", fields=("visits",))
        log_read(work, Reading, CASE, read)
    with room.store.reading() as session:
        [row] = session.scalars(select(Reading))
    assert (row.tracking_number, row.actor, row.role) == (CASE, "system", "system")
    assert (row.purpose, row.fields, row.read_at) == ("letter", ["visits"], room.clock.now())
    [event] = room.emitted()
    assert event.data == {"purpose": "letter", "fields": ["visits"]}


def test_a_read_that_met_nothing_is_no_read(room):
    """Neither noted nor published."""
    with room.store.unit("test", SYSTEM) as work:
        log_read(work, Reading, CASE, PersonalDataRead(purpose="letter", fields=()))
    with room.store.reading() as session:
        assert session.scalars(select(Reading)).all() == []
    assert room.emitted() == []


def files_in(work):
    return Attachments(work.session, VAULT, Attachment)


def test_a_file_is_kept_taken_listed_and_read(room):
    """And bears the hash of what was sent."""
    key = VAULT.new_key()
    with room.store.unit("test") as work:
        files = files_in(work)
        ref = files.keep(base64.b64encode(pdf()).decode(), work.now, staff=False)
        files.take((ref.id,), CASE, key)
    assert ref.sha256 == hashlib.sha256(pdf()).hexdigest()
    with room.store.unit("test") as work:
        files = files_in(work)
        assert files.refs(CASE) == (ref,)
        content = files.read(CASE, ref.id, key, RESIDENT)
    assert base64.b64decode(content.content) == pdf()


def test_a_missing_file_is_named_by_the_field_it_stands_in(room):
    """The first may stand in a field of its own; the others count from 0."""
    other = "8c8e1c0e-7d4b-4d0e-8b3a-0a4f6a1f2b3c"
    with room.store.unit("test") as work:
        files = files_in(work)
        kept = [
            files.keep(base64.b64encode(pdf()).decode(), work.now, staff=False).id for _ in "ab"
        ]
        for ids, first, place in (
            ((other, kept[0]), "letter", {"field": "letter"}),
            ((kept[0], other), "letter", {"field": "attachments", "index": 0}),
            ((kept[1], other), None, {"field": "attachments", "index": 1}),
        ):
            with pytest.raises(Refusal) as refused:
                files.take(ids, CASE, VAULT.new_key(), first=first)
            assert refused.value.code is ErrorCode.ATTACHMENT_NOT_FOUND
            assert refused.value.details == place
