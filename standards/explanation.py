"""A deadline in readable lines, for a resident or an officer."""

from standards.deadline import Deadline, Pause
from standards.wording import Language, Text, day_text, moment_text

_RECEIVED = Text("Diterima: {moment}", "Received: {moment}")
_STARTS = Text("Dianggap diterima: {moment}", "Counts as received: {moment}")
_PROMISE = Text("Waktu layanan: {number} hari kerja", "Time promised, in working days: {number}")
_STEP = Text("- {day}: {step}", "- {day}: {step}")
_PAUSE = Text("Dihentikan {start} sampai {end}: {reason}", "Stopped {start} to {end}: {reason}")
_OPEN_PAUSE = Text("Dihentikan sejak {start}: {reason}", "Stopped since {start}: {reason}")
_DUE = Text("Batas waktu: {moment}", "Due: {moment}")
_NOT_RUNNING = Text(
    "Batas waktu ditetapkan setelah waktu layanan berjalan kembali",
    "The deadline is set when the clock runs again",
)


def explain(deadline: Deadline, language: Language) -> str:
    """Receipt, every day counted or not and why, every pause, and the due moment, a line each."""
    lines = [_RECEIVED.fill(moment=moment_text(deadline.received_at))]
    if deadline.starts != deadline.received_at:
        lines.append(_STARTS.fill(moment=moment_text(deadline.starts)))
    lines.append(_PROMISE.fill(number=deadline.working_days))
    for step in deadline.steps:
        lines.append(_STEP.fill(day=day_text(step.date), step=Text(step.text_id, step.text_en)))
    lines.extend(_pause_line(pause) for pause in deadline.pauses)
    lines.append(_DUE.fill(moment=moment_text(deadline.due)) if deadline.due else _NOT_RUNNING)
    return "\n".join(line.id if language == "id" else line.en for line in lines)


def _pause_line(pause: Pause) -> Text:
    start = moment_text(pause.start)
    if pause.end is None:
        return _OPEN_PAUSE.fill(start=start, reason=pause.reason)
    return _PAUSE.fill(start=start, end=moment_text(pause.end), reason=pause.reason)
