"""Where a case can stand, from the counter to the resident's hands."""

from enum import StrEnum


class Status(StrEnum):
    """Where a case stands, as callers see it."""

    RECEIVED = "received"
    RETURNED = "returned"
    IDENTIFIED = "identified"
    ANNOUNCED = "announced"
    REOFFERED = "reoffered"
    ASSIGNED = "assigned"
    VISITED = "visited"
    ASSESSED = "assessed"
    DECIDED = "decided"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be done."""
        return self in (Status.DELIVERED, Status.WITHDRAWN)


class Stage(StrEnum):
    """A status in the detail that decides what happens next and who is to do it."""

    RECEIVED = "received"
    RETURNED = "returned"
    IDENTIFIED = "identified"
    ANNOUNCED = "announced"
    REOFFERED = "reoffered"
    ASSIGNED = "assigned"
    NOBODY_HOME = "nobody_home"
    NEVER_HOME = "never_home"
    SENT_BACK = "sent_back"
    VISITED = "visited"
    ASSESSED = "assessed"
    DECIDED = "decided"
    LETTER_ISSUED = "letter_issued"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"

    @property
    def status(self) -> Status:
        """The status that this stage is part of."""
        return _PART_OF.get(self) or Status(self.value)


_PART_OF = {
    Stage.NOBODY_HOME: Status.ASSIGNED,
    Stage.NEVER_HOME: Status.ASSIGNED,
    Stage.SENT_BACK: Status.ASSIGNED,
    Stage.LETTER_ISSUED: Status.DECIDED,
}
