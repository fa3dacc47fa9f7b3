"""Examples of erasures, long after the three cases are closed."""

from contracts import complaints, data_request, documents, intake, verification
from contracts.envelope import Actor, Role
from contracts.examples.cases import COMPLAINT, DATA_REQUEST, VERIFICATION, Told, december

_OFFICER = Actor(id="staff:agus", role=Role.ADMINISTRATOR)
_WHY = "subject_request"

TOLD = (
    Told(VERIFICATION, december(28, 9, 0), _OFFICER, intake.PersonalDataErased(reason=_WHY)),
    Told(
        VERIFICATION,
        december(28, 9, 0),
        _OFFICER,
        verification.PersonalDataErased(
            reason=_WHY, photos=("5f2b8f0e-6a53-4f0e-9a86-0d3d2f6b7c11",)
        ),
    ),
    Told(DATA_REQUEST, december(28, 9, 0), _OFFICER, data_request.PersonalDataErased(reason=_WHY)),
    Told(COMPLAINT, december(28, 9, 0), _OFFICER, complaints.PersonalDataErased(reason=_WHY)),
    Told(
        VERIFICATION,
        december(28, 9, 0),
        _OFFICER,
        documents.PersonalDataErased(reason=_WHY, kept=1),
    ),
)
