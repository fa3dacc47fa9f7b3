"""What was written in a request for data: in the requester's record, and once it is erased."""

import hmac

import pytest

from contracts.data_request import ReadSubject
from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode
from contracts.intake import PersonalDataErased as RequestErased
from tests.integration.data_request.desk import (
    CASE,
    HASAN,
    NOTE,
    SOURCE,
    STUDENT,
    UNIVERSITY,
    refused,
)
from tests.unsealing import opened, reply_key, stored

OFFICER = Actor(id="agus", role=Role.ADMINISTRATOR)
ERASED = RequestErased(reason="subject_request")
TABLE = "Rekapitulasi"
MASTER = b"m" * 32


def record(desk, by=OFFICER, with_data=True):
    """What is stored of the case."""
    return desk.ask(ReadSubject(tracking_numbers=(CASE,), with_data=with_data), by).cases


def readable(desk) -> bytes:
    """All that the keys give back, the one of the kept replies too."""
    replies = reply_key(desk.store._digest_key)
    with desk.store.engine.connect() as connection:
        found = opened(stored(connection), MASTER, replies)
        return b"\n".join(content for _, content in found)


def test_the_record_holds_what_was_written(desk):
    """Without the tables: they are not about the requester."""
    desk.go_to("handed_over")
    (case,) = record(desk)
    assert case.data["disposition_note"] == NOTE
    assert STUDENT in str(case.data["signatures"])
    assert case.withheld == ("tables",)
    (read,) = desk.emitted("personal_data_read")
    assert read.data["purpose"] == "subject_access"
    refused(ErrorCode.ACCESS_DENIED, record, desk, by=HASAN)


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        ("received", True),
        ("clarification", True),
        ("prepared", True),
        ("handed_over", False),
        ("rejected", False),
        ("withdrawn", False),
    ],
)
def test_whether_it_is_open(desk, state, is_open):
    """Until the data are handed over, refused, or no longer wanted."""
    desk.go_to(state)
    assert [case.open for case in record(desk, with_data=False)] == [is_open]


def test_erased_nothing_can_be_read_again(desk):
    """Not the package either, and not the kept replies that tell what its tables hold."""
    desk.go_to("in_preparation")
    desk.upload(name=TABLE)
    for step in (desk.build, desk.sign_for_office, desk.sign_as_requester):
        desk.clock.move(minutes=5)
        step()
    before = readable(desk)
    for said in (NOTE, STUDENT, UNIVERSITY, SOURCE, TABLE):
        assert said.encode() in before
    desk.tell(ERASED, CASE, OFFICER)
    after = readable(desk)
    for said in (NOTE, STUDENT, UNIVERSITY, SOURCE, TABLE):
        assert said.lower().encode() not in after.lower()
    refused(ErrorCode.PERSONAL_DATA_ERASED, desk.read)
    refused(ErrorCode.PERSONAL_DATA_ERASED, desk.download)
    (case,) = record(desk)
    assert (case.erased, case.data) == (True, None)


def test_the_register_goes_on_without_the_name(desk):
    """What was given stays known by its hash; the others are as they were."""
    other = "DTA-20261123-0002"
    desk.go_to("handed_over")
    desk.clock.move(hours=1)
    desk.go_to("handed_over", other)
    desk.tell(ERASED, CASE, OFFICER)
    newer, erased = desk.register().entries
    assert (newer.tracking_number, newer.recipient) == (other, STUDENT)
    assert (erased.recipient, erased.institution, erased.files) == (None, None, ())
    assert len(erased.package_sha256) == 64


def test_nothing_brings_it_back(desk):
    """The event again, and the request once more."""
    desk.go_to("rejected")
    for again in ("e1", "e1", "e2"):
        desk.tell(ERASED, CASE, OFFICER, id=again)
    desk.complete(id="c2")
    desk.intake_withdraws(id="w2")
    assert len(desk.emitted("personal_data_erased")) == 1
    assert desk.row().wrapped_key == ""


def test_the_key_of_the_replies_is_the_one_that_they_are_kept_under(desk):
    """Else the search above would find nothing in them and be content."""
    desk.go_to("prepared")
    assert hmac.compare_digest(reply_key(desk.store._digest_key), desk.store._reply_key)
