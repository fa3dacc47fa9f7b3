"""The kinds of case, told by the first letters of a tracking number."""

from gateway.stages import CaseKind

VERIFICATION = "VRF"
DATA_REQUEST = "DTA"
COMPLAINT = "ADU"

_KINDS = {
    VERIFICATION: CaseKind.ASSISTANCE_VERIFICATION,
    DATA_REQUEST: CaseKind.DATA_REQUEST,
    COMPLAINT: CaseKind.COMPLAINT,
}


def has_kind(tracking_number: str, kind: str) -> bool:
    """Whether the case is of that kind."""
    return tracking_number.startswith(f"{kind}-")


def kind_of(tracking_number: str) -> CaseKind:
    """The kind that the number, which is one, speaks of."""
    return _KINDS[tracking_number[:3]]
