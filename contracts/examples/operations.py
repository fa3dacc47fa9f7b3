"""Examples of what operators did about the cases."""

from contracts.envelope import Actor, Role
from contracts.examples.cases import COMPLAINT, VERIFICATION, Told, november
from contracts.operations import DeadLetterDiscarded, DeadLetterReplayed

_OPERATOR = Actor(id="staff:agus", role=Role.ADMINISTRATOR)

TOLD = (
    Told(
        VERIFICATION,
        november(23, 11, 30),
        _OPERATOR,
        DeadLetterReplayed(
            letter="0199aa10-5c00-7000-8000-000000000301",
            taker="documents",
            reason="unknown",
            error="services.documents.signing.CertificateExpired",
            attempts=5,
            buried_at=november(23, 11, 16),
        ),
    ),
    Told(
        COMPLAINT,
        november(23, 11, 40),
        _OPERATOR,
        DeadLetterDiscarded(
            letter="0199aa10-5c00-7000-8000-000000000302",
            taker="documents",
            reason="contract",
            error="pydantic_core._pydantic_core.ValidationError",
            attempts=1,
            buried_at=november(23, 11, 20),
        ),
    ),
)
