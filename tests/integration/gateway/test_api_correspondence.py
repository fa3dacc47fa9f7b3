"""What was written between the office and the resident of a case, read with its access code."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.retry import Unavailable
from contracts.complaints import (
    ComplaintChannel,
    ComplaintDetail,
    ComplaintKind,
    CoordinationDetail,
    EscalationTarget,
    ReadComplaint,
    Scope,
    WrittenDetail,
)
from contracts.data_request import (
    ClarificationDetail,
    ReadDataRequest,
    RejectionGround,
    ReviewDetail,
)
from contracts.envelope import RESIDENT, Message, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import ChecklistLine, ReadRequest
from gateway.api.correspondence import PURPOSE
from tests.case_events import CASE, DEADLINE, RECEIVED_AT
from tests.complaint_events import COMPLAINT
from tests.data_request_events import DATA_CASE
from tests.integration.gateway.desk import NIK, Desk, problem
from tests.integration.gateway.replies import DETAIL, REQUEST_DETAIL

INTERNAL = "Kata yang bukan untuk pemohon"
"""Stands in all that the office wrote to itself or to others."""

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
KINDS: dict[str, type[Message]] = {
    CASE: ReadRequest,
    DATA_CASE: ReadDataRequest,
    COMPLAINT: ReadComplaint,
}


def at(hours: int) -> datetime:
    return MONDAY + timedelta(hours=hours)


def review(hours: int, decision: str, words: str | None) -> ReviewDetail:
    return ReviewDetail(
        decision=decision,
        complexity=None,
        ground=RejectionGround.OTHER_PURPOSE if decision == "reject" else None,
        words=words,
        reviewed_by="kepala_bidang",
        reviewed_at=at(hours),
    )


def written(hours: int, what: str, words: str | None) -> WrittenDetail:
    return WrittenDetail.model_validate(
        {"what": what, "words": words, "by": "petugas_aduan", "at": at(hours)}
    )


REQUEST = REQUEST_DETAIL.model_copy(
    update={
        "checklist": (
            ChecklistLine(requirement="resident", fulfilled=True, note=None),
            ChecklistLine(requirement="identity_document", fulfilled=False, note="KK buram."),
        ),
        "checked_at": at(1),
        "notes": INTERNAL,
    }
)
DATA_REQUEST = DETAIL.model_copy(
    update={
        "disposition_note": INTERNAL,
        "reviews": (
            review(1, "clarify", "Wilayah mana?"),
            review(4, "approve", INTERNAL),
            review(5, "reject", "Untuk pemilihan umum."),
        ),
        "clarifications": (
            ClarificationDetail(
                question="Wilayah mana?",
                asked_at=at(1),
                answer="Satu kecamatan.",
                answered_at=at(3),
            ),
            ClarificationDetail(
                question="Yang mana?", asked_at=at(4), answer=None, answered_at=None
            ),
        ),
    }
)
COORDINATION = CoordinationDetail(
    coordination=1,
    scope=Scope.EXTERNAL,
    partner=INTERNAL,
    question=INTERNAL,
    asked_by="petugas_aduan",
    asked_at=at(2),
    answer_due=at(20),
    reminders=0,
    answer=INTERNAL,
    answered_at=at(3),
)
COMPLAINT_DETAIL = ComplaintDetail(
    tracking_number=COMPLAINT,
    state="checked",
    kind=ComplaintKind.COMPLAINT,
    channel=ComplaintChannel.WEBSITE,
    complainant=None,
    matter=INTERNAL,
    about_case=None,
    owner="petugas_aduan",
    escalated_to=EscalationTarget.LAPOR,
    attachments=(),
    coordinations=(COORDINATION,),
    written=(
        written(1, "check", "Kapan kejadiannya?"),
        written(2, "supplement", "Hari Senin."),
        written(3, "check", None),
        written(4, "escalation", INTERNAL),
        written(5, "lapor", INTERNAL),
        written(6, "response", "Mohon maaf."),
        written(7, "resolution", "Sudah dibayar."),
        written(8, "rating", INTERNAL),
        written(9, "reopening", "Belum saya terima."),
    ),
    missing=(),
    referral=None,
    received_at=RECEIVED_AT,
    entered_at=RECEIVED_AT,
    standard="complaint",
    standard_version="2026-1",
    deadline=DEADLINE,
    score=None,
)
DETAILS: dict[str, Any] = {CASE: REQUEST, DATA_CASE: DATA_REQUEST, COMPLAINT: COMPLAINT_DETAIL}
WRITTEN = {
    CASE: [("10:00", "office", "checklist_note", "KK buram.")],
    DATA_CASE: [
        ("10:00", "office", "clarification_question", "Wilayah mana?"),
        ("12:00", "resident", "clarification_answer", "Satu kecamatan."),
        ("13:00", "office", "clarification_question", "Yang mana?"),
        ("14:00", "office", "rejection", "Untuk pemilihan umum."),
    ],
    COMPLAINT: [
        ("10:00", "office", "check_note", "Kapan kejadiannya?"),
        ("11:00", "resident", "supplement", "Hari Senin."),
        ("15:00", "office", "response", "Mohon maaf."),
        ("16:00", "office", "resolution", "Sudah dibayar."),
        ("18:00", "resident", "reopening", "Belum saya terima."),
    ],
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway, which has heard of no case yet."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    yield desk
    desk.close()


@pytest.fixture
def desk(shared: Desk) -> Desk:
    """The gateway, with services that know the cases and were asked nothing yet."""
    shared.rpc.calls.clear()
    for case, question in KINDS.items():
        shared.rpc.replies[question] = lambda ask, case=case: DETAILS[case]
    return shared


def read(desk: Desk, case: str, headers: dict[str, str] | None = None) -> Any:
    headers = desk.code(case) if headers is None else headers
    return desk.http.get(f"/v1/status/{case}/correspondence", headers=headers)


@pytest.mark.parametrize("case", KINDS)
def test_the_resident_reads_what_was_written_to_them_and_by_them(desk: Desk, case: str) -> None:
    """Oldest first, each with a label in both languages; nobody on the way keeps it."""
    response = read(desk, case)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    entries = response.json["entries"]
    assert [
        (entry["at"][11:16], entry["from"], entry["what"], entry["words"]) for entry in entries
    ] == WRITTEN[case]
    for entry in entries:
        assert set(entry) == {"at", "from", "what", "label", "words"}
        assert entry["at"].endswith("+08:00")
        assert all(entry["label"].values())


@pytest.mark.parametrize("case", KINDS)
def test_the_owner_is_asked_for_the_resident_and_why(desk: Desk, case: str) -> None:
    """So the read is logged as theirs."""
    read(desk, case)
    ((message, actor, _),) = desk.rpc.calls
    assert message == KINDS[case](tracking_number=case, purpose=PURPOSE)  # type: ignore[call-arg]
    assert (actor, PURPOSE) == (RESIDENT, "resident_reading")


@pytest.mark.parametrize("case", KINDS)
def test_what_the_office_wrote_to_itself_or_to_others_stays_there(desk: Desk, case: str) -> None:
    """Coordinations, escalations, LAPOR!, dispositions; nor who wrote, nor anybody's identity."""
    text = read(desk, case).text
    for hidden in (INTERNAL, "kepala_bidang", "petugas_aduan", NIK, "Siti"):
        assert hidden not in text


def test_a_note_says_which_requirement_it_is_about(desk: Desk) -> None:
    """In the words of the standard."""
    (entry,) = read(desk, CASE).json["entries"]
    assert entry["label"]["id"].endswith(": Kartu Keluarga dan atau KTP Kota Banjarmasin")
    assert entry["label"]["en"].startswith("Note on the requirements: ")


def test_nothing_written_is_an_empty_list(desk: Desk) -> None:
    """A case on which nobody has written yet."""
    desk.rpc.replies[ReadRequest] = lambda ask: REQUEST_DETAIL
    assert read(desk, CASE).json == {"entries": []}


@pytest.mark.parametrize("case", KINDS)
def test_a_case_on_its_way_to_its_owner_has_no_correspondence_yet(desk: Desk, case: str) -> None:
    """Its owner does not know it; the access code was right."""

    def unknown(ask: Message) -> None:
        raise Refusal(ErrorCode.CASE_NOT_FOUND)

    desk.rpc.replies[KINDS[case]] = unknown
    response = read(desk, case)
    assert (response.status_code, response.json) == (200, {"entries": []})


def test_an_owner_that_is_away_is_said_to_be_away(desk: Desk) -> None:
    """Which is not the same as nothing written."""

    def away(ask: Message) -> None:
        raise Unavailable("complaints")

    desk.rpc.replies[ReadComplaint] = away
    assert problem(read(desk, COMPLAINT)) == (503, "unavailable")


@pytest.mark.parametrize("case", KINDS)
def test_it_is_for_who_has_the_access_code(desk: Desk, case: str) -> None:
    """The staff read the case; nobody else is even looked for."""
    for role in Role:
        if role not in (Role.RESIDENT, Role.SYSTEM):
            assert problem(read(desk, case, desk.sign_in(role))) == (403, "access_denied")
    assert problem(read(desk, case, {})) == (401, "not_signed_in")
    assert problem(read(desk, case, {"X-Access-Code": "AAAAAAAAAA"})) == (404, "case_not_found")
    other = COMPLAINT if case == CASE else CASE
    assert problem(read(desk, case, desk.code(other))) == (404, "case_not_found")
    assert not desk.asked()
