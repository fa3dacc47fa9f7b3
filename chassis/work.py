"""The unit of work: one message or command, one transaction."""

from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from chassis.ids import uuid7
from chassis.kill_points import reached
from chassis.statements import statements
from chassis.tables import MessagingTables
from contracts.envelope import Actor, CloudEvent, EventData, Role
from contracts.errors import ErrorCode, Refusal

UNNUMBERED = "1"
"""Stands in an outbox row's body for the number that the database gives; see `numbered`."""


def numbered(body: str, sequence: int) -> str:
    """An outbox row's body with its sequence.

    The first match is the attribute itself: a quote inside an earlier value is escaped.
    """
    return body.replace(f'"sequence":"{UNNUMBERED}"', f'"sequence":"{sequence}"', 1)


class Work:
    """State, inbox row and outbox rows of one message: all are committed, or none.

    `now` is the time of the whole unit (aware, UTC); `actor` is who caused it.
    """

    def __init__(
        self,
        engine: Engine,
        tables: MessagingTables,
        *,
        now: datetime,
        local_time: Callable[[datetime], datetime],
        actor: Actor,
        cause: str,
        traceparent: str | None = None,
        published: Callable[[], None] = lambda: None,
    ) -> None:
        self.now = now
        self.actor = actor
        self.session = Session(engine, expire_on_commit=False)
        self._tables = tables
        self._statements = statements(tables, engine.dialect.name)
        self._local_time = local_time
        self._cause = cause
        self._traceparent = traceparent
        self._published = published
        self._emitted = False
        self._after_commit: list[Callable[[], None]] = []
        self._message_id: str | None = None
        self._key: str | None = None
        self._checkpointed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._commit()
        finally:
            self.session.close()

    def emit(self, case: str, data: EventData, actor: Actor | None = None) -> None:
        """Publish an event of `case` with this unit, under the next number of its sequence."""
        who = actor or self.actor
        event = CloudEvent(
            id=uuid7(),
            source=f"/services/{data.source}",
            type=data.cloud_event_type(),
            subject=case,
            time=self._local_time(self.now),
            sequence=UNNUMBERED,
            correlationid=case,
            causationid=self._cause,
            actor=who.id if who.role in (Role.RESIDENT, Role.SYSTEM) else f"staff:{who.id}",
            actorrole=who.role,
            traceparent=self._traceparent,
            data=data.model_dump(mode="json"),
        )
        row = {
            "message_id": event.id,
            "subject": case,
            "event": data.event,
            "body": event.model_dump_json(exclude_none=True),
            "written_at": self.now,
        }
        self._statements.write(self.session.connection(), row)
        self._emitted = True

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call this once the unit is committed; it must not fail."""
        self._after_commit.append(call)

    def receive(self, message_id: str) -> None:
        """Note the message in the inbox.

        If it was handled before, this fails, or a later statement of the unit or its commit does:
        chassis.statements.repeats tells.
        """
        self._message_id = message_id
        self._note(message_id)

    def recall(self, key: str, fingerprint: str) -> str | None:
        """The stored reply of a command with this idempotency key, None for a new one.

        Raises Refusal `idempotency_key_reused` if the key came with another content. A rival with
        the same key is waited for.
        """
        replies = self._tables.replies
        new = {"idempotency_key": key, "fingerprint": fingerprint, "handled_at": self.now}
        if self._statements.recall(self.session.connection(), new):
            self._key = key
            return None
        known = self.session.execute(
            select(replies.c.fingerprint, replies.c.reply).where(replies.c.idempotency_key == key)
        ).one()
        if known.fingerprint != fingerprint:
            raise Refusal(ErrorCode.IDEMPOTENCY_KEY_REUSED)
        return str(known.reply)

    def remember(self, reply: str) -> None:
        """Store the reply of the command being handled, to be committed with its effects."""
        if self._key is None:
            raise RuntimeError("a reply is remembered for a command that was recalled")
        self._statements.remember(self.session.connection(), self._key, reply)

    def checkpoint(self) -> None:
        """Commit what was done so far without marking the message handled; for events and jobs.

        No transaction is open afterwards. When the message comes again, the handler starts over
        and must find its own progress.
        """
        if self._key is not None:
            raise RuntimeError("a command's effects and its reply commit together")
        if self._message_id is not None and not self._checkpointed:
            inbox = self._tables.inbox
            self.session.execute(delete(inbox).where(inbox.c.message_id == self._message_id))
            self._checkpointed = True
        self.session.commit()
        self._tell()

    def _note(self, message_id: str) -> None:
        row = {"message_id": message_id, "handled_at": self.now}
        self._statements.receive(self.session.connection(), row)

    def _commit(self) -> None:
        if self._checkpointed and self._message_id:
            self._note(self._message_id)  # fails if a second delivery was faster
        reached("before_commit")
        self.session.commit()
        reached("after_commit")
        self._tell()

    def _tell(self) -> None:
        if self._emitted:
            self._published()
            self._emitted = False
        calls, self._after_commit = self._after_commit, []
        for call in calls:
            call()
