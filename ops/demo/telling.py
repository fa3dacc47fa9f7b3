"""What the demo prints of a case."""

from typing import Any

import typer


def tell(status: dict[str, Any], events: list[str], files: dict[str, str]) -> None:
    """The case as the resident reads it, its explained deadline, its events and documents."""
    typer.echo(f"\n{status['tracking_number']}: {_both(status['label'])}")
    typer.echo("\n  Timeline")
    for moment in status["timeline"]:
        typer.echo(f"    {moment['at'][:16]}  {_both(moment['label'])}")
    _tell_deadline(status["deadline"])
    typer.echo(f"\n  Events in the ledger\n    {', '.join(events)}")
    typer.echo("\n  Documents")
    for kind, path in files.items():
        typer.echo(f"    {kind}: {path}")


def _tell_deadline(deadline: dict[str, Any]) -> None:
    typer.echo(f"\n  Deadline: {_both(deadline['text'])}")
    typer.echo(f"    {deadline['working_days']} working days, received {deadline['received_at']}")
    for step in deadline["steps"]:
        mark = "+" if step["counted"] else " "
        typer.echo(f"    {mark} {step['date']}  {step['text_id']} ({step['text_en']})")
    for pause in deadline["pauses"]:
        typer.echo(f"      {pause['start'][:16]} - {(pause['end'] or '')[:16]}  stopped")
    if deadline["in_time"] is not None:
        typer.echo("    kept in time" if deadline["in_time"] else "    missed")


def _both(text: dict[str, str]) -> str:
    return f"{text['id']} ({text['en']})"
