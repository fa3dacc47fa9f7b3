"""Broker or memory: the one place that chooses."""

from sqlalchemy import Engine

from chassis import memory
from chassis.outbox import BrokerRelay, Relay
from chassis.publishing import BrokerPublisher
from chassis.settings import Settings
from chassis.tables import MessagingTables

Publisher = BrokerPublisher | memory.MemoryPublisher


def broker_url(settings: Settings) -> str:
    return settings.amqp_url or memory.URL


def make_publisher(settings: Settings) -> Publisher:
    return memory.MemoryPublisher() if settings.embedded else BrokerPublisher(broker_url(settings))


def make_relay(settings: Settings, service: str, engine: Engine, tables: MessagingTables) -> Relay:
    if settings.embedded:
        return memory.MemoryRelay(service, engine, tables, memory.MemoryPublisher())
    return BrokerRelay(service, engine, tables, BrokerPublisher(broker_url(settings)))
