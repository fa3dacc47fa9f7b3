"""How a complainant wants to be told: each way once, with an address that fits it."""

import pytest

from casework.contacts import check_contacts
from contracts.envelope import Contact
from contracts.errors import InvalidFields


def errors_of(*contacts):
    """The fields that these (way, address) are refused for, with their codes."""
    given = [Contact(way=way, address=address) for way, address in contacts]
    with pytest.raises(InvalidFields) as refused:
        check_contacts(given)
    return [(error["field"], error["code"]) for error in refused.value.details["errors"]]


def test_each_way_has_its_form_of_address():
    """And none at all is a choice too."""
    check_contacts([])
    ways = {"email": "nur@contoh.example", "whatsapp": "+62 812-5000", "telegram": "-100200300"}
    check_contacts([Contact(way=way, address=address) for way, address in ways.items()])


@pytest.mark.parametrize(
    ("way", "address"),
    [
        ("email", "nobody"),
        ("email", "a b@c"),
        ("email", f"{'a' * 250}@b.example"),
        ("whatsapp", "Nur"),
        ("whatsapp", "0812\n"),
        ("telegram", "@nur"),
        ("telegram", ""),
    ],
)
def test_an_address_that_does_not_fit_its_way_is_refused(way, address):
    """A message would never arrive."""
    assert errors_of((way, address)) == [("notify.0.address", "wrong_format")]


def test_a_way_comes_once():
    """Which of two addresses would be meant?"""
    twice = errors_of(("whatsapp", "08125000"), ("whatsapp", "08125001"))
    assert twice == [("notify", "not_distinct")]
