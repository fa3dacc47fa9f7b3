"""A request for data: complete with its letter, handed over at once, read by who works on it."""

from contracts.envelope import RESIDENT
from contracts.errors import ErrorCode
from contracts.intake import IdentifyRequest
from services.intake.models import Clock, Person, PersonalDataReading, Request
from tests.integration.intake.counter import AMAT, deadline_in, refused
from tests.unit.intake.samples import NIK, application, checklist, pdf, png

STEP = {"step": "disposition", "due": "2026-11-24T16:00:00+08:00"}
"""The agency head has until the end of the next working day."""


def test_a_request_for_data_is_registered_and_handed_over_in_one(counter):
    """Its longest time is promised until the review sets another."""
    letter, card = counter.upload(), counter.upload(png())
    case = counter.apply(letter=letter.id, attachments=(card.id,))
    assert case == "DTA-20261123-0001"
    received, completed = counter.bench.emitted()
    assert [received.event_name, completed.event_name] == ["request_received", "request_completed"]
    facts = {
        "kind": "data_request",
        "purpose": "academic_research",
        "district": None,
        "village": None,
        "standard": "data_request",
        "standard_version": "2026-1",
        "received_at": "2026-11-23T09:00:00+08:00",
        "deadline": received.data["deadline"],
    }
    first = {"channel": "web", "warnings": [], "attachments": 2, "notify": [], "step": STEP}
    assert received.data == facts | first
    assert completed.data == facts | {"data_types": 2, "told": []}
    assert deadline_in(completed).working_days == 14
    assert deadline_in(completed).due.isoformat() == "2026-12-11T16:30:00+08:00"


def test_numbers_of_both_kinds_count_apart(counter):
    """Each kind has its own, from 1 on each day."""
    assert [counter.received(), counter.apply(), counter.apply()] == [
        *("VRF-20261123-0001", "DTA-20261123-0001", "DTA-20261123-0002")
    ]


def test_a_repeated_request_for_data_gets_the_same_number(counter):
    """The same key, the same reply, one request."""
    ask = application(letter=counter.upload().id)
    first, second = (counter.bench.ask(ask, RESIDENT, "k-1") for _ in range(2))
    assert first == second
    assert len(counter.rows(Request)) == 1


def test_a_letter_that_is_not_there_is_refused(counter):
    """It is named as the letter, another attachment by its place; no number is used."""
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND) as refusal:
        counter.apply(letter="8c8e1c0e-7d4b-4d0e-8b3a-0a4f6a1f2b3c")
    assert refusal.value.details == {"field": "letter"}
    letter = counter.upload().id
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND) as refusal:
        counter.apply(letter=letter, attachments=(letter,))
    assert refusal.value.details == {"field": "attachments", "index": 0}
    assert counter.emitted() == []
    assert counter.apply(letter=letter) == "DTA-20261123-0001"


def test_a_request_for_politics_is_refused(counter):
    """Before anything is stored."""
    with refused(ErrorCode.PURPOSE_NOT_SERVED):
        counter.apply(purpose="politics")
    assert counter.rows(Person) == []


def test_nothing_is_told_of_a_deadline_that_was_handed_over(counter):
    """The other service has the clocks now."""
    counter.apply()
    counter.clock.move(days=90)
    assert counter.keep_deadlines() == []
    assert {row.alarm_at for row in counter.rows(Clock)} == {None}


def test_it_is_read_with_every_word_and_the_read_is_logged(counter):
    """By which fields, in the envelope's name."""
    letter = counter.upload()
    case = counter.apply(letter=letter.id, requester={"phone": "0511 123456"})
    detail, ask = counter.read_application(case), application(requester={"phone": "0511 123456"})
    for field in ("use", "data_types", "coverage", "years", "requester"):
        assert getattr(detail, field) == getattr(ask, field)
    assert (detail.state, detail.attachments) == ("completed", (letter,))
    assert detail.deadline.working_days == 14
    fields = ["requester.name", "requester.institution", "requester.position"]
    fields = [*fields, "requester.phone", "requester.email"]
    assert {*counter.last().data["fields"]} == {
        *("use", "data_types", "coverage", "years"),
        *fields,
    }
    [row] = counter.rows(PersonalDataReading)
    assert (row.tracking_number, row.actor, row.purpose) == (case, AMAT.id, "case_page")


def test_each_kind_is_read_by_its_own_query(counter):
    """The other kind's number is unknown to it."""
    data, aid = counter.apply(), counter.received()
    for read, case in ((counter.read, data), (counter.read_application, aid)):
        with refused(ErrorCode.CASE_NOT_FOUND):
            read(case)
    assert counter.rows(PersonalDataReading) == []


def test_its_letter_is_read_like_any_attachment(counter):
    """With its own case only."""
    letter = counter.upload()
    case, other = counter.apply(letter=letter.id), counter.apply()
    assert counter.read_file(case, letter.id) == pdf()
    assert counter.last().data["fields"] == ["attachment"]
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND):
        counter.read_file(other, letter.id)


def test_nothing_personal_stands_in_its_events(counter):
    """Neither the requester nor their words."""
    case = counter.apply(requester={"nik": NIK})
    bodies = "".join(event.model_dump_json() for event in counter.bench.emitted())
    assert case in bodies
    secrets = (NIK, "Rahmat", "Lambung", "Skripsi", "Lansia", "Kota Banjarmasin", "example.ac")
    assert [secret for secret in secrets if secret in bodies] == []


def test_a_requester_without_a_nik_is_a_person_of_their_own(counter):
    """With one they are the person that the office knows already."""
    aid, known = counter.received(), counter.apply(requester={"nik": NIK})
    strangers = [counter.apply(), counter.apply()]
    owner = {row.tracking_number: row.person_id for row in counter.rows(Request)}
    assert owner[aid] == owner[known]
    assert len({owner[case] for case in (aid, *strangers)}) == 3
    assert len(counter.rows(Person)) == 3


def test_it_is_withdrawn_where_it_is(counter):
    """The service that has it decides, intake follows."""
    case = counter.apply()
    with refused(ErrorCode.ALREADY_HANDED_OVER):
        counter.withdraw(case)
    assert counter.data_request_withdrew(case) == "done"
    assert counter.last().data == {"stage": "data_request"}
    assert counter.read_application(case).state == "closed"
    counter.data_request_withdrew(case, id="m-2")
    assert counter.emitted().count("request_withdrawn") == 1


def test_there_is_nothing_to_identify_or_to_supplement(counter):
    """A data request is complete when it is made."""
    case = counter.apply()
    with refused(ErrorCode.ILLEGAL_MOVE):
        counter.supplement(case, notes="tambahan")
    ask = IdentifyRequest(tracking_number=case, checklist=checklist())
    with refused(ErrorCode.REQUIREMENT_UNKNOWN):
        counter.bench.ask(ask, AMAT)
