"""A person's record and erasure over several services, ended at every place it can end at."""

import json
import stat
from datetime import timedelta
from types import SimpleNamespace

import pytest

from chassis.retry import Unavailable
from chassis.settings import SettingsError
from contracts import complaints, intake, verification
from contracts.audit import Reading, Readings, ReadReadings
from contracts.envelope import Actor, Role
from contracts.errors import ErrorCode, Refusal
from contracts.subject import SubjectRecord
from ops.subject import Asked, erase, find, readings
from ops.subject_record import Request, as_json, as_text, new_files
from tests.integration.complaints.desk import CASE as COMPLAINT
from tests.integration.complaints.desk import ComplaintsDesk
from tests.integration.intake.counter import Counter
from tests.integration.verification.desk import Desk
from tests.support import MONDAY_MORNING
from tests.unit.intake.samples import NAME, NIK

AGUS = Actor(id="agus", role=Role.ADMINISTRATOR)
WHY = "subject_request"
CALLS_OF_AN_ERASURE = 2
"""The keepers of the person; everybody else follows by the event."""


class System:
    """Intake, verification and complaints, each with its own database; nobody else stores anything.

    `ends_at` is the call after which the operator's command is killed, before it hears the answer.
    """

    def __init__(self, folder):
        self.intake = Counter(folder / "intake")
        self.verification = Desk(folder / "verification")
        self.complaints = ComplaintsDesk(folder / "complaints")
        self.calls = 0
        self.ends_at = None
        self._heard = set()

    def call(self, message, actor=None, idempotency_key=None):
        """As the RPC client."""
        if isinstance(message, ReadReadings):
            return self._readings(message)
        bench = self._benches.get(message.service)
        if bench is None:
            return SubjectRecord(cases=())
        reply = bench.ask(message, actor, idempotency_key)
        if idempotency_key is not None:
            self.calls += 1
            if self.calls == self.ends_at:
                raise Unavailable(message.service)
        return reply

    def deliver(self, *, twice=False):
        """Bring every event of an erasure to who follows it, until nothing new comes."""
        while new := [e for e in self._erasures() if e.id not in self._heard]:
            for event in new:
                for _ in range(2 if twice else 1):
                    self._followers(event)
                self._heard.add(event.id)

    def erased(self):
        """(service, case) of every erasure that was told, sorted."""
        return sorted((e.source.rpartition("/")[2], e.subject) for e in self._erasures())

    def close(self):
        for bench in self._benches.values():
            bench.close()

    @property
    def _benches(self):
        return {
            "intake": self.intake.bench,
            "verification": self.verification,
            "complaints": self.complaints,
        }

    def _erasures(self):
        return [e for b in self._benches.values() for e in b.emitted("personal_data_erased")]

    def _followers(self, event):
        followers = {"/services/intake": (self.verification, self.complaints)}
        followers["/services/verification"] = (self.intake.bench,)
        for bench in followers.get(event.source, ()):
            bench.deliver(event, "on_personal_data_erased")

    def _readings(self, ask):
        events = [e for b in self._benches.values() for e in b.emitted("personal_data_read")]
        mine = [e for e in events if e.subject in ask.tracking_numbers][ask.after :]
        told = (_reading(index, event) for index, event in enumerate(mine, ask.after + 1))
        return Readings(readings=tuple(told)[:2])


def _reading(index, event):
    facts = {"index": index, "tracking_number": event.subject, "at": event.time}
    facts |= {"service": event.source, "actor": event.actor, "role": event.actorrole.value}
    return Reading(**facts, **event.data)


@pytest.fixture
def system(tmp_path):
    system = System(tmp_path)
    yield system
    system.close()


@pytest.fixture
def known(system):
    """One person with a delivered aid request and a closed complaint; the two numbers."""
    aid = system.intake.received()
    system.intake.identify(aid)
    system.verification.go_to("delivered", aid)
    system.complaints.go_to("closed")
    return SimpleNamespace(aid=aid, complaint=COMPLAINT)


def ways(known):
    """Every way of saying who is meant."""
    return (Asked(nik=NIK), Asked(case=known.aid), Asked(case=known.complaint))


def test_the_person_is_the_same_whichever_way_they_are_found(system, known):
    """By the NIK, by a request, by a complaint."""
    for asked in ways(known):
        found = find(system, asked, AGUS, with_data=False)
        assert {*found.numbers} == {known.aid, known.complaint}
        assert (found.open, found.closed) == ((), (known.aid,))


def test_one_open_case_keeps_the_person(system, known):
    """Also one that verification has, or that came a moment ago."""
    other = system.intake.received(purpose="jampersal")
    system.intake.identify(other)
    for state in (None, "visited"):
        if state:
            system.verification.go_to(state, other)
        found = find(system, Asked(nik=NIK), AGUS, with_data=False)
        assert found.open == (other,)
        with pytest.raises(Refusal) as refusal:
            erase(system, found, Asked(case=known.complaint), AGUS, WHY)
        assert refusal.value.code is ErrorCode.CASE_STILL_OPEN
    assert system.intake.read(known.aid).applicant.name == NAME


@pytest.mark.parametrize(
    ("way", "ends_at"),
    [(0, 1), (1, 1), (2, 1), (0, CALLS_OF_AN_ERASURE), (1, CALLS_OF_AN_ERASURE), (2, None)],
)
def test_ended_anywhere_and_done_again_everything_is_erased_once(system, known, way, ends_at):
    """The second try finds what the first has left, also when it had found all by the NIK."""
    asked = ways(known)[way]
    system.ends_at = ends_at
    tries = 1 if ends_at is None else 2
    for attempt in range(tries):
        found = find(system, asked, AGUS, with_data=False)
        try:
            erase(system, found, asked, AGUS, WHY)
        except Unavailable:
            assert attempt == 0
    system.deliver(twice=True)
    assert system.erased() == [
        ("complaints", known.complaint),
        ("intake", known.aid),
        ("verification", known.aid),
    ]
    for case in (known.aid, known.complaint):
        found = find(system, Asked(case=case), AGUS, with_data=True)
        assert (found.to_erase, found.waits_for(), found.open) == ((), (), ())
    assert find(system, Asked(nik=NIK), AGUS, with_data=False).numbers == ()


def test_who_has_yet_to_follow_is_named(system, known):
    """Until the event has come."""
    asked = Asked(case=known.aid)
    erase(system, find(system, asked, AGUS, with_data=False), asked, AGUS, WHY)
    found = find(system, asked, AGUS, with_data=False)
    assert found.waits_for() == (("verification", known.aid),)
    system.deliver()
    assert find(system, asked, AGUS, with_data=False).waits_for() == ()


def test_the_record_tells_what_is_stored_and_who_read_it(system, known):
    """For machines and for people."""
    system.intake.read(known.aid, purpose="identification")
    system.complaints.read(case=known.complaint)
    found = find(system, Asked(nik=NIK), AGUS, with_data=True)
    read = readings(system, found, AGUS)
    assert {"identification", "case_page", "subject_access"} == {
        each.purpose for each in read.readings
    }
    request = Request(MONDAY_MORNING, MONDAY_MORNING + timedelta(hours=71), "agus")
    told = json.loads(as_json(request, found, read))
    assert told["request"]["answer_by"] == "2026-11-26T01:00:00+00:00"
    assert told["stored"]["intake"][0]["data"]["applicant"]["nik"] == NIK
    assert len(told["readings"]) == len(read.readings)
    text = as_text(request, found, read)
    for said in (NAME, NIK, "staff:amat", "identification", "CATATAN DATA PRIBADI"):
        assert said in text


def test_a_record_says_that_it_may_be_incomplete(system, known, monkeypatch):
    """Where somebody made entries of the ledger unreadable that may be readings."""
    monkeypatch.setattr(system, "_readings", lambda ask: Readings(readings=(), broken=(7, 3)))
    found = find(system, Asked(nik=NIK), AGUS, with_data=True)
    read = readings(system, found, AGUS)
    request = Request(MONDAY_MORNING, MONDAY_MORNING, "agus")
    assert json.loads(as_json(request, found, read))["unreadable_entries"] == [3, 7]
    text = as_text(request, found, read)
    assert "Not complete: broken entries. (3, 7)" in text
    assert "Nobody has read it" not in text


def test_both_files_of_a_record_are_there_or_none(tmp_path):
    """New ones, for their owner only; what is there already is neither written nor taken away."""
    data, text, other = (tmp_path / name for name in ("a.json", "a.txt", "b.json"))

    def fails():
        with new_files(data, text) as (_, file):
            file.write(NAME)
            raise Unavailable("audit")

    with pytest.raises(Unavailable):
        fails()
    assert [*tmp_path.iterdir()] == []
    with new_files(data, text) as (_, file):
        file.write(NAME)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (data, text)] == [0o600] * 2
    with pytest.raises(SettingsError), new_files(other, text):
        pytest.fail("the second is there already")
    assert (other.exists(), text.read_text()) == (False, NAME)


@pytest.mark.parametrize(("hours", "late"), [(72, False), (73, True)])
def test_it_is_to_be_answered_within_three_times_24_hours(hours, late):
    """UU 27/2022: of the clock, not of the office."""
    request = Request(MONDAY_MORNING, MONDAY_MORNING + timedelta(hours=hours), "agus")
    assert (request.answer_by - request.received_at, request.late) == (timedelta(days=3), late)


def test_the_first_questions_are_about_nobodys_words(system, known):
    """Finding somebody is no reading; a record is, and it is recorded for each service."""
    find(system, Asked(nik=NIK), AGUS, with_data=False)
    assert (
        readings(system, find(system, Asked(nik=NIK), AGUS, with_data=False), AGUS).readings == ()
    )
    found = find(system, Asked(nik=NIK), AGUS, with_data=True)
    looks = readings(system, found, AGUS).readings
    assert {each.service.rpartition("/")[2] for each in looks} == {
        *(model.service for model in (intake.ReadSubject, complaints.ReadSubject)),
        verification.ReadSubject.service,
    }
    assert {each.actor for each in looks} == {"staff:agus"}
