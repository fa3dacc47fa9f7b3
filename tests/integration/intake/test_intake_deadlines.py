"""The promise and the identification run at intake, and end with the handover."""

from tests.integration.intake.counter import Counter, deadline_in
from tests.unit.casework.room import closes

DUE = "2026-11-24T16:00:00+08:00"


def test_the_identification_is_told_of_when_it_is_near_and_when_it_is_late(counter):
    """The counter officer has an hour; then the division head hears of it."""
    counter.received()
    counter.clock.move(minutes=45)
    assert counter.keep_deadlines() == ["deadline_approaching"]
    step = {"clock": "step", "step": "identification", "role": "counter_officer"}
    assert counter.last().data == step | {"due": "2026-11-23T10:00:00+08:00"}
    counter.clock.move(minutes=16)
    assert counter.keep_deadlines() == ["deadline_missed"]
    assert counter.last().data["escalate_to"] == "division_head"
    assert counter.keep_deadlines() == []


def test_a_handover_takes_the_promise_and_what_was_said_of_it_along(counter):
    """So that nothing is said twice; at intake the clocks stop."""
    case = counter.received()
    counter.clock.move(days=1, hours=6, minutes=30)
    told = [*counter.keep_deadlines()]
    assert told.count("deadline_approaching") == 2
    counter.identify(case)
    completed = counter.last()
    assert (completed.event_name, completed.data["told"]) == ("request_completed", ["approaching"])
    assert deadline_in(completed).due.isoformat() == "2026-11-24T16:00:00+08:00"
    counter.clock.move(days=30)
    assert counter.keep_deadlines() == []


def test_a_handover_carries_every_pause(counter):
    """The next service works the deadline out anew from them."""
    case = counter.received()
    for _ in range(2):
        counter.clock.move(minutes=30)
        counter.identify(case, resident=False)
        counter.clock.move(days=1)
        counter.supplement(case, notes="KTP baru")
    counter.identify(case)
    pauses = deadline_in(counter.last()).pauses
    assert [pause.reason_code for pause in pauses] == ["request_incomplete"] * 2
    assert all(pause.end is not None for pause in pauses)


def test_nothing_is_due_while_the_resident_completes_the_request(counter):
    """Neither the promise nor the identification; a supplement starts both again."""
    case = counter.received()
    counter.clock.move(minutes=10)
    counter.identify(case, resident=False)
    assert counter.last().data["step"] is None
    counter.clock.move(days=1)
    assert counter.keep_deadlines() == []
    counter.supplement(case, notes="KTP baru")
    due = "2026-11-24T10:10:00+08:00"
    assert counter.last().data["step"] == {"step": "identification", "due": due}
    counter.clock.move(minutes=61)
    assert counter.keep_deadlines() == ["deadline_approaching", "deadline_missed"]


def test_a_withdrawn_request_is_due_no_more(counter):
    """Whoever heard of the withdrawal first."""
    mine, theirs = counter.received(), counter.received()
    counter.withdraw(mine)
    counter.verification_withdrew(theirs)
    counter.clock.move(days=10)
    assert counter.keep_deadlines() == []


def test_the_page_shows_the_promise_that_was_made(counter):
    """At intake, and after the handover."""
    case = counter.received()
    assert counter.read(case).deadline.due.isoformat() == DUE
    counter.identify(case)
    assert counter.read(case).deadline.due.isoformat() == DUE


def test_a_calendar_edited_under_an_open_request_moves_its_promise(tmp_path):
    """Within the next run of the job, with the day that the office closed."""
    override = tmp_path / "override.toml"
    override.write_text("")
    counter = Counter(tmp_path, office_override=str(override))
    counter.received()
    counter.keep_deadlines()
    closes(override, "2026-11-24")
    assert counter.keep_deadlines() == ["deadline_changed"]
    assert counter.last().data["was"] == DUE
    assert deadline_in(counter.last()).due.isoformat() == "2026-11-25T16:00:00+08:00"
    counter.bench.close()
