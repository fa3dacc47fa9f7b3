"""The data-request service on its bench, with the office's people and a student at their work."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from contracts.data_request import (
    AnswerClarification,
    BuildPackage,
    Complexity,
    DispositionDataRequest,
    DownloadPackage,
    ReadDataRequest,
    ReadRegister,
    RejectionGround,
    ReviewDataRequest,
    Side,
    SignHandover,
    StoreTable,
    WithdrawDataRequest,
)
from contracts.envelope import RESIDENT, Actor, DeadlineView, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import Purpose, RequestCompleted, RequestKind, RequestWithdrawn
from services.data_request.models import Base, DataRequestCase, StoredTable
from services.data_request.service import DataRequestService
from standards.calendar import WorkCalendar
from standards.deadline import compute_deadline
from tests.support import MONDAY_MORNING, Bench

CASE = "DTA-20261123-0001"
DUE = datetime(2026, 12, 14, 8, 0, tzinfo=UTC)

RAHMAN = Actor(id="rahman", role=Role.AGENCY_HEAD)
HASAN = Actor(id="hasan", role=Role.DIVISION_HEAD)
WATI = Actor(id="wati", role=Role.DIVISION_HEAD)
SARI = Actor(id="sari", role=Role.SOCIAL_WORKER)
DEWI = Actor(id="dewi", role=Role.SOCIAL_WORKER)

NOTE = "Mohon ditelaah, atas nama Ibu Noor."
QUESTION = "Apakah Fitriani memerlukan data per kelurahan?"
ANSWER = "Per kecamatan saja, terima kasih dari Fitriani."
WORDS = "Data pribadi warga tidak kami berikan."
SOURCE = "Basis data kesejahteraan sosial, dicatat Norhayati."
METHOD = "Dihitung per kecamatan oleh Norhayati."
STUDENT = "Fitriani Rahmah"
UNIVERSITY = "Universitas Lambung Mangkurat"

CSV = "Kecamatan;Tahun;Jumlah KK\nBanjarmasin Barat;2025;120\nBanjarmasin Timur;2025;2\n"


def promised(received_at=MONDAY_MORNING, working_days=14):
    """The promise that intake gives: the longest the standard knows."""
    deadline = compute_deadline(received_at, working_days, WorkCalendar.load(None))
    return DeadlineView.model_validate(deadline.as_dict())


def facts(**parts):
    """What intake says of a complete data request."""
    usual = {
        "kind": RequestKind.DATA_REQUEST,
        "purpose": Purpose.ACADEMIC_RESEARCH,
        "district": None,
        "village": None,
        "standard": "data_request",
        "standard_version": "2026-1",
        "received_at": MONDAY_MORNING,
        "deadline": promised(),
        "data_types": 3,
    }
    return RequestCompleted(**usual | parts)


class Desk(Bench):
    """The bench with a method for everything that happens to a case."""

    def __init__(self, folder: Path, server: str | None = None, **env: str) -> None:
        super().__init__(DataRequestService, folder, server, **env)

    def complete(self, case=CASE, id=None, **parts):
        """Intake hands the letter over."""
        return self.tell(facts(**parts), case, RESIDENT, id)

    def intake_withdraws(self, case=CASE, id=None, stage="data_request"):
        """Intake says that the request was withdrawn."""
        return self.tell(RequestWithdrawn(stage=stage), case, RESIDENT, id)

    def disposition(self, case=CASE, note=NOTE, by=RAHMAN):
        """The agency head passes the letter on."""
        return self.ask(DispositionDataRequest(tracking_number=case, note=note), by)

    def review(self, decision, case=CASE, by=HASAN, **parts):
        """The division head decides with just these parts."""
        return self.ask(ReviewDataRequest(tracking_number=case, decision=decision, **parts), by)

    def approve(self, case=CASE, by=HASAN, **parts):
        """The division head approves and instructs Sari."""
        usual = {"complexity": Complexity.MODERATE, "social_worker": "sari"}
        return self.review("approve", case, by, **usual | parts)

    def reject(self, case=CASE, by=HASAN, **parts):
        """The division head rejects."""
        usual = {"ground": RejectionGround.PERSONAL_DATA_ASKED, "words": WORDS}
        return self.review("reject", case, by, **usual | parts)

    def clarify(self, case=CASE, by=HASAN, words=QUESTION):
        """The division head asks back."""
        return self.review("clarify", case, by, words=words)

    def answer(self, case=CASE, answer=ANSWER):
        """The student answers."""
        return self.ask(AnswerClarification(tracking_number=case, answer=answer))

    def upload(self, content=CSV, case=CASE, by=SARI, name="KK per kecamatan", key=None):
        """The social worker uploads a table."""
        data = content.encode() if isinstance(content, str) else content
        encoded = base64.b64encode(data).decode()
        return self.ask(StoreTable(tracking_number=case, name=name, content=encoded), by, key)

    def build(self, *tables, case=CASE, by=SARI, key=None, **parts):
        """The social worker makes the package, of every table stored unless some are named."""
        if not tables:
            with self.session() as session:
                stored = select(StoredTable.id).where(StoredTable.tracking_number == case)
                tables = tuple(session.scalars(stored.order_by(StoredTable.id)))
        usual = {"data_source": SOURCE, "data_method": METHOD}
        return self.ask(BuildPackage(tracking_number=case, tables=tables, **usual | parts), by, key)

    def sign_for_office(self, case=CASE, edition=1, by=SARI, **parts):
        """The social worker signs for the office."""
        usual = {"name": "Sari Wulandari", "position": "Pekerja Sosial"}
        signature = SignHandover(
            tracking_number=case, side=Side.OFFICE, edition=edition, **usual | parts
        )
        return self.ask(signature, by)

    def sign_as_requester(self, case=CASE, edition=1, by=RESIDENT, **parts):
        """The student signs and accepts the terms of use."""
        usual = {"name": STUDENT, "institution": UNIVERSITY, "terms_accepted": True}
        signature = SignHandover(
            tracking_number=case, side=Side.REQUESTER, edition=edition, **usual | parts
        )
        return self.ask(signature, by)

    def download(self, case=CASE, by=RESIDENT):
        """The student fetches the package: the archive's bytes."""
        content = self.ask(DownloadPackage(tracking_number=case), by)
        return base64.b64decode(content.content)

    def withdraw(self, case=CASE, by=RESIDENT):
        """The student no longer wants it."""
        return self.ask(WithdrawDataRequest(tracking_number=case), by)

    def read(self, case=CASE, by=HASAN, purpose="case_page"):
        """Somebody opens the case."""
        return self.ask(ReadDataRequest(tracking_number=case, purpose=purpose), by)

    def register(self, by=HASAN, **parts):
        """Somebody opens the register."""
        return self.ask(ReadRegister(purpose="register_page", **parts), by)

    def row(self, case=CASE):
        """The case's row as it is stored, None if the case is not known."""
        with self.session() as session:
            return session.get(DataRequestCase, case)

    def count(self, model):
        """How many rows there are."""
        with self.session() as session:
            return session.scalar(select(func.count()).select_from(model))

    def everything(self):
        """Every row of every table but replies of refused commands: what is stored at all."""
        with self.session() as session:
            return {
                table.name: sorted(map(repr, session.execute(select(table)).all()))
                for table in Base.metadata.sorted_tables
            }

    def names(self, case=CASE):
        """The names of the case's events so far, in order."""
        return [event.event_name for event in self.emitted() if event.subject == case]

    def go_to(self, state, case=CASE):
        """Bring a new case to this state by the shortest way."""
        if state == "rejected":
            self.go_to("dispositioned", case)
            self.reject(case)
        elif state == "clarification":
            self.go_to("dispositioned", case)
            self.clarify(case)
        elif state == "withdrawn":
            self.go_to("received", case)
            self.withdraw(case)
        else:
            self._go_along(state, case)

    def _go_along(self, state, case):
        steps = {
            "received": (lambda: self.complete(case),),
            "dispositioned": (lambda: self.disposition(case),),
            "in_preparation": (lambda: self.approve(case),),
            "prepared": (lambda: self.upload(case=case), lambda: self.build(case=case)),
            "handed_over": (
                lambda: self.sign_for_office(case),
                lambda: self.sign_as_requester(case),
            ),
        }
        for reached, ways in steps.items():
            for way in ways:
                way()
            if reached == state:
                return
        raise ValueError(f"there is no way to {state!r}")


def refused(code: ErrorCode, call, *args, **kwargs) -> Refusal:
    """The refusal with this code that the call raises."""
    with pytest.raises(Refusal) as refusal:
        call(*args, **kwargs)
    assert refusal.value.code is code
    return refusal.value
