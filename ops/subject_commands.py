"""`sigap audit subject` and `sigap privacy erase`: for the office's data protection officer."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from re import fullmatch
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from chassis import logs
from chassis.retry import Unavailable
from chassis.settings import Settings, SettingsError
from contracts.envelope import TRACKING_NUMBER, Actor
from contracts.errors import ErrorCode, Refusal
from contracts.subject import KEEPERS, REASON
from ops import subject_record
from ops.operator import acting, asking
from ops.processes import alone
from ops.subject import FOLLOWERS, Asked, Found, erase, find, readings
from ops.terminal import AsJson, By, show
from ops.trouble import NotDone
from standards.national_id import InvalidNik, parse_nik

privacy = typer.Typer(help="Erasing what is stored about a person.", no_args_is_help=True)

FOLLOWED_WITHIN = 30.0
"""Seconds that an erasure waits for the services that follow by an event; they do so anyway."""

Case = Annotated[str | None, typer.Option("--case", help="A tracking number of the person's.")]
Nik = Annotated[
    bool, typer.Option("--nik", help="Ask for the NIK, or read it from the standard input.")
]


def subject(
    by: By,
    to: Annotated[Path, typer.Option(help="A new file; the readable text comes beside it.")],
    case: Case = None,
    nik: Nik = False,
    received: Annotated[
        str | None, typer.Option(help="When the person asked: 2026-11-23T09:00. Without it: now.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write down what is stored about a person, and who read it, when and why.

    Within 3x24 hours of the request (UU 27/2022). That you looked is recorded.
    """
    settings, actor = Settings.read(), acting(by)
    asked = _asked(case, nik)
    zone = ZoneInfo(settings.time_zone)
    now = datetime.now(UTC).astimezone(zone)
    request = subject_record.Request(_received(received, zone, now), now, actor.id)
    text_file = to.with_suffix(".txt")
    if text_file == to:
        raise SettingsError("--to is the JSON file; the text comes beside it as .txt")
    with subject_record.new_files(to, text_file) as (data, text):  # before the look is recorded
        with _services(settings) as rpc:
            read = readings(rpc, _found(rpc, asked, actor, with_data=False), actor)
            found = _found(rpc, asked, actor, with_data=True)
        data.write(subject_record.as_json(request, found, read))
        text.write(subject_record.as_text(request, found, read))
    show(
        {
            "cases": list(found.numbers),
            "readings": len(read.readings),
            "unreadable_entries": list(read.broken),
            "answer_by": request.answer_by.isoformat(),
            "late": request.late,
            "files": [str(to), str(text_file)],
        },
        as_json,
    )


@privacy.command("erase")
def erase_person(
    by: By,
    reason: Annotated[str, typer.Option(help="A code for the ledger, as subject_request.")],
    case: Case = None,
    nik: Nik = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; it cannot be undone.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Destroy the keys under which a person's data lie: of all their cases, in every service.

    Without --yes it only says what would be done. Refused while a case of theirs is open.
    """
    settings, actor = Settings.read(), acting(by)
    if not fullmatch(REASON, reason):
        raise SettingsError("--reason takes a code: small letters and '_', as subject_request")
    asked = _asked(case, nik)
    with _services(settings) as rpc:
        found = _found(rpc, asked, actor, with_data=False)
        told: dict[str, Any] = {"cases": list(found.numbers), "to_erase": list(found.to_erase)}
        told["kept_letters"] = _kept_letters(found)
        if found.open:
            show(told | {"open": list(found.open), "outcome": "refused: open cases"}, as_json)
            raise typer.Exit(1)
        if dry_run or not yes:
            show(told | {"outcome": "would be erased; add --yes to do it"}, as_json)
            return
        waiting = _carry_out(rpc, found, asked, actor, reason)
    outcome = "erased" if not waiting else "erased; some services have yet to follow"
    show(told | {"waiting": waiting, "outcome": outcome}, as_json)


def _carry_out(rpc: Any, found: Found, asked: Asked, actor: Actor, reason: str) -> list[str]:
    """Erase, and wait for those who follow; what is still to come, as `service case`."""
    try:
        erase(rpc, found, asked, actor, reason)
    except Refusal as refusal:
        if refusal.code is not ErrorCode.CASE_STILL_OPEN:
            raise
        raise NotDone("a case was opened meanwhile: not everything is erased") from None
    except Unavailable as error:
        raise NotDone(
            f"no answer from {error}: it is not known whether everything is erased; do it again"
        ) from None
    by_case = Asked(case=found.numbers[0]) if asked.case is None else asked
    end = time.monotonic() + FOLLOWED_WITHIN
    while True:
        waiting = _waits_for(rpc, by_case, actor)
        if waiting is not None and not waiting:
            return []
        if time.monotonic() > end:
            break
        time.sleep(0.5)
    if waiting is None:
        raise NotDone("erased; a service is away: who has yet to follow is not known; ask again")
    return [f"{service} {number}" for service, number in waiting]


def _waits_for(rpc: Any, asked: Asked, actor: Actor) -> tuple[tuple[str, str], ...] | None:
    """Who has yet to follow; None while a service does not answer."""
    try:
        return find(rpc, asked, actor, with_data=False).waits_for()
    except (Unavailable, Refusal):
        return None


@contextmanager
def _services(settings: Settings) -> Iterator[Any]:
    """A client for the running services; a stopped embedded system's are started."""
    logs.configure(settings.log_format, sys.stderr)
    needed = (*KEEPERS, *(model.service for model in FOLLOWERS), "audit")
    with alone(settings), asking(settings, *needed) as rpc:
        yield rpc


def _found(rpc: Any, asked: Asked, actor: Actor, *, with_data: bool) -> Found:
    found = find(rpc, asked, actor, with_data=with_data)
    if not found.numbers:
        raise NotDone("nothing is stored about that person or case")
    return found


def _asked(case: str | None, nik: bool) -> Asked:
    if (case is None) is not nik:
        raise SettingsError("say who is meant: by --case, or by --nik")
    if case is not None:
        if not fullmatch(TRACKING_NUMBER, case):
            raise SettingsError("--case takes a tracking number, as VRF-20261123-0001")
        return Asked(case=case)
    terminal = sys.stdin.isatty()
    given = typer.prompt("NIK", hide_input=True) if terminal else sys.stdin.readline()
    try:
        return Asked(nik=parse_nik(given.strip()).number)
    except InvalidNik as error:
        raise SettingsError(str(error)) from None


def _received(text: str | None, zone: ZoneInfo, now: datetime) -> datetime:
    if text is None:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError("--received takes a moment, as 2026-11-23T09:00") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    if moment > now:
        raise SettingsError("--received lies in the future")
    return moment.astimezone(zone)


def _kept_letters(found: Found) -> list[str]:
    """The numbers of the letters that stay."""
    parts = (case.data or {} for case in found.parts.get("documents", ()))
    documents = (each for part in parts for each in part.get("documents", ()))
    return [str(each["number"]) for each in documents if each["kept_when_erased"]]
