"""`sigap audit`: reading, exporting and checking what happened."""

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from chassis.rights import AUDITOR
from chassis.settings import Settings, SettingsError
from chassis.transport import broker_url
from ops.terminal import AsJson, show
from services.audit.notes import NoteBroken, Verifier
from services.audit.proving import Verdict
from services.audit.settings import AuditSettings

audit = typer.Typer(help="The ledger, for auditors.", no_args_is_help=True)


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
        typer.Option("--from", metavar="OFFSET|TIME", help="17, or 2026-11-23T09:00:00+08:00."),
    ] = None,
    follow: Annotated[bool, typer.Option(help="Wait for what comes.")] = False,
) -> None:
    """Print the audit stream, a message a line; from its beginning, or with --follow from now."""
    from ops.audit_stream import messages

    settings = Settings.read()
    if settings.amqp_url is None:
        raise SettingsError("the embedded system has no stream; see `sigap audit export`")
    try:
        url = broker_url(settings, AUDITOR)
        for message in messages(url, _place(start, follow), follow=follow):
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
        with live(Settings.read()) as ledger:
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
    as_json: AsJson = False,
) -> None:
    """Check entries against signed checkpoints; exit 1 and the first bad index if they differ."""
    from ops import ledger_verify

    verifier = _key(key, checkpoints)
    try:
        if folder is None:
            verdict = ledger_verify.running(Settings.read(), checkpoints, verifier)
        else:
            verdict = ledger_verify.exported(folder, checkpoints, verifier)
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
            path = Path(given)
            return Verifier.from_text(path.read_text() if path.is_file() else given)
        if kept and kept.is_file():
            return Verifier.from_text(kept.read_text())
    except NoteBroken as error:
        raise SettingsError(f"the ledger's key: {error}") from None
    raise SettingsError("give the ledger's --key, as `sigap audit key` once printed it")


def _place(start: str | None, follow: bool) -> int | datetime | str:
    if start is None:
        return "next" if follow else "first"
    if start.isdigit():
        return int(start)
    try:
        return datetime.fromisoformat(start).astimezone()
    except ValueError:
        raise typer.BadParameter(f"neither an offset nor a time: {start}") from None


def _tell(verdict: Verdict, as_json: bool) -> None:
    told = {
        "sound": verdict.sound,
        "entries": verdict.entries,
        "proven": verdict.proven,
        "fault": verdict.fault,
        "first_bad": verdict.first_bad,
        "last_bad": verdict.last_bad,
    }
    if as_json:
        typer.echo(json.dumps(told))
    elif verdict.sound:
        rest = verdict.entries - verdict.proven
        newer = f", {rest} newer without a checkpoint yet" if rest else ""
        typer.echo(f"sound: {verdict.proven} entries are as they were signed{newer}")
    else:
        exact = verdict.first_bad == verdict.last_bad
        where = f"index {verdict.first_bad}"
        if not exact:
            where = f"between {where} and {verdict.last_bad}; no kept hashes tell where"
        typer.echo(f"NOT SOUND: the first bad entry is {where} ({verdict.fault})")


def _tell_broken(reason: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"sound": False, "fault": "not_verifiable", "reason": reason}))
    else:
        typer.echo(f"NOT SOUND: {reason}")
