"""A calendar's fingerprint: the same for the same answers, whoever reads the file."""

import os
import subprocess
import sys

import pytest

from standards import calendar as calendar_module
from standards.calendar import WorkCalendar

REASON = 'reason_id = "Banjir"\nreason_en = "Flood"\n'
HOURS = '{ opens = "07:30", closes = "12:00", cutoff = "11:00" }'
RAMADAN_1447 = "[[ramadan]]\nfrom = 2026-02-19\nuntil = 2026-03-20\n"
RAMADAN_1448 = "[[ramadan]]\nfrom = 2027-02-08\nuntil = 2027-03-09\n"


@pytest.fixture
def fingerprint(tmp_path):
    """The fingerprint of the calendar with an override file of the given text."""

    def of(text):
        path = tmp_path / "override.toml"
        path.write_text(text, encoding="utf-8")
        return WorkCalendar.load(path).fingerprint

    return of


def closed(first, until=None, reason=REASON):
    """A closed day or range."""
    return f"[[closed_days]]\ndate = {first}\n" + (f"until = {until}\n" if until else "") + reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", "# nothing changes\n"),
        ("", 'time_zone = "Asia/Makassar"\njoint_leave_stops_clock = true\n'),
        ("", RAMADAN_1448 + RAMADAN_1447),
        (closed("2026-12-30", "2026-12-31"), closed("2026-12-31") + closed("2026-12-30")),
    ],
)
def test_it_is_equal_for_equal_answers(fingerprint, one, other):
    """However the office wrote them down."""
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    "text",
    [
        'time_zone = "Asia/Jakarta"\n',
        "joint_leave_stops_clock = false\n",
        f"[hours]\nfriday = {HOURS}\n",
        f"[ramadan_hours]\nfriday = {HOURS}\n",
        RAMADAN_1447,
        closed("2026-12-31"),
        closed("2026-12-30"),
        closed("2026-12-31", reason=REASON.replace("Flood", "Fire")),
        f"[[working_days]]\ndate = 2026-12-31\n{REASON}",
        f"[[special_hours]]\ndate = 2026-12-31\nhours = {HOURS}\n{REASON}",
    ],
)
def test_it_differs_where_an_answer_does(fingerprint, text):
    """A single day, hour, reason or rule is seen, and each of them apart from the others."""
    assert fingerprint(text) not in {fingerprint(""), fingerprint(closed("2026-12-29"))}


def test_it_differs_for_other_holidays(calendar, monkeypatch):
    """A newer library may know another decree."""
    monkeypatch.setattr(calendar_module, "version", lambda name: f"{name} of tomorrow")

    assert WorkCalendar.load().fingerprint != calendar.fingerprint


def test_it_is_the_same_in_every_process(calendar):
    """Another process, with other hashes of its own, finds the same."""
    script = "from standards.calendar import WorkCalendar as W; print(W.load().fingerprint)"
    answer = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        text=True,
        env=os.environ | {"PYTHONHASHSEED": "7"},
    )

    assert answer.stdout.strip() == calendar.fingerprint
    assert len(calendar.fingerprint) == 64
