"""Examples of what documents and notifications publish about the three cases."""

from contracts.documents import DocumentIssued, DocumentKind, DocumentRevoked, PersonalDataRead
from contracts.envelope import SYSTEM
from contracts.examples.cases import (
    COMPLAINT,
    DATA_REQUEST,
    DIVISION_HEAD,
    VERIFICATION,
    Told,
    november,
)
from contracts.notifications import Audience, NotificationFailed, NotificationSent

TOLD = (
    Told(
        VERIFICATION,
        november(23, 11, 16),
        SYSTEM,
        DocumentIssued(
            kind=DocumentKind.VERIFICATION_LETTER,
            code="7Q4MX2KD9TRF3HNB",
            number="400.9/0007/SKHV/Dinsos-Bjm/XI/2026",
            sha256="2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
            size=48213,
            issued_at=november(23, 11, 16),
            self_made_certificate=True,
        ),
    ),
    Told(
        DATA_REQUEST,
        november(26, 15, 0),
        SYSTEM,
        DocumentRevoked(code="K2WPR6TB8XQ4MNDH", reason="superseded"),
    ),
    Told(
        VERIFICATION,
        november(23, 13, 5),
        DIVISION_HEAD,
        PersonalDataRead(purpose="case_handling", fields=("document",)),
    ),
    Told(
        VERIFICATION,
        november(20, 9, 13),
        SYSTEM,
        NotificationSent(
            notification="0199aa10-5c00-7000-8000-0000000000b1",
            audience=Audience.RESIDENT,
            way="email",
            occasion="request_received",
            attempts=1,
        ),
    ),
    Told(
        COMPLAINT,
        november(21, 14, 12),
        SYSTEM,
        NotificationFailed(
            notification="0199aa10-5c00-7000-8000-0000000000b2",
            audience=Audience.BOT,
            way="webhook",
            occasion="complaint_supplemented",
            attempts=10,
            reason="http_503",
        ),
    ),
)
