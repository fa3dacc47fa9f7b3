"""Whoever is down is nobody else's harm: bounded, left alone, waited for."""

from datetime import UTC, datetime, timedelta

from eventlet.event import Event

from chassis.retry import Unavailable
from contracts import intake
from contracts.envelope import Role
from services.notifications import carrying
from services.notifications.attempts import LEASE, TRIP
from services.notifications.models import Delivery
from tests.integration.notifications.desk import COMPLAINT, case
from tests.integration.notifications.receivers import checked
from tests.real import eventually


def test_a_dead_receiver_blocks_neither_another_webhook_nor_mails(
    desk, receiver, dead, mails, monkeypatch
):
    """While its own attempts still wait for an answer."""
    monkeypatch.setitem(carrying.LIMITS, "webhook", 120.0)
    gone = desk.hook(dead.url)
    desk.hook(receiver.url)
    for number in range(1, 21):
        desk.receive(case(number))
    desk.run_job("send_due")
    eventually(lambda: len(receiver.requests) == 20 and len(mails()) == 20, "the others' messages")
    assert len(dead.connections) == 4
    desk.receive(case(21))
    desk.run_job("send_due")
    eventually(lambda: len(receiver.requests) == 21 and len(mails()) == 21, "a later message")
    assert {row.attempts for row in desk.rows(webhook=gone.webhook)} == {0}
    assert len(dead.connections) == 4
    dead.hang_up()
    desk.lanes.wait()


def test_an_attempt_ends_in_time_and_is_made_again(desk, dead, monkeypatch):
    """The reason is kept, and the wait grows."""
    monkeypatch.setitem(carrying.LIMITS, "webhook", 0.2)
    desk.hook(dead.url)
    desk.receive(ways=())
    desk.send()
    (row,) = desk.rows()
    assert (row.state, row.attempts, row.last_error) == ("waiting", 1, "timeout")
    assert timedelta(seconds=5) <= row.not_before - desk.clock.now() <= timedelta(seconds=10)


def test_a_webhook_that_fails_often_is_tried_by_one_delivery_at_a_time(desk, receiver):
    """And left alone meanwhile; once it answers, all go on."""
    receiver.answer = lambda body: 500
    added = desk.hook(receiver.url)
    for number in range(1, 31):
        desk.receive(case(number), ways=())
    desk.send()
    first = len(receiver.requests)
    assert TRIP <= first < TRIP + 4
    desk.send()
    assert len(receiver.requests) == first
    desk.clock.move(seconds=11)
    desk.send()
    assert len(receiver.requests) == first + 1
    receiver.answer = lambda body: 200
    desk.clock.set(desk.webhook_row(added.webhook).retry_at)
    desk.send()
    assert desk.webhook_row(added.webhook).failures == 0
    assert len(receiver.requests) > first + 20
    desk.send_all()
    assert {row.state for row in desk.rows()} == {"sent"}


def test_a_crash_between_sending_and_recording_sends_again_under_the_same_id(
    desk, receiver, monkeypatch
):
    """Once the lease has ended, not before."""
    added = desk.hook(receiver.url)
    desk.receive(ways=())
    with monkeypatch.context() as crash:
        crash.setattr("services.notifications.sending.Sender._record", killed)
        desk.send()
    desk.send()
    assert len(receiver.requests) == 1
    desk.clock.move(seconds=LEASE.total_seconds())
    desk.send()
    (row,) = desk.rows()
    assert row.state == "sent"
    assert checked(receiver, added.secret) == [row.id, row.id]
    assert len(desk.emitted("notification_sent")) == 1


def test_a_failure_that_is_recorded_after_another_took_over_changes_nothing(desk, receiver):
    """The one that holds the lease judges."""
    desk.hook(receiver.url)
    desk.receive(ways=())

    def answer(body):
        with desk.store.unit("another") as work:
            row = work.session.query(Delivery).one()
            row.lease, row.leased_until = "another", work.now + LEASE
        return 500

    receiver.answer = answer
    desk.send()
    (row,) = desk.rows()
    assert (row.state, row.attempts, row.lease) == ("waiting", 0, "another")


def test_an_outage_of_the_contacts_owner_costs_no_attempt(desk, mails):
    """It is waited for as long as it takes."""
    answer = desk.rpc.replies[intake.ReadContacts]

    def nobody(ask):
        raise Unavailable("intake")

    desk.rpc.replies[intake.ReadContacts] = nobody
    desk.receive()
    for _ in range(20):
        desk.send()
        desk.clock.move(seconds=10)
    (row,) = desk.rows()
    assert (row.state, row.attempts, row.last_error) == ("waiting", 0, "contacts_not_read")
    desk.rpc.replies[intake.ReadContacts] = answer
    desk.send()
    assert len(mails()) == 1


def test_an_owner_of_contacts_that_does_not_answer_delays_only_its_own(desk, receiver, mails):
    """Complaints, staff and machines are told meanwhile."""
    answer, waiting = desk.rpc.replies[intake.ReadContacts], Event()

    def slow(ask):
        waiting.wait()
        return answer(ask)

    desk.rpc.replies[intake.ReadContacts] = slow
    desk.hook(receiver.url)
    for number in range(1, 21):
        desk.receive(case(number))
    desk.complain()
    due = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    late = {"clock": "promise", "step": None, "due": due, "role": None}
    desk.happen(intake.DeadlineMissed(**late, escalate_to=Role.DIVISION_HEAD), COMPLAINT)
    desk.run_job("send_due")
    eventually(lambda: len(mails()) == 3 and len(receiver.requests) == 22, "the others' messages")
    waiting.send()
    desk.lanes.wait()
    assert len(mails()) == 23


def test_a_stop_lets_what_is_being_sent_be_finished(desk, dead, monkeypatch):
    """And starts nothing more."""
    monkeypatch.setitem(carrying.LIMITS, "webhook", 0.2)
    desk.hook(dead.url)
    for number in range(1, 9):
        desk.receive(case(number), ways=())
    desk.run_job("send_due")
    eventually(lambda: dead.connections, "an attempt")
    desk.lanes.stop()
    tried = [row for row in desk.rows() if row.attempts]
    assert 1 <= len(tried) <= 4
    assert all(row.lease is None for row in desk.rows())
    desk.clock.move(minutes=1)
    desk.send()
    assert len([row for row in desk.rows() if row.attempts]) == len(tried)


def killed(*_):
    raise RuntimeError("killed")
