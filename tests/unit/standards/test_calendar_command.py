"""`sigap calendar check`: the deadline of a date, explained."""

import json

import pytest
from typer.testing import CliRunner

from ops.cli import app
from standards.calendar import WorkCalendar


@pytest.fixture
def check():
    """Runs the command with those words, and with an override file if there is one."""

    def run(*words, override=None):
        path = str(override) if override else None
        env = {"SIGAP_OFFICE_OVERRIDE": path, "COLUMNS": "400"}
        return CliRunner().invoke(app, ["calendar", "check", *words], env=env)

    return run


def dues(answer):
    """Standard, working days and due moment of each promise in a JSON answer."""
    return [
        (each["standard"], each["deadline"]["working_days"], each["deadline"]["due"])
        for each in json.loads(answer.stdout)["promises"]
    ]


def complaint(answer):
    """What went wrong, in one line and without the frame around it."""
    return " ".join(answer.stderr.replace("│", " ").split())


@pytest.fixture
def flood(tmp_path):
    """An override file that closes 6 October 2026."""
    path = tmp_path / "office.toml"
    path.write_text(
        '[[closed_days]]\ndate = 2026-10-06\nreason_id = "Banjir"\nreason_en = "Flood"\n'
    )
    return path


def test_a_deadline_is_explained_in_both_languages(check):
    """Every day with its reason, in Indonesian and then in English."""
    answer = check("2026-10-09T15:01", "--standard", "aid_verification")

    assert answer.exit_code == 0
    lines = answer.stdout.splitlines()
    assert lines[0] == "aid_verification 2026-1"
    assert "Diterima: Jumat, 9 Oktober 2026 pukul 15.01 WITA" in lines
    assert "Batas waktu: Selasa, 13 Oktober 2026 pukul 16.00 WITA" in lines
    assert "- Saturday, 10 October 2026: Weekend: Saturday" in lines
    assert lines[-1] == "Due: Tuesday, 13 October 2026 at 16:00 WITA"


@pytest.mark.parametrize(
    ("moment", "received"),
    [
        ("2026-10-05", "2026-10-05T07:30:00+08:00"),
        ("2026-03-17", "2026-03-17T08:00:00+08:00"),
        ("2026-10-10", "2026-10-10T00:00:00+08:00"),
        ("2026-10-05T15:01", "2026-10-05T15:01:00+08:00"),
        ("2026-10-05T07:01Z", "2026-10-05T15:01:00+08:00"),
    ],
)
def test_a_date_means_the_opening_and_a_time_the_office_s(check, moment, received):
    """A day off has no opening; a moment of another zone is brought to the office's."""
    answer = check(moment, "--standard", "complaint", "--json")

    assert json.loads(answer.stdout)["promises"][0]["deadline"]["received_at"] == received


def test_without_a_standard_every_one_is_checked(check):
    """And one with a span of days at both of its ends."""
    assert dues(check("2026-10-05", "--json")) == [
        ("aid_verification", 1, "2026-10-06T16:00:00+08:00"),
        ("complaint", 3, "2026-10-08T16:00:00+08:00"),
        ("data_request", 3, "2026-10-08T16:00:00+08:00"),
        ("data_request", 14, "2026-10-23T16:30:00+08:00"),
    ]


def test_a_number_of_days_within_the_span_can_be_asked_for(check):
    """The division head sees what five days would mean."""
    answer = check("2026-10-05", "--standard", "data_request", "--days", "5", "--json")

    assert dues(answer) == [("data_request", 5, "2026-10-12T16:00:00+08:00")]
    promise = json.loads(answer.stdout)["promises"][0]
    assert promise["version"] == "2026-1"
    assert promise["explanation_id"].startswith("Diterima: Senin, 5 Oktober 2026")
    assert promise["explanation_en"].endswith("Due: Monday, 12 October 2026 at 16:00 WITA")


def test_the_office_s_override_is_honoured(check, flood, calendar):
    """The closed day moves the deadline, says why, and shows in the calendar's fingerprint."""
    answer = check("2026-10-05", "--standard", "aid_verification", "--json", override=flood)

    assert dues(answer) == [("aid_verification", 1, "2026-10-07T16:00:00+08:00")]
    assert "Kantor tutup: Banjir" in json.loads(answer.stdout)["promises"][0]["explanation_id"]
    told = json.loads(answer.stdout)["calendar"]
    assert told == WorkCalendar.load(flood).fingerprint != calendar.fingerprint


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["2026-13-01"], "'2026-13-01' is no date such as 2026-03-17"),
        (["tomorrow"], "'tomorrow' is no date"),
        (["9999-12-31"], "no calendar reaches 9999-12-31"),
        (["0001-01-01T00:00+14:00"], "no calendar reaches 0001-01-01"),
        (["2026-10-05", "--standard", "marriage"], "'marriage'; there are aid_verification,"),
        (["2026-10-05", "--days", "3"], "needs a standard"),
        (["2026-10-05", "--standard", "data_request", "--days", "2"], "promises 3 to 14"),
        (["2026-10-05", "--standard", "data_request", "--days", "15"], "promises 3 to 14"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(check, words, message):
    """Exit 2, with what was wrong and nothing on standard output."""
    answer = check(*words)

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert message in complaint(answer)


def test_an_override_that_cannot_be_read_says_why(check, flood, tmp_path):
    """A missing file and a wrong one are both the office's to mend."""
    flood.write_text("holiday = 1\n")

    for path, message in ((tmp_path / "nowhere.toml", "nowhere.toml"), (flood, "key holiday")):
        answer = check("2026-10-05", override=path)
        assert answer.exit_code == 2
        assert message in complaint(answer)
