"""How a resident wants to be told: sealed with the submission, read for a reason."""

import pytest

from contracts.envelope import SYSTEM, Contact
from contracts.errors import ErrorCode
from services.intake.models import PersonalDataReading
from tests.integration.intake.counter import UNKNOWN, refused

MAIL, CHAT = "nurhalizah@example.id", "628125000123"
WAYS = (Contact(way="email", address=MAIL), Contact(way="telegram", address=CHAT))


@pytest.fixture(params=["received", "apply"])
def submit(counter, request):
    """Both kinds of request take contacts."""
    return getattr(counter, request.param)


def test_the_ways_stand_in_the_event_and_the_addresses_in_no_clear_text(counter, submit, tmp_path):
    """Notifications know which way to go, and ask for the address when they go it."""
    case = submit(notify=WAYS)
    received = counter.bench.emitted("request_received")[0]
    assert received.data["notify"] == ["email", "telegram"]
    assert counter.contacts(case, SYSTEM) == WAYS
    bodies = "".join(event.model_dump_json() for event in counter.bench.emitted())
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("intake*"))
    for address in (MAIL, CHAT):
        assert address not in bodies
        assert address.encode() not in stored


def test_a_read_of_contacts_is_logged_and_published(counter, submit):
    """Who, and for which purpose."""
    case = submit(notify=WAYS)
    counter.contacts(case, SYSTEM)
    assert counter.last().data == {"purpose": "notification", "fields": ["contacts"]}
    [row] = counter.rows(PersonalDataReading)
    assert (row.tracking_number, row.role, row.fields) == (case, "system", ["contacts"])


def test_who_chose_no_way_is_told_in_none(counter, submit):
    """And nothing personal was read."""
    case = submit()
    assert counter.bench.emitted("request_received")[0].data["notify"] == []
    assert counter.contacts(case) == ()
    assert counter.rows(PersonalDataReading) == []


def test_contacts_of_an_unknown_case_are_not_there(counter):
    """The code is the same as everywhere."""
    with refused(ErrorCode.CASE_NOT_FOUND):
        counter.contacts(UNKNOWN)


def test_contacts_are_read_for_a_purpose(counter):
    """A code, because it is published."""
    case = counter.received(notify=WAYS)
    with refused(ErrorCode.VALIDATION_FAILED):
        counter.contacts(case, purpose="Bu Siti")


def test_an_address_that_fits_no_way_is_refused(counter):
    """Named by its place."""
    wrong = Contact(way="whatsapp", address=MAIL)
    with refused(ErrorCode.VALIDATION_FAILED) as refusal:
        counter.submit(notify=(wrong,))
    fault = {"field": "notify.0.address", "code": "wrong_format"}
    assert refusal.value.details == {"errors": [fault]}
