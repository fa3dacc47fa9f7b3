"""`sigap staff`: local staff accounts."""

import json
from typing import Annotated

import typer

from chassis.settings import Settings, SettingsError

app = typer.Typer(help="Local staff accounts.", no_args_is_help=True)

Districts = Annotated[list[str], typer.Option("--district", help="Code, for verifiers.")]


@app.command("add")
def add_staff(
    username: str,
    role: str,
    name: Annotated[str, typer.Option(help="The name shown.")] = "",
    district: Districts = [],  # noqa: B006 - typer's way
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, envvar="SIGAP_PASSWORD")
    ] = "",
) -> None:
    """Add a staff account."""
    from ops.accounts import add

    add(Settings.read(), username, role, district, password, name or username)
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
    password: Annotated[str, typer.Option(hidden=True, envvar="SIGAP_PASSWORD")] = "",
) -> None:
    """Change an account; whoever is signed in with it has to sign in anew."""
    from ops.accounts import change

    if not (role or name or district or no_districts or new_password):
        raise SettingsError("nothing to change: --role, --name, --district, --new-password")
    if new_password and not password:
        password = typer.prompt("Password", hide_input=True)
    change(
        Settings.read(),
        username,
        role=role,
        districts=district if district or no_districts else None,
        password=password if new_password else None,
        name=name,
    )
    typer.echo(f"{username} is changed and has to sign in anew")


@app.command("remove")
def remove_staff(username: str) -> None:
    """Remove an account; whoever is signed in with it is so no more."""
    from ops.accounts import remove

    remove(Settings.read(), username)
    typer.echo(f"{username} may not sign in any more")


@app.command("list")
def list_staff(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Every account with its role and districts."""
    from ops.accounts import listed

    accounts = listed(Settings.read())
    if as_json:
        typer.echo(json.dumps({"staff": accounts}, ensure_ascii=False))
        return
    for account in accounts:
        districts = ",".join(account["districts"]) or "-"
        demo = "  (demo)" if account["demo"] else ""
        typer.echo(
            f"{account['username']}  {account['role']}  {districts}  {account['name']}{demo}"
        )
