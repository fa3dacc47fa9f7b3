"""Staff accounts from the command line."""

from sqlalchemy.orm import Session

from chassis.database import database_url, make_engine
from chassis.settings import Settings, SettingsError
from contracts.envelope import Role
from gateway.accounts import UnfitAccount, add_account


def add(
    settings: Settings, username: str, role: str, districts: list[str], password: str, name: str
) -> None:
    """Add an account to the gateway's database. Raises SettingsError saying what does not fit."""
    engine = make_engine(database_url(settings, "gateway"))
    try:
        with Session(engine) as session:
            add_account(session, username, Role(role), districts, password, name)
            session.commit()
    except (UnfitAccount, ValueError) as error:
        raise SettingsError(str(error)) from None
    finally:
        engine.dispose()
