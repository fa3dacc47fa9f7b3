"""Intake hands a promise over to verification: nothing is said twice, nothing is forgotten."""

from datetime import UTC, datetime

import pytest

from tests.integration.intake.counter import Counter
from tests.integration.verification.desk import DUE, Desk
from tests.unit.casework.room import closes, name_of

WEDNESDAY_4_PM = "2026-11-25T16:00:00+08:00"
NEAR = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


class Both:
    """Both services, one clock, one override file; events are carried by hand."""

    def __init__(self, folder):
        self.override = folder / "override.toml"
        self.override.write_text("")
        self.counter = Counter(folder / "intake", office_override=str(self.override))
        self.desk = Desk(folder / "verification", office_override=str(self.override))
        self.desk.store.clock = self.desk.clock = self.clock = self.counter.clock
        self.case = self.counter.received()

    def keep_deadlines(self):
        """Both services' job."""
        self.counter.keep_deadlines()
        self.desk.run_job("keep_deadlines")

    def hand_over(self):
        """The counter finds it complete, and verification hears of it."""
        self.counter.identify(self.case)
        self.carry()

    def carry(self):
        """Bring the completion to verification."""
        self.desk.deliver(self.counter.last(), "on_request_completed")

    def told_of_the_promise(self):
        """By whom, what, and of which moment."""
        return [
            (event.source.rpartition("/")[2], name_of(event), event.data["due"])
            for event in self.counter.bench.emitted() + self.desk.emitted()
            if event.data.get("clock") == "promise"
        ]


@pytest.fixture
def both(tmp_path):
    both = Both(tmp_path)
    yield both
    both.counter.bench.close()
    both.desk.close()


def test_what_intake_has_said_verification_does_not_say_again(both):
    """Intake reminded of the promise; verification tells that it was missed, and no more."""
    both.clock.set(NEAR)
    both.keep_deadlines()
    both.hand_over()
    both.keep_deadlines()
    both.clock.set(DUE)
    both.keep_deadlines()
    both.clock.move(seconds=1)
    both.keep_deadlines()
    both.clock.move(days=3)
    both.keep_deadlines()
    due = DUE.astimezone(both.desk.emitted()[0].time.tzinfo).isoformat()
    assert both.told_of_the_promise() == [
        ("intake", "approaching", due),
        ("verification", "missed", due),
    ]


def test_what_became_due_on_the_way_is_told_where_it_arrives(both):
    """The event lay in a queue over the deadline: both are told there, in order."""
    both.counter.identify(both.case)
    both.clock.set(DUE)
    both.clock.move(hours=1)
    both.keep_deadlines()
    both.carry()
    both.keep_deadlines()
    told = [(source, name) for source, name, _ in both.told_of_the_promise()]
    assert told == [("verification", "approaching"), ("verification", "missed")]


def test_a_day_closed_while_the_event_was_on_its_way_moves_the_promise_there(both):
    """Intake worked it out, verification knows better, and says so before it announces."""
    both.counter.identify(both.case)
    closes(both.override, "2026-11-24")
    both.carry()
    both.keep_deadlines()
    assert [name_of(event) for event in both.desk.emitted()] == [
        "changed",
        "verification_announced",
    ]
    announced = both.desk.emitted("verification_announced")[0]
    assert announced.data["deadline"]["due"] == WEDNESDAY_4_PM


def test_a_decision_ends_what_intake_began(both):
    """The minutes count from the receipt; afterwards only the delivery is due."""
    both.clock.move(minutes=30)
    both.hand_over()
    case = both.case
    both.desk.claim(case=case)
    both.desk.report(case=case)
    both.desk.assess(case=case)
    both.clock.move(hours=2)
    both.desk.decide(case=case)
    [done] = both.desk.emitted("verification_done")
    assert (done.data["in_time"], done.data["working_minutes"]) == (True, 150)
    both.clock.move(days=9)
    both.keep_deadlines()
    assert both.told_of_the_promise() == []
    assert both.desk.emitted("deadline_missed")[-1].data["step"] == "delivery"
    both.desk.issue(case=case)
    both.desk.hand_over(case=case)
    both.clock.move(days=9)
    before = len(both.desk.emitted())
    both.keep_deadlines()
    assert len(both.desk.emitted()) == before
