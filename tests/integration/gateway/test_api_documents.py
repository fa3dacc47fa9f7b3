"""Letters: fetched by who may, verified by anyone."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from contracts.documents import (
    DocumentContent,
    DocumentKind,
    DocumentStatus,
    ReadDocument,
    VerifyDocument,
)
from contracts.envelope import Role
from contracts.errors import ErrorCode, Refusal
from tests.case_events import CASE, LETTER, TO_THE_LETTER
from tests.integration.gateway.desk import Desk, problem

PDF = b"%PDF-1.7 and so on"
CONTENT = DocumentContent(
    number=LETTER.number,
    kind=DocumentKind.VERIFICATION_LETTER,
    sha256="a" * 64,
    content=base64.b64encode(PDF).decode(),
)
STATUS = DocumentStatus(
    code=LETTER.code,
    kind=DocumentKind.VERIFICATION_LETTER,
    number=LETTER.number,
    status="valid",
    sha256="a" * 64,
    issued_at=datetime(2026, 11, 23, 6, 0, tzinfo=UTC),
    certificate_subject="CN=<Sigap>",
    self_made_certificate=True,
)
FETCH = f"/v1/documents/{LETTER.code}"
VERIFY = f"/v1/verify/{LETTER.code}"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo, with a case and its letter."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    desk.happened(*TO_THE_LETTER)
    yield desk
    desk.close()


@pytest.fixture
def desk(shared: Desk) -> Desk:
    """The gateway, with a documents service that knows the letter."""
    shared.rpc.replies[ReadDocument] = lambda ask: CONTENT
    shared.rpc.replies[VerifyDocument] = lambda ask: STATUS
    return shared


def refuse(ask: object) -> None:
    raise Refusal(ErrorCode.DOCUMENT_NOT_FOUND)


def test_the_resident_fetches_the_letter(desk: Desk) -> None:
    """As a PDF with a name, tagged by its hash."""
    response = desk.http.get(FETCH, headers=desk.code())
    assert (response.get_data(), response.content_type) == (PDF, "application/pdf")
    assert response.headers["Content-Disposition"] == (
        f"inline; filename=verification_letter-{LETTER.code}.pdf"
    )
    assert response.headers["ETag"] == f'"{"a" * 64}"'
    assert response.headers["Cache-Control"] == "no-store"


def test_a_letter_is_not_sent_twice(desk: Desk) -> None:
    """To a client that has it."""
    headers = desk.code() | {"If-None-Match": f'"{"a" * 64}"'}
    assert desk.http.get(FETCH, headers=headers).status_code == 304


@pytest.mark.parametrize(
    "role", [Role.COUNTER_OFFICER, Role.SOCIAL_WORKER, Role.DIVISION_HEAD, Role.AGENCY_HEAD]
)
def test_staff_who_handle_every_case_fetch_the_letter(desk: Desk, role: Role) -> None:
    """It holds personal data, so others do not."""
    assert desk.http.get(FETCH, headers=desk.sign_in(role)).status_code == 200


def test_anyone_verifies_a_letter(desk: Desk) -> None:
    """Status, hash, and that its certificate is self-made; nothing about a person or a case."""
    response = desk.http.get(VERIFY)
    verified = response.json
    assert verified["status"] == "valid"
    assert verified["sha256"] == "a" * 64
    assert verified["issued_at"] == "2026-11-23T14:00:00+08:00"
    assert verified["certificate_note_id"] == "sertifikat buatan sendiri, tanpa kekuatan hukum"
    assert verified["certificate_note_en"] == "self-made certificate without legal weight"
    assert CASE not in response.text


def test_a_certificate_of_legal_weight_has_no_note(desk: Desk) -> None:
    """The note is about the self-made one."""
    certified = STATUS.model_copy(update={"self_made_certificate": False})
    desk.rpc.replies[VerifyDocument] = lambda ask: certified
    verified = desk.http.get(VERIFY).json
    assert verified["certificate_note_id"] is verified["certificate_note_en"] is None


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("valid", "This document is genuine"),
        ("superseded", "This document has been superseded"),
        ("revoked", "This document has been revoked"),
    ],
)
def test_a_browser_gets_a_page(desk: Desk, status: str, verdict: str) -> None:
    """In both languages; what comes from the service is shown as text."""
    desk.rpc.replies[VerifyDocument] = lambda ask: STATUS.model_copy(update={"status": status})
    response = desk.http.get(VERIFY, headers=BROWSER)
    assert response.mimetype == "text/html"
    assert "style-src 'self'" in response.headers["Content-Security-Policy"]
    assert verdict in response.text
    assert "tanpa kekuatan hukum" in response.text
    assert "CN=&lt;Sigap&gt;" in response.text
    assert "Accept" in response.headers["Vary"]
    assert "http://" not in response.text.replace("http://www.w3.org", "")


def test_an_unknown_document_is_not_found(desk: Desk) -> None:
    """As a problem, and for a browser as a page that warns."""
    desk.rpc.replies[VerifyDocument] = refuse
    assert problem(desk.http.get(VERIFY)) == (404, "document_not_found")
    page = desk.http.get(VERIFY, headers=BROWSER)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "Dokumen tidak dikenal" in page.text


def test_a_code_that_cannot_be_one_is_not_asked_for(desk: Desk) -> None:
    """The answer is that of an unknown document."""
    desk.rpc.calls.clear()
    assert problem(desk.http.get("/v1/verify/%00")) == (404, "document_not_found")
    assert not desk.asked()
