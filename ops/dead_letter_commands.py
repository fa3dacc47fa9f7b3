"""`sigap dead-letters`: list, show, replay, discard."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from chassis import logs
from chassis.publishing import BrokerPublisher
from chassis.retry import Unavailable
from chassis.settings import Settings, SettingsError
from chassis.transport import broker_url
from contracts.askers import OPERATOR
from contracts.audit import ReadLedger
from contracts.envelope import Actor
from ops import dead_letters, registry
from ops.dead_letters import Choice, Held, holding
from ops.letters import Letter
from ops.operator import acting, asking
from ops.terminal import AsJson, By
from ops.trouble import NotDone

app = typer.Typer(
    help="Messages that a service could not handle. They stay where they are until they are "
    "replayed or discarded.",
    no_args_is_help=True,
)

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="As `list` shows them.")]
OneId = Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")]
Services = Annotated[list[str] | None, typer.Option("--service", help="Only this service's.")]
Reasons = Annotated[
    list[str] | None, typer.Option("--reason", help="contract, unknown, undecodable, fatal.")
]
Limit = Annotated[int, typer.Option(min=1, help="How many at most, of each service.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say which are meant.")]


@app.command("list")
def list_letters(
    service: Services = None,
    reason: Reasons = None,
    limit: Limit = 1000,
    as_json: AsJson = False,
) -> None:
    """What lies there, without what it says."""
    settings, choice = Settings.read(), _choice(None, service, reason, limit)
    with holding(settings, registry.topology(), choice) as held:
        letters = [each.letter for each in held]
    if as_json:
        _print({"dead_letters": [letter.outline() for letter in letters]})
        return
    for letter in letters:
        typer.echo(_line(letter))
    counts = dead_letters.waiting(settings, choice.services)
    typer.echo(f"{len(letters)} shown of {sum(counts.values())}")


@app.command()
def show(
    letter: OneId,
    service: Services = None,
    limit: Limit = 1000,
    with_data: Annotated[
        bool, typer.Option("--with-data", help="Print the message too, whatever it holds.")
    ] = False,
) -> None:
    """One message: its headers and the attributes of its envelope, as JSON."""
    choice = _choice([letter], service, None, limit)
    with holding(Settings.read(), registry.topology(), choice) as held:
        found = [each.letter.envelope(with_data=with_data) for each in held]
    if not found:
        raise NotDone(f"no dead letter {letter}")
    for each in found:
        typer.echo(json.dumps(each, ensure_ascii=False, indent=2))


@app.command()
def replay(
    by: By,
    ids: Ids = None,
    service: Services = None,
    reason: Reasons = None,
    limit: Limit = 1000,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Send messages back to the queue in which they failed; harmless however often."""
    choice = _choice(ids, service, reason, limit, must_choose=True)
    _treat(choice, by, "would be replayed" if dry_run else "replayed", dry_run, as_json)


@app.command()
def discard(
    by: By,
    ids: Ids = None,
    service: Services = None,
    reason: Reasons = None,
    limit: Limit = 1000,
    yes: Annotated[bool, typer.Option("--yes", help="They are lost for their service.")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Throw messages away: their service never handles them."""
    choice = _choice(ids, service, reason, limit, must_choose=True)
    if not (yes or dry_run):
        raise SettingsError("a discarded message is lost for its service; add --yes if it shall be")
    _treat(choice, by, "would be discarded" if dry_run else "discarded", dry_run, as_json)


def _treat(choice: Choice, by: str, what: str, dry_run: bool, as_json: bool) -> None:
    settings, actor = Settings.read(), acting(by)
    logs.configure(settings.log_format, sys.stderr)
    done: list[tuple[Letter, str]] = []
    failure: Exception | None = None
    with holding(settings, registry.topology(), choice) as held:
        if dry_run or not held:
            done = [(each.letter, what) for each in held]
        else:
            try:
                _carry_out(settings, held, what, actor, done)
            except Exception as error:  # what was done is told first, and stays done
                failure = error
        missing = sorted(choice.ids - {each.letter.id for each in held})
    _report(done, as_json)
    if isinstance(failure, Unavailable):
        raise NotDone(f"no answer from {failure}: nothing more was done")
    if failure:
        raise failure
    if missing:
        raise NotDone(f"no dead letter {', '.join(missing)}")
    raise typer.Exit(0 if all(outcome == what for _, outcome in done) else 1)


def _carry_out(
    settings: Settings,
    held: Sequence[Held],
    what: str,
    actor: Actor,
    done: list[tuple[Letter, str]],
) -> None:
    """Fill `done` as it goes on, so that a failure in the middle is told as it is."""
    publisher = BrokerPublisher(broker_url(settings, OPERATOR))
    try:
        with asking(settings) as rpc:
            rpc.call(ReadLedger(limit=1))  # before anything is touched
            treated = (
                dead_letters.replay(held, publisher, rpc, actor)
                if what == "replayed"
                else dead_letters.discard(held, rpc, actor)
            )
            for each in treated:
                done.append(each)
    finally:
        publisher.close()


def _choice(
    ids: list[str] | None,
    services: list[str] | None,
    reasons: list[str] | None,
    limit: int,
    must_choose: bool = False,
) -> Choice:
    unknown = set(services or ()) - registry.CLASSES.keys()
    if unknown:
        raise SettingsError(f"no service {min(unknown)!r}; there are {list(registry.CLASSES)}")
    if must_choose and not (ids or services or reasons):
        raise SettingsError("say which: by id, --reason or --service")
    choice = Choice(tuple(services or registry.CLASSES), limit=limit)
    return replace(choice, ids=frozenset(ids or ()), reasons=frozenset(reasons or ()))


def _report(done: Sequence[tuple[Letter, str]], as_json: bool) -> None:
    if as_json:
        outcomes = [letter.outline() | {"outcome": outcome} for letter, outcome in done]
        _print({"dead_letters": outcomes})
        return
    for letter, outcome in done:
        typer.echo(f"{letter.id}  {letter.service}  {outcome}")
    typer.echo(f"{len(done)} dead letters")


def _line(letter: Letter) -> str:
    times = f"{letter.first_tried_at or '-'} .. {letter.buried_at or '-'}"
    address = f"{letter.exchange or '(queue)'} {letter.routing_key}"
    failure = " ".join(part for part in (letter.reason, letter.code, letter.error) if part)
    return f"{letter.id}  {letter.service}  {address}  {failure}  {letter.attempts}x  {times}"


def _print(result: dict[str, Any]) -> None:
    typer.echo(json.dumps(result, ensure_ascii=False))
