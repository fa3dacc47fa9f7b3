"""Broker or memory: the one place that chooses, and as whom."""

from urllib.parse import quote, urlsplit

from sqlalchemy import Engine

from chassis import memory
from chassis.outbox import BrokerRelay, Relay
from chassis.publishing import BrokerPublisher
from chassis.settings import Settings, account_name, account_secret
from chassis.tables import MessagingTables

Publisher = BrokerPublisher | memory.MemoryPublisher


def broker_url(settings: Settings, service: str) -> str:
    """Where `service` signs in, with its password; raises SettingsError without one.

    An address without a password names the family of accounts, `sigap` in `sigap_intake`.
    """
    if settings.amqp_url is None:
        return memory.URL
    if not settings.own_accounts:
        return settings.amqp_url
    parts = urlsplit(settings.amqp_url)
    account = quote(account_name(parts.username, service), safe="")
    password = settings.secret(account_secret(service)).hex()
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{account}:{password}@{host}").geturl()


def make_publisher(settings: Settings, service: str) -> Publisher:
    """Publishes as `service`; raises SettingsError without its password."""
    if settings.embedded:
        return memory.MemoryPublisher()
    return BrokerPublisher(broker_url(settings, service))


def make_relay(settings: Settings, service: str, engine: Engine, tables: MessagingTables) -> Relay:
    """Empties the service's outbox, as `service`; raises SettingsError without its password."""
    if settings.embedded:
        return memory.MemoryRelay(service, engine, tables, memory.MemoryPublisher())
    publisher = BrokerPublisher(broker_url(settings, service))
    return BrokerRelay(service, engine, tables, publisher)
