"""Several replicas on a real PostgreSQL: each delivery is sent once in effect."""

from collections import Counter

import pytest

from services.notifications.sending import Sender
from tests.integration.notifications.desk import CASE, EMAIL, Desk
from tests.integration.notifications.receivers import verify
from tests.real import eventually


@pytest.fixture
def desk(database_url, tmp_path, smtp):
    """The service on an empty PostgreSQL database."""
    desk = Desk(tmp_path, database_url, smtp_url=smtp.url)
    yield desk
    desk.close()


@pytest.fixture
def replica(desk, database_url, tmp_path, smtp):
    """A second one on the same database, with lanes of its own and the same clock."""
    replica = Desk(tmp_path, database_url, smtp_url=smtp.url)
    replica.clock = replica.store.clock = desk.clock
    yield replica
    replica.close()


def test_two_replicas_send_each_delivery_once(desk, replica, receiver, mails):
    """They take different deliveries at the same time."""
    added = desk.hook(receiver.url)
    for number in range(1, 61):
        desk.receive(f"VRF-20261123-{number:04d}", ways=(EMAIL,))
    for each in (desk, replica):
        each.run_job("send_due")
    for each in (desk, replica):
        each.lanes.wait()
    desk.send()
    ids = Counter(
        verify(added.secret, {name.lower(): text for name, text in headers.items()}, body, now)
        for headers, body, now in receiver.requests
    )
    assert ids == Counter(row.id for row in desk.rows(webhook=added.webhook))
    assert len(ids) == 60
    assert len({mail["Message-ID"] for mail in mails()}) == len(mails()) == 60
    told = Counter(event.data["notification"] for event in desk.emitted("notification_sent"))
    assert told == Counter(row.id for row in desk.rows())
    assert replica.rpc.calls
    assert desk.rpc.calls


def test_a_delivery_that_another_replica_has_taken_is_left_to_it(desk, replica, receiver):
    """Until its lease ends."""
    added = desk.hook(receiver.url)
    desk.receive(ways=())
    taken = sender(desk)._take(added.webhook)
    replica.send()
    assert receiver.requests == []
    desk.clock.move(seconds=61)
    replica.send()
    assert [body["id"] for body in receiver.bodies()] == [taken.id]


def test_one_replica_at_a_time_tries_a_webhook_that_fails_often(desk, replica, receiver):
    """The other does not wait for it."""
    added = desk.hook(receiver.url)
    receiver.answer = lambda body: 500
    for number in range(1, 21):
        desk.receive(f"VRF-20261123-{number:04d}", ways=())
    desk.send()
    desk.clock.set(desk.webhook_row(added.webhook).retry_at)
    assert sender(desk)._take(added.webhook) is not None
    before = len(receiver.requests)
    replica.send()
    assert len(receiver.requests) == before


def test_events_of_one_case_at_two_replicas_are_each_told_once(desk, replica):
    """What comes early at one, while the other opens the case, is not lost."""
    import eventlet

    pool = eventlet.GreenPool()
    for number in range(1, 11):
        case = f"VRF-20261123-{number:04d}"
        pool.spawn(replica.return_it, case)
        pool.spawn(desk.receive, case)
    pool.waitall()
    told = Counter((row.tracking_number, row.occasion) for row in desk.rows())
    assert set(told.values()) == {1}
    assert len(told) == 20


def test_a_resident_who_chooses_while_an_event_comes_is_heard(desk, mails):
    """The whole way on PostgreSQL: ways, quiet hours, replay."""
    desk.receive(ways=(EMAIL,))
    desk.choose()
    desk.send()
    (row,) = desk.rows()
    assert row.last_error == "way_not_chosen"
    desk.choose(EMAIL)
    desk.replay(row.id)
    desk.send()
    eventually(lambda: len(mails()) == 1, "the mail")
    assert desk.rows(tracking_number=CASE)[0].state == "sent"


def sender(desk):
    """The replica's own sender."""
    service = desk.service
    return Sender(service.store, service.vault, service.rpc, service.settings, service.lanes)
