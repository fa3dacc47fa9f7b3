"""What the complainant does with an answer: rates, reopens, or no longer wants one."""

from datetime import timedelta

import pytest

from contracts.envelope import DeadlineView
from contracts.errors import ErrorCode
from tests.integration.complaints.desk import (
    refused,
    refused_fields,
)
from tests.integration.complaints.moments import office


@pytest.mark.parametrize(("closed", "second"), [(False, 0), (True, 0), (True, -1)])
def test_a_complaint_is_reopened_up_to_the_minute(desk, closed, second):
    """Ten working days after the resolution, to the close of the office; rated or not."""
    desk.go_to("closed" if closed else "resolved")
    assert desk.last("complaint_resolved")["reopen_until"] == office(37, 16).isoformat()
    desk.clock.set(office(37, 16) + timedelta(seconds=second))
    assert desk.reopen().state == "checked"
    reopened = desk.last("complaint_reopened")
    assert reopened["number"] == 1
    assert reopened["step"]["step"] == "response"


@pytest.mark.parametrize("state", ["resolved", "closed"])
def test_a_minute_later_it_is_too_late(desk, state):
    """It may still be rated."""
    desk.go_to(state)
    desk.at(office(37, 16, 1))
    refused(ErrorCode.REOPENING_TOO_LATE, desk.reopen)
    assert desk.row().state == state
    assert "deadline_approaching" not in desk.names()
    if state == "resolved":
        assert desk.rate().state == "closed"


def test_a_reopened_complaint_is_promised_anew(desk):
    """Three working days from the reopening; the second answer is judged by that."""
    desk.go_to("closed")
    desk.clock.set(office(30, 9))
    assert refused_fields(desk.reopen, words="") == [("words", "required")]
    desk.reopen()
    deadline = DeadlineView.model_validate(desk.last("complaint_reopened")["deadline"])
    assert (deadline.received_at, deadline.due) == (office(30, 9), office(33, 16))
    assert desk.read().score is None
    desk.clock.set(office(33, 16))
    desk.respond(response="Kami antar sendiri.")
    responded = desk.last("complaint_responded")
    assert (responded["number"], responded["in_time"]) == (2, True)
    desk.resolve()
    assert desk.rate(3).state == "closed"
    assert desk.read().score == 3


def test_a_complaint_is_rated_once(desk):
    """A second rating is refused by its own name."""
    desk.go_to("closed")
    refused(ErrorCode.ALREADY_ANSWERED, desk.rate)
    assert len(desk.emitted("complaint_rated")) == 1


@pytest.mark.parametrize("state", ["received", "incomplete", "checked", "coordinating"])
def test_a_complaint_is_withdrawn_until_it_is_answered(desk, state):
    """Nothing is told of it any more, and nobody is reminded."""
    desk.go_to(state)
    assert desk.withdraw().state == "withdrawn"
    before = desk.names()
    desk.at(office(45, 9))
    assert desk.names() == before


@pytest.mark.parametrize("state", ["responded", "resolved", "closed", "redirected", "withdrawn"])
def test_an_answered_complaint_is_not_withdrawn(desk, state):
    """It is over, or it is to be resolved."""
    desk.go_to(state)
    refusal = refused(ErrorCode.ILLEGAL_MOVE, desk.withdraw)
    assert refusal.details["state"] == state
