"""How the office keeps its promises, how content residents are, and what data it has given."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from contracts.complaints import Element
from contracts.data_request import PackagedFile, ReadRegister, RegisterPage
from contracts.intake import Purpose
from gateway import reports
from gateway.api.forms import DistrictCode, PurposeCode
from gateway.asking import ask
from gateway.context import here
from gateway.spreadsheets import FormatQuery, in_asked_format, with_csv

api = APIBlueprint(
    "reports",
    __name__,
    url_prefix="/v1/reports",
    abp_tags=[Tag(name="reports", description="Figures for the office, without personal data")],
)

_ELEMENTS = tuple(element.value for element in Element)

Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class ReportQuery(FormatQuery):
    """Months of the office's time, both included; without one of them to the end or from the
    beginning of the other's year, without both the present year."""

    month_from: Month | None = Field(None, alias="from", description="as 2026-01")
    month_to: Month | None = Field(None, alias="to", description="as 2026-12")
    standard: Annotated[str, Field(pattern=r"^[a-z_]{1,80}$")] | None = None
    district: DistrictCode | None = None

    @field_validator("month_to")
    @classmethod
    def _not_before_the_first(cls, month_to: str | None, info: ValidationInfo) -> str | None:
        month_from = info.data.get("month_from")
        if month_from is not None and month_to is not None and month_to < month_from:
            raise PydanticCustomError("greater_than_equal", "before the first month")
        return month_to

    def chosen(self) -> dict[str, Any]:
        """What the read model is asked for."""
        now = here().clock.now().astimezone(here().zone)
        year = (self.month_from or self.month_to or f"{now:%Y}")[:4]
        return {
            "month_from": self.month_from or f"{year}-01",
            "month_to": self.month_to or f"{year}-12",
            "standard": self.standard,
            "district": self.district,
        }


class ServiceLevel(BaseModel):
    """The cases of a standard that were received in a month: received = done + withdrawn + open.

    `late` of the done, `overdue` of the open; times in working minutes.
    """

    model_config = ConfigDict(from_attributes=True)

    standard: str
    district: str | None
    month: str
    received: int
    done: int
    in_time: int
    late: int
    withdrawn: int
    open: int
    overdue: int
    median_minutes: float | None
    p90_minutes: int | None


class ServiceLevels(BaseModel):
    model_config = with_csv()

    service_levels: tuple[ServiceLevel, ...]


class Satisfaction(BaseModel):
    """The survey's answers of a month: the mean of each element (1 to 4), index and grade
    (PermenPANRB 14/2017)."""

    model_config = ConfigDict(from_attributes=True)

    standard: str
    district: str | None
    month: str
    answers: int
    elements: dict[str, float]
    index: float
    grade: str


class SatisfactionReport(BaseModel):
    model_config = with_csv()

    satisfaction: tuple[Satisfaction, ...]


class RegisterQuery(FormatQuery):
    purpose: PurposeCode = Field(
        "register_reading", description="why personal data is read; stands in the log of reads"
    )
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200, description="next_cursor of the page before")


class GivenData(BaseModel):
    """What was given to whom for what purpose; `recipient` is null, and `files` empty, once the
    requester's data are erased."""

    model_config = ConfigDict(from_attributes=True)

    tracking_number: str
    handed_over_at: datetime
    recipient: str | None
    institution: str | None
    purpose: Purpose
    files: tuple[PackagedFile, ...]
    package_sha256: str
    downloads: int
    last_downloaded_at: datetime | None


class Register(BaseModel):
    """Newest first."""

    model_config = with_csv()

    entries: tuple[GivenData, ...]
    next_cursor: str | None


@api.get("/service-levels", responses={200: ServiceLevels})
def report_service_levels(query: ReportQuery) -> Response:
    """Cases received, done, in time and late

    By standard, district and month. As JSON, or as CSV.
    """
    with here().store.reading() as session:
        found = reports.service_levels(session, now=here().clock.now(), **query.chosen())
    levels = tuple(ServiceLevel.model_validate(each) for each in found)
    columns = list(ServiceLevel.model_fields)
    body = ServiceLevels(service_levels=levels)
    return in_asked_format(query, body, _rows(levels), columns, "service-levels")


@api.get("/satisfaction", responses={200: SatisfactionReport})
def report_satisfaction(query: ReportQuery) -> Response:
    """What residents answered to the satisfaction survey

    By standard, district and month of the answer. As JSON, or as CSV.
    """
    with here().store.reading() as session:
        found = reports.satisfaction(session, **query.chosen())
    answers = tuple(Satisfaction.model_validate(each) for each in found)
    rows = [row | dict.fromkeys(_ELEMENTS) | row["elements"] for row in _rows(answers)]
    columns = [name for name in Satisfaction.model_fields if name != "elements"]
    body = SatisfactionReport(satisfaction=answers)
    return in_asked_format(query, body, rows, [*columns, *_ELEMENTS], "satisfaction")


@api.get("/data-register", responses={200: Register})
def read_register(query: RegisterQuery) -> Response:
    """What data was handed over, to whom and for what

    Newest first, a page at a time; each reading is logged. As JSON, or as CSV.
    """
    page: RegisterPage = ask(
        ReadRegister(purpose=query.purpose, limit=query.limit, cursor=query.cursor)
    )
    entries = tuple(GivenData.model_validate(entry) for entry in page.entries)
    rows = _rows(entries)
    for row in rows:
        row["files"] = "; ".join(file["name"] for file in row["files"])
    body = Register(entries=entries, next_cursor=page.next_cursor)
    response = in_asked_format(query, body, rows, list(GivenData.model_fields), "data-register")
    if page.next_cursor is not None:
        response.headers["X-Next-Cursor"] = page.next_cursor
    return response


def _rows(models: Sequence[BaseModel]) -> list[dict[str, Any]]:
    return [each.model_dump() for each in models]
