"""What residents ask of the office: the bodies of the two kinds of request."""

import base64
import binascii
import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    RootModel,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from contracts.intake import (
    Address,
    Applicant,
    Channel,
    Purpose,
    Reporter,
    Requester,
    RequestKind,
    Sex,
    SubmitDataRequest,
    SubmitRequest,
)
from gateway.api.attachments import SMALL_PDF
from gateway.api.forms import (
    NO_CONTROL_CHARACTERS,
    AttachmentId,
    AttachmentIds,
    Count,
    Day,
    Email,
    Form,
    Line,
    Neighbourhood,
    Notify,
    Paragraphs,
    Phone,
    SixteenDigits,
    VillageCode,
    contacts_of,
    in_the_document,
)

FIRST_YEAR, LAST_YEAR = 1945, 2100
MOST_DATA_TYPES = 20
LONGEST_LETTER = 170_000
"""Signs of base64 that a JSON body has room for."""

EXAMPLE: dict[str, Any] = {
    "kind": "assistance_verification",
    "channel": "web",
    "purpose": "jamkesda",
    "target_institution": "RSUD Sultan Suriansyah",
    "applicant": {
        "name": "Siti Contoh",
        "nik": "6371034107900001",
        "family_card": "6371030101150001",
        "birth_date": "1990-07-01",
        "sex": "female",
        "phone": "0812 0000 0000",
    },
    "address": {
        "street": "Jl. Contoh No. 1",
        "rt": "12",
        "rw": "1",
        "village": "63.71.03.1003",
    },
    "notes": "Ibu akan menjalani operasi; keluarga belum terdaftar.",
    "attachments": [],
    "notify": [{"way": "whatsapp", "address": "0812 0000 0000"}],
}
DATA_EXAMPLE: dict[str, Any] = {
    "kind": "data_request",
    "channel": "web",
    "purpose": "academic_research",
    "use": "Penelitian skripsi tentang penerima bantuan sosial.",
    "data_types": ["Jumlah penerima bantuan per kelurahan"],
    "coverage": "Kecamatan Banjarmasin Barat",
    "years": [2024, 2025],
    "letter_file": base64.b64encode(SMALL_PDF.encode()).decode(),
    "requester": {
        "name": "Budi Contoh",
        "institution": "Universitas Contoh",
        "position": "Mahasiswa",
        "phone": "0812 0000 0001",
        "email": "budi@contoh.example",
    },
    "attachments": [],
    "notify": [{"way": "email", "address": "budi@contoh.example"}],
}


class ApplicantForm(Form):
    """The resident whose need is to be verified."""

    name: Line
    nik: SixteenDigits = Field(description="national identity number")
    family_card: SixteenDigits | None = Field(None, description="number of the family card (KK)")
    birth_date: Day | None = None
    sex: Sex | None = None
    phone: Phone | None = None
    email: Email | None = None


class AddressForm(Form):
    """Where the household lives."""

    street: Line
    rt: Neighbourhood | None = None
    rw: Neighbourhood | None = None
    village: VillageCode = Field(description="code from /v1/regions")


class ReporterForm(Form):
    """Who reports another's need; required on channel third_party."""

    name: Line
    phone: Phone | None = None
    relation: Line | None = None


class RequesterForm(Form):
    """Who asks for data, and the institution that they ask for."""

    name: Line
    institution: Line
    position: Line | None = None
    nik: SixteenDigits | None = None
    phone: Phone | None = None
    email: Email | None = None
    address: Line | None = None


AidPurpose = Literal[Purpose.CO_FUNDING, Purpose.JAMKESDA, Purpose.JAMPERSAL, Purpose.OTHER_AID]
SendingChannel = Annotated[
    Channel,
    Field(description="without signing in: web, bot or third_party; a counter officer: any"),
]


class RequestForm(Form):
    """A request to verify that a household needs aid."""

    kind: Literal["assistance_verification"]
    channel: SendingChannel = Channel.WEB
    purpose: AidPurpose
    target_institution: Line = Field(description="who needs the result")
    applicant: ApplicantForm
    address: AddressForm
    notes: Paragraphs | None = None
    reporter: ReporterForm | None = None
    attachments: AttachmentIds = ()
    notify: Notify = ()

    def command(self) -> SubmitRequest:
        """What intake is asked to register."""
        return SubmitRequest(
            kind=RequestKind(self.kind),
            channel=self.channel,
            purpose=self.purpose,
            target_institution=self.target_institution,
            applicant=Applicant(**dict(self.applicant)),
            address=Address(**dict(self.address)),
            notes=self.notes,
            reporter=Reporter(**dict(self.reporter)) if self.reporter else None,
            attachments=self.attachments,
            notify=contacts_of(self.notify),
        )


def _as_code(purpose: str) -> str:
    """`Political campaign` as political_campaign: whoever asks is answered, however they spell."""
    if not purpose:
        raise PydanticCustomError("missing", "the purpose is needed")
    return re.sub(r"[\s_-]+", "_", purpose.casefold())


AskedPurpose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=100),
    Field(pattern=NO_CONTROL_CHARACTERS),
    AfterValidator(_as_code),
]


class DataRequestForm(Form):
    """A request for social-welfare data: the letter, and what it has to state at least."""

    kind: Literal["data_request"]
    channel: SendingChannel = Channel.WEB
    purpose: AskedPurpose = Field(
        description=(
            "social_welfare_development or academic_research, in any spelling; the standard "
            "serves no other, and anything else is refused with `purpose_not_served`"
        )
    )
    use: Paragraphs = Field(description="purpose and use of the data, in words")
    data_types: tuple[Line, ...] = Field(min_length=1, max_length=MOST_DATA_TYPES)
    coverage: Line = Field(description="area or coverage of the data")
    years: tuple[Annotated[Count, Field(ge=FIRST_YEAR, le=LAST_YEAR)], ...] = Field(
        min_length=1, max_length=LAST_YEAR - FIRST_YEAR
    )
    letter_file: Annotated[str, Field(max_length=LONGEST_LETTER)] | None = Field(
        None, description="a short letter itself, in base64; one call does then"
    )
    letter: AttachmentId | None = Field(
        None,
        validate_default=True,
        description="the letter, uploaded before; required without `letter_file`",
    )
    requester: RequesterForm
    attachments: AttachmentIds = ()
    notify: Notify = ()

    @field_validator("letter_file")
    @classmethod
    def _is_base64(cls, letter_file: str | None) -> str | None:
        try:
            base64.b64decode(letter_file or "", validate=True)
        except (binascii.Error, ValueError):
            raise PydanticCustomError("wrong_format", "not base64") from None
        return letter_file

    @field_validator("letter")
    @classmethod
    def _is_given_once(cls, letter: str | None, info: ValidationInfo) -> str | None:
        if "letter_file" in info.data and letter is None and not info.data["letter_file"]:
            raise PydanticCustomError("missing", "the letter is needed")
        if letter is not None and info.data.get("letter_file"):
            raise PydanticCustomError("not_given_together", "one letter is enough")
        return letter

    def command(self, letter: str) -> SubmitDataRequest:
        """What intake is asked to register; `letter` is the id of the uploaded letter."""
        fields = {name: getattr(self, name) for name in _AS_THEY_ARE}
        return SubmitDataRequest(
            **fields,
            letter=letter,
            requester=Requester(**dict(self.requester)),
            notify=contacts_of(self.notify),
        )


_AS_THEY_ARE = ("channel", "purpose", "use", "data_types", "coverage", "years", "attachments")


class Submission(RootModel[Annotated[RequestForm | DataRequestForm, Field(discriminator="kind")]]):
    """One of the kinds of request."""

    model_config = in_the_document(
        {
            "example": {"summary": "Verification for Jamkesda", "value": EXAMPLE},
            "data_request": {"summary": "Data for academic research", "value": DATA_EXAMPLE},
        }
    )
