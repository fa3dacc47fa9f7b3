"""A real RabbitMQ and a real PostgreSQL for the tests and benchmarks that touch them.

`start_broker()` and `start_postgres()` give a server of one's own: a container where a Docker
engine answers, else a private process with its own port and data folder. Neither ever uses a
server that is already running on the machine. `tests.real.plugin` makes pytest fixtures of them.
"""

from tests.real.broker import Broker, start_broker
from tests.real.database import PostgresServer, start_postgres
from tests.real.runtime import PartMissing
from tests.real.waiting import eventually

__all__ = [
    "Broker",
    "PartMissing",
    "PostgresServer",
    "eventually",
    "start_broker",
    "start_postgres",
]
