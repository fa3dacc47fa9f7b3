"""Local staff accounts: who works here, in which role, for which districts."""

import re
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from eventlet import tpool
from eventlet.semaphore import Semaphore
from sqlalchemy import Boolean, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.database import Json, insert_or_ignore
from chassis.ids import uuid7
from contracts.envelope import USERNAME, Actor, Role
from gateway.models import Base
from gateway.rights import ROLE_NAMES, STAFF
from standards import regions

DEMO_PASSWORD = "sigap-demo"  # noqa: S105 - public: these accounts work in the demo only
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_SUBJECT = 255
"""OpenID Connect allows no longer one."""

STAFF_ROLES = tuple(role for role in ROLE_NAMES if role in STAFF)

# OWASP's figures for argon2id: 19 MiB and two passes, so that many sign-ins fit into memory.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS_HASH = _HASHER.hash("nobody has this password")
_AT_ONCE = Semaphore(4)


class StaffAccount(Base):
    """One member of staff. `demo` accounts have a public password and work in the demo only.

    `stamp` is a new one after each change; a token with another is good no more. `issuer` and
    `subject` tell who it is at the sign-in provider, if it is linked; without a password (""), that
    is the only way in.
    """

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("issuer", "subject", name="uq_staff_issuer_subject"),)

    username: Mapped[str] = mapped_column(String(40), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(40))
    districts: Mapped[list[str]] = mapped_column(Json)
    display_name: Mapped[str] = mapped_column(String(120))
    demo: Mapped[bool] = mapped_column(Boolean)
    stamp: Mapped[str] = mapped_column(String(36))
    issuer: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(String(LONGEST_SUBJECT))

    @property
    def actor(self) -> Actor:
        return Actor(id=self.username, role=Role(self.role), districts=tuple(self.districts))


class UnfitAccount(ValueError):
    """The account cannot be added; the text says why."""


def account_of(session: Session, username: str, *, demo: bool) -> StaffAccount | None:
    """The account of that user name; outside the demo its accounts are as good as unknown."""
    account = session.scalars(
        select(StaffAccount).where(StaffAccount.username == username)
    ).one_or_none()
    return None if account and account.demo and not demo else account


def password_fits(account: StaffAccount | None, password: str) -> bool:
    """Whether it is the account's password; an unknown user takes as long as a known one.

    Hashing happens in a real thread, so that other green threads go on.
    """
    known_hash = (account.password_hash if account else "") or _NOBODYS_HASH
    with _AT_ONCE:
        fits = tpool.execute(_verify, known_hash, password)
    return fits and known_hash != _NOBODYS_HASH


def add_account(
    session: Session,
    username: str,
    role: Role,
    districts: Iterable[str],
    password: str | None,
    display_name: str,
) -> None:
    """Add a member of staff; `districts` are codes as 63.71.03. Raises UnfitAccount.

    Without a password the account has to be linked before anybody can use it.
    """
    districts = tuple(dict.fromkeys(districts))
    if not re.fullmatch(USERNAME, username):
        raise UnfitAccount("a user name has 2 to 40 small letters, digits, '_', '.' or '-'")
    _refuse_unfit(role, districts, password)
    hashed = "" if password is None else _HASHER.hash(password)
    if not _insert(session, username, role, districts, hashed, display_name):
        raise UnfitAccount(f"the user name {username} is taken")


def change_account(
    session: Session,
    username: str,
    *,
    role: Role | None = None,
    districts: Iterable[str] | None = None,
    password: str | None = None,
    display_name: str | None = None,
) -> None:
    """Change what is not None; whoever is signed in with the account is so no more.

    Raises UnfitAccount, also for an account of the demo.
    """
    account = _own_account(session, username)
    chosen = None if districts is None else tuple(dict.fromkeys(districts))
    _refuse_unfit(role, chosen, password)
    if role is not None:
        account.role = role.value
    if chosen is not None:
        account.districts = list(chosen)
    if password is not None:
        account.password_hash = _HASHER.hash(password)
    if display_name is not None:
        account.display_name = display_name
    account.stamp = uuid7()
    session.flush()


def link_account(session: Session, username: str, issuer: str, subject: str | None) -> None:
    """Let who is `subject` at that provider sign in with the account; None takes the link away.

    Whoever is signed in with it is so no more. Raises UnfitAccount.
    """
    account = _own_account(session, username)
    if subject is not None and not is_subject(subject):
        raise UnfitAccount(f"a subject has 1 to {LONGEST_SUBJECT} characters that can be printed")
    rival = None if subject is None else linked_account(session, issuer, subject)
    if rival is not None and rival.username != username:
        raise UnfitAccount(f"that subject is linked with {rival.username}")
    account.issuer, account.subject = (None, None) if subject is None else (issuer, subject)
    account.stamp = uuid7()
    session.flush()


def is_subject(text: str) -> bool:
    """Whether it can be a provider's name for somebody."""
    return 0 < len(text) <= LONGEST_SUBJECT and text.isprintable()


def linked_account(session: Session, issuer: str, subject: str) -> StaffAccount | None:
    """The account of who is `subject` at that provider."""
    found = select(StaffAccount).where(
        StaffAccount.issuer == issuer, StaffAccount.subject == subject
    )
    return session.scalars(found).one_or_none()


def remove_account(session: Session, username: str) -> None:
    """Take the account away; its tokens are good no more. Raises UnfitAccount."""
    session.delete(_own_account(session, username))
    session.flush()


def accounts(session: Session) -> list[StaffAccount]:
    """Every account, by user name."""
    return list(session.scalars(select(StaffAccount).order_by(StaffAccount.username)))


def stamp_of(session: Session, username: str) -> str | None:
    """The account's present stamp; None without an account."""
    return session.scalar(select(StaffAccount.stamp).where(StaffAccount.username == username))


def _own_account(session: Session, username: str) -> StaffAccount:
    account = account_of(session, username, demo=True)
    if account is None:
        raise UnfitAccount(f"there is no account {username}")
    if account.demo:
        raise UnfitAccount(f"{username} is an account of the demo; outside it, it is refused")
    return account


def _refuse_unfit(
    role: Role | None, districts: tuple[str, ...] | None, password: str | None
) -> None:
    if role is not None and role not in STAFF_ROLES:
        raise UnfitAccount(f"{role} is not a role of staff")
    if password is not None and not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UnfitAccount(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    unknown = set(districts or ()) - {district.code for district in regions.districts()}
    if unknown:
        raise UnfitAccount(f"no such district: {', '.join(sorted(unknown))}")


def add_demo_accounts(session: Session) -> None:
    """One account per role, user name = role name; the verifier is designated everywhere."""
    everywhere = tuple(district.code for district in regions.districts())
    known = set(session.scalars(select(StaffAccount.username)))
    missing = [role for role in STAFF_ROLES if role.value not in known]
    if not missing:
        return
    hashed = _HASHER.hash(DEMO_PASSWORD)
    for role in missing:
        districts = everywhere if role is Role.VERIFIER else ()
        _insert(session, role.value, role, districts, hashed, ROLE_NAMES[role].id, demo=True)


def _insert(
    session: Session,
    username: str,
    role: Role,
    districts: tuple[str, ...],
    password_hash: str,
    display_name: str,
    *,
    demo: bool = False,
) -> bool:
    values = {
        "username": username,
        "password_hash": password_hash,
        "role": role.value,
        "districts": list(districts),
        "display_name": display_name,
        "demo": demo,
        "stamp": uuid7(),
    }
    return insert_or_ignore(session, StaffAccount, values)


def _verify(known_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(known_hash, password)
    except VerificationError:
        return False
