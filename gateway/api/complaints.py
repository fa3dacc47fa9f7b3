"""Complaints: made by anyone, handled by the complaint officers and the heads."""

from http import HTTPStatus
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from contracts.complaints import (
    CheckComplaint,
    ComplaintChannel,
    ComplaintRegistered,
    CoordinateComplaint,
    CoordinationAsked,
    EscalateComplaint,
    ExportLapor,
    LaporRecord,
    ReconcileLapor,
    RecordAnswer,
    ResolveComplaint,
    RespondComplaint,
)
from contracts.envelope import Command, DeadlineView, Done
from contracts.errors import ErrorCode
from gateway import refusals
from gateway.access import access_code_opens, caller
from gateway.answers import answer
from gateway.api.complaint_forms import (
    AnswerForm,
    ComplaintCheckForm,
    ComplaintForm,
    CoordinationForm,
    EscalationForm,
    LaporForm,
    ResolutionForm,
    ResponseForm,
)
from gateway.api.forms import CasePath, PurposeCode
from gateway.api.requests import Links
from gateway.api.staff_names import known_staff
from gateway.asking import ask, send
from gateway.context import here
from gateway.field_errors import FieldError, field_error
from gateway.problems import ApiProblem
from gateway.spreadsheets import FormatQuery, in_asked_format, with_csv
from gateway.status import status_of
from gateway.visibility import hidden_from

api = APIBlueprint(
    "complaints",
    __name__,
    url_prefix="/v1/complaints",
    abp_tags=[Tag(name="complaints", description="Complaints, and how they are handled")],
)

CASE = "/<tracking_number>"


class CoordinationPath(CasePath):
    coordination: int = Field(json_schema_extra={"example": 1})


class LaporQuery(FormatQuery):
    purpose: PurposeCode = Field(
        "lapor_entry", description="why personal data is read; stands in the log of reads"
    )


class RegisteredComplaint(BaseModel):
    """The receipt of a complaint. The same key and body give the same receipt."""

    tracking_number: str
    access_code: str = Field(description="ten signs; opens the status with X-Access-Code")
    deadline: DeadlineView
    links: Links


class ExportedComplaint(LaporRecord):
    """A complaint as it is entered at LAPOR!, both deadlines side by side."""

    model_config = with_csv()


@api.post("", responses={201: RegisteredComplaint})
def submit_complaint(body: ComplaintForm) -> Response:
    """Complain, or suggest something

    Registers it and promises a response. No fee is taken for anything.
    """
    errors = _errors_for_staff(body) if caller().is_staff else _errors_for_anyone(body)
    if errors:
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors)
    registered: ComplaintRegistered = send(body.command())
    receipt = RegisteredComplaint(
        tracking_number=registered.tracking_number,
        access_code=here().access_codes.of(registered.tracking_number),
        deadline=registered.deadline,
        links=Links.to(registered.tracking_number),
    )
    return answer(receipt, HTTPStatus.CREATED, {"Location": receipt.links.status})


@api.post(f"{CASE}/check", responses={200: Done})
def check(path: CasePath, body: ComplaintCheckForm) -> Response:
    """Administrative check

    Whoever checks owns the case from then on. Incomplete stops the clock; not ours closes it.
    """
    if body.officer is not None:
        known_staff(body.officer, "officer", "unknown_officer")
    return _move(CheckComplaint(tracking_number=path.tracking_number, **dict(body)))


@api.post(f"{CASE}/coordination", responses={200: CoordinationAsked})
def coordinate(path: CasePath, body: CoordinationForm) -> Response:
    """Ask a unit of the office, or an agency outside

    Silence is reminded of, and escalated in the end.
    """
    return _move(CoordinateComplaint(tracking_number=path.tracking_number, **dict(body)))


@api.post(f"{CASE}/coordination/<coordination>/answer", responses={200: Done})
def record_answer(path: CoordinationPath, body: AnswerForm) -> Response:
    """Enter the partner's answer"""
    return _move(RecordAnswer(**dict(path), answer=body.answer))


@api.post(f"{CASE}/response", responses={200: Done})
def respond(path: CasePath, body: ResponseForm) -> Response:
    """Answer the complainant

    This keeps the promised time; the letter follows.
    """
    return _move(RespondComplaint(tracking_number=path.tracking_number, response=body.response))


@api.post(f"{CASE}/resolution", responses={200: Done})
def resolve(path: CasePath, body: ResolutionForm) -> Response:
    """Settle the matter

    It may be rated then, or reopened for some days.
    """
    return _move(ResolveComplaint(tracking_number=path.tracking_number, resolution=body.resolution))


@api.post(f"{CASE}/escalation", responses={200: Done})
def escalate(path: CasePath, body: EscalationForm) -> Response:
    """Pass it upward

    To LAPOR! only what is beyond the office's power.
    """
    return _move(EscalateComplaint(tracking_number=path.tracking_number, **dict(body)))


@api.post(f"{CASE}/lapor", responses={200: Done})
def reconcile_lapor(path: CasePath, body: LaporForm) -> Response:
    """Enter what came back from LAPOR!"""
    return _move(ReconcileLapor(tracking_number=path.tracking_number, **dict(body)))


@api.get(f"{CASE}/lapor", responses={200: ExportedComplaint})
def export_lapor(path: CasePath, query: LaporQuery) -> Response:
    """The record to enter at LAPOR!

    With the identity, which LAPOR! asks for; the read is logged. As JSON, or as CSV.
    """
    record: LaporRecord = ask(
        ExportLapor(tracking_number=path.tracking_number, purpose=query.purpose)
    )
    row = record.model_dump(exclude={"complainant"})
    row |= {f"complainant_{key}": value for key, value in record.complainant}
    return in_asked_format(query, record, [row], list(row), f"lapor-{path.tracking_number}")


def _errors_for_anyone(form: ComplaintForm) -> list[FieldError]:
    """Without signing in: the website's channel, what the staff fill in is empty, and the case
    that it is about is the caller's own, by its access code; a foreign one is as unknown."""
    errors = []
    if form.channel is not ComplaintChannel.WEBSITE:
        errors.append(field_error("channel", "channel_not_open"))
    for field in ("received_at", "officer"):
        if getattr(form, field) is not None:
            errors.append(field_error(field, "staff_only"))
    if form.about_case is not None and not (
        access_code_opens(form.about_case) and _is_known(form.about_case)
    ):
        errors.append(field_error("about_case", "unknown_case"))
    return errors


def _errors_for_staff(form: ComplaintForm) -> list[FieldError]:
    if form.officer is not None:
        known_staff(form.officer, "officer", "unknown_officer")
    if form.about_case is not None and not _is_known(form.about_case):
        return [field_error("about_case", "unknown_case")]
    return []


def _is_known(case: str) -> bool:
    with here().store.reading() as session:
        known = status_of(session, case) is not None
        hidden = hidden_from(session, caller().actor, case)
    if hidden:
        refusals.mark(ErrorCode.CASE_NOT_FOUND)
    return known and not hidden


def _move(command: Command) -> Response:
    answered: Any = send(command)
    return answer(answered)
