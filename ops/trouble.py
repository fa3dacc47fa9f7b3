"""What `sigap` says when a command cannot do its work, and with which code it ends then.

0 means done. NOT_DONE: something is away or refuses, or the answer is no. UNFIT: what was given, a
setting or an option, does not fit.
"""

from amqp.exceptions import AMQPError
from kombu.exceptions import KombuError, OperationalError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from chassis.publishing import PublishFailed
from chassis.retry import CalleeFailed, Unavailable
from chassis.settings import SettingsError
from contracts.errors import TEXTS, Refusal

NOT_DONE = 1
UNFIT = 2

_OF_THE_BROKER = (AMQPError, KombuError, OperationalError, PublishFailed)


class NotDone(Exception):
    """It was not done, or not wholly; the text says what and why."""


def told(error: BaseException) -> tuple[str, int] | None:
    """One sentence and the exit code; None for what nobody expected, a mistake in the program.

    Texts of databases, brokers and networks may quote an address with its password, or what was
    stored: of those only the type is told.
    """
    if isinstance(error, SettingsError):
        return str(error), UNFIT
    if (sentence := _sentence(error)) is None:
        return None
    return sentence, NOT_DONE


def _sentence(error: BaseException) -> str | None:
    if isinstance(error, NotDone):
        return str(error)
    if isinstance(error, CalleeFailed):
        return f"{error} failed at it: its log says why"
    if isinstance(error, Unavailable):
        return f"no answer from {error}; try again later"
    if isinstance(error, Refusal):
        return f"refused: {error.code}: {TEXTS[error.code][1]}"
    if isinstance(error, SQLAlchemyError):
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        return f"the database does not do it: {type(cause).__name__}"
    if isinstance(error, _OF_THE_BROKER) or type(error).__module__ == "pika.exceptions":
        return f"the broker does not do it: {type(error).__name__}"
    if isinstance(error, OSError):
        return _of_the_machine(error)
    return None


def _of_the_machine(error: OSError) -> str:
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return f"the machine or the network does not do it: {type(error).__name__}"
