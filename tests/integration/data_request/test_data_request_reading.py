"""Who reads what was written, and that it lies nowhere open."""

from contracts.errors import ErrorCode
from services.data_request.models import PersonalDataReading
from tests.integration.data_request.desk import (
    ANSWER,
    METHOD,
    NOTE,
    QUESTION,
    SOURCE,
    STUDENT,
    UNIVERSITY,
    WORDS,
    refused,
)


def test_what_was_written_is_read_with_a_purpose_and_the_read_is_logged(desk):
    """Every word comes back, and the log says which fields held any."""
    desk.go_to("dispositioned")
    desk.clarify()
    desk.answer()
    desk.approve()
    desk.upload()
    desk.build()
    desk.sign_as_requester()
    detail = desk.read()
    assert detail.disposition_note == NOTE
    assert [review.decision for review in detail.reviews] == ["clarify", "approve"]
    assert (detail.clarifications[0].question, detail.clarifications[0].answer) == (
        QUESTION,
        ANSWER,
    )
    assert detail.tables[0].name == "KK per kecamatan"
    assert (detail.package.data_source, detail.package.edition) == (SOURCE, 1)
    assert detail.signatures[0].name == STUDENT
    assert (detail.social_worker, detail.working_days) == ("sari", 6)
    (read,) = desk.emitted("personal_data_read")
    assert read.data["purpose"] == "case_page"
    assert read.data["fields"] == [
        "disposition_note",
        "reviews",
        "clarifications",
        "tables",
        "package",
        "signatures",
    ]
    assert desk.count(PersonalDataReading) == 1
    refused(ErrorCode.VALIDATION_FAILED, desk.read, purpose="Karena Fitriani")


def test_the_register_shows_what_was_given_newest_first(desk):
    """Page by page; each entry read is logged for its case."""
    cases = [f"DTA-20261123-{number:04d}" for number in range(1, 6)]
    for case in cases:
        desk.go_to("handed_over", case)
        if case != cases[1]:
            desk.clock.move(minutes=7)
    desk.go_to("prepared", "DTA-20261123-0009")
    first = desk.register(limit=2)
    assert [entry.tracking_number for entry in first.entries] == [cases[4], cases[3]]
    assert (first.entries[0].recipient, first.entries[0].institution) == (STUDENT, UNIVERSITY)
    second = desk.register(limit=2, cursor=first.next_cursor)
    third = desk.register(limit=2, cursor=second.next_cursor)
    assert [e.tracking_number for e in (*second.entries, *third.entries)] == cases[2::-1]
    assert third.next_cursor is None
    assert {e.subject for e in desk.emitted("personal_data_read")} == set(cases)
    for wrong in ("x", "!!", "MjAyNi0xMS0yMyBEVEE="):
        refused(ErrorCode.VALIDATION_FAILED, desk.register, cursor=wrong)


def test_no_word_of_anybody_lies_open_in_the_database(desk):
    """Notes, questions, answers, sources, names: not in a row, an event or a stored reply."""
    desk.go_to("dispositioned")
    desk.clarify()
    desk.answer()
    desk.approve()
    desk.upload()
    desk.build()
    desk.sign_for_office()
    desk.sign_as_requester()
    desk.go_to("rejected", "DTA-20261123-0002")
    desk.download()
    desk.read()
    desk.register()
    stored = repr(desk.everything())
    for words in (NOTE, QUESTION, ANSWER, WORDS, SOURCE, METHOD, STUDENT, UNIVERSITY, "Wulandari"):
        assert words not in stored
    assert "Banjarmasin Timur" not in stored


def test_a_case_that_is_not_known_is_not_found(desk):
    """Also one of another kind, and one of which the withdrawal alone is known."""
    for call in (desk.disposition, desk.approve, desk.upload, desk.download, desk.read):
        refused(ErrorCode.CASE_NOT_FOUND, call)
    refused(ErrorCode.CASE_NOT_FOUND, desk.withdraw, "VRF-20261123-0001")
    desk.withdraw()
    refused(ErrorCode.CASE_NOT_FOUND, desk.read)
    desk.complete()
    assert desk.read().state == "withdrawn"
