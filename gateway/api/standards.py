"""The published service standards."""

from typing import Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from contracts.errors import ErrorCode
from gateway.answers import NOT_CHANGED, answer, public
from gateway.problems import ApiProblem
from standards import catalogue
from standards.catalogue import (
    CompletionTime,
    Contact,
    Fee,
    Item,
    ProcedureStep,
    Requirement,
    ServiceStandard,
)

api = APIBlueprint(
    "standards",
    __name__,
    url_prefix="/v1/service-standards",
    abp_tags=[Tag(name="service standards", description="What the office promises")],
)


class PublishedChannel(BaseModel):
    """A way to complain; `address` is what is dialled, written to or opened, if anything."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    form: Literal["written", "oral"]
    text_id: str
    text_en: str
    address: str | None


class PublishedHandling(BaseModel):
    """How complaints are made and followed up; `also` are channels of others than the office."""

    model_config = ConfigDict(from_attributes=True)

    text_id: str
    text_en: str
    channels: tuple[PublishedChannel, ...]
    stages: tuple[Item, ...]
    response_working_days: int
    response_text_id: str
    response_text_en: str
    resolution_text_id: str
    resolution_text_en: str
    also: tuple[PublishedChannel, ...]


class Standard(BaseModel):
    """A standard as the office published it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    version: str
    decree: str
    title_id: str
    title_en: str
    requirements: tuple[Requirement, ...]
    procedure: tuple[ProcedureStep, ...]
    time: CompletionTime
    fee: Fee
    products: tuple[Item, ...]
    complaints: PublishedHandling
    contact: Contact

    @classmethod
    def of(cls, published: ServiceStandard) -> "Standard":
        return cls.model_validate(published)


class Standards(BaseModel):
    standards: tuple[Standard, ...]


class StandardPath(BaseModel):
    id: str = Field(json_schema_extra={"example": "aid_verification"})


class VersionQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: str | None = Field(
        None, description="an earlier version, as 2026-1; the newest without it"
    )


@api.get("", responses={200: Standards, **NOT_CHANGED})
def list_standards() -> Response:
    """The newest version of each standard

    Requirements, procedure, time, fee, products and complaint channels.
    """
    standards = tuple(Standard.of(each) for each in catalogue.all_standards())
    return public(answer(Standards(standards=standards)))


@api.get("/<id>", responses={200: Standard, **NOT_CHANGED})
def read_standard(path: StandardPath, query: VersionQuery) -> Response:
    """One standard, also in the version that an older case was received under"""
    try:
        return public(answer(Standard.of(catalogue.load(path.id, query.version))))
    except catalogue.UnknownStandard:
        raise ApiProblem(ErrorCode.STANDARD_NOT_FOUND) from None
