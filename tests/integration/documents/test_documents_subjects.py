"""Of somebody who is erased letters stay, for few to read; receipts and drafts do not."""

import pytest

from contracts.complaints import PersonalDataErased as ComplaintErased
from contracts.documents import DocumentKind, ReadDocument, ReadSubject, VerifyDocument
from contracts.envelope import RESIDENT, Actor, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import PersonalDataErased as RequestErased
from contracts.intake import ReadRequest
from gateway.calls import CALLS
from services.documents.retention import READERS, RETENTION
from tests.integration.documents.details import DONE, RECEIVED, issued
from tests.support import Bench
from tests.unsealing import opened, stored

CASE = "VRF-20261123-0001"
OFFICER = Actor(id="agus", role=Role.ADMINISTRATOR)
ERASED = RequestErased(reason="subject_request")
MASTER = b"m" * 32


def codes(desk: Bench) -> dict[str, str]:
    """The code of each kind that was issued."""
    return {each.kind: each.code for each in issued(desk)}


def read_by(desk: Bench, role: Role, code: str) -> ErrorCode | None:
    """What keeps somebody of that role from the document, None for nothing."""
    actor = RESIDENT if role is Role.RESIDENT else Actor(id="hasan", role=role)
    try:
        desk.ask(ReadDocument(code=code), actor)
    except Refusal as refusal:
        return refusal.code
    return None


def papers(desk: Bench) -> int:
    """How many papers can be read with the master key."""
    with desk.store.engine.connect() as connection:
        return sum(b"%PDF" in content for _, content in opened(stored(connection), MASTER))


@pytest.fixture
def erased(desk: Bench) -> Bench:
    """A case with a receipt and a letter, whose person is erased."""
    desk.tell(RECEIVED, CASE)
    desk.tell(DONE, CASE)
    assert papers(desk) == 2
    desk.tell(ERASED, CASE, OFFICER)
    return desk


def test_every_kind_of_document_is_kept_or_not():
    """By a law that is named; how long is the office's to say."""
    assert set(RETENTION) == set(DocumentKind)
    assert all(bool(each.law) is each.kept for each in RETENTION.values())


def test_the_receipt_is_destroyed_and_the_letter_stays(erased):
    """It is told how many letters are kept."""
    assert papers(erased) == 1
    (event,) = erased.emitted("personal_data_erased")
    assert (event.subject, event.data) == (CASE, {"reason": "subject_request", "kept": 1})


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_who_reads_a_kept_letter(erased, role):
    """The heads; the resident and every desk are told that it is erased."""
    code = codes(erased)
    expected = None if role in READERS else ErrorCode.PERSONAL_DATA_ERASED
    assert read_by(erased, role, code["verification_letter"]) is expected
    assert read_by(erased, role, code["receipt"]) is ErrorCode.PERSONAL_DATA_ERASED


def test_who_may_read_a_kept_letter_is_let_through_by_the_gateway():
    """One says so for nothing if the other does not."""
    grants = CALLS["documents.read_document"].grants
    assert {role for grant in grants for role in grant.roles} >= READERS


def test_whoever_holds_a_paper_can_still_verify_it(erased):
    """A hash tells nobody's name."""
    for code in codes(erased).values():
        assert erased.ask(VerifyDocument(code=code)).status == "valid"


def test_nothing_brings_it_back(erased):
    """The erasure again, and the events that papers are made of."""
    for again in ("e2", "e2", "e3"):
        erased.tell(ERASED, CASE, OFFICER, id=again)
    erased.tell(RECEIVED, CASE)
    erased.tell(DONE, CASE)
    assert papers(erased) == 1
    assert len(erased.emitted("personal_data_erased")) == 1


def test_what_was_not_issued_yet_is_never_issued(desk):
    """The event that asks for it is done with, and not a dead letter."""

    def gone(ask: ReadRequest) -> None:
        raise Refusal(ErrorCode.PERSONAL_DATA_ERASED)

    desk.rpc.replies[ReadRequest] = gone
    assert desk.tell(RECEIVED, CASE) == "done"
    desk.tell(ERASED, CASE, OFFICER)
    assert desk.tell(DONE, CASE) == "done"
    assert issued(desk) == []


def test_a_paper_that_is_being_written_meanwhile_is_not_kept(desk):
    """Its data were read before the erasure; it would be stored after it."""
    answered = desk.rpc.replies[ReadRequest]

    def while_erasing(ask: ReadRequest):
        desk.tell(ERASED, CASE, OFFICER)
        return answered(ask)

    desk.rpc.replies[ReadRequest] = while_erasing
    assert desk.tell(RECEIVED, CASE) == "done"
    assert (issued(desk), papers(desk)) == ([], 0)


def test_the_words_of_a_survey_take_no_paper_with_them(desk):
    """A complaint's erasure does."""
    desk.tell(RECEIVED, CASE)
    desk.tell(ComplaintErased(reason="subject_request", survey_only=True), CASE, OFFICER)
    assert papers(desk) == 1
    desk.tell(ComplaintErased(reason="subject_request"), CASE, OFFICER)
    assert papers(desk) == 0


def test_the_record_tells_which_documents_there_are(erased):
    """Those that stay, and by which law."""
    (case,) = erased.ask(ReadSubject(tracking_numbers=(CASE, "VRF-20200101-0001")), OFFICER).cases
    (letter,) = case.data["documents"]
    assert (case.erased, letter["kind"]) == (True, "verification_letter")
    assert (letter["kept_when_erased"], letter["kept_by"]) == (True, "UU 43/2009")
