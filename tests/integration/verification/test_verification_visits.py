"""Visit reports are uploaded from the field, late and more than once."""

from datetime import timedelta, timezone

import pytest

from contracts.errors import ErrorCode
from contracts.verification import Photo, Position, VisitOutcome
from tests.integration.verification.desk import BUDI, HASAN, RINA, refused

WITA = timezone(timedelta(hours=8))

FULL = {
    "findings": "Dinding papan, lantai tanah.",
    "household_members": 5,
    "monthly_income_idr": 900_000,
    "photos": (Photo(attachment="a1", sha256="1" * 64), Photo(attachment="a2", sha256="2" * 64)),
    "position": Position(latitude=-3.3194, longitude=114.5908, accuracy_m=8.5),
}


def test_a_repeated_report_changes_nothing(desk):
    """Another key, the same visit id and content: the same reply, one visit, one event."""
    desk.go_to("assigned")
    visited_at = desk.clock.now()
    first = desk.report(visited_at=visited_at, **FULL)
    desk.clock.move(days=2)
    again = desk.report(visited_at=visited_at.astimezone(WITA), **FULL)
    assert again == first
    assert len(desk.emitted("visit_reported")) == 1
    (visit,) = desk.read().visits
    assert visit.reported_at == visited_at


@pytest.mark.parametrize("state", ["assessed", "decided", "delivered", "withdrawn"])
def test_a_report_repeated_after_the_case_has_moved_on_is_harmless(desk, state):
    """The telephone was out of reach until the decision; it gets the first reply."""
    desk.go_to("visited" if state == "withdrawn" else state)
    if state == "withdrawn":
        desk.withdraw()
    before = desk.names()
    assert desk.report(visited_at=desk.clock.now() - timedelta(minutes=30)).state == "visited"
    assert desk.row().state == state
    assert desk.names() == before


def test_nobody_home_reported_twice_counts_once(desk):
    """Otherwise three uploads would stand for three attempts."""
    desk.go_to("assigned")
    assert desk.nobody_home() == desk.nobody_home()
    row = desk.row()
    assert (row.attempts, row.absences) == (1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": VisitOutcome.NOBODY_HOME},
        {"findings": "Dinding beton."},
        {"household_members": 6},
        {"monthly_income_idr": None},
        {"photos": FULL["photos"][:1]},
        {"position": None},
        {"visited_at": True},
    ],
)
def test_the_same_id_with_other_content_is_a_conflict(desk, change):
    """Nothing is overwritten."""
    desk.go_to("assigned")
    visited_at = desk.clock.now()
    desk.report(visited_at=visited_at, **FULL)
    if "visited_at" in change:
        change = {"visited_at": visited_at - timedelta(seconds=1)}
    changed = {"visited_at": visited_at} | FULL | change
    refused(ErrorCode.VISIT_REPORT_CONFLICT, desk.report, **changed)
    assert desk.read().visits[0].findings == FULL["findings"]


def test_a_report_is_repeated_by_its_own_verifier_only(desk):
    """A colleague learns nothing from guessing an id."""
    desk.go_to("visited")
    refused(ErrorCode.NOT_THE_ASSIGNED_VERIFIER, desk.report, by=BUDI)


def test_two_cases_may_use_the_same_visit_id(desk):
    """The id is the client's own, and unique for its case."""
    other = "VRF-20261123-0002"
    desk.go_to("visited")
    desk.go_to("visited", other)
    assert [visit.visit for visit in desk.read(case=other).visits] == ["v1"]


def test_a_report_from_yesterday_tells_its_own_time(desk):
    """The event holds the time of the visit with the office's offset, and no findings."""
    desk.go_to("assigned")
    yesterday = desk.clock.now() - timedelta(days=1)
    desk.report(visited_at=yesterday, **FULL)
    (reported,) = desk.emitted("visit_reported")
    assert reported.data == {
        "visit": "v1",
        "outcome": "household_visited",
        "attempt": 1,
        "visited_at": "2026-11-22T09:00:00+08:00",
        "photos": 2,
        "step": {"step": "assessment", "due": "2026-11-23T10:00:00+08:00"},
    }
    assert (reported.actor, reported.actorrole) == ("staff:rina", "verifier")


def test_a_refused_report_leaves_no_trace(desk):
    """A report without findings is neither stored nor counted, so its id stays free."""
    desk.go_to("assigned")
    refused(ErrorCode.VALIDATION_FAILED, desk.report, findings=" ")
    assert desk.row().attempts == 0
    assert desk.report(by=RINA).state == "visited"


def test_the_detail_gives_back_what_was_reported(desk):
    """Everything that was sealed comes out as it went in."""
    desk.go_to("assigned")
    desk.report(**FULL)
    (visit,) = desk.read(by=HASAN).visits
    assert {field: getattr(visit, field) for field in FULL} == FULL
    assert visit.verifier == "rina"
