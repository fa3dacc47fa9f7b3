"""The kinds of case, told by the first letters of a tracking number."""

DATA_REQUEST = "DTA"
COMPLAINT = "ADU"


def has_kind(tracking_number: str, kind: str) -> bool:
    """Whether the case is of that kind."""
    return tracking_number.startswith(f"{kind}-")
