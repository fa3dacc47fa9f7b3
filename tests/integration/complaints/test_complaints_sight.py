"""Who sees what: role by role and call by call; every read is logged, every other refused."""

from functools import partial

import pytest

from contracts.envelope import RESIDENT, SYSTEM, Role
from contracts.errors import ErrorCode
from services.complaints.models import PersonalDataReading
from services.complaints.service import ComplaintsService
from tests.integration.complaints.desk import (
    ADIT,
    AMIN,
    DEWI,
    EVERYBODY,
    HASAN,
    JOKO,
    LINA,
    MATTER,
    RAHMA,
    RINA,
    SARI,
    complainant,
    refused,
)

LEVELS = (None, "division_head", "agency_head", "lapor")
IDENTITY = {
    None: {DEWI, JOKO, SYSTEM},
    "division_head": {DEWI, JOKO, SYSTEM, HASAN},
    "agency_head": {DEWI, JOKO, SYSTEM, HASAN, RAHMA},
    "lapor": {DEWI, JOKO, SYSTEM, HASAN, RAHMA},
}
NOBODY_ELSE = {RESIDENT, RINA, SARI, LINA, ADIT, AMIN}
WHO = [f"{actor.role.value}-{actor.id}" for actor in EVERYBODY]
IDENTITY_FIELDS = [f"complainant.{part}" for part in ("name", "nik", "address", "phone")]

on_every_level = pytest.mark.parametrize("level", LEVELS)
by_everybody = pytest.mark.parametrize("actor", EVERYBODY, ids=WHO)


@pytest.fixture
def handled(desk, level):
    """A complaint with evidence and contacts that was passed to that level."""
    file = desk.upload()
    contacts = ({"way": "whatsapp", "address": "0812 5000 1234"},)
    desk.submit(RESIDENT, attachments=(file.id,), notify=contacts)
    desk.check()
    desk.coordinate()
    if level:
        desk.escalate(level)
    desk.file = file.id
    return desk


def logged(desk):
    """Who read what, as the log and the events say; both say the same."""
    rows = [
        (row.actor, row.role, row.purpose, row.fields) for row in desk.rows(PersonalDataReading)
    ]
    events = [
        (event.actor.removeprefix("staff:"), event.actorrole, *event.data.values())
        for event in desk.emitted("personal_data_read")
    ]
    assert rows == events
    return rows


def reads_of(desk, call, allowed):
    """What each actor got by the call, as (actor, reply, the fields logged).

    Every other is refused with access_denied, and nothing is logged of that.
    """
    replies = []
    for actor in EVERYBODY:
        before = logged(desk)
        if actor not in allowed:
            refused(ErrorCode.ACCESS_DENIED, call, by=actor)
            assert logged(desk) == before
            continue
        reply = call(by=actor)
        [(who, role, purpose, fields)] = logged(desk)[len(before) :]
        assert (who, role) == (actor.id, actor.role)
        assert purpose in ("case_page", "notification", "lapor_export")
        replies.append((actor, reply, fields))
    assert {actor for actor, _, _ in replies} == allowed
    return replies


def test_the_table_is_about_every_role():
    """A role that is added has to be thought of."""
    assert {actor.role for actor in EVERYBODY} == set(Role)
    assert {*EVERYBODY} == IDENTITY["lapor"] | NOBODY_ELSE


@on_every_level
def test_who_reads_the_complaint(handled, level):
    """Identity and matter, the matter alone, or nothing; the complainant nobody's question."""
    readers = IDENTITY[level] | {HASAN, RAHMA, RESIDENT}
    for actor, detail, fields in reads_of(handled, handled.read, readers):
        shown = actor in IDENTITY[level]
        assert detail.complainant == (complainant() if shown else None)
        assert detail.matter == MATTER
        internal = [] if actor is RESIDENT else ["coordinations"]
        assert fields == [*(IDENTITY_FIELDS if shown else []), "matter", *internal, "written"]


def test_the_complainant_reads_what_the_office_wrote_to_them(desk):
    """And what they wrote to it; not what it asked a partner, passed upward or heard of LAPOR!."""
    desk.submit()
    desk.check("incomplete", note="Kapan?")
    desk.supplement(notes="Senin.")
    desk.check()
    desk.coordinate()
    desk.record_answer()
    desk.escalate("lapor", words="Di luar wewenang")
    desk.reconcile(words="Diteruskan")
    desk.respond(response="Mohon maaf.")
    desk.resolve(resolution="Selesai.")
    desk.rate(2, words="Lama")
    desk.reopen(words="Belum.")
    detail = desk.read(by=RESIDENT)
    assert [(each.what, each.words) for each in detail.written] == [
        ("check", "Kapan?"),
        ("supplement", "Senin."),
        ("check", None),
        ("response", "Mohon maaf."),
        ("resolution", "Selesai."),
        ("reopening", "Belum."),
    ]
    assert (detail.complainant, detail.coordinations) == (None, ())


@on_every_level
def test_who_opens_the_evidence(handled, level):
    """Who sees the identity, nobody else: a receipt bears a name."""
    opened = partial(handled.read_evidence, handled.file)
    for _, content, fields in reads_of(handled, opened, IDENTITY[level]):
        assert content.media_type == "application/pdf"
        assert fields == ["attachment"]


@on_every_level
def test_who_reads_the_contacts(handled):
    """The system alone, to send a message."""
    [(_, found, fields)] = reads_of(handled, handled.read_contacts, {SYSTEM})
    [contact] = found.contacts
    assert (contact.way, contact.address) == ("whatsapp", "0812 5000 1234")
    assert fields == ["contacts"]


@pytest.mark.parametrize("level", ["lapor"])
def test_who_takes_the_record_for_lapor(handled, level):
    """It holds the identity."""
    for _, record, fields in reads_of(handled, handled.export, IDENTITY[level]):
        assert record.complainant == complainant()
        assert fields == [*IDENTITY_FIELDS, "matter"]


def test_no_contacts_are_no_read(desk):
    """Nothing was shown."""
    desk.submit()
    assert desk.read_contacts().contacts == ()
    assert logged(desk) == []


@by_everybody
def test_who_checks(desk, actor):
    """A complaint officer; a head once it was passed there."""
    desk.submit()
    code = {
        Role.COMPLAINT_OFFICER: None,
        Role.DIVISION_HEAD: ErrorCode.NOT_THE_OWNER,
        Role.AGENCY_HEAD: ErrorCode.NOT_THE_OWNER,
    }.get(actor.role, ErrorCode.ACCESS_DENIED)
    if code is None:
        assert desk.check(by=actor).state == "checked"
    else:
        refused(code, desk.check, by=actor)


@by_everybody
@pytest.mark.parametrize("move", ["coordinate", "record_answer", "respond", "escalate"])
def test_who_handles_it(desk, actor, move):
    """Its owner; heads pass it upward by themselves, and do the rest once it was passed there."""
    desk.go_to("coordinating")
    heads = (Role.DIVISION_HEAD, Role.AGENCY_HEAD)
    if actor is DEWI or (move == "escalate" and actor.role in heads):
        assert getattr(desk, move)(by=actor).tracking_number
        return
    officers = (Role.COMPLAINT_OFFICER, *heads)
    code = ErrorCode.NOT_THE_OWNER if actor.role in officers else ErrorCode.ACCESS_DENIED
    refused(code, getattr(desk, move), by=actor)


CALLS = {
    "check": lambda desk, by: desk.check(by=by),
    "coordinate": lambda desk, by: desk.coordinate(by=by),
    "record_answer": lambda desk, by: desk.record_answer(by=by),
    "respond": lambda desk, by: desk.respond(by=by),
    "resolve": lambda desk, by: desk.resolve(by=by),
    "escalate": lambda desk, by: desk.escalate(by=by),
    "reconcile_lapor": lambda desk, by: desk.reconcile(by=by),
    "supplement_complaint": lambda desk, by: desk.supplement(by=by),
    "withdraw": lambda desk, by: desk.withdraw(by=by),
    "rate": lambda desk, by: desk.rate(by=by),
    "reopen": lambda desk, by: desk.reopen(by=by),
    "answer_survey": lambda desk, by: desk.answer_survey(by=by),
    "read_complaint": lambda desk, by: desk.read(by=by),
    "read_evidence": lambda desk, by: desk.read_evidence("x", by=by),
    "read_contacts": lambda desk, by: desk.read_contacts(by=by),
    "export_lapor": lambda desk, by: desk.export(by=by),
    "erase_subject": lambda desk, by: desk.erase(by=by),
}
CONCERNED = (JOKO, HASAN, RAHMA, RINA, SARI, LINA, ADIT, AMIN)


def test_the_calls_are_every_call_about_a_case():
    """One that is added has to hide the complaint too."""
    methods = {
        name
        for name in dir(ComplaintsService)
        if hasattr(getattr(ComplaintsService, name), "nameko_entrypoints")
    }
    jobs = {"keep_deadlines", "delete_forgotten_uploads"}
    of_no_case = {"read_subject", "on_personal_data_erased"}
    assert methods - jobs - of_no_case == {*CALLS, "store_evidence", "submit_complaint"}


@pytest.mark.parametrize("state", ["received", "coordinating", "resolved"])
@pytest.mark.parametrize("actor", CONCERNED, ids=lambda actor: actor.id)
def test_the_officer_whom_it_is_about_finds_no_such_case(desk, actor, state):
    """In every call, whatever their role, wherever it stands and however high it was passed."""
    desk.submit(officer=actor.id)
    if state != "received":
        desk.check()
        desk.coordinate()
        desk.escalate("lapor")
    if state == "resolved":
        desk.respond()
        desk.resolve()
    before = desk.names()
    for call in CALLS.values():
        refused(ErrorCode.CASE_NOT_FOUND, call, desk, actor)
    assert desk.names() == before
    assert logged(desk) == []


def test_the_check_may_find_out_whom_it_is_about(desk):
    """From then on it is hidden from them; the event tells the gateway."""
    desk.submit()
    desk.read(by=JOKO)
    desk.check(officer="joko")
    assert desk.last("complaint_checked")["officer"] == "joko"
    refused(ErrorCode.CASE_NOT_FOUND, desk.read, by=JOKO)
    assert desk.read(by=DEWI).matter == MATTER


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_an_unknown_number_is_no_case(desk, call):
    """Everybody gets the same answer as the officer whom it is about."""
    refused(ErrorCode.CASE_NOT_FOUND, call, desk, DEWI)


@pytest.mark.parametrize("read", ["read", "read_contacts", "export"])
def test_a_purpose_is_a_code(desk, read):
    """It is published."""
    desk.submit()
    refused(ErrorCode.VALIDATION_FAILED, getattr(desk, read), purpose="Karena Bu Nur minta")


def test_a_file_of_another_complaint_is_not_found(desk):
    """Each has its own."""
    file = desk.upload()
    desk.submit()
    desk.submit(attachments=(file.id,))
    refused(ErrorCode.ATTACHMENT_NOT_FOUND, desk.read_evidence, file.id)
