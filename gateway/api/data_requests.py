"""The moves of a data request, in the order of the procedure."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field

from contracts.data_request import (
    BuildPackage,
    Complexity,
    DispositionDataRequest,
    PackageBuilt,
    RejectionGround,
    ReviewDataRequest,
    Side,
    SignHandover,
    SmallCells,
    StoreTable,
    TableChecked,
)
from contracts.envelope import Done, Role
from gateway.answers import answer
from gateway.api.forms import (
    AttachmentIds,
    CasePath,
    Count,
    Form,
    Line,
    Paragraphs,
    StaffName,
    with_example,
)
from gateway.api.residents import Edition
from gateway.api.staff_names import known_staff
from gateway.api.uploads import UploadedFile, content_of, name_of
from gateway.asking import send

MOST_DATA_TYPES = 100
"""What one line of a letter names can be many types when the review counts them."""

api = APIBlueprint(
    "data_requests",
    __name__,
    url_prefix="/v1/data-requests/<tracking_number>",
    abp_tags=[Tag(name="data requests", description="The moves of a data request")],
)


class DispositionForm(Form):
    model_config = with_example(
        {"note": "Mohon ditelaah."}, "Passed on to the division head", required=False
    )

    note: Paragraphs | None = None


class ReviewForm(Form):
    model_config = with_example(
        {"decision": "approve", "complexity": "simple", "social_worker": "social_worker"},
        "Approved; the demo's social worker prepares the data",
    )

    decision: Literal["approve", "reject", "clarify"]
    complexity: Complexity | None = Field(None, description="to approve: it sets the deadline")
    data_types: Annotated[Count, Field(ge=1, le=MOST_DATA_TYPES)] | None = Field(
        None, description="to approve, where the letter's number is to be corrected"
    )
    social_worker: StaffName | None = Field(
        None, description="to approve: user name of who prepares the data"
    )
    ground: RejectionGround | None = Field(None, description="to reject")
    words: Paragraphs | None = Field(None, description="to reject; to clarify: the question")


SMALL_TABLE = "Kelurahan,Penerima\nPelambuan,120\nTeluk Tiram,85\n"


class TableForm(Form):
    model_config = with_example({"file": SMALL_TABLE}, "A small CSV table, as text")

    file: UploadedFile = Field(description="CSV or XLSX, its headings in the first row")


class PackageForm(Form):
    model_config = with_example(
        {
            "data_source": "Basis data Dinas Sosial Kota Banjarmasin",
            "data_method": "Penjumlahan per kelurahan; tanpa data perorangan.",
        },
        "Of every table that was stored for the case",
    )

    tables: AttachmentIds = Field((), description="ids of tables; without them every table")
    data_source: Paragraphs
    data_method: Paragraphs
    small_cells: SmallCells = SmallCells.SUPPRESS


class OfficeSignatureForm(Form):
    model_config = with_example(
        {"name": "Nama Pejabat", "position": "Kepala Bidang", "edition": 1}, "The office signs"
    )

    name: Line
    position: Line | None = None
    edition: Edition = Field(description="of the package that is signed for")


@api.post("/disposition", responses={200: Done})
def disposition(path: CasePath, body: DispositionForm) -> Response:
    """Pass the letter on to the division head (step 2)"""
    return _move(DispositionDataRequest(tracking_number=path.tracking_number, note=body.note))


@api.post("/review", responses={200: Done})
def review(path: CasePath, body: ReviewForm) -> Response:
    """Approve, reject, or ask the requester (step 2)

    Approval sets the promised time by complexity and data types; a question stops the clock.
    """
    if body.social_worker is not None:
        known_staff(
            body.social_worker, "social_worker", "unknown_social_worker", Role.SOCIAL_WORKER
        )
    return _move(ReviewDataRequest(tracking_number=path.tracking_number, **dict(body)))


@api.post("/tables", responses={201: TableChecked})
def store_table(path: CasePath, form: TableForm) -> Response:
    """Store a table for the package (step 3)

    `small_cells` are those below the standard's threshold. Refused: what is no table, columns that
    look like personal numbers, formulas.
    """
    command = StoreTable(
        tracking_number=path.tracking_number,
        name=name_of(form.file),
        content=content_of(form.file),
    )
    return answer(send(command), HTTPStatus.CREATED)


@api.post("/package", responses={200: PackageBuilt})
def build_package(path: CasePath, body: PackageForm) -> Response:
    """Make the data package (step 3)

    Of tables stored before, with where they come from and how. The draft record of handover
    follows; a newer edition replaces both.
    """
    return _move(BuildPackage(tracking_number=path.tracking_number, **dict(body)))


@api.post("/handover", responses={200: Done})
def sign_handover(path: CasePath, body: OfficeSignatureForm) -> Response:
    """Sign the record of handover, for the office (step 4)

    Once both sides have signed the requester may download the package.
    """
    ids: dict[str, Any] = {"tracking_number": path.tracking_number, "side": Side.OFFICE}
    return _move(SignHandover(**ids, **dict(body)))


def _move(command: Any) -> Response:
    return answer(send(command))
