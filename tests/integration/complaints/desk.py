"""The complaints service on its bench, with complainants, officers and heads."""

import base64
from pathlib import Path

import pytest

from contracts.complaints import (
    AnswerSurvey,
    CheckComplaint,
    CheckResult,
    Complainant,
    CoordinateComplaint,
    Element,
    EraseSubject,
    EscalateComplaint,
    ExportLapor,
    RateComplaint,
    ReadComplaint,
    ReadContacts,
    ReadEvidence,
    ReadSubject,
    ReconcileLapor,
    RecordAnswer,
    ReopenComplaint,
    ResolveComplaint,
    RespondComplaint,
    StoreEvidence,
    SubmitComplaint,
    SupplementComplaint,
    WithdrawComplaint,
)
from contracts.envelope import RESIDENT, SYSTEM, Actor, Role
from contracts.errors import ErrorCode, Refusal
from services.complaints.models import Complaint
from services.complaints.service import ComplaintsService
from tests.support import Bench

CASE = "ADU-20261123-0001"
NIK = "6371034505850003"
NAME = "Nurhalizah Contoh"
ADDRESS = "Jalan Belitung Darat Gang Keluarga 17"
PHONE = "081250001234"
EMAIL = "nurhalizah@contoh.example"
MATTER = "Bantuan untuk ibu saya dipotong oleh petugas di loket tiga."

DEWI = Actor(id="dewi", role=Role.COMPLAINT_OFFICER)
JOKO = Actor(id="joko", role=Role.COMPLAINT_OFFICER)
HASAN = Actor(id="hasan", role=Role.DIVISION_HEAD)
RAHMA = Actor(id="rahma", role=Role.AGENCY_HEAD)
RINA = Actor(id="rina", role=Role.VERIFIER)
SARI = Actor(id="sari", role=Role.SOCIAL_WORKER)
LINA = Actor(id="lina", role=Role.COUNTER_OFFICER)
ADIT = Actor(id="adit", role=Role.AUDITOR)
AMIN = Actor(id="amin", role=Role.ADMINISTRATOR)
EVERYBODY = (RESIDENT, SYSTEM, DEWI, JOKO, HASAN, RAHMA, RINA, SARI, LINA, ADIT, AMIN)


def pdf(text="Kuitansi"):
    """A file with the structure of a PDF."""
    return f"%PDF-1.7\n1 0 obj\n<< /Note ({text}) >>\nendobj\nstartxref\n0\n%%EOF\n".encode()


def complainant(**parts):
    """Somebody with full identity; nobody in it exists."""
    usual = {"name": NAME, "nik": NIK, "address": ADDRESS, "phone": PHONE}
    return Complainant(**usual | parts)


class ComplaintsDesk(Bench):
    """The bench with a method for everything that happens to a complaint."""

    def __init__(self, folder: Path, server: str | None = None, **env: str) -> None:
        super().__init__(ComplaintsService, folder, server, **env)

    def submit(self, by=DEWI, key=None, **parts):
        """A complaint comes in, at the counter unless `parts` say otherwise."""
        channel = "website" if by.role is Role.RESIDENT else "counter"
        usual = {"channel": channel, "complainant": complainant(), "matter": MATTER}
        return self.ask(SubmitComplaint(**usual | parts), by, key)

    def upload(self, content=None, by=RESIDENT):
        """A stored file."""
        content = base64.b64encode(content or pdf()).decode()
        return self.ask(StoreEvidence(content=content), by)

    def check(self, result="complete", by=DEWI, case=CASE, **parts):
        """The administrative check."""
        usual = {
            CheckResult.COMPLETE: {},
            CheckResult.INCOMPLETE: {"missing": ("evidence",)},
            CheckResult.NOT_OURS: {"referral": "civil_registry"},
        }[CheckResult(result)]
        ask = CheckComplaint(tracking_number=case, result=result, **usual | parts)
        return self.ask(ask, by)

    def supplement(self, *attachments, notes="Kuitansi terlampir.", case=CASE, by=RESIDENT):
        """The complainant sends what was missing."""
        ask = SupplementComplaint(tracking_number=case, notes=notes, attachments=attachments)
        return self.ask(ask, by)

    def coordinate(self, by=DEWI, case=CASE, **parts):
        """A partner is asked."""
        usual = {
            "scope": "internal",
            "partner": "Bidang Linjamsos",
            "question": "Benarkah ada potongan?",
        }
        return self.ask(CoordinateComplaint(tracking_number=case, **usual | parts), by)

    def record_answer(self, coordination=1, by=DEWI, case=CASE, answer="Tidak ada potongan."):
        """The partner has answered."""
        ask = RecordAnswer(tracking_number=case, coordination=coordination, answer=answer)
        return self.ask(ask, by)

    def respond(self, by=DEWI, case=CASE, response="Uang dikembalikan hari ini.", key=None):
        """The complainant has an answer."""
        return self.ask(RespondComplaint(tracking_number=case, response=response), by, key)

    def resolve(self, by=DEWI, case=CASE, resolution="Uang sudah diterima."):
        """The matter is settled."""
        return self.ask(ResolveComplaint(tracking_number=case, resolution=resolution), by)

    def escalate(self, to="division_head", by=DEWI, case=CASE, words="Di luar wewenang saya."):
        """Somebody passes it upward."""
        return self.ask(EscalateComplaint(tracking_number=case, to=to, words=words), by)

    def reconcile(self, status="forwarded", by=DEWI, case=CASE, key=None, **parts):
        """Somebody enters what came back from LAPOR!."""
        usual = {"lapor_number": "7654321", "occurred_at": self.clock.now(), "words": None}
        ask = ReconcileLapor(tracking_number=case, status=status, **usual | parts)
        return self.ask(ask, by, key)

    def rate(self, score=5, case=CASE, words="Cepat sekali.", by=RESIDENT):
        """The complainant judges."""
        return self.ask(RateComplaint(tracking_number=case, score=score, words=words), by)

    def reopen(self, case=CASE, words="Uang belum saya terima.", by=RESIDENT):
        """The complainant is not content."""
        return self.ask(ReopenComplaint(tracking_number=case, words=words), by)

    def erase(self, case=CASE, by=AMIN):
        """The complainant is erased."""
        return self.ask(EraseSubject(tracking_number=case, reason="subject_request"), by)

    def record_of(self, by=AMIN, with_data=True, **asked):
        """What is stored about a person."""
        return self.ask(ReadSubject(with_data=with_data, **asked), by)

    def withdraw(self, case=CASE, by=RESIDENT):
        """The complainant no longer wants it."""
        return self.ask(WithdrawComplaint(tracking_number=case), by)

    def answer_survey(self, case=CASE, words=None, by=RESIDENT, **scores):
        """A resident answers the survey, all 4 unless said otherwise; None leaves one out."""
        given = {element.value: 4 for element in Element} | scores
        given = {element: score for element, score in given.items() if score is not None}
        return self.ask(AnswerSurvey(tracking_number=case, scores=given, words=words), by)

    def read(self, by=DEWI, case=CASE, purpose="case_page"):
        """Somebody opens the complaint."""
        return self.ask(ReadComplaint(tracking_number=case, purpose=purpose), by)

    def read_evidence(self, attachment, by=DEWI, case=CASE, purpose="case_page"):
        """Somebody opens an attachment."""
        ask = ReadEvidence(tracking_number=case, attachment=attachment, purpose=purpose)
        return self.ask(ask, by)

    def read_contacts(self, by=SYSTEM, case=CASE, purpose="notification"):
        """The notifications ask for addresses."""
        return self.ask(ReadContacts(tracking_number=case, purpose=purpose), by)

    def export(self, by=DEWI, case=CASE, purpose="lapor_export"):
        """Somebody takes the record for LAPOR!."""
        return self.ask(ExportLapor(tracking_number=case, purpose=purpose), by)

    def keep_deadlines(self):
        """The job runs once."""
        self.run_job("keep_deadlines")

    def at(self, moment):
        """Set the clock to a moment of the office and let the job run."""
        self.clock.set(moment)
        self.keep_deadlines()

    def row(self, case=CASE):
        """The complaint's row as it is stored, None if it is not known."""
        with self.session() as session:
            return session.get(Complaint, case)

    def rows(self, model):
        """Every row of a table."""
        with self.session() as session:
            return session.query(model).all()

    def names(self, case=CASE):
        """The names of the case's events so far, in order."""
        return [event.event_name for event in self.emitted() if event.subject == case]

    def last(self, name):
        """The data of the newest event of that name."""
        return self.emitted(name)[-1].data

    def go_to(self, state, case=CASE):
        """Bring a new complaint to this state by the shortest way."""
        ends = {
            "incomplete": lambda: self.check("incomplete", case=case),
            "redirected": lambda: self.check("not_ours", case=case),
            "withdrawn": lambda: self.withdraw(case=case),
        }
        steps = {
            "received": self.submit,
            "checked": lambda: self.check(case=case),
            "coordinating": lambda: self.coordinate(case=case),
            "responded": lambda: self.respond(case=case),
            "resolved": lambda: self.resolve(case=case),
            "closed": lambda: self.rate(case=case),
        }
        for reached, step in steps.items():
            step()
            if reached == "received" and state in ends:
                return ends[state]()
            if reached == state:
                return None
        raise ValueError(f"there is no way to {state!r}")


def refused(code: ErrorCode, call, *args, **kwargs) -> Refusal:
    """The refusal with this code that the call raises."""
    with pytest.raises(Refusal) as refusal:
        call(*args, **kwargs)
    assert refusal.value.code is code
    return refusal.value


def refused_fields(call, *args, **kwargs) -> list[tuple[str, str]]:
    """The fields that the call is refused for, with their codes."""
    refusal = refused(ErrorCode.VALIDATION_FAILED, call, *args, **kwargs)
    return [(error["field"], error["code"]) for error in refusal.details["errors"]]
