"""`sigap demo`: the three journeys of the published standards, over HTTP, as their roles.

On an embedded system of its own the demo steers the clock: the data request waits over a weekend
and the holidays of Idulfitri 2026, the aid request comes after the cut-off of a day before a
holiday, the complaint lay in the box over a weekend.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import typer

from ops.demo import telling
from ops.demo.aid import AidJourney
from ops.demo.complaint import ComplaintJourney
from ops.demo.data import DataJourney
from ops.demo.embedded import DemoClock, embedded_system
from ops.demo.office import CaseJourney, JourneyFailed, Office

__all__ = ["AidJourney", "ComplaintJourney", "DataJourney", "JourneyFailed", "Office", "run_demo"]

_WITA = timezone(timedelta(hours=8))

Walk = Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Walked:
    """A journey that ended: its final status, its events, its documents by kind as files."""

    status: dict[str, Any]
    events: list[str]
    files: dict[str, str]


def run_demo(url: str | None, as_json: bool) -> int:
    """Drive the system at `url`, or an embedded one of its own; returns the exit code."""
    home = Path(os.environ.get("SIGAP_HOME", "var")) / "demo"
    try:
        with _office(url, home) as (office, clock):
            walked = [_walked(journey, walk, home) for journey, walk in _walks(office, clock)]
        signature = _signature(walked[1], home) if url is None else None
    except (JourneyFailed, httpx.HTTPError) as failure:
        typer.echo(f"sigap demo: {failure}", err=True)
        return 1
    if as_json:
        cases = [
            {"status": each.status, "events": each.events, "files": each.files} for each in walked
        ]
        typer.echo(json.dumps({"cases": cases, "signature": signature}))
        return 0
    for each in walked:
        telling.tell(each.status, each.events, each.files)
    if signature is not None:
        typer.echo(f"\nLetter's signature valid, by {signature['signed_by']}")
        typer.echo(f"  root: {signature['root']}")
    return 0


@contextmanager
def _office(url: str | None, home: Path) -> Iterator[tuple[Office, DemoClock | None]]:
    if url is not None:
        yield Office(url), None
        return
    home.mkdir(parents=True, exist_ok=True)
    clock = DemoClock(home / "clock")
    clock.set(_on(2026, 3, 16, 10, 0))
    with embedded_system(home, clock) as address:
        yield Office(address), clock


def _walks(office: Office, clock: DemoClock | None) -> Iterator[tuple[CaseJourney, Walk]]:
    """The three journeys in the order of their days; a system without our clock walks today."""
    data, aid, complaint = DataJourney(office), AidJourney(office), ComplaintJourney(office)
    if clock is None:
        yield data, data.travel
        yield aid, aid.travel
        yield complaint, complaint.travel
        return
    move = partial(_move, office, clock)
    yield data, lambda: data.travel(weeks_pass=partial(move, _on(2026, 3, 26, 9, 0)))
    move(_on(2026, 4, 2, 15, 20))
    yield aid, lambda: aid.travel(clock.now, overnight=partial(move, _on(2026, 4, 6, 7, 45)))
    move(_on(2026, 4, 6, 11, 0))
    yield complaint, lambda: complaint.travel(received_at=_on(2026, 4, 2, 16, 30))


def _move(office: Office, clock: DemoClock, moment: datetime) -> None:
    clock.set(moment)
    office.sign_in_anew()


def _walked(journey: CaseJourney, walk: Walk, home: Path) -> Walked:
    status = walk()
    folder = home / "letters"
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str] = {}
    for document in status["documents"]:
        path = folder / f"{journey.tracking_number}-{document['kind']}.pdf"
        path.write_bytes(journey.document(document["code"]))
        files[document["kind"]] = str(path)
    if isinstance(journey, DataJourney):
        path = folder / f"{journey.tracking_number}-package.zip"
        path.write_bytes(journey.package())
        files["package"] = str(path)
    return Walked(journey.status(), journey.event_names(), files)


def _signature(aid: Walked, home: Path) -> dict[str, Any]:
    """What the project's validator says of the aid request's letter. Raises JourneyFailed."""
    from ops.signature import check  # needs what only the documents service installs

    found = dict(check(Path(aid.files[AidJourney.letter]), home=home))
    if not (found["valid"] and found["trusted"]):
        raise JourneyFailed(f"the letter's signature is not valid: {found}")
    return found


def _on(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=_WITA)
