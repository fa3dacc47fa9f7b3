"""What a deadline says to residents and officers, in Indonesian and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

Language = Literal["id", "en"]

WEEKDAYS_ID = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_ID = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
ZONE_LABELS = {7: "WIB", 8: "WITA", 9: "WIT"}


@dataclass(frozen=True, slots=True)
class Text:
    """The same in both languages."""

    id: str
    en: str

    def fill(self, **values: "Text | int") -> "Text":
        """Put values in by name, each in its language."""
        return Text(
            *(
                template.format(**{name: _said(value, language) for name, value in values.items()})
                for template, language in ((self.id, "id"), (self.en, "en"))
            )
        )

    def then(self, other: "Text") -> "Text":
        """Both, one after the other."""
        return Text(self.id + other.id, self.en + other.en)


RECEIVED = Text("Hari penerimaan, tidak dihitung", "Day of receipt, not counted")
BEFORE_OPENING = Text(
    "Diterima sebelum kantor buka pukul {time}; hari penerimaan tidak dihitung",
    "Received before the office opens at {time}; the day of receipt is not counted",
)
AFTER_CUTOFF = Text(
    "Diterima setelah batas penerimaan pukul {time}; dianggap diterima hari kerja berikutnya",
    "Received after the intake cut-off at {time}; counts as received on the next working day",
)
CONSIDERED_RECEIVED = Text(
    "Dianggap diterima saat kantor buka pukul {time}; hari penerimaan tidak dihitung",
    "Counts as received when the office opens at {time}; the day of receipt is not counted",
)
WORKING_DAY = Text("Hari kerja ke-{number}", "Working day {number}")
REST_OF_DAY = Text("Sisa hari kerja ke-{number}", "Rest of working day {number}")
CHANGED_DAY = Text(" ({reason})", " ({reason})")
# By the kind of day.
DAYS_WITHOUT_WORK: Mapping[str, Text] = {
    "weekend": Text("Akhir pekan: {name}", "Weekend: {name}"),
    "national_holiday": Text("Hari libur nasional: {name}", "National holiday: {name}"),
    "joint_leave": Text("{name}", "{name}"),
    "override": Text("Kantor tutup: {name}", "Office closed: {name}"),
}
PAUSED = Text("Waktu layanan dihentikan: {reason}", "The clock is stopped: {reason}")
MINUTES_PAUSED = Text(
    "; {minutes} menit kerja tidak dihitung: {reason}",
    "; {minutes} working minutes not counted: {reason}",
)

# Why a clock may stop: the reason codes that a pause may carry.
PAUSE_REASONS: Mapping[str, Text] = {
    "clarification_requested": Text(
        "menunggu klarifikasi dari pemohon", "waiting for the applicant's clarification"
    ),
    "request_incomplete": Text(
        "menunggu kelengkapan persyaratan dari pemohon",
        "waiting for the applicant to complete the requirements",
    ),
    "complaint_incomplete": Text(
        "menunggu kelengkapan pengaduan dari pelapor",
        "waiting for the complainant to complete the complaint",
    ),
}


def day_text(day: date) -> Text:
    """ "Kamis, 19 Februari 2026", "Thursday, 19 February 2026"."""
    weekday, month = day.weekday(), day.month - 1
    return Text(
        f"{WEEKDAYS_ID[weekday]}, {day.day} {MONTHS_ID[month]} {day.year}",
        f"{WEEKDAYS_EN[weekday]}, {day.day} {MONTHS_EN[month]} {day.year}",
    )


def time_text(at: time | datetime) -> Text:
    """ "15.00", "15:00"."""
    return Text(f"{at:%H.%M}", f"{at:%H:%M}")


def moment_text(moment: datetime) -> Text:
    """The day and time with the zone's short name, from a moment with the office's offset."""
    offset = moment.utcoffset()
    hours = offset.total_seconds() // 3600 if offset is not None else None
    label = ZONE_LABELS.get(int(hours), "") if hours is not None else ""
    day, at = day_text(moment.date()), time_text(moment)
    return Text(f"{day.id} pukul {at.id} {label}", f"{day.en} at {at.en} {label}")


def _said(value: "Text | int", language: str) -> str:
    return str(getattr(value, language)) if isinstance(value, Text) else str(value)
