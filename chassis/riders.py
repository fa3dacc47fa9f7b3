"""Statements that ride with the next one to PostgreSQL: each would cost a round trip of its own.

BEGIN rides with a transaction's first statement. What is written for a message - inbox, outbox,
reply - has no result that anybody waits for: it rides with the handler's next statement, at the
latest with COMMIT. If it fails, that statement fails, and the transaction with it.
"""

from collections.abc import Mapping
from typing import Any

from psycopg2.extensions import TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_INTRANS
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

_OPEN = (TRANSACTION_STATUS_INTRANS, TRANSACTION_STATUS_INERROR)
_RAW = {"no_parameters": True}  # a rider is finished text, in which % means %


def ride(connection: Connection, statement: str, parameters: Mapping[str, Any]) -> None:
    """Send it with the connection's next statement. Placeholders are written `%(name)s`."""
    cursor = connection.connection.cursor()
    text: bytes = cursor.mogrify(statement, parameters)
    connection.info["riders"].append(text.decode())
    cursor.close()


def let_statements_ride(engine: Engine) -> None:
    """For an engine of psycopg2. A connection that only reads opens no transaction at all.

    Under READ COMMITTED each statement of a reader sees what is committed by then, with a
    transaction or without.
    """
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _execute, retval=True)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "rollback", _rollback)
    event.listen(engine, "reset", _reset)


def _configure(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    connection.autocommit = True  # psycopg2 sends no BEGIN of its own


def _begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only")
    connection.info.update(riders=[] if reads_only else ["BEGIN"], begun=False)


def _execute(
    connection: Connection, cursor: Any, statement: str, parameters: Any, _: Any, many: bool
) -> tuple[str, Any]:
    riders = _boarded(connection)
    if riders and parameters and not many:
        return f"{riders.replace('%', '%%')}; {statement}", parameters
    if riders:
        connection.exec_driver_sql(riders, execution_options=_RAW)
    return statement, parameters


def _commit(connection: Connection) -> None:
    if connection.info["begun"] or len(connection.info["riders"]) > 1:
        riders = _boarded(connection)
        last = f"{riders}; COMMIT" if riders else "COMMIT"
        connection.exec_driver_sql(last, execution_options=_RAW)


def _rollback(connection: Connection) -> None:
    if not connection.invalidated and connection.info["begun"]:
        connection.info["riders"].clear()
        connection.exec_driver_sql("ROLLBACK", execution_options=_RAW)


def _reset(connection: Any, record: ConnectionPoolEntry, state: Any) -> None:
    # After a COMMIT that failed SQLAlchemy leaves it to psycopg2, which knows of nothing begun.
    if connection.get_transaction_status() in _OPEN:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _boarded(connection: Connection) -> str:
    """What rides now; from then on there is a transaction."""
    riders: list[str] = connection.info.get("riders", [])
    if not riders:
        return ""
    connection.info.update(riders=[], begun=True)
    return "; ".join(riders)
