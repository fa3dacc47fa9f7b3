"""Staff accounts from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis.database import database_url, make_engine
from chassis.settings import Settings, SettingsError
from contracts.envelope import Role
from gateway import accounts
from gateway.accounts import UnfitAccount
from gateway.oidc.settings import OidcSettings
from ops.trouble import NotDone


def add(
    settings: Settings,
    username: str,
    role: str,
    districts: list[str],
    password: str | None,
    name: str,
    subject: str | None,
) -> None:
    """Add an account to the gateway's database, with a password, or linked with `subject`.

    Raises SettingsError saying what does not fit.
    """
    issuer = None if subject is None else _issuer()
    with _changing(settings) as session:
        accounts.add_account(session, username, Role(role), districts, password, name)
        if issuer is not None:
            accounts.link_account(session, username, issuer, subject)


def change(
    settings: Settings,
    username: str,
    *,
    role: str | None,
    districts: list[str] | None,
    password: str | None,
    name: str | None,
) -> None:
    """Change what is not None; whoever is signed in has to sign in anew. Raises SettingsError."""
    with _changing(settings) as session:
        accounts.change_account(
            session,
            username,
            role=None if role is None else Role(role),
            districts=districts,
            password=password,
            display_name=name,
        )


def link(settings: Settings, username: str, subject: str | None) -> None:
    """Let who is `subject` at the sign-in provider sign in with the account; None takes the link
    away. Raises SettingsError."""
    issuer = "" if subject is None else _issuer()
    with _changing(settings) as session:
        accounts.link_account(session, username, issuer, subject)


def remove(settings: Settings, username: str) -> None:
    """Take the account away; whoever is signed in with it is so no more. Raises SettingsError."""
    with _changing(settings) as session:
        accounts.remove_account(session, username)


def listed(settings: Settings) -> list[dict[str, Any]]:
    """Every account, without its password's hash."""
    with _changing(settings) as session:
        return [
            {
                "username": account.username,
                "role": account.role,
                "districts": account.districts,
                "name": account.display_name,
                "demo": account.demo,
                "linked": account.subject is not None,
            }
            for account in accounts.accounts(session)
        ]


def _issuer() -> str:
    issuer = OidcSettings.read().oidc_issuer
    if not issuer:
        raise SettingsError("SIGAP_OIDC_ISSUER is not set: there is no provider to link with")
    return issuer


@contextmanager
def _changing(settings: Settings) -> Iterator[Session]:
    engine = make_engine(database_url(settings, "gateway"))
    try:
        with Session(engine) as session:
            yield session
            session.commit()
    except (UnfitAccount, ValueError) as error:
        raise SettingsError(str(error)) from None
    except IntegrityError:
        raise NotDone("somebody else made or linked it meanwhile: see `sigap staff list`") from None
    finally:
        engine.dispose()
