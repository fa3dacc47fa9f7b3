"""The moves of an aid verification, in the order of the procedure."""

from typing import Annotated, Any, Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field

from contracts.envelope import Done, Role
from contracts.intake import IdentifyRequest, RequirementCheck
from contracts.verification import (
    AssessEligibility,
    AssignVerifier,
    ClaimVerification,
    DecideVerification,
    DeliverResult,
    DeliveryMethod,
    Outcome,
    Photo,
    Position,
    ReportVisit,
    TeamDiscussion,
    VisitOutcome,
)
from gateway.answers import answer
from gateway.api.forms import (
    AttachmentId,
    CasePath,
    Count,
    Form,
    Line,
    Moment,
    NothingForm,
    Number,
    Paragraphs,
    Sha256,
    StaffName,
    Yes,
    with_example,
)
from gateway.api.staff_names import known_staff
from gateway.asking import send

api = APIBlueprint(
    "verifications",
    __name__,
    url_prefix="/v1/verifications/<tracking_number>",
    abp_tags=[Tag(name="verifications", description="The moves of an aid verification")],
)

MAX_PHOTOS = 20
MAX_INCOME_IDR = 10**12


class CheckForm(Form):
    """One line of the checklist; the note goes to the resident."""

    requirement: Annotated[str, Field(pattern=r"^[a-z_]{1,64}$")]
    fulfilled: Yes
    note: Line | None = None


class IdentificationForm(Form):
    model_config = with_example(
        {
            "checklist": [
                {"requirement": "resident", "fulfilled": True},
                {"requirement": "identity_document", "fulfilled": True},
                {"requirement": "institution_documents", "fulfilled": True},
            ]
        },
        "Every requirement is fulfilled",
    )

    checklist: tuple[CheckForm, ...] = Field(min_length=1, max_length=50)


class AssignmentForm(Form):
    model_config = with_example({"verifier": "verifier"}, "The demo's verifier")

    verifier: StaffName = Field(description="user name of a verifier")


class PhotoForm(Form):
    """An attachment, with the hash that the camera's device computed."""

    attachment: AttachmentId
    sha256: Sha256


class PositionForm(Form):
    """WGS 84 degrees, and the receiver's accuracy in metres."""

    latitude: Number = Field(ge=-90, le=90)
    longitude: Number = Field(ge=-180, le=180)
    accuracy_m: Number = Field(ge=0, le=1_000_000)


class VisitReportForm(Form):
    model_config = with_example(
        {
            "visit": "visit-1",
            "outcome": "household_visited",
            "visited_at": "2026-11-20T09:30:00+08:00",
            "findings": "Rumah sewa, satu kamar; kepala keluarga bekerja harian.",
            "household_members": 4,
            "monthly_income_idr": 1200000,
            "photos": [],
            "position": {"latitude": -3.3186, "longitude": 114.5944, "accuracy_m": 8.5},
        },
        "A household was visited",
    )

    visit: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")] = Field(
        description="made by the client: the same report sent again changes nothing"
    )
    outcome: VisitOutcome
    visited_at: Moment
    findings: Paragraphs | None = Field(None, description="required when somebody was at home")
    household_members: Count | None = Field(None, ge=0, le=100)
    monthly_income_idr: Count | None = Field(None, ge=0, le=MAX_INCOME_IDR)
    photos: tuple[PhotoForm, ...] = Field((), max_length=MAX_PHOTOS)
    position: PositionForm | None = None


class TeamDiscussionForm(Form):
    participants: tuple[Line, ...] = Field(min_length=1, max_length=30)
    conclusion: Paragraphs


class AssessmentForm(Form):
    model_config = with_example(
        {
            "recommendation": "eligible",
            "grounds": "Penghasilan di bawah garis kemiskinan kota.",
        },
        "Eligible, without a team discussion",
    )

    recommendation: Outcome
    grounds: Paragraphs
    team_discussion: TeamDiscussionForm | None = None


class DecisionForm(Form):
    model_config = with_example(
        {"decision": "eligible", "grounds": "Sesuai rekomendasi pekerja sosial."},
        "Eligible",
    )

    decision: Literal["eligible", "not_eligible", "send_back"]
    grounds: Paragraphs


class DeliveryForm(Form):
    model_config = with_example({"delivery": "oral"}, "Told at the counter")

    delivery: DeliveryMethod


@api.post("/identification", responses={200: Done})
def identify(path: CasePath, body: IdentificationForm) -> Response:
    """Judge every requirement (step 2)

    All fulfilled: the request goes on to verification. Otherwise it is returned to the resident,
    and its clock pauses.
    """
    checklist = tuple(RequirementCheck(**dict(line)) for line in body.checklist)
    return _move(IdentifyRequest(tracking_number=path.tracking_number, checklist=checklist))


@api.post("/claim", responses={200: Done})
def claim(path: CasePath, body: NothingForm) -> Response:
    """Take an announced case (step 3)

    For a verifier designated for one of the districts that it is offered to. The first wins.
    """
    return _move(ClaimVerification(tracking_number=path.tracking_number))


@api.post("/assignment", responses={200: Done})
def assign(path: CasePath, body: AssignmentForm) -> Response:
    """Appoint a verifier (step 3)"""
    known_staff(body.verifier, "verifier", "unknown_verifier", Role.VERIFIER)
    return _move(AssignVerifier(tracking_number=path.tracking_number, verifier=body.verifier))


@api.post("/visit-report", responses={200: Done})
def report_visit(path: CasePath, body: VisitReportForm) -> Response:
    """Report a visit, or that nobody was home (step 4)

    Also later, from the field: `visit` makes a repeated upload harmless.
    """
    fields: dict[str, Any] = dict(body)
    fields["photos"] = tuple(Photo(**dict(photo)) for photo in body.photos)
    fields["position"] = Position(**dict(body.position)) if body.position else None
    return _move(ReportVisit(tracking_number=path.tracking_number, **fields))


@api.post("/assessment", responses={200: Done})
def assess(path: CasePath, body: AssessmentForm) -> Response:
    """Recommend, with grounds (step 5)"""
    fields: dict[str, Any] = dict(body)
    team = body.team_discussion
    fields["team_discussion"] = TeamDiscussion(**dict(team)) if team else None
    return _move(AssessEligibility(tracking_number=path.tracking_number, **fields))


@api.post("/decision", responses={200: Done})
def decide(path: CasePath, body: DecisionForm) -> Response:
    """Decide, or send back for another visit (step 5)"""
    return _move(DecideVerification(tracking_number=path.tracking_number, **dict(body)))


@api.post("/delivery", responses={200: Done})
def deliver(path: CasePath, body: DeliveryForm) -> Response:
    """Record that the resident has the result, orally and/or as a letter (step 6)"""
    return _move(DeliverResult(tracking_number=path.tracking_number, delivery=body.delivery))


def _move(command: Any) -> Response:
    done: Done = send(command)
    return answer(done)
