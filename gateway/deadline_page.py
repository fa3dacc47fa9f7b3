"""The two clocks of a case as they are shown: the promise, explained, and the step that waits."""

from typing import Any

from contracts.envelope import DeadlinePause, DeadlineView
from gateway import texts
from gateway.case_view import CaseView, Change
from gateway.stages import CaseKind
from standards.catalogue import ServiceStandard
from standards.wording import PAUSE_REASONS, Text, moment_text


def deadline_page(case: CaseView, published: ServiceStandard | None) -> dict[str, Any] | None:
    """The promise with every day, pause and change; None while none is known.

    `in_time` is null until the promise has ended; `missed` once it has passed, unless it was moved
    ahead since.
    """
    deadline = case.deadline
    if deadline is None:
        return None
    promise = _text(published.time.text_id, published.time.text_en) if published else None
    text = _due_text(case.kind, deadline)
    return {
        **deadline.model_dump(mode="json"),
        "pauses": [_pause(pause) for pause in deadline.pauses],
        "changes": [_change(change) for change in case.changes],
        "missed": case.missed,
        "in_time": case.kept and case.kept.in_time,
        "promise": promise,
        "text": _text(text.id, text.en),
    }


def step_page(case: CaseView, published: ServiceStandard | None) -> dict[str, Any] | None:
    """The step that waits at the office, in the standard's words; None where none waits."""
    step = case.step
    if step is None:
        return None
    times = published.steps if published else ()
    words = {each.id: _text(each.text_id, each.text_en) for each in times}
    return {"id": step.step, "due": step.due.isoformat(), "text": words.get(step.step)}


def _pause(pause: DeadlinePause) -> dict[str, Any]:
    reason = PAUSE_REASONS.get(pause.reason_code)
    return {
        **pause.model_dump(mode="json"),
        "text": _text(reason.id, reason.en) if reason else None,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "at": change.at.isoformat(),
        "was": change.was.isoformat(),
        "due": change.due.isoformat(),
        "because": [day.model_dump(mode="json") for day in change.because],
    }


def _due_text(kind: CaseKind | None, deadline: DeadlineView) -> Text:
    if deadline.due is None:
        return texts.CLOCK_STOPPED
    words = texts.ANSWER_DUE if kind is CaseKind.COMPLAINT else texts.DUE
    return words.fill(moment=moment_text(deadline.due))


def _text(text_id: str, text_en: str) -> dict[str, str]:
    return {"id": text_id, "en": text_en}
