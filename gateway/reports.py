"""How the promises were kept, and how content the residents are: figures without personal data.

Months are like "2026-11", in the office's time. Both reports read how often each number of minutes
or each answer occurs, never a row for each case, so that many cases need little more than few.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from contracts.complaints import Element
from gateway.models import CaseStatus
from gateway.stages import Stage

Grade = Literal["A", "B", "C", "D"]
_INDEX_FACTOR = 25


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """One standard, district and month of receipt.

    Every case received is `done` (the promise was answered to: `in_time` or `late`), `withdrawn`
    before that, or `open`, and then perhaps `overdue`; a complaint that is reopened is open again.
    The minutes are the office minutes that the clock of those done ran: the median, and the
    nearest-rank 90th percentile.
    """

    standard: str
    district: str | None
    month: str
    received: int
    done: int
    in_time: int
    late: int
    withdrawn: int
    open: int
    overdue: int
    median_minutes: float | None
    p90_minutes: int | None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """One standard, district and month of answering, by PermenPANRB 14/2017.

    `elements` holds the mean of each of the nine elements, 1 to 4; `index` their mean times 25.
    """

    standard: str
    district: str | None
    month: str
    answers: int
    elements: dict[str, float]
    index: float
    grade: Grade


_Group = tuple[str, str | None, str]
_BY_RECEIPT = (CaseStatus.standard, CaseStatus.district, CaseStatus.received_month)
_BY_ANSWER = (CaseStatus.standard, CaseStatus.district, CaseStatus.surveyed_month)


def service_levels(
    session: Session,
    *,
    now: datetime,
    month_from: str,
    month_to: str,
    standard: str | None = None,
    district: str | None = None,
) -> tuple[ServiceLevel, ...]:
    """How the cases received in these months fared, by standard, district and month.

    `now` decides what is overdue. A case that no event has given a standard is left out.
    """
    chosen = _chosen(CaseStatus.received_month, month_from, month_to, standard, district)
    done = CaseStatus.done_at.is_not(None)
    gone = and_(~done, CaseStatus.stage == Stage.WITHDRAWN)
    running = and_(~done, CaseStatus.stage != Stage.WITHDRAWN)
    counts = select(
        *_BY_RECEIPT,
        func.count().label("received"),
        _count(done).label("done"),
        _count(and_(done, CaseStatus.in_time.is_(True))).label("in_time"),
        _count(gone).label("withdrawn"),
        _count(running).label("open"),
        _count(and_(running, CaseStatus.due < now)).label("overdue"),
    )
    minutes = _minutes(session, chosen)
    rows = session.execute(counts.where(*chosen).group_by(*_BY_RECEIPT)).all()
    return tuple(_level(row, minutes.get(_group(row), ())) for row in sorted(rows, key=_order))


def satisfaction(
    session: Session,
    *,
    month_from: str,
    month_to: str,
    standard: str | None = None,
    district: str | None = None,
) -> tuple[Satisfaction, ...]:
    """How residents answered the survey in these months, by standard, district and month."""
    chosen = _chosen(CaseStatus.surveyed_month, month_from, month_to, standard, district)
    columns = (*_BY_ANSWER, CaseStatus.survey)
    found = (
        select(*columns, func.count().label("times"))
        .where(*chosen, CaseStatus.survey.is_not(None))
        .group_by(*columns)
    )
    answers: Counter[_Group] = Counter()
    sums: dict[_Group, Counter[str]] = {}
    for row in session.execute(found):
        answers[_group(row)] += row.times
        scores: dict[str, int] = json.loads(row.survey)
        total = sums.setdefault(_group(row), Counter())
        total.update({element: score * row.times for element, score in scores.items()})
    groups = sorted(answers, key=_sortable)
    return tuple(_satisfaction(group, answers[group], sums[group]) for group in groups)


def grade(index: float) -> Grade:
    """The letter of an index, 25 to 100: PermenPANRB 14/2017."""
    if index >= 88.31:
        return "A"
    if index >= 76.61:
        return "B"
    return "C" if index >= 65 else "D"


def _chosen(
    month: Any, month_from: str, month_to: str, standard: str | None, district: str | None
) -> list[ColumnElement[bool]]:
    chosen = [month.between(month_from, month_to), CaseStatus.standard.is_not(None)]
    if standard is not None:
        chosen.append(CaseStatus.standard == standard)
    if district is not None:
        chosen.append(CaseStatus.district == district)
    return chosen


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _minutes(
    session: Session, chosen: list[ColumnElement[bool]]
) -> dict[_Group, tuple[float, int]]:
    """Median and 90th percentile of each group, from how often each number of minutes occurs."""
    columns = (*_BY_RECEIPT, CaseStatus.working_minutes)
    found = (
        select(*columns, func.count().label("times"))
        .where(*chosen, CaseStatus.working_minutes.is_not(None))
        .group_by(*columns)
        .order_by(*columns)
    )
    rows = session.execute(found)
    return {group: _percentiles(list(each)) for group, each in groupby(rows, key=_group)}


def _percentiles(rows: list[Any]) -> tuple[float, int]:
    total = sum(row.times for row in rows)
    lower, upper = (_at_rank(rows, rank) for rank in ((total + 1) // 2, total // 2 + 1))
    return (lower + upper) / 2, _at_rank(rows, (9 * total + 9) // 10)


def _at_rank(rows: Iterable[Any], rank: int) -> int:
    """The value of this rank, from 1, where each row's stands `times` times."""
    passed = 0
    for row in rows:
        passed += row.times
        if passed >= rank:
            return int(row.working_minutes)
    raise LookupError("there are not so many values")


def _level(row: Any, minutes: tuple[float, int] | tuple[()]) -> ServiceLevel:
    median, p90 = minutes or (None, None)
    standard, district, month = _group(row)
    return ServiceLevel(
        standard=standard,
        district=district,
        month=month,
        received=row.received,
        done=row.done,
        in_time=row.in_time,
        late=row.done - row.in_time,
        withdrawn=row.withdrawn,
        open=row.open,
        overdue=row.overdue,
        median_minutes=median,
        p90_minutes=p90,
    )


def _satisfaction(group: _Group, answers: int, sums: Counter[str]) -> Satisfaction:
    standard, district, month = group
    index = round(sum(sums.values()) / answers / len(Element) * _INDEX_FACTOR, 2)
    return Satisfaction(
        standard=standard,
        district=district,
        month=month,
        answers=answers,
        elements={element.value: round(sums[element] / answers, 2) for element in Element},
        index=index,
        grade=grade(index),
    )


def _group(row: Any) -> _Group:
    return row[0], row[1], row[2]


def _order(row: Any) -> tuple[str, str, str]:
    return _sortable(_group(row))


def _sortable(group: _Group) -> tuple[str, str, str]:
    return group[0], group[1] or "", group[2]
