import pytest

from standards.office import InvalidOfficeData, read_office

REASON = 'reason_id = "Sebab"\nreason_en = "Cause"\n'
HOURS = 'hours = { opens = "08:00", closes = "12:00", cutoff = "11:00" }\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("holiday = 1\n", "unknown key holiday"),
        ("not toml", "override.toml"),
        ('time_zone = "Asia/Singapore"\n', "time_zone"),
        ('joint_leave_stops_clock = "no"\n', "joint_leave_stops_clock"),
        (f"[[closed_days]]\ndate = 2026-12-31\n{HOURS}{REASON}", "unknown key hours"),
        ("[[closed_days]]\ndate = 2026-12-31\n", "lacks reason"),
        (f"[[closed_days]]\n{REASON}", "dates are written"),
        (f'[[closed_days]]\ndate = "2026-12-31"\n{REASON}', "dates are written"),
        (f"[[closed_days]]\ndate = 2026-12-31T00:00:00\n{REASON}", "dates are written"),
        (f"[[closed_days]]\ndate = 2026-12-31\nuntil = 2026-12-30\n{REASON}", "not a range"),
        (f"[[closed_days]]\ndate = 2026-12-31\nuntil = 9999-12-30\n{REASON}", "not a range"),
        (f"[closed_days]\ndate = 2026-12-31\n{REASON}", "double brackets"),
        ("closed_days = [1]\n", "not a table"),
        (f"[[closed_days]]\ndate = 2026-12-31\n{REASON}" * 2, "named twice"),
        (f"[[working_days]]\ndate = 2026-11-14\n{REASON}", "needs hours"),
        (f"[[special_hours]]\ndate = 2026-11-13\n{REASON}", "needs hours"),
        (
            f"[[closed_days]]\ndate = 2026-12-31\n{REASON}"
            f"[[working_days]]\ndate = 2026-12-31\n{REASON}",
            "both in closed_days",
        ),
        ("[[ramadan]]\nfrom = 2027-02-08\n[[ramadan]]\nstart = 2027-02-08\n", "unknown key start"),
        ('[hours]\nfunday = { opens = "08:00" }\n', "unknown key funday"),
        ("hours = 8\n", "hours: not a table"),
        ("[hours]\nfriday = 8\n", "hours.friday: not a table"),
        ('[hours]\nfriday = { opens = "08:00", closes = "12:00" }\n', "cutoff"),
        ('[hours]\nfriday = { opens = 8, closes = "12:00", cutoff = "11:00" }\n', "07:30"),
        ('[hours]\nfriday = { opens = "08:00:30", closes = "12:00", cutoff = "11:00" }\n', "07:30"),
        ('[hours]\nfriday = { opens = "12:00", closes = "08:00", cutoff = "11:00" }\n', "in order"),
        ('[hours]\nfriday = { opens = "08:00", closes = "12:00", cutoff = "13:00" }\n', "cut-off"),
        (
            '[hours]\nfriday = { opens = "08:00", closes = "12:00", cutoff = "11:00", '
            'break_starts = "10:00" }\n',
            "break needs",
        ),
    ],
)
def test_an_override_that_cannot_be_meant_is_refused(tmp_path, text, message):
    """A slip in the office's file stops the start with the entry's name, not the clock later."""
    path = tmp_path / "override.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidOfficeData, match=message):
        read_office(path)


def test_a_missing_override_file_is_an_error(tmp_path):
    """A file that was configured but is not there must not be taken for no changes."""
    with pytest.raises(FileNotFoundError):
        read_office(tmp_path / "nowhere.toml")
