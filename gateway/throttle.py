"""Too many wrong tries: counted in the gateway's database, so that all replicas count together."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Integer, String, delete, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.clock import Clock
from chassis.database import UtcDateTime, next_value
from chassis.store import Store
from contracts.errors import ErrorCode
from gateway.models import Base
from gateway.problems import ApiProblem

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
LOGINS_OF_A_USER = 20
CODES_FOR_A_CASE = 100
"""A code is one of 10^12: what a case's limit keeps off is not luck but load. It is wide, because
whoever reaches it shuts the resident out with it."""


class WrongTry(Base):
    """How many tries were wrong until `ends_at`. `key` is a keyed digest of what was tried."""

    __tablename__ = "wrong_tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try counts against: `limit` wrong ones of this `subject` in each `window`."""

    name: str
    subject: str
    limit: int
    window: timedelta


class Throttle:
    """Counts wrong tries, and refuses further ones until their window ends."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._over: dict[str, datetime] = {}

    def check(self, *tried: Tried) -> None:
        """Raises ApiProblem too_many_attempts if one of these has no try left.

        What has none gets none back before its window ends (but by `forgive`, which is not for
        what is checked), so the next refusal needs no database: guessing on costs little.
        """
        keys = {self._key(each): each for each in tried}
        known = [ends for key, ends in keys if self._over.get(key) == ends]
        if known:
            self._refuse(max(known))
        chosen = select(WrongTry.key, WrongTry.ends_at, WrongTry.count).where(
            tuple_(WrongTry.key, WrongTry.ends_at).in_(keys)
        )
        with self._store.reading() as session:
            rows = session.execute(chosen).all()
        over = {key: ends for key, ends, count in rows if count >= keys[key, ends].limit}
        if over:
            self._remember(over)
            self._refuse(max(over.values()))

    def count(self, *tried: Tried) -> None:
        """Count a wrong try; raises ApiProblem too_many_attempts for one beyond a limit."""
        over: list[datetime] = []
        with self._store.unit("wrong_try") as work:
            # In one order everywhere, or two replicas might wait for each other's row.
            for (key, ends), each in sorted((self._key(each), each) for each in tried):
                row = {"key": key, "ends_at": ends}
                if next_value(work.session, WrongTry, row, column="count") > each.limit:
                    over.append(ends)
        if over:
            self._refuse(max(over))

    def forgive(self, *tried: Tried) -> None:
        """Take a try back that was counted before it was known to be right."""
        with self._store.unit("right_try") as work:
            for key, ends in sorted(self._key(each) for each in tried):
                row = (WrongTry.key == key) & (WrongTry.ends_at == ends) & (WrongTry.count > 0)
                work.session.execute(update(WrongTry).where(row).values(count=WrongTry.count - 1))

    def _remember(self, over: dict[str, datetime]) -> None:
        now = self._clock.now()
        self._over = {key: ends for key, ends in self._over.items() if ends > now} | over

    def _key(self, tried: Tried) -> tuple[str, datetime]:
        window = tried.window.total_seconds()
        begun = math.floor(self._clock.now().timestamp() / window)
        digest = self._store.digest(f"{tried.name}\0{tried.subject}")
        return digest, datetime.fromtimestamp((begun + 1) * window, UTC)

    def _refuse(self, until: datetime) -> None:
        seconds = (until - self._clock.now()).total_seconds()
        raise ApiProblem(ErrorCode.TOO_MANY_ATTEMPTS, retry_after=max(math.ceil(seconds), 1))


def forget_tries(session: Session, now: datetime) -> None:
    """Delete the counts of windows that have ended."""
    session.execute(delete(WrongTry).where(WrongTry.ends_at < now))
