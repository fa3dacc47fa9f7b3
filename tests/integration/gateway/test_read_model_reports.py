"""How the promises were kept and how content the residents are, against figures done by hand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.complaints import ComplaintWithdrawn, Element
from contracts.envelope import EventData
from contracts.intake import RequestWithdrawn
from gateway.reports import ServiceLevel, grade, satisfaction, service_levels
from gateway.service import GatewayService
from tests.case_events import DECIDED, DUE, OFFICE, RECEIVED, RECEIVED_AT, Story
from tests.complaint_events import (
    COMPLAINED,
    NOT_OURS,
    REOPENED,
    RESPONDED,
    SENT_BACK,
    SURVEYED,
    TO_THE_RESOLUTION,
)
from tests.data_request_events import REJECTED, TO_THE_HANDOVER
from tests.support import Bench

AUTUMN = {"month_from": "2026-10", "month_to": "2026-12"}
NORTH, WEST = "63.71.04", "63.71.03"
LATE_NOW = DUE + timedelta(days=3)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Bench]:
    """The gateway's service on an empty database."""
    bench = Bench(GatewayService, tmp_path)
    yield bench
    bench.close()


class Cases:
    """Brings one case after the other to the gateway."""

    def __init__(self, gateway: Bench) -> None:
        self._gateway = gateway
        self._count = 0

    def bring(self, prefix: str, *steps: EventData) -> None:
        self._count += 1
        for event in Story(f"{prefix}-20261123-{self._count:04}").tell(*steps):
            self._gateway.deliver(event, "on_any_event")

    def decided(self, minutes: int, *, in_time: bool = True, district: str = WEST) -> None:
        """A verification that took so many office minutes."""
        received = RECEIVED.model_copy(update={"district": district})
        facts = {"working_minutes": minutes, "in_time": in_time}
        self.bring("VRF", received, DECIDED.model_copy(update=facts))

    def surveyed(self, **scores: int) -> None:
        """A complaint with 3 for every element but these."""
        answer: dict[Element, int] = dict.fromkeys(Element, 3)
        answer |= {Element(element): score for element, score in scores.items()}
        self.bring("ADU", COMPLAINED, SURVEYED.model_copy(update={"scores": answer}))


@pytest.fixture
def cases(gateway: Bench) -> Cases:
    return Cases(gateway)


def levels(gateway: Bench, now: datetime = LATE_NOW, **chosen: Any) -> tuple[ServiceLevel, ...]:
    with gateway.session() as session:
        return service_levels(session, now=now, **(AUTUMN | chosen))


def test_every_case_received_is_done_withdrawn_or_open(gateway: Bench, cases: Cases) -> None:
    """Four decided (one late), one withdrawn, two open, of which one is overdue."""
    for minutes, in_time in ((60, True), (120, True), (300, True), (900, False)):
        cases.decided(minutes, in_time=in_time)
    cases.bring("VRF", RECEIVED, RequestWithdrawn(stage="intake"))
    cases.bring("VRF", RECEIVED)
    paused = RECEIVED.deadline.model_copy(update={"due": None, "paused": True})
    cases.bring("VRF", RECEIVED.model_copy(update={"deadline": paused}))
    assert levels(gateway) == (
        ServiceLevel(
            standard="aid_verification",
            district=WEST,
            month="2026-11",
            received=7,
            done=4,
            in_time=3,
            late=1,
            withdrawn=1,
            open=2,
            overdue=1,
            median_minutes=210.0,  # between 120 and 300
            p90_minutes=900,  # the 4th of 4: 3.6 rounded up
        ),
    )
    assert levels(gateway, now=RECEIVED_AT)[0].overdue == 0


@pytest.mark.parametrize(
    ("minutes", "median", "p90"),
    [
        pytest.param([50], 50, 50, id="a single one"),
        pytest.param([10, 20], 15, 20, id="two"),
        pytest.param([30, 10, 20], 20, 30, id="three, in no order"),
        pytest.param(list(range(10, 110, 10)), 55, 90, id="ten: the ninth"),
        pytest.param([10] * 9 + [500], 10, 10, id="equal ones count each"),
        pytest.param([10, *[500] * 10], 500, 500, id="eleven: the tenth"),
    ],
)
def test_median_and_nearest_rank_percentile(
    gateway: Bench, cases: Cases, minutes: list[int], median: float, p90: int
) -> None:
    """Of the office minutes of those that are done."""
    for each in minutes:
        cases.decided(each)
    (level,) = levels(gateway)
    assert (level.median_minutes, level.p90_minutes) == (median, p90)


def test_figures_stand_by_standard_district_and_month(gateway: Bench, cases: Cases) -> None:
    """A complaint and a data request have no district."""
    cases.decided(60)
    cases.decided(90, district=NORTH)
    cases.bring("DTA", *TO_THE_HANDOVER)
    cases.bring("DTA", *TO_THE_HANDOVER[:3], REJECTED)
    in_october = datetime(2026, 10, 30, 9, 0, tzinfo=OFFICE)
    cases.bring("ADU", COMPLAINED.model_copy(update={"received_at": in_october}), RESPONDED)
    cases.bring("ADU", COMPLAINED, NOT_OURS)
    cases.bring("ADU", COMPLAINED, ComplaintWithdrawn())
    rows = levels(gateway)
    assert [(row.standard, row.district, row.month, row.received) for row in rows] == [
        ("aid_verification", WEST, "2026-11", 1),
        ("aid_verification", NORTH, "2026-11", 1),
        ("complaint", None, "2026-10", 1),
        ("complaint", None, "2026-11", 2),
        ("data_request", None, "2026-11", 2),
    ]
    assert [row.median_minutes for row in rows] == [60, 90, 600, 60, 510]
    assert [(row.done, row.withdrawn) for row in rows[2:]] == [(1, 0), (1, 1), (2, 0)]


def test_a_case_withdrawn_when_it_was_decided_is_counted_once(gateway: Bench, cases: Cases) -> None:
    """The promise was kept; the rest is not its matter."""
    cases.bring("VRF", RECEIVED, DECIDED, RequestWithdrawn(stage="intake"))
    (level,) = levels(gateway)
    assert (level.received, level.done, level.withdrawn, level.open) == (1, 1, 0, 0)


def test_a_complaint_that_is_withdrawn_after_its_answer_was_done(
    gateway: Bench, cases: Cases
) -> None:
    """The promise was kept once; reopened, and not withdrawn, it is open again."""
    cases.bring("ADU", *TO_THE_RESOLUTION, REOPENED, ComplaintWithdrawn())
    (level,) = levels(gateway)
    assert (level.received, level.done, level.withdrawn, level.open) == (1, 1, 0, 0)
    assert (level.in_time, level.median_minutes) == (1, RESPONDED.working_minutes)
    cases.bring("ADU", *TO_THE_RESOLUTION, REOPENED)
    (level,) = levels(gateway)
    assert (level.received, level.done, level.withdrawn, level.open) == (2, 1, 0, 1)


def test_a_report_can_be_narrowed(gateway: Bench, cases: Cases) -> None:
    """To months, a standard, a district."""
    cases.decided(60)
    cases.decided(90, district=NORTH)
    cases.bring("ADU", COMPLAINED)
    assert [row.district for row in levels(gateway, district=NORTH)] == [NORTH]
    assert [row.standard for row in levels(gateway, standard="complaint")] == ["complaint"]
    assert levels(gateway, month_from="2026-12") == ()
    assert levels(gateway, month_to="2026-10") == ()


def test_a_month_without_anything_done_has_no_minutes(gateway: Bench, cases: Cases) -> None:
    """None, not nought."""
    cases.bring("ADU", COMPLAINED.model_copy(update={"deadline": SENT_BACK}))
    (level,) = levels(gateway)
    assert (level.done, level.open, level.overdue) == (0, 1, 0)
    assert (level.median_minutes, level.p90_minutes) == (None, None)


def test_the_index_is_the_mean_of_the_nine_elements_times_25(gateway: Bench, cases: Cases) -> None:
    """Two answers: sums 28 and 30 of nine elements each, so a mean of 58/18 and 80.56."""
    cases.surveyed(time=4)
    cases.surveyed(time=4, fee=4, conduct=4)
    with gateway.session() as session:
        (row,) = satisfaction(session, **AUTUMN)
    assert (row.standard, row.district, row.month) == ("complaint", None, "2026-11")
    assert (row.answers, row.index, row.grade) == (2, 80.56, "B")
    assert (row.elements["time"], row.elements["fee"], row.elements["product"]) == (4.0, 3.5, 3.0)
    assert len(row.elements) == 9


def test_satisfaction_stands_by_the_month_of_the_answer(gateway: Bench, cases: Cases) -> None:
    """A case of any kind, in the months that are asked for."""
    cases.bring("VRF", RECEIVED, DECIDED, SURVEYED)
    cases.bring("DTA", *TO_THE_HANDOVER, SURVEYED)
    in_october = datetime(2026, 10, 30, 9, 0, tzinfo=OFFICE)
    cases.bring("ADU", COMPLAINED.model_copy(update={"received_at": in_october}), SURVEYED)
    with gateway.session() as session:
        rows = satisfaction(session, **AUTUMN)
        only = satisfaction(session, **AUTUMN, standard="aid_verification", district=WEST)
        assert satisfaction(session, month_from="2026-10", month_to="2026-10") == ()
    assert [(row.standard, row.district, row.month) for row in rows] == [
        ("aid_verification", WEST, "2026-11"),
        ("complaint", None, "2026-11"),
        ("data_request", None, "2026-11"),
    ]
    assert [row.standard for row in only] == ["aid_verification"]


@pytest.mark.parametrize(
    ("index", "letter"),
    [
        *((100.0, "A"), (88.31, "A"), (88.30, "B"), (76.61, "B")),
        *((76.60, "C"), (65.0, "C"), (64.99, "D"), (25.0, "D")),
    ],
)
def test_the_letters_have_the_bounds_of_the_regulation(index: float, letter: str) -> None:
    """PermenPANRB 14/2017: no index falls between two letters."""
    assert grade(index) == letter
