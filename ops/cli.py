"""The `sigap` command: run the system, look after it, show what it does."""

# ruff: noqa: E402 - green threads must be in place before anything opens a socket
import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import http.client
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Annotated

import typer

from chassis.settings import FAMILY, Settings
from ops import dead_letter_commands, registry, staff_commands, subject_commands
from ops.audit import audit
from ops.terminal import AsJson, show
from ops.trouble import told

app = typer.Typer(
    help="Sigap, the case-handling system of a city social-affairs office.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(staff_commands.app, name="staff")
calendar = typer.Typer(help="The office's working days.", no_args_is_help=True)
app.add_typer(calendar, name="calendar")
audit.command("subject")(subject_commands.subject)
app.add_typer(audit, name="audit")
app.add_typer(subject_commands.privacy, name="privacy")
app.add_typer(dead_letter_commands.app, name="dead-letters")
outbox = typer.Typer(help="Events on their way to the broker.", no_args_is_help=True)
app.add_typer(outbox, name="outbox")

Names = Annotated[list[str], typer.Argument(help=f"of: {', '.join(registry.CLASSES)}")]


@app.command()
def run() -> None:
    """Run the whole system in this process, with SQLite and no broker."""
    from ops.processes import run_embedded

    run_embedded(Settings.read())


@app.command()
def serve(names: Names) -> None:
    """Run the named services on a real broker and database server."""
    from ops.processes import serve as serve_names

    serve_names(_known(names), Settings.read())


@app.command()
def migrate(names: Names = [], as_json: AsJson = False) -> None:  # noqa: B006 - typer's way
    """Create or upgrade the databases of the named services, of all by default."""
    settings = Settings.read()
    revisions = {
        name: registry.migrate_service(name, settings)
        for name in _known(names or list(registry.CLASSES))
    }
    show(revisions, as_json)


@app.command()
def secrets(
    folder: Annotated[Path, typer.Argument(help="Where to keep them.")],
    hand_out: Annotated[
        Path | None, typer.Option(help="Copy to FOLDER/<service> what that service needs.")
    ] = None,
) -> None:
    """Make the secrets that are missing in a folder, one file each, and a self-made certificate."""
    from ops import secret_files

    made = secret_files.make(folder)
    typer.echo(f"{made} secrets and a self-made certificate are in {folder}")
    if hand_out is not None:
        secret_files.hand_out(folder, hand_out)
        typer.echo(f"each service's own are in {hand_out}")


@app.command()
def provision(
    databases: Annotated[
        bool, typer.Option("--databases", help="Make a database and its owner for each service.")
    ] = False,
    family: Annotated[
        str, typer.Option(help="What names begin with, where the addresses do not say.")
    ] = FAMILY,
    definitions: Annotated[
        Path | None, typer.Option(help="Write the accounts here, for `rabbitmqctl`.")
    ] = None,
    management: Annotated[
        str | None,
        typer.Option(
            envvar="SIGAP_MANAGEMENT_URL",
            help="Make the accounts by the broker's management API, as http://broker:15672.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Declare all queues, and give each service an account of its own on the broker.

    The addresses hold an administrator's password, or their secrets do. Running it again changes
    nothing.
    """
    from ops import provision as administration

    settings = Settings.read()
    made = administration.provision(settings, family, definitions, management)
    if databases:
        made["databases"] = administration.provision_databases(settings, family)
    show(made, as_json)


@app.command("rebuild-status")
def rebuild_status(as_json: AsJson = False) -> None:
    """Build the gateway's read model anew from the audit service's ledger."""
    from ops.rebuild import rebuild

    show(rebuild(Settings.read()), as_json)


@app.command()
def demo(
    url: Annotated[str | None, typer.Option(help="Drive the system that runs there.")] = None,
    as_json: AsJson = False,
) -> None:
    """Drive an aid request, a data request and a complaint over HTTP, as their roles."""
    from ops.demo import run_demo

    raise typer.Exit(run_demo(url, as_json))


@app.command()
def health(
    address: Annotated[str, typer.Option(envvar="SIGAP_OPS_ADDRESS")] = "127.0.0.1:9000",
) -> None:
    """Ask a process whether it is ready; exit 0 if it is."""
    port = address.rpartition(":")[2]
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise typer.BadParameter("no address with a port, as 127.0.0.1:9000")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            typer.echo(answer.read().decode(), nl=False)
    except urllib.error.HTTPError as error:
        typer.echo(error.read().decode(), nl=False)
        raise typer.Exit(1) from None
    except (OSError, http.client.HTTPException) as error:
        typer.echo(f"no answer: {type(error).__name__}")
        raise typer.Exit(1) from None


@outbox.command("status")
def outbox_status(
    names: Names = [],  # noqa: B006 - typer's way
    older_than: Annotated[
        float, typer.Option(min=0, help="Exit with 1 if one waits longer, in seconds.")
    ] = 60.0,
    as_json: AsJson = False,
) -> None:
    """How many events wait in each service's outbox, and since when."""
    from ops.outbox import is_late, status

    found = status(Settings.read(), _known(names))
    if as_json:
        typer.echo(json.dumps({"outboxes": found}))
    else:
        for name, each in found.items():
            typer.echo(f"{name}: {', '.join(f'{what} {n}' for what, n in each.items())}")
    raise typer.Exit(1 if is_late(found, older_than) else 0)


@calendar.command("check")
def check_calendar(
    received: Annotated[
        str, typer.Argument(metavar="DATE", help="2026-03-17, or a moment: 2026-03-17T15:01.")
    ],
    standard: Annotated[str | None, typer.Option(help="Its id; without it every one.")] = None,
    days: Annotated[int | None, typer.Option(help="Working days within its span.")] = None,
    override: Annotated[
        Path | None, typer.Option(envvar="SIGAP_OFFICE_OVERRIDE", help="The office's own file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain the deadline of what is received at that moment, day by day."""
    from ops.calendar import UnfitQuestion, office_calendar, promises

    try:
        office = office_calendar(override)
        found = promises(received, standard, days, office)
    except UnfitQuestion as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        promised = [each.as_dict() for each in found]
        typer.echo(json.dumps({"calendar": office.fingerprint, "promises": promised}))
    else:
        typer.echo("\n\n".join(each.as_text() for each in found))


def _known(names: list[str]) -> list[str]:
    unknown = [name for name in names if name not in registry.CLASSES]
    if unknown:
        raise typer.BadParameter(f"no service {unknown[0]!r}; there are {list(registry.CLASSES)}")
    return names


def main() -> None:
    """Where `sigap` begins; what can go wrong ends it with a line that says why, and its code."""
    try:
        app()
    except Exception as error:
        said = told(error)
        if said is None:
            raise
        sentence, code = said
        typer.echo(f"sigap: {sentence}", err=True)
        sys.exit(code)


if __name__ == "__main__":
    main()
