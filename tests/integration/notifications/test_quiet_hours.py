"""People are told in office hours, machines at once."""

from datetime import UTC, datetime

import pytest

from contracts import deadlines, verification
from contracts.envelope import Role
from tests.integration.notifications.desk import Desk

EVENING = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""Monday 23 November 2026, 20:00 in Banjarmasin."""
FRIDAY_EVENING = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
CHRISTMAS_EVE = datetime(2026, 12, 24, 2, 0, tzinfo=UTC)
"""A Thursday, and joint leave."""

PROMISE = {"clock": deadlines.ClockName.PROMISE, "step": None, "role": Role.DIVISION_HEAD}


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (EVENING, datetime(2026, 11, 23, 23, 30, tzinfo=UTC)),
        (FRIDAY_EVENING, datetime(2026, 11, 29, 23, 30, tzinfo=UTC)),
        (CHRISTMAS_EVE, datetime(2026, 12, 27, 23, 30, tzinfo=UTC)),
    ],
    ids=["evening", "friday", "holiday"],
)
def test_nobody_is_told_outside_office_hours_but_machines(desk, mails, receiver, now, opens):
    """The evening waits for the morning, Friday for Monday, a holiday for the day after."""
    desk.hook(receiver.url)
    desk.clock.set(now)
    desk.receive()
    desk.send()
    assert [body["event"] for body in receiver.bodies()] == ["request_received"]
    assert mails() == []
    assert desk.rows(way="email")[0].not_before == opens
    desk.clock.set(opens)
    desk.send()
    assert len(mails()) == 1


def test_a_holiday_that_was_declared_since_is_kept(tmp_path, smtp, mails):
    """The hours are looked at again when it is sent."""
    override = tmp_path / "office.toml"
    override.write_text("")
    desk = Desk(tmp_path, smtp_url=smtp.url, office_override=str(override))
    desk.clock.set(EVENING)
    desk.receive()
    override.write_text(
        '[[closed_days]]\ndate = 2026-11-24\nreason_id = "Banjir"\nreason_en = "Flood"\n'
    )
    desk.clock.move(hours=13)
    desk.send()
    assert mails() == []
    (row,) = desk.rows()
    assert row.not_before == datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    desk.close()


def test_a_reminder_is_not_told_once_its_time_has_passed(desk, mails):
    """Not when it is handled late, and not when it waited for the morning."""
    due = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    near = verification.DeadlineApproaching(**PROMISE, due=due)
    desk.clock.set(EVENING)
    desk.happen(near)
    desk.clock.move(hours=12)
    desk.happen(near)
    desk.send()
    (row,) = desk.rows()
    assert (row.state, row.last_error) == ("dropped", "too_late")
    assert mails() == []
