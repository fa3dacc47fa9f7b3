"""The office's own figures for its services: not published, and its own to change."""

from dataclasses import dataclass

from standards.published import Item


@dataclass(frozen=True, slots=True)
class FieldWork:
    """The figures for household visits: `max_visits` is how often one is visited at most."""

    max_visits: int


@dataclass(frozen=True, slots=True)
class StepTime:
    """How long one step of a service may take, and who hears of it.

    The time is in office minutes or in working days, one of the two. `approach_minutes`: how many
    office minutes before its end the actor is reminded; `escalate_to`: the role that is told when
    the step is missed. Raises ValueError when it has no time, two, or a reminder before it begins.
    """

    id: str
    actor_role: str
    text_id: str
    text_en: str
    approach_minutes: int
    escalate_to: str
    office_minutes: int | None = None
    working_days: int | None = None

    def __post_init__(self) -> None:
        times = [time for time in (self.office_minutes, self.working_days) if time is not None]
        if len(times) != 1 or times[0] < 1:
            raise ValueError(f"step {self.id} needs office_minutes or working_days, from 1")
        too_early = self.office_minutes is not None and self.approach_minutes >= self.office_minutes
        if self.approach_minutes < 0 or too_early:
            raise ValueError(f"step {self.id} is reminded of before it begins or after its end")


@dataclass(frozen=True, slots=True)
class ComplexityLevel:
    """One of the levels that a request may be found to have, and its working days."""

    id: str
    working_days: int
    text_id: str
    text_en: str


@dataclass(frozen=True, slots=True)
class ComplexityRule:
    """How many working days a data request gets within the published bounds.

    A level's days hold for `types_included` data types; each further one adds `days_per_type`.
    """

    levels: tuple[ComplexityLevel, ...]
    types_included: int
    days_per_type: int
    min_working_days: int
    max_working_days: int

    def working_days(self, level: str, data_types: int) -> int:
        """The promise for a request of that level for so many data types.

        Raises ValueError for an unknown level and for no data type.
        """
        if data_types < 1:
            raise ValueError("a data request asks for at least one data type")
        days = {each.id: each.working_days for each in self.levels}.get(level)
        if days is None:
            raise ValueError("there is no such level of complexity")
        days += max(data_types - self.types_included, 0) * self.days_per_type
        return min(max(days, self.min_working_days), self.max_working_days)


@dataclass(frozen=True, slots=True)
class DataRelease:
    """Under what conditions data leave the office.

    `smallest_cell`: counts of persons below it are not given; `terms`: what the applicant signs;
    `rejection_grounds`: what a request may be rejected for.
    """

    smallest_cell: int
    terms: tuple[Item, ...]
    rejection_grounds: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ComplaintFollowUp:
    """How a complaint is followed up.

    `reopen_working_days`: how long after its resolution it may be reopened;
    `internal_working_days`, `external_working_days`: how long a unit of the office or another
    institution has before it is reminded; `silent_reminders`: how many reminders stay without an
    answer before it is escalated. SP4N-LAPOR! forwards within `lapor_forward_working_days`, the
    agency answers within `lapor_answer_working_days`, and it is closed after `lapor_silence_days`
    calendar days without a word.
    """

    reopen_working_days: int
    internal_working_days: int
    external_working_days: int
    silent_reminders: int
    lapor_forward_working_days: int
    lapor_answer_working_days: int
    lapor_silence_days: int
