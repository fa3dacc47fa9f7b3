"""The findings in a person's own record, and what is left when their key is destroyed."""

import pytest

from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode
from contracts.intake import PersonalDataErased as RequestErased
from contracts.verification import Photo, ReadSubject, TeamDiscussion
from tests.integration.verification.desk import CASE, HASAN, refused
from tests.unsealing import opened, stored

OFFICER = Actor(id="agus", role=Role.ADMINISTRATOR)
ERASED = RequestErased(reason="subject_request")
FINDINGS = "Rumah kontrakan, lima jiwa."
PHOTOS = ("5f2b8f0e-6a53-4f0e-9a86-0d3d2f6b7c11", "9c7e1d6a-2b34-4c11-8d51-77f0a2c4b912")
MASTER = b"m" * 32


def record(desk, by=OFFICER, with_data=True):
    """What verification stores of the case."""
    return desk.ask(ReadSubject(tracking_numbers=(CASE,), with_data=with_data), by).cases


def readable(desk) -> bytes:
    """All that the master key, and what it opens, gives back."""
    with desk.store.engine.connect() as connection:
        return b"\n".join(content for _, content in opened(stored(connection), MASTER))


@pytest.fixture
def delivered(desk):
    """A case with all that is written in one."""
    desk.go_to("assigned")
    desk.report(photos=tuple(Photo(attachment=each, sha256="0" * 64) for each in PHOTOS))
    team = TeamDiscussion(participants=("Ibu Sari",), conclusion="Sepakat layak.")
    desk.assess(team_discussion=team)
    desk.decide()
    desk.issue()
    desk.hand_over()
    return desk


def test_the_record_holds_the_findings_and_the_look_is_recorded(delivered):
    """An outline is no read, and no desk may have either."""
    (outline,) = record(delivered, with_data=False)
    assert (outline.open, outline.data) == (False, None)
    assert delivered.emitted("personal_data_read") == []
    (case,) = record(delivered)
    assert case.data["visits"][0]["findings"] == FINDINGS
    (read,) = delivered.emitted("personal_data_read")
    assert (read.actor, read.data["purpose"]) == ("staff:agus", "subject_access")
    refused(ErrorCode.ACCESS_DENIED, record, delivered, by=HASAN)


@pytest.mark.parametrize("state", ["announced", "assigned", "visited", "assessed", "decided"])
def test_an_open_case_says_so(desk, state):
    """Until the result is delivered."""
    desk.go_to(state)
    assert [case.open for case in record(desk, with_data=False)] == [True]


def test_erased_nothing_can_be_read_again(delivered):
    """And who keeps the photos is told which they are."""
    assert FINDINGS.encode() in readable(delivered)
    delivered.tell(ERASED, CASE, OFFICER)
    assert readable(delivered) == b""
    refused(ErrorCode.PERSONAL_DATA_ERASED, delivered.read)
    (erased,) = delivered.emitted("personal_data_erased")
    assert erased.data == {"reason": "subject_request", "photos": list(PHOTOS)}
    assert erased.actor == "staff:agus"
    (case,) = record(delivered)
    assert (case.erased, case.data, case.state) == (True, None, "delivered")


def test_nothing_brings_it_back(delivered):
    """The event again, under the same id and another; and the whole story once more."""
    delivered.tell(ERASED, CASE, OFFICER, id="e1")
    for again in ("e1", "e2"):
        delivered.tell(ERASED, CASE, OFFICER, id=again)
    delivered.receive(id="r1")
    delivered.complete(id="c1")
    delivered.issue(id="i1")
    delivered.run_job("keep_deadlines")
    assert len(delivered.emitted("personal_data_erased")) == 1
    assert delivered.row().wrapped_key == ""
    refused(ErrorCode.PERSONAL_DATA_ERASED, delivered.read)


def test_an_erasure_that_overtakes_the_request_holds(desk):
    """The case is made without a key, and gets none later."""
    desk.tell(ERASED, CASE, OFFICER)
    desk.receive()
    desk.intake_withdraws()
    assert (desk.row().wrapped_key, desk.row().state) == ("", "withdrawn")


def test_another_services_case_is_not_made(desk):
    """A request for data has no findings."""
    desk.tell(ERASED, "DTA-20261123-0001", OFFICER)
    assert desk.row("DTA-20261123-0001") is None
