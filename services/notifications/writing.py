"""Writes a message: the words of `texts`, the blanks filled from the event and the standard."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts import complaints, data_request, deadlines, documents, intake
from contracts.envelope import DeadlineDay, EventData
from services.notifications.domain import Words
from services.notifications.texts import (
    CLOCK_STOPPED,
    CLOSING_RESIDENT,
    CLOSING_STAFF,
    LETTER_NAMES,
    MISSING,
    PLACES,
    WHOLE_CASE,
    WORDING,
)
from standards.calendar import WorkCalendar
from standards.catalogue import ServiceStandard, UnknownStandard, UnknownStep, load
from standards.published import Item
from standards.wording import Text, day_text, moment_text

STANDARDS = {"VRF": "aid_verification", "DTA": "data_request", "ADU": "complaint"}
"""The standard of a case, by the first letters of its number."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told; `words` tells machines what it is about."""

    words: Words
    subject: Text
    text: Text


class Writer:
    """Writes the messages of one case, in the words of its standard."""

    def __init__(
        self, case: str, standard: str | None, version: str | None, calendar: WorkCalendar
    ) -> None:
        self._case = case
        self._standard = _standard(case, standard, version)
        self._calendar = calendar

    def write(self, words: Words, data: EventData, *, staff: bool) -> Message:
        """The message on this event; `staff` tells to whom it goes."""
        wording = WORDING[words]
        closing = CLOSING_STAFF if staff else CLOSING_RESIDENT
        values = self._about_the_office() | self._about(data)
        number = Text(self._case, self._case)
        return Message(
            words=words,
            subject=number.then(Text(": ", ": ")).then(wording.subject),
            text=wording.text.then(closing).fill(number=number, **values),
        )

    def _about_the_office(self) -> dict[str, Text | int]:
        contact, complaining = self._standard.contact, self._standard.complaints
        reached = [channel for channel in complaining.channels if channel.address]
        channels = Text(
            ", ".join(f"{channel.text_id} {channel.address}" for channel in reached),
            ", ".join(f"{channel.text_en} {channel.address}" for channel in reached),
        )
        return {
            "service": Text(self._standard.title_id, self._standard.title_en),
            "office": Text(contact.office_id, contact.office_en),
            "phone": Text(contact.phone, contact.phone),
            "website": Text(contact.website, contact.website),
            "channels": channels,
        }

    def _about(self, data: EventData) -> dict[str, Text | int]:
        """The blanks that this event fills."""
        match data:
            case (
                intake.RequestReceived()
                | complaints.ComplaintReceived()
                | data_request.DataRequestApproved()
            ):
                return {"due": self._moment(data.deadline.due)}
            case intake.RequestReturned() | complaints.ComplaintChecked():
                return {
                    "items": _lines(self._requirement(item) for item in data.missing),
                    "place": PLACES.get(getattr(data, "referral", None) or "", Text("-", "-")),
                }
            case documents.DocumentIssued():
                return {"document": LETTER_NAMES.get(data.kind, Text("Surat", "The letter"))}
            case data_request.DataRequestRejected():
                return {"ground": self._ground(data.ground)}
            case complaints.ComplaintEscalated():
                return {"place": PLACES[data.to]}
            case complaints.ComplaintResolved():
                return {"until": self._moment(data.reopen_until)}
            case complaints.ComplaintCoordinated():
                return {"coordination": data.coordination}
            case deadlines.DeadlineChanged():
                return {"due": self._moment(data.due), "because": _because(data.because)}
            case deadlines.DeadlineApproaching() | deadlines.DeadlineMissed():
                return {"due": self._moment(data.due), "step": self._step(data.step)}
        return {}

    def _moment(self, moment: datetime | None) -> Text:
        return moment_text(self._calendar.local(moment)) if moment else CLOCK_STOPPED

    def _requirement(self, item: str) -> Text:
        if item in MISSING and self._standard.id == STANDARDS["ADU"]:
            return MISSING[item]
        for requirement in self._standard.requirements:
            itself = Item(requirement.id, requirement.text_id, requirement.text_en)
            for part in (itself, *requirement.any_of, *requirement.all_of):
                if part.id == item:
                    return Text(part.text_id, part.text_en)
        return Text(item, item)

    def _ground(self, ground: str) -> Text:
        release = self._standard.release
        for item in release.rejection_grounds if release else ():
            if item.id == ground:
                return Text(item.text_id, item.text_en)
        return Text(ground, ground)

    def _step(self, step: str | None) -> Text:
        if step is None:
            return WHOLE_CASE
        try:
            found = self._standard.step(step)
        except UnknownStep:
            return Text(step, step)
        return Text(found.text_id, found.text_en)


def _standard(case: str, standard: str | None, version: str | None) -> ServiceStandard:
    newest = STANDARDS.get(case[:3], STANDARDS["VRF"])
    try:
        return load(standard or newest, version)
    except UnknownStandard:  # a version that only the newer replicas know
        return load(newest)


def _lines(items: Iterable[Text]) -> Text:
    texts = [*items]
    return Text("\n".join(f"- {t.id}" for t in texts), "\n".join(f"- {t.en}" for t in texts))


def _because(days: Iterable[DeadlineDay]) -> Text:
    """The days that count otherwise now, a line each."""
    said = Text("", "")
    for day in days:
        on = day_text(day.date)
        said = said.then(Text(f"\n- {on.id}: {day.text_id}", f"\n- {on.en}: {day.text_en}"))
    return said
