"""Dates, moments and numbers as Indonesian letters write them."""

from datetime import date, datetime, timedelta, timezone

from standards.wording import MONTHS_ID, WEEKDAYS_ID

OFFICE_TIME = timezone(timedelta(hours=8), "WITA")

_UNITS = (
    *("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    *("sepuluh", "sebelas"),
)


def date_text(day: date, *, weekday: bool = False) -> str:
    """`21 November 2026`, or `Sabtu, 21 November 2026` with the day of the week."""
    text = f"{day.day} {MONTHS_ID[day.month - 1]} {day.year}"
    return f"{WEEKDAYS_ID[day.weekday()]}, {text}" if weekday else text


def moment_text(moment: datetime) -> str:
    """`Sabtu, 21 November 2026, pukul 09.15 WITA`, in the office's time."""
    local = moment.astimezone(OFFICE_TIME)
    return f"{date_text(local.date(), weekday=True)}, pukul {local:%H.%M} WITA"


def day_in_words(day: date) -> str:
    """As minutes begin: `Senin tanggal dua puluh tiga bulan November tahun dua ribu ...`."""
    return (
        f"{WEEKDAYS_ID[day.weekday()]} tanggal {number_in_words(day.day)} "
        f"bulan {MONTHS_ID[day.month - 1]} tahun {number_in_words(day.year)}"
    )


def number_in_words(number: int) -> str:
    """The cardinal number, 0 to 9999; raises ValueError for another."""
    if not 0 <= number <= 9999:
        raise ValueError("only numbers from 0 to 9999 are written in words")
    if number < 12:
        return _UNITS[number]
    if number < 20:
        return f"{_UNITS[number - 10]} belas"
    if number < 100:
        return _joined(f"{_UNITS[number // 10]} puluh", number % 10)
    if number < 1000:
        hundreds = "seratus" if number < 200 else f"{_UNITS[number // 100]} ratus"
        return _joined(hundreds, number % 100)
    thousands = "seribu" if number < 2000 else f"{_UNITS[number // 1000]} ribu"
    return _joined(thousands, number % 1000)


def _joined(words: str, rest: int) -> str:
    return f"{words} {number_in_words(rest)}" if rest else words
