"""`sigap audit`: reading, exporting and checking what happened."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from chassis.rights import AUDITOR
from chassis.settings import Settings, SettingsError
from chassis.transport import broker_url
from contracts.errors import ErrorCode, Refusal
from ops.terminal import AsJson, show
from ops.trouble import NotDone
from services.audit.notes import NoteBroken, Verifier
from services.audit.proving import Verdict
from services.audit.settings import AuditSettings

audit = typer.Typer(help="The ledger, for auditors.", no_args_is_help=True)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_KEY = 1000


class Format(StrEnum):
    """In which form entries are exported."""

    JSONL = "jsonl"
    PARQUET = "parquet"


Key = Annotated[
    str | None,
    typer.Option(envvar="SIGAP_LEDGER_PUBLIC_KEY", help="The ledger's key, or a file with it."),
]


@audit.command()
def tail(
    start: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="OFFSET|TIME", help="17, or 2026-11-23T09:00 at the office."
        ),
    ] = None,
    follow: Annotated[bool, typer.Option(help="Wait for what comes.")] = False,
) -> None:
    """Print the audit stream, a message a line; from its beginning, or with --follow from now.

    From a time: what happened since. A time without a zone is the office's.
    """
    from ops.audit_stream import messages

    settings = Settings.read()
    if settings.amqp_url is None:
        raise SettingsError("the embedded system has no stream; see `sigap audit export`")
    place = _place(start, follow, ZoneInfo(settings.time_zone))
    try:
        url = broker_url(settings, AUDITOR)
        for message in messages(url, place, follow=follow):
            typer.echo(json.dumps(message, ensure_ascii=False))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@audit.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    format: Annotated[Format, typer.Option(help="What to write.")] = Format.JSONL,  # noqa: A002
    as_json: AsJson = False,
) -> None:
    """Write the ledger up to its newest checkpoint, with a manifest and all that verifies it."""
    from ops.ledger_export import ExportRefused, write
    from ops.ledger_source import live

    try:
        with _signed(), live(Settings.read()) as ledger:
            written = write(folder, ledger, format)
    except ExportRefused as error:
        raise SettingsError(str(error)) from None
    show(written, as_json)


@audit.command()
def verify(
    folder: Annotated[
        Path | None, typer.Argument(help="An export; without it the running system.")
    ] = None,
    checkpoints: Annotated[
        Path | None, typer.Option(help="The folder in which the auditor keeps checkpoints.")
    ] = None,
    key: Key = None,
    up_to: Annotated[
        int | None,
        typer.Option(min=0, metavar="SIZE", help="An older export of so many entries is meant."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check entries against signed checkpoints; exit 1 and the first bad index if they differ."""
    from ops import ledger_verify

    verifier = _key(key, checkpoints)
    if folder is None and up_to is not None:
        raise SettingsError("--up-to is for an export")
    try:
        if folder is None:
            with _signed():
                verdict = ledger_verify.running(Settings.read(), checkpoints, verifier)
        else:
            verdict = ledger_verify.exported(folder, checkpoints, verifier, up_to)
    except ledger_verify.NotVerifiable as error:
        _tell_broken(str(error), as_json)
        raise typer.Exit(1) from None
    _tell(verdict, as_json)
    raise typer.Exit(0 if verdict.sound else 1)


@audit.command("key")
def show_key() -> None:
    """Print the ledger's public key, for auditors to keep."""
    typer.echo(str(AuditSettings.read().signer().verifier))


def _key(given: str | None, checkpoints: Path | None) -> Verifier:
    """The key as given, else the one kept with the checkpoints. Raises SettingsError."""
    kept = checkpoints / "key" if checkpoints else None
    try:
        if given:
            return Verifier.from_text(_in_file(Path(given)) or given)
        if kept and (key := _in_file(kept)):
            return Verifier.from_text(key)
    except (NoteBroken, UnicodeDecodeError) as error:
        reason = error if isinstance(error, NoteBroken) else "not a text"
        raise SettingsError(f"the ledger's key: {reason}") from None
    raise SettingsError("give the ledger's --key, as `sigap audit key` once printed it")


def _in_file(path: Path) -> str | None:
    """What the file holds, as far as a key can be long; None where there is no such file."""
    try:
        if not path.is_file():
            return None
    except (OSError, ValueError):  # too long for a path, or none at all: then it is the key
        return None
    with path.open("rb") as file:
        return file.read(_LONGEST_KEY).decode()


@contextmanager
def _signed() -> Iterator[None]:
    """The audit service refuses so until it has signed its first checkpoint."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code is not ErrorCode.UNAVAILABLE:
            raise
        raise NotDone("no checkpoint is signed yet; the first comes within a minute") from None


def _place(start: str | None, follow: bool, zone: tzinfo) -> int | datetime | str:
    if start is None:
        return "next" if follow else "first"
    if re.fullmatch("[0-9]{1,18}", start):  # the protocol's longest number has 19 digits
        return int(start)
    try:
        moment = datetime.fromisoformat(start)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        if aware >= _EPOCH:
            return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise typer.BadParameter("--from takes an offset, or a time since 1970: 2026-11-23T09:00")


def _tell(verdict: Verdict, as_json: bool) -> None:
    told = {
        "sound": verdict.sound,
        "entries": verdict.entries,
        "proven": verdict.proven,
        "fault": verdict.fault,
        "first_bad": verdict.first_bad,
        "last_bad": verdict.last_bad,
        "reason": verdict.reason,
    }
    if as_json:
        typer.echo(json.dumps(told))
    elif verdict.sound:
        rest = verdict.entries - verdict.proven
        newer = f", {rest} newer without a checkpoint yet" if rest else ""
        typer.echo(f"sound: {verdict.proven} entries are as they were signed{newer}")
    elif verdict.first_bad is None:
        typer.echo(f"NOT SOUND: {verdict.reason}; {verdict.proven} entries are as they were signed")
    else:
        exact = verdict.first_bad == verdict.last_bad
        where = f"index {verdict.first_bad}"
        if not exact:
            where = f"between {where} and {verdict.last_bad}; no kept hashes tell where"
        more = f"; {verdict.reason}" if verdict.reason else ""
        typer.echo(f"NOT SOUND: the first bad entry is {where} ({verdict.fault}){more}")


def _tell_broken(reason: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"sound": False, "fault": "not_verifiable", "reason": reason}))
    else:
        typer.echo(f"NOT SOUND: {reason}")
