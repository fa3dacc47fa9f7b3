"""Of several editions of a paper the newest counts, in whichever order they are issued."""

import pytest
from sqlalchemy import select

from contracts.complaints import ComplaintDetail, ReadComplaint
from contracts.documents import DocumentKind, ReadDocument, VerifyDocument
from services.documents.models import Document
from tests.integration.documents.complaint_details import complaint_of, responded
from tests.integration.documents.data_details import HANDED_OVER, prepared
from tests.integration.documents.details import issued, pdf_of, revoked
from tests.pdf_text import pdf_text
from tests.support import Bench

DTA, ADU = "DTA-20261123-0001", "ADU-20261123-0001"


def statuses(desk: Bench) -> dict[int, str]:
    """What the verify page says of each edition."""
    return {each.edition: desk.ask(VerifyDocument(code=each.code)).status for each in issued(desk)}


def codes(desk: Bench) -> dict[int, str]:
    return {each.edition: each.code for each in issued(desk)}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (2, 1, 3)])
def test_only_the_newest_edition_is_valid(desk: Bench, order: tuple[int, ...]) -> None:
    """Every other one is superseded and told of once, whatever came first."""
    for edition in order:
        desk.tell(prepared(edition), DTA)
        newest = max(issued(desk), key=lambda each: each.edition).edition
        assert {e for e, status in statuses(desk).items() if status == "valid"} == {newest}
    assert statuses(desk) == {1: "superseded", 2: "superseded", 3: "valid"}
    told = [(each.code, each.reason) for each in revoked(desk)]
    assert sorted(told) == sorted((codes(desk)[e], "superseded") for e in (1, 2))


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_document_is_told_of_before_it_is_revoked(desk: Bench, order: tuple[int, ...]) -> None:
    """Gapless in the case's sequence: whoever follows never hears of an unknown code."""
    for edition in order:
        desk.tell(responded(edition), ADU)
    events = desk.emitted()
    assert [event.sequence for event in events] == ["1", "2", "3"]
    superseded = codes(desk)[1]
    about = [event.event_name for event in events if event.data["code"] == superseded]
    assert about == ["document_issued", "document_revoked"]


def test_a_late_older_draft_does_not_show_the_newer_package(desk: Bench) -> None:
    """The owner only knows the newest package; of the older one its hash is told."""
    desk.tell(prepared(1), DTA)
    text = pdf_text(pdf_of(desk, codes(desk)[1])).replace("\u200b", "")
    assert "a1" * 32 in text
    assert "Paket edisi 1 telah diganti" in text
    assert "f2" * 32 not in text


def test_each_response_has_its_own_words(desk: Bench) -> None:
    """Also when its letter is written after the next response."""
    for number in (2, 1):
        desk.tell(responded(number), ADU)
    first, second = (pdf_text(pdf_of(desk, codes(desk)[number])) for number in (1, 2))
    assert "Antrean sudah ditambah" in first
    assert "Loket kedua dibuka" not in first
    assert "Loket kedua dibuka" in second


def test_numbers_run_without_a_hole_over_editions(desk: Bench) -> None:
    """An edition is a paper of its own in its kind's series; kinds count apart."""
    desk.tell(prepared(1), DTA)
    desk.tell(prepared(2), DTA)
    desk.tell(HANDED_OVER, DTA)
    desk.tell(prepared(1), "DTA-20261123-0002")
    assert [each.number.split("/")[1:3] for each in issued(desk)] == [
        ["0001", "KBASTD"],
        ["0002", "KBASTD"],
        ["0001", "BASTD"],
        ["0003", "KBASTD"],
    ]


def test_an_edition_supersedes_nothing_of_another_case(desk: Bench) -> None:
    """Each case has its own papers."""
    desk.tell(prepared(2), "DTA-20261123-0002")
    desk.tell(prepared(1), DTA)
    assert revoked(desk) == []


@pytest.mark.parametrize("record_first", [False, True])
def test_the_signed_record_takes_the_place_of_its_draft(desk: Bench, record_first: bool) -> None:
    """Also when the draft is written later."""
    events = [prepared(1), HANDED_OVER]
    for data in reversed(events) if record_first else events:
        desk.tell(data, DTA)
    (draft,) = (each.code for each in issued(desk) if each.kind is DocumentKind.HANDOVER_DRAFT)
    assert [each.code for each in revoked(desk)] == [draft]


def test_an_edition_that_comes_twice_is_issued_once(desk: Bench) -> None:
    """Also when it has been superseded meanwhile."""
    for edition in (1, 2, 1, 2):
        desk.tell(prepared(edition), DTA)
    assert len(issued(desk)) == 2
    assert len(revoked(desk)) == 1


def test_a_newer_edition_overtakes_one_that_is_being_written(desk: Bench) -> None:
    """The older one was reserved first and is stored last: it is superseded at once."""

    def overtaken(ask: ReadComplaint) -> ComplaintDetail:
        desk.rpc.replies[ReadComplaint] = complaint_of
        desk.tell(responded(2), ADU)
        return complaint_of(ask)

    desk.rpc.replies[ReadComplaint] = overtaken
    desk.tell(responded(1), ADU)
    assert statuses(desk) == {1: "superseded", 2: "valid"}
    assert [each.code for each in revoked(desk)] == [codes(desk)[1]]


def test_a_reserved_newer_edition_supersedes_nothing_yet(desk: Bench) -> None:
    """The older one counts until the newer one is there."""

    def looking(ask: ReadComplaint) -> ComplaintDetail:
        assert statuses(desk) == {1: "valid"}
        return complaint_of(ask)

    desk.tell(responded(1), ADU)
    desk.rpc.replies[ReadComplaint] = looking
    desk.tell(responded(2), ADU)
    assert statuses(desk) == {1: "superseded", 2: "valid"}


def test_a_superseded_document_can_still_be_read(desk: Bench) -> None:
    """Who holds its code holds a paper that the office did issue."""
    for edition in (1, 2):
        desk.tell(responded(edition), ADU)
    assert desk.ask(ReadDocument(code=codes(desk)[1])).content
    with desk.session() as session:
        states = session.scalars(select(Document.state).order_by(Document.edition)).all()
    assert states == ["superseded", "issued"]
