"""What a resident may do with a case of theirs."""

import base64
import json
from typing import Annotated, Any

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import AfterValidator, Field
from werkzeug.exceptions import MethodNotAllowed

from chassis.retry import Unavailable
from contracts.complaints import (
    AnswerSurvey,
    Element,
    RateComplaint,
    ReopenComplaint,
    SupplementComplaint,
    WithdrawComplaint,
)
from contracts.data_request import (
    AnswerClarification,
    DownloadPackage,
    PackageContent,
    Side,
    SignHandover,
    WithdrawDataRequest,
)
from contracts.envelope import Command, ContactWay, Done
from contracts.errors import ErrorCode, Refusal
from contracts.intake import SupplementRequest, WithdrawRequest
from contracts.notifications import ChooseWays
from contracts.verification import WithdrawVerification
from gateway.answers import answer
from gateway.api.forms import (
    AttachmentIds,
    CasePath,
    Count,
    Form,
    Line,
    NothingForm,
    Paragraphs,
    Yes,
    distinct,
    with_example,
)
from gateway.api.status import present_status
from gateway.asking import ask, send
from gateway.kinds import has_kind
from gateway.problems import ApiProblem
from gateway.stages import CaseKind

api = APIBlueprint(
    "residents",
    __name__,
    url_prefix="/v1/status/<tracking_number>",
    abp_tags=[Tag(name="residents", description="What a resident may do with a case of theirs")],
)

MOST_EDITIONS = 10_000

ZIP: dict[Any, Any] = {
    "description": "The data package",
    "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
}

Edition = Annotated[Count, Field(ge=1, le=MOST_EDITIONS)]


class SupplementForm(Form):
    model_config = with_example(
        {"notes": "Kartu Keluarga yang baru sudah saya bawa ke loket.", "attachments": []},
        "What was missing, in words",
    )

    attachments: AttachmentIds = ()
    notes: Paragraphs | None = None


class ClarificationForm(Form):
    model_config = with_example(
        {"answer": "Data per kelurahan, tanpa nama penerima."}, "An answer to the question"
    )

    answer: Paragraphs


class RequesterSignatureForm(Form):
    model_config = with_example(
        {
            "name": "Budi Contoh",
            "position": "Mahasiswa",
            "institution": "Universitas Contoh",
            "edition": 1,
            "terms_accepted": True,
        },
        "The requester signs, and accepts the terms of use",
    )

    name: Line
    position: Line | None = None
    institution: Line | None = None
    edition: Edition = Field(description="of the package, as the status tells it")
    terms_accepted: Yes


class RatingForm(Form):
    model_config = with_example(
        {"score": 5, "words": "Ditanggapi dengan cepat."}, "Content with the answer"
    )

    score: Count = Field(ge=1, le=5, description="1 (bad) to 5 (good)")
    words: Paragraphs | None = None


class ReopeningForm(Form):
    model_config = with_example(
        {"words": "Masalahnya belum selesai."}, "Not content with the resolution"
    )

    words: Paragraphs


Score = Annotated[Count, Field(ge=1, le=4)]


class ScoresForm(Form):
    """The nine elements of PermenPANRB 14/2017, each 1 (bad) to 4 (good)."""

    requirements: Score
    procedure: Score
    time: Score
    fee: Score
    product: Score
    competence: Score
    conduct: Score
    complaint_handling: Score
    facilities: Score


class SurveyForm(Form):
    model_config = with_example(
        {"scores": {element.value: 4 for element in Element}, "words": "Petugasnya ramah."},
        "Content with everything",
    )

    scores: ScoresForm
    words: Paragraphs | None = None


class NotificationsForm(Form):
    model_config = with_example({"ways": []}, "No more messages")

    ways: Annotated[tuple[ContactWay, ...], AfterValidator(distinct)] = Field(
        max_length=len(ContactWay), description="of those given at submission; none is a choice too"
    )


@api.post("/withdrawal", responses={200: Done})
def withdraw(path: CasePath, body: NothingForm) -> Response:
    """Withdraw the case

    A request until it is decided on, a complaint until it is answered. Counter officers do it for
    requests, complaint officers for complaints.
    """
    case = path.tracking_number
    if has_kind(case, CaseKind.COMPLAINT):
        return answer(send(WithdrawComplaint(tracking_number=case)))
    if has_kind(case, CaseKind.DATA_REQUEST):
        return answer(_withdraw(case, WithdrawDataRequest(tracking_number=case)))
    return answer(_withdraw(case, WithdrawVerification(tracking_number=case)))


@api.post("/supplement", responses={200: Done})
def supplement(path: CasePath, body: SupplementForm) -> Response:
    """Send what was missing

    For a request that was returned, or a complaint that is incomplete; its clock runs again from
    now. A complaint's files are uploaded with `for=complaints`.
    """
    to_complaints = has_kind(path.tracking_number, CaseKind.COMPLAINT)
    command = SupplementComplaint if to_complaints else SupplementRequest
    return answer(send(command(tracking_number=path.tracking_number, **dict(body))))


@api.post("/clarification", responses={200: Done})
def clarify(path: CasePath, body: ClarificationForm) -> Response:
    """Answer the division head's question about a data request

    Its clock runs again from now.
    """
    case = _of_kind(CaseKind.DATA_REQUEST, path)
    return answer(send(AnswerClarification(tracking_number=case, answer=body.answer)))


@api.post("/handover", responses={200: Done})
def sign_handover(path: CasePath, body: RequesterSignatureForm) -> Response:
    """Sign the record of handover, as the requester

    Only for the newest edition of the package, and with the terms of use accepted.
    """
    case = _of_kind(CaseKind.DATA_REQUEST, path)
    return answer(send(SignHandover(tracking_number=case, side=Side.REQUESTER, **dict(body))))


@api.get("/package", responses={200: ZIP})
def download_package(path: CasePath) -> Response:
    """The data package

    Once both sides have signed; `package` of the status has its SHA-256. Each download is recorded:
    there is no HEAD, and no part or cached answer of it.
    """
    if request.method == "HEAD":
        raise MethodNotAllowed(["GET"])
    case = _of_kind(CaseKind.DATA_REQUEST, path)
    package: PackageContent = ask(DownloadPackage(tracking_number=case))
    response = Response(base64.b64decode(package.content), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"{case}.zip")
    return response


@api.post("/rating", responses={200: Done})
def rate(path: CasePath, body: RatingForm) -> Response:
    """Rate how a complaint was resolved"""
    case = _of_kind(CaseKind.COMPLAINT, path)
    return answer(send(RateComplaint(tracking_number=case, **dict(body))))


@api.post("/reopening", responses={200: Done})
def reopen(path: CasePath, body: ReopeningForm) -> Response:
    """Reopen a complaint

    Until `reopen_until` of the status; the promised time starts anew.
    """
    case = _of_kind(CaseKind.COMPLAINT, path)
    return answer(send(ReopenComplaint(tracking_number=case, words=body.words)))


@api.post("/survey", responses={200: Done})
def answer_survey(path: CasePath, body: SurveyForm) -> Response:
    """Answer the satisfaction survey

    For a closed case of any kind, once.
    """
    if not json.loads(present_status(path.tracking_number).body)["closed"]:
        raise ApiProblem(ErrorCode.CASE_STILL_OPEN)
    scores = {Element(name): score for name, score in body.scores}
    command = AnswerSurvey(tracking_number=path.tracking_number, scores=scores, words=body.words)
    return answer(send(command))


@api.post("/notifications", responses={200: Done})
def choose_notifications(path: CasePath, body: NotificationsForm) -> Response:
    """Choose how to be told

    Among the ways given at submission.
    """
    return answer(send(ChooseWays(tracking_number=path.tracking_number, ways=body.ways)))


def _of_kind(kind: CaseKind, path: CasePath) -> str:
    """The tracking number; raises ApiProblem illegal_move for a case of another kind."""
    if not has_kind(path.tracking_number, kind):
        raise ApiProblem(ErrorCode.ILLEGAL_MOVE)
    return path.tracking_number


def _withdraw(tracking_number: str, from_owner: Command) -> Done:
    """From intake, or by `from_owner` from the service that intake has handed the case over to."""
    done: Done
    try:
        done = send(WithdrawRequest(tracking_number=tracking_number))
    except Refusal as at_intake:
        if at_intake.code is not ErrorCode.ALREADY_HANDED_OVER:
            raise
    else:
        return done
    try:
        done = send(from_owner)
    except Refusal as at_owner:
        if at_owner.code is ErrorCode.CASE_NOT_FOUND:  # handed over, not yet there
            raise Unavailable(from_owner.service) from None
        raise
    return done
