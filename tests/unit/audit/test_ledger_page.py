"""A page of the ledger, without a database."""

from contracts.audit import LedgerEntry
from services.audit.domain import page


def test_a_page_goes_on_after_its_last_entry() -> None:
    """`last` is the greatest index of the page, `size` that of the whole ledger."""
    entries = (LedgerEntry(index=4, event={"id": "a"}), LedgerEntry(index=5, event={"id": "b"}))
    shown = page(entries, after=3, size=9)
    assert shown.entries == entries
    assert (shown.last, shown.size) == (5, 9)


def test_an_empty_page_goes_on_from_where_it_began() -> None:
    """A reader at the end asks again with the same index."""
    shown = page([], after=9, size=9)
    assert shown.entries == ()
    assert (shown.last, shown.size) == (9, 9)


def test_nobody_is_sent_back_below_the_first_entry() -> None:
    """Where somebody put one there and nothing else, a reader goes on and does not turn round."""
    assert page([LedgerEntry(index=-3, event={})], after=0, size=0).last == 1


def test_the_start_of_an_empty_ledger_is_zero() -> None:
    """Before the first event there is nothing to go on from."""
    assert page([], after=0, size=0).last == 0
