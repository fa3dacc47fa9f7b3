"""Where a case can stand, from the counter to the resident's hands."""

from enum import StrEnum


class CaseKind(StrEnum):
    """What a case is: a request of one of two kinds, or a complaint."""

    ASSISTANCE_VERIFICATION = "assistance_verification"
    DATA_REQUEST = "data_request"
    COMPLAINT = "complaint"


class Status(StrEnum):
    """Where a case stands, as callers see it."""

    RECEIVED = "received"
    WITHDRAWN = "withdrawn"
    # Aid verification.
    RETURNED = "returned"
    IDENTIFIED = "identified"
    ANNOUNCED = "announced"
    REOFFERED = "reoffered"
    ASSIGNED = "assigned"
    VISITED = "visited"
    ASSESSED = "assessed"
    DECIDED = "decided"
    DELIVERED = "delivered"
    # Data request.
    DISPOSITIONED = "dispositioned"
    CLARIFICATION_REQUESTED = "clarification_requested"
    IN_PREPARATION = "in_preparation"
    PREPARED = "prepared"
    SIGNED_BY_OFFICE = "signed_by_office"
    SIGNED_BY_REQUESTER = "signed_by_requester"
    HANDED_OVER = "handed_over"
    REJECTED = "rejected"
    # Complaint.
    INCOMPLETE = "incomplete"
    CHECKED = "checked"
    COORDINATING = "coordinating"
    RESPONDED = "responded"
    RESOLVED = "resolved"
    REDIRECTED = "redirected"

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be done, unless a complaint is reopened."""
        return self in _CLOSED


class Stage(StrEnum):
    """A status in the detail that decides what happens next and who is to do it."""

    RECEIVED = "received"
    WITHDRAWN = "withdrawn"
    # Aid verification.
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
    # Data request.
    DISPOSITIONED = "dispositioned"
    CLARIFICATION_REQUESTED = "clarification_requested"
    IN_PREPARATION = "in_preparation"
    PREPARED = "prepared"
    SIGNED_BY_OFFICE = "signed_by_office"
    SIGNED_BY_REQUESTER = "signed_by_requester"
    HANDED_OVER = "handed_over"
    REJECTED = "rejected"
    # Complaint.
    INCOMPLETE = "incomplete"
    CHECKED = "checked"
    COORDINATING = "coordinating"
    COORDINATED = "coordinated"
    RESPONDED = "responded"
    RESOLVED = "resolved"
    REDIRECTED = "redirected"

    @property
    def status(self) -> Status:
        """The status that this stage is part of."""
        return _PART_OF.get(self) or Status(self.value)


_PART_OF = {
    Stage.NOBODY_HOME: Status.ASSIGNED,
    Stage.NEVER_HOME: Status.ASSIGNED,
    Stage.SENT_BACK: Status.ASSIGNED,
    Stage.LETTER_ISSUED: Status.DECIDED,
    Stage.COORDINATED: Status.COORDINATING,
}
_CLOSED = frozenset(
    {
        Status.WITHDRAWN,
        Status.DELIVERED,
        Status.HANDED_OVER,
        Status.REJECTED,
        Status.RESOLVED,
        Status.REDIRECTED,
    }
)

STAGES: dict[CaseKind, tuple[Stage, ...]] = {
    CaseKind.ASSISTANCE_VERIFICATION: (
        Stage.RECEIVED,
        Stage.RETURNED,
        Stage.IDENTIFIED,
        Stage.ANNOUNCED,
        Stage.REOFFERED,
        Stage.ASSIGNED,
        Stage.NOBODY_HOME,
        Stage.NEVER_HOME,
        Stage.SENT_BACK,
        Stage.VISITED,
        Stage.ASSESSED,
        Stage.DECIDED,
        Stage.LETTER_ISSUED,
        Stage.DELIVERED,
        Stage.WITHDRAWN,
    ),
    CaseKind.DATA_REQUEST: (
        Stage.RECEIVED,
        Stage.DISPOSITIONED,
        Stage.CLARIFICATION_REQUESTED,
        Stage.IN_PREPARATION,
        Stage.PREPARED,
        Stage.SIGNED_BY_OFFICE,
        Stage.SIGNED_BY_REQUESTER,
        Stage.HANDED_OVER,
        Stage.REJECTED,
        Stage.WITHDRAWN,
    ),
    CaseKind.COMPLAINT: (
        Stage.RECEIVED,
        Stage.INCOMPLETE,
        Stage.CHECKED,
        Stage.COORDINATING,
        Stage.COORDINATED,
        Stage.RESPONDED,
        Stage.RESOLVED,
        Stage.REDIRECTED,
        Stage.WITHDRAWN,
    ),
}
"""The stages of each kind of case, in the order of its procedure."""
