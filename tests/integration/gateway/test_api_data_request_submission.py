"""Requests for data as they are made: the letter, and what it states at least."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from contracts.envelope import AttachmentRef, Contact, ContactWay, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import RequestRegistered, StoreAttachment, SubmitDataRequest
from tests.data_request_events import DATA_CASE, PROMISED
from tests.integration.gateway.desk import DATA_REQUEST, KEY, Desk, fields, problem

LETTER = AttachmentRef(id="l-1", sha256="0" * 64, media_type="application/pdf", size=3)
SENT_LETTER = {k: v for k, v in DATA_REQUEST.items() if k != "letter_file"} | {"letter": "l-9"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    yield desk
    desk.close()


@pytest.fixture
def desk(shared: Desk) -> Desk:
    """The gateway, with services that carry everything out and were asked nothing yet."""
    shared.rpc.calls.clear()
    shared.rpc.replies |= {
        StoreAttachment: lambda ask: LETTER,
        SubmitDataRequest: lambda ask: RequestRegistered(
            tracking_number=DATA_CASE, deadline=PROMISED, warnings=()
        ),
    }
    return shared


def submit(desk: Desk, body: dict[str, Any], **headers: str) -> Any:
    return desk.http.post("/v1/requests", json=body, headers=KEY | headers)


def test_the_example_of_the_document_is_registered_as_it_stands(desk: Desk) -> None:
    """With its letter, which is stored first; the receipt is that of any request."""
    response = submit(desk, DATA_REQUEST)
    assert response.status_code == 201
    assert response.json["tracking_number"] == DATA_CASE
    assert response.json["access_code"] == desk.code(DATA_CASE)["X-Access-Code"]
    stored, submitted = desk.asked()
    assert stored.content == DATA_REQUEST["letter_file"]
    assert submitted.letter == LETTER.id
    assert submitted.years == (2024, 2025)
    assert submitted.requester.institution == "Universitas Contoh"
    assert submitted.notify == (Contact(way=ContactWay.EMAIL, address="budi@contoh.example"),)


def test_a_letter_that_was_uploaded_before_goes_by_its_id(desk: Desk) -> None:
    """Then there is one command."""
    assert submit(desk, SENT_LETTER).status_code == 201
    (submitted,) = desk.asked()
    assert submitted.letter == "l-9"


def test_a_repeated_submission_stores_its_letter_once(desk: Desk) -> None:
    """The letter has a key of its own, the same for the same letter and call."""
    submit(desk, DATA_REQUEST)
    submit(desk, DATA_REQUEST)
    other = base64.b64encode(b"%PDF-1.4 other").decode()
    submit(desk, DATA_REQUEST | {"letter_file": other})
    keys = [key for message, _, key in desk.rpc.calls if isinstance(message, StoreAttachment)]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("field", ["purpose", "use", "data_types", "coverage", "years"])
def test_what_the_letter_must_state_is_named_when_it_is_missing(desk: Desk, field: str) -> None:
    """Requirement 2 of the standard, and the purpose of requirement 1."""
    body = {k: v for k, v in DATA_REQUEST.items() if k != field}
    response = submit(desk, body)
    assert problem(response) == (422, "validation_failed")
    assert fields(response) == {field: "required"}
    assert not desk.asked()


def test_a_request_without_its_letter_names_the_letter(desk: Desk) -> None:
    """Beside whatever else is missing."""
    body = {k: v for k, v in SENT_LETTER.items() if k not in ("letter", "years")}
    assert fields(submit(desk, body)) == {"years": "required", "letter": "required"}


@pytest.mark.parametrize(
    ("purpose", "code"),
    [
        ("political_campaign", "political_campaign"),
        ("political-campaign", "political_campaign"),
        ("POLITICS", "politics"),
        (" Politik ", "politik"),
        ("kepentingan  politik", "kepentingan_politik"),
        ("Pemilu 2029!", "pemilu_2029!"),
        ("p" * 100, "p" * 100),
    ],
)
def test_a_purpose_that_is_not_served_is_refused_in_the_standards_words(
    desk: Desk, purpose: str, code: str
) -> None:
    """It reaches intake, and is no unknown choice of a list, however it is spelled."""

    def refuse(ask: SubmitDataRequest) -> None:
        assert ask.purpose == code
        raise Refusal(ErrorCode.PURPOSE_NOT_SERVED, field="purpose")

    desk.rpc.replies[SubmitDataRequest] = refuse
    response = submit(desk, SENT_LETTER | {"purpose": purpose})
    assert problem(response) == (422, "purpose_not_served")
    assert purpose.strip() not in response.text
    assert "bukan untuk kepentingan politik" in response.json["title_id"]
    assert "not for politics" in response.json["title_en"]


def test_a_purpose_that_is_served_is_known_in_any_spelling(desk: Desk) -> None:
    """Capitals, spaces and hyphens are no other purpose."""
    for purpose in ("academic_research", "Academic Research", "ACADEMIC-RESEARCH"):
        assert submit(desk, SENT_LETTER | {"purpose": purpose}).status_code == 201
        assert desk.asked()[-1].purpose == "academic_research"


@pytest.mark.parametrize(
    ("purpose", "code"),
    [
        ("", "required"),
        ("  ", "required"),
        ("p" * 101, "too_long"),
        ("a\x00b", "wrong_format"),
        (7, "wrong_type"),
    ],
)
def test_a_purpose_that_says_nothing_is_an_error_of_the_field(
    desk: Desk, purpose: object, code: str
) -> None:
    """Intake is not asked."""
    assert fields(submit(desk, SENT_LETTER | {"purpose": purpose})) == {"purpose": code}
    assert not desk.asked()


def test_a_letter_asks_for_as_many_types_of_data_as_intake_takes(desk: Desk) -> None:
    """Twenty; one more is named here."""
    types = [f"Jenis {number}" for number in range(21)]
    assert submit(desk, SENT_LETTER | {"data_types": types[:20]}).status_code == 201
    assert fields(submit(desk, SENT_LETTER | {"data_types": types})) == {"data_types": "too_long"}


def test_a_request_of_no_kind_names_the_kind(desk: Desk) -> None:
    """Missing, or another."""
    body = {k: v for k, v in SENT_LETTER.items() if k != "kind"}
    assert fields(submit(desk, body)) == {"kind": "required"}
    assert fields(submit(desk, body | {"kind": "complaint"})) == {"kind": "not_allowed"}


def test_a_counter_officer_enters_a_letter_that_came_by_mail(desk: Desk) -> None:
    """Anyone else sends it through the web or a bot."""
    by_mail = SENT_LETTER | {"channel": "email"}
    assert fields(submit(desk, by_mail)) == {"channel": "channel_not_open"}
    assert submit(desk, by_mail, **desk.sign_in(Role.COUNTER_OFFICER)).status_code == 201
