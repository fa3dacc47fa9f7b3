"""`sigap staff`: staff accounts, and their links with the sign-in provider."""

import getpass
import json
from typing import Annotated

import typer

from chassis.clock import SystemClock
from chassis.settings import Settings, SettingsError
from ops.terminal import AsJson

app = typer.Typer(help="Staff accounts.", no_args_is_help=True)

Districts = Annotated[list[str], typer.Option("--district", help="Code, for verifiers.")]
Subject = Annotated[str, typer.Option(help="Who it is at the sign-in provider.")]
By = Annotated[str, typer.Option("--by", help="Your user name, for the log.")]


class StaffSettings(Settings):
    """`SIGAP_PASSWORD`, or the file that `SIGAP_PASSWORD_FILE` names.

    A password is no option of a command: everybody on the machine can read those.
    """

    password: str = ""

    def chosen_password(self) -> str:
        """The password to set; asked for if it is not given."""
        return self.password or str(typer.prompt("Password", hide_input=True))


@app.command("add")
def add_staff(
    username: str,
    role: str,
    name: Annotated[str, typer.Option(help="The name shown.")] = "",
    district: Districts = [],  # noqa: B006 - typer's way
    subject: Subject = "",
    by: By = "",
) -> None:
    """Add an account. With --subject it has no password: who it is signs in at the provider."""
    from ops.accounts import add

    settings = StaffSettings.read()
    password = None if subject else settings.chosen_password()
    add(settings, username, role, district, password, name or username, subject or None)
    _log(by, "added", username, role=role, districts=district, linked=bool(subject))
    typer.echo(f"{username} may sign in as {role}")


@app.command("change")
def change_staff(
    username: str,
    role: Annotated[str | None, typer.Option(help="Another role.")] = None,
    name: Annotated[str | None, typer.Option(help="Another name to show.")] = None,
    district: Districts = [],  # noqa: B006 - typer's way
    no_districts: Annotated[bool, typer.Option("--no-districts", help="Take them all.")] = False,
    new_password: Annotated[
        bool, typer.Option("--new-password", help="Asked for, or from SIGAP_PASSWORD.")
    ] = False,
    by: By = "",
) -> None:
    """Change an account; whoever is signed in with it has to sign in anew."""
    from ops.accounts import change

    if not (role or name or district or no_districts or new_password):
        raise SettingsError("nothing to change: --role, --name, --district, --new-password")
    settings = StaffSettings.read()
    districts = district if district or no_districts else None
    change(
        settings,
        username,
        role=role,
        districts=districts,
        password=settings.chosen_password() if new_password else None,
        name=name,
    )
    _log(
        by,
        "changed",
        username,
        role=role,
        districts=districts,
        new_password=new_password,
        new_name=name is not None,
    )
    typer.echo(f"{username} is changed and has to sign in anew")


@app.command("link")
def link_staff(username: str, subject: Subject, by: By = "") -> None:
    """Let who is SUBJECT at the sign-in provider sign in with the account."""
    from ops.accounts import link

    settings = Settings.read()
    link(settings, username, subject)
    _log(by, "linked", username)
    typer.echo(f"{username} is linked and has to sign in anew")


@app.command("unlink")
def unlink_staff(username: str, by: By = "") -> None:
    """Take the link with the sign-in provider away; a password stays good."""
    from ops.accounts import link

    settings = Settings.read()
    link(settings, username, None)
    _log(by, "unlinked", username)
    typer.echo(f"{username} is not linked any more")


@app.command("remove")
def remove_staff(username: str, by: By = "") -> None:
    """Remove an account; whoever is signed in with it is so no more."""
    from ops.accounts import remove

    settings = Settings.read()
    remove(settings, username)
    _log(by, "removed", username)
    typer.echo(f"{username} may not sign in any more")


@app.command("list")
def list_staff(
    as_json: AsJson = False,
) -> None:
    """Every account with its role and districts."""
    from ops.accounts import listed

    accounts = listed(Settings.read())
    if as_json:
        typer.echo(json.dumps({"staff": accounts}, ensure_ascii=False))
        return
    for account in accounts:
        districts = ",".join(account["districts"]) or "-"
        marks = "".join(f"  ({mark})" for mark in ("demo", "linked") if account[mark])
        typer.echo(
            f"{account['username']}  {account['role']}  {districts}  {account['name']}{marks}"
        )


def _log(by: str, what: str, account: str, **more: object) -> None:
    """One line on standard error: who may do what has changed."""
    line = {
        "what": what,
        "account": account,
        "by": by or getpass.getuser(),
        **more,
        "event": "staff_account_changed",
        "level": "warning",
        "timestamp": SystemClock().now().isoformat(),
    }
    typer.echo(json.dumps(line), err=True)
