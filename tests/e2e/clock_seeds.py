"""Thousands of open cases with running clocks, put into the services' own databases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from casework.clock_tables import ClockColumns
from casework.clocks import Clocks
from chassis.database import make_engine
from chassis.settings import Settings
from chassis.store import Store
from contracts import complaints, data_request, intake, verification
from contracts.deadlines import DeadlineEvents
from services.complaints import models as complaints_models
from services.data_request import models as data_request_models
from services.intake import models as intake_models
from services.verification import models as verification_models
from standards import catalogue
from standards.calendar import WorkCalendar
from standards.deadline import compute_deadline
from tests.fleet import Fleet
from tests.support import StoppedClock

PERSON = "00000000-0000-4000-8000-000000000001"


@dataclass(frozen=True, slots=True)
class Keeper:
    """A service that keeps clocks: its tables, a row for a case of it, the step it waits in."""

    service: str
    prefix: str
    standard: str
    step: str
    base: Any
    clock: type[ClockColumns]
    events: DeadlineEvents
    row: Callable[[str, datetime], Any]
    person: Any = None


def _events(contract: Any) -> DeadlineEvents:
    return DeadlineEvents(
        contract.DeadlineApproaching, contract.DeadlineMissed, contract.DeadlineChanged
    )


def _request(number: str, at: datetime) -> Any:
    return intake_models.Request(
        tracking_number=number,
        person_id=PERSON,
        state="received",
        kind="assistance_verification",
        channel="counter",
        purpose="jamkesda",
        district="63.71.03",
        village="63.71.03.1003",
        standard="aid_verification",
        standard_version="2026-1",
        received_at=at,
        warnings=[],
        submission=b"",
    )


def _verification(number: str, at: datetime) -> Any:
    return verification_models.VerificationCase(
        tracking_number=number, state="assigned", verifier="verifier", wrapped_key=""
    )


def _data_request(number: str, at: datetime) -> Any:
    return data_request_models.DataRequestCase(
        tracking_number=number, state="dispositioned", wrapped_key=""
    )


def _complaint(number: str, at: datetime) -> Any:
    return complaints_models.Complaint(
        tracking_number=number,
        person_id=PERSON,
        state="received",
        kind="complaint",
        channel="website",
        standard="complaint",
        standard_version="2026-1",
        received_at=at,
        entered_at=at,
        submission=b"",
        contacts=b"",
    )


KEEPERS = (
    Keeper(
        "intake",
        "VRF-20261101",
        "aid_verification",
        "identification",
        intake_models.Base,
        intake_models.Clock,
        _events(intake),
        _request,
        intake_models.Person,
    ),
    Keeper(
        "verification",
        "VRF-20261102",
        "aid_verification",
        "visit",
        verification_models.Base,
        verification_models.Clock,
        _events(verification),
        _verification,
    ),
    Keeper(
        "data_request",
        "DTA-20261101",
        "data_request",
        "review",
        data_request_models.Base,
        data_request_models.Clock,
        _events(data_request),
        _data_request,
    ),
    Keeper(
        "complaints",
        "ADU-20261101",
        "complaint",
        "check",
        complaints_models.Base,
        complaints_models.Clock,
        _events(complaints),
        _complaint,
        complaints_models.Person,
    ),
)


def seed(fleet: Fleet, keeper: Keeper, moments: list[datetime]) -> None:
    """One case for each moment, at which it is received and its step begins.

    Cases of one moment are put in together.
    """
    clock, calendar = StoppedClock(), WorkCalendar.load()
    standard = catalogue.load(keeper.standard)
    store = Store(keeper.base.metadata)
    settings = Settings(home=fleet.folder)
    store.open(make_engine(f"{fleet.database_url}_{keeper.service}"), clock, settings)
    numbered = [(f"{keeper.prefix}-{n:04d}", at) for n, at in enumerate(moments, start=1)]
    if keeper.person is not None:
        with store.unit("seed") as work:
            who = {"id": PERSON, "nik_index": "x", "wrapped_key": "", "created_at": work.now}
            work.session.add(keeper.person(**who))
    for at, some in groupby(numbered, key=lambda each: each[1]):
        clock.set(at)
        with store.unit("seed") as work:
            cases = [number for number, _ in some]
            work.session.add_all([keeper.row(number, at) for number in cases])
            work.session.flush()
            deadline = compute_deadline(at, standard.time.max_working_days, calendar)
            clocks = Clocks(work, keeper.clock, keeper.events, calendar)
            for number in cases:
                clocks.promise(number, standard, deadline)
                clocks.begin_step(number, standard, keeper.step)
    store.engine.dispose()
