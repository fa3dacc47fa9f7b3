"""The kinds of case, told by the first letters of a tracking number."""

from gateway.stages import CaseKind

_PREFIXES = {
    CaseKind.ASSISTANCE_VERIFICATION: "VRF",
    CaseKind.DATA_REQUEST: "DTA",
    CaseKind.COMPLAINT: "ADU",
}
_KINDS = {prefix: kind for kind, prefix in _PREFIXES.items()}


def has_kind(tracking_number: str, kind: CaseKind) -> bool:
    """Whether the case is of that kind."""
    return tracking_number.startswith(f"{_PREFIXES[kind]}-")


def kind_of(tracking_number: str) -> CaseKind:
    """The kind that the number, which is one, speaks of."""
    return _KINDS[tracking_number[:3]]
