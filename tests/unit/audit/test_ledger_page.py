"""A page of the ledger, without a database."""

from services.audit.domain import page


def test_a_page_goes_on_after_its_last_entry() -> None:
    """`last` is the greatest index of the page, `size` that of the whole ledger."""
    shown = page([(4, '{"id":"a"}'), (5, '{"id":"b"}')], after=3, size=9)
    assert [(entry.index, entry.event) for entry in shown.entries] == [
        (4, {"id": "a"}),
        (5, {"id": "b"}),
    ]
    assert (shown.last, shown.size) == (5, 9)


def test_an_empty_page_goes_on_from_where_it_began() -> None:
    """A reader at the end asks again with the same index."""
    shown = page([], after=9, size=9)
    assert shown.entries == ()
    assert (shown.last, shown.size) == (9, 9)


def test_the_start_of_an_empty_ledger_is_zero() -> None:
    """Before the first event there is nothing to go on from."""
    assert page([], after=0, size=0).last == 0
