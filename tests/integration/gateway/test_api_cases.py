"""The whole case, for the staff: personal data by role, every read at its owner."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casework.file_types import JPEG, PDF, PNG, WEBP
from contracts.complaints import ReadEvidence
from contracts.data_request import ReadDataRequest
from contracts.envelope import Actor, AttachmentContent, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import (
    ReadApplication,
    ReadAttachment,
    ReadRequest,
)
from contracts.verification import ReadVerification, VerificationDetail
from tests.case_events import (
    ANNOUNCED,
    CASE,
    CLAIMED,
    COMPLETED,
    DISTRICT,
    RECEIVED,
)
from tests.complaint_events import COMPLAINED, COMPLAINT
from tests.data_request_events import DATA_ASKED, DATA_CASE, DATA_COMPLETED
from tests.integration.gateway.desk import NIK, Desk, fields, problem
from tests.integration.gateway.replies import APPLICATION, DETAIL, REQUEST_DETAIL

PATH = f"/v1/cases/{CASE}"
VERIFICATION = VerificationDetail(
    tracking_number=CASE,
    state="announced",
    district=DISTRICT,
    offered_to=(DISTRICT,),
    offer_until=None,
    wave=1,
    verifier=None,
    visits=(),
    assessments=(),
    decisions=(),
    delivery=None,
)
FILE = b"\x89PNG and so on"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The gateway in the demo, with services that answer for the case."""
    desk = Desk(tmp_path)
    desk.rpc.replies[ReadRequest] = lambda ask: REQUEST_DETAIL
    desk.rpc.replies[ReadVerification] = lambda ask: VERIFICATION
    desk.rpc.replies[ReadAttachment] = lambda ask: AttachmentContent(
        media_type="image/png", content=base64.b64encode(FILE).decode()
    )
    yield desk
    desk.close()


def verifier(desk: Desk, name: str, *districts: str) -> dict[str, str]:
    actor = Actor(id=name, role=Role.VERIFIER, districts=districts)
    return desk.sign_in_as(actor)


def shown(response: Any) -> bool:
    """Whether the case came with personal data; fails when it came with half of it."""
    case = response.json
    assert response.status_code == 200
    assert (case["request"] is not None) == case["personal_data_shown"]
    assert (NIK in response.text) == case["personal_data_shown"]
    return bool(case["personal_data_shown"])


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.COUNTER_OFFICER, True),
        (Role.SOCIAL_WORKER, True),
        (Role.DIVISION_HEAD, True),
        (Role.AGENCY_HEAD, True),
        (Role.COMPLAINT_OFFICER, False),
        (Role.AUDITOR, False),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_personal_data_is_shown_by_role(desk: Desk, role: Role, sees: bool) -> None:
    """Who does not see it does not have it read either."""
    desk.happened(RECEIVED)
    assert shown(desk.http.get(PATH, headers=desk.sign_in(role))) is sees
    assert bool(desk.asked()) is sees


@pytest.mark.parametrize(
    ("name", "districts", "events", "sees"),
    [
        ("andi", [DISTRICT], [RECEIVED], False),
        ("andi", [DISTRICT], [RECEIVED, COMPLETED, ANNOUNCED], True),
        ("andi", ["63.71.01", DISTRICT], [RECEIVED, COMPLETED, ANNOUNCED], True),
        ("andi", ["63.71.01"], [RECEIVED, COMPLETED, ANNOUNCED], False),
        ("andi", [], [RECEIVED, COMPLETED, ANNOUNCED], False),
        ("andi", [], [RECEIVED, COMPLETED, ANNOUNCED, CLAIMED], True),
        ("budi", [DISTRICT], [RECEIVED, COMPLETED, ANNOUNCED, CLAIMED], False),
    ],
)
def test_a_verifier_sees_what_is_theirs_or_offered_to_them(
    desk: Desk, name: str, districts: list[str], events: list[Any], sees: bool
) -> None:
    """Not before it is announced, not another district's, not another verifier's."""
    desk.happened(*events)
    assert shown(desk.http.get(PATH, headers=verifier(desk, name, *districts))) is sees


def test_a_case_holds_status_request_and_verification(desk: Desk) -> None:
    """Moments with the office's offset."""
    desk.happened(RECEIVED, COMPLETED, ANNOUNCED)
    case = desk.http.get(PATH, headers=desk.sign_in(Role.SOCIAL_WORKER)).json
    assert case["status"]["status"] == "announced"
    assert case["request"]["applicant"]["nik"] == NIK
    assert case["request"]["received_at"] == "2026-11-23T09:00:00+08:00"
    assert case["verification"]["offered_to"] == [DISTRICT]


def test_a_case_that_verification_does_not_have_yet_is_shown_without_it(desk: Desk) -> None:
    """Before the identification there is nothing to show."""

    def refuse(ask: ReadVerification) -> None:
        raise Refusal(ErrorCode.CASE_NOT_FOUND)

    desk.happened(RECEIVED)
    desk.rpc.replies[ReadVerification] = refuse
    case = desk.http.get(PATH, headers=desk.sign_in(Role.COUNTER_OFFICER)).json
    assert case["request"] is not None
    assert case["verification"] is None


def test_the_owners_are_told_who_reads_and_why(desk: Desk) -> None:
    """They log it; without a purpose it is the handling of the case."""
    desk.happened(RECEIVED)
    headers = desk.sign_in(Role.AGENCY_HEAD)
    desk.http.get(PATH, headers=headers)
    desk.http.get(f"{PATH}?purpose=letter_check", headers=headers)
    assert [ask.purpose for ask in desk.asked()] == ["case_handling"] * 2 + ["letter_check"] * 2
    assert {actor.id for _, actor, _ in desk.rpc.calls} == {"agency_head"}


@pytest.mark.parametrize("query", ["purpose=Because I can", "purpose=6371034107900001", "why=x"])
def test_a_purpose_is_a_code(desk: Desk, query: str) -> None:
    """It stands in an event, so it may hold nothing about a person."""
    desk.happened(RECEIVED)
    response = desk.http.get(f"{PATH}?{query}", headers=desk.sign_in(Role.COUNTER_OFFICER))
    assert problem(response) == (422, "validation_failed")
    assert list(fields(response)) == [query.split("=")[0]]
    assert not desk.asked()


def test_an_attachment_is_sent_as_what_it_is(desk: Desk) -> None:
    """With the media type that its content has, kept by nobody."""
    desk.happened(RECEIVED)
    headers = desk.sign_in(Role.COUNTER_OFFICER)
    response = desk.http.get(f"{PATH}/attachments/a-1?purpose=identification", headers=headers)
    assert (response.get_data(), response.content_type) == (FILE, "image/png")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == "attachment; filename=a-1.png"
    assert desk.asked() == [
        ReadAttachment(tracking_number=CASE, attachment="a-1", purpose="identification")
    ]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.COMPLAINT_OFFICER])
def test_an_attachment_is_for_who_may_see_personal_data(desk: Desk, role: Role) -> None:
    """A family card is nothing else."""
    desk.happened(RECEIVED)
    response = desk.http.get(f"{PATH}/attachments/a-1", headers=desk.sign_in(role))
    assert problem(response) == (403, "access_denied")
    assert not desk.asked()


@pytest.mark.parametrize("media_type", [PDF, JPEG, PNG, WEBP])
def test_every_type_that_is_taken_is_documented_where_it_is_given_out(
    desk: Desk, media_type: str
) -> None:
    """`application/octet-stream` was, as which no attachment is ever sent."""
    path = "/v1/cases/{tracking_number}/attachments/{attachment}"
    document = desk.http.get("/openapi.json").json
    assert media_type in document["paths"][path]["get"]["responses"]["200"]["content"]


def test_an_unknown_attachment_is_not_found(desk: Desk) -> None:
    """As an address, not as a field."""

    def refuse(ask: ReadAttachment) -> None:
        raise Refusal(ErrorCode.ATTACHMENT_NOT_FOUND, field="attachment")

    desk.happened(RECEIVED)
    desk.rpc.replies[ReadAttachment] = refuse
    headers = desk.sign_in(Role.COUNTER_OFFICER)
    response = desk.http.get(f"{PATH}/attachments/a-1", headers=headers)
    assert problem(response) == (404, "attachment_not_found")


def test_a_request_for_data_holds_application_and_data_request(desk: Desk) -> None:
    """Each from its owner, for the same purpose."""
    desk.happened(DATA_ASKED, DATA_COMPLETED, case=DATA_CASE)
    desk.rpc.replies[ReadApplication] = lambda ask: APPLICATION
    desk.rpc.replies[ReadDataRequest] = lambda ask: DETAIL
    path = f"/v1/cases/{DATA_CASE}?purpose=review"
    case = desk.http.get(path, headers=desk.sign_in(Role.DIVISION_HEAD)).json
    assert case["application"]["requester"]["nik"] == NIK
    assert case["data_request"]["state"] == "in_preparation"
    assert case["personal_data_shown"] is True
    assert case["request"] is case["verification"] is case["complaint"] is None
    assert desk.asked() == [
        ReadApplication(tracking_number=DATA_CASE, purpose="review"),
        ReadDataRequest(tracking_number=DATA_CASE, purpose="review"),
    ]


def test_a_request_for_data_that_is_just_made_is_shown_without_the_rest(desk: Desk) -> None:
    """The service that handles it has it a moment later."""

    def refuse(ask: ReadDataRequest) -> None:
        raise Refusal(ErrorCode.CASE_NOT_FOUND)

    desk.happened(DATA_ASKED, case=DATA_CASE)
    desk.rpc.replies[ReadApplication] = lambda ask: APPLICATION
    desk.rpc.replies[ReadDataRequest] = refuse
    case = desk.http.get(f"/v1/cases/{DATA_CASE}", headers=desk.sign_in(Role.AGENCY_HEAD)).json
    assert case["application"] is not None
    assert case["data_request"] is None


@pytest.mark.parametrize(
    "role", [Role.VERIFIER, Role.COMPLAINT_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR]
)
def test_who_asks_for_data_is_shown_by_role(desk: Desk, role: Role) -> None:
    """Others see the status."""
    desk.happened(DATA_ASKED, case=DATA_CASE)
    case = desk.http.get(f"/v1/cases/{DATA_CASE}", headers=desk.sign_in(role)).json
    assert case["status"]["kind"] == "data_request"
    assert case["application"] is case["data_request"] is None
    assert not desk.asked()


@pytest.mark.parametrize(
    ("case", "event", "role", "keeper"),
    [
        (DATA_CASE, DATA_ASKED, Role.SOCIAL_WORKER, ReadAttachment),
        (COMPLAINT, COMPLAINED, Role.COMPLAINT_OFFICER, ReadEvidence),
    ],
)
def test_an_attachment_comes_from_who_keeps_the_case(
    desk: Desk, case: str, event: Any, role: Role, keeper: Any
) -> None:
    """Intake, or complaints."""
    desk.happened(event, case=case)
    desk.rpc.replies[ReadEvidence] = desk.rpc.replies[ReadAttachment]
    path = f"/v1/cases/{case}/attachments/a-1"
    assert desk.http.get(path, headers=desk.sign_in(role)).get_data() == FILE
    asked = keeper(tracking_number=case, attachment="a-1", purpose="case_handling")
    assert desk.asked() == [asked]
