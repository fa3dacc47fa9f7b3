"""Webhooks: signed, once in effect, and a receiver that is down is nobody else's harm."""

import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.errors import ErrorCode
from contracts.notifications import WebhookKind
from services.notifications import addresses, webhooks
from tests.integration.notifications.desk import (
    ADDRESSES,
    CASE,
    WHATSAPP,
    Desk,
    case,
    refused,
)
from tests.integration.notifications.receivers import SignatureWrong, checked


def test_the_signature_is_that_of_the_specifications_example():
    """The example that the specification's own libraries are tested by."""
    headers = webhooks.signed(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_status_webhook_hears_of_every_case_without_anything_personal(desk, receiver):
    """At once, signed under its own secret."""
    added = desk.hook(receiver.url)
    desk.receive(ways=(WHATSAPP,))
    desk.send()
    (body,) = receiver.bodies()
    (row,) = desk.rows(webhook=added.webhook)
    assert body == {
        "id": row.id,
        "type": "status",
        "tracking_number": CASE,
        "event": "request_received",
        "time": "2026-11-23T01:00:00+00:00",
        "sequence": 1,
    }
    assert checked(receiver, added.secret) == [row.id]
    with pytest.raises(SignatureWrong):
        checked(receiver, webhooks.new_secret())
    (sent,) = desk.emitted("notification_sent")
    assert (sent.data["audience"], sent.data["way"]) == ("bot", "webhook")


def test_a_receiver_that_fails_half_the_time_gets_everything_once_in_effect(desk, receiver):
    """Each under one id, however often it was tried; also when it fails after taking it."""
    tries, effects = Counter(), set()

    def answer(body):
        tries[body["id"]] += 1
        seed = f"b {body['tracking_number']} {tries[body['id']]}"
        chance = random.Random(seed).random()  # noqa: S311 - each try has its own fate
        if chance < 0.25:
            return 500
        effects.add(body["id"])
        return 503 if chance < 0.5 else 200

    receiver.answer = answer
    added = desk.hook(receiver.url)
    for number in range(1, 41):
        desk.receive(case(number), ways=())
    desk.send_all()
    rows = desk.rows()
    assert {row.state for row in rows} == {"sent"}
    assert effects == {row.id for row in rows}
    tried = Counter(checked(receiver, added.secret))
    assert tried.keys() == effects
    assert max(tried.values()) > 1
    assert all(tried[row.id] == row.attempts for row in rows)
    told = Counter(event.data["notification"] for event in desk.emitted("notification_sent"))
    assert told == Counter(effects)


def test_given_up_after_the_last_attempt_and_sent_again_under_the_same_id(desk, receiver):
    """Replayed by an administrator, also what was sent."""
    receiver.answer = lambda body: 500
    desk.hook(receiver.url)
    desk.receive(ways=())
    for _ in range(40):
        desk.send()
        desk.clock.move(hours=2)
    (row,) = desk.rows()
    assert (row.state, row.attempts, row.last_status) == ("failed", 12, 500)
    (failed,) = desk.emitted("notification_failed")
    assert (failed.data["reason"], failed.data["attempts"]) == ("http_status", 12)
    (detail,) = desk.listed(state="failed").deliveries
    assert (detail.notification, detail.last_error) == (row.id, "http_status")
    assert [(hook.waiting, hook.failed) for hook in desk.hooks()] == [(0, 1)]
    receiver.answer = lambda body: 200
    for _ in range(2):
        assert desk.replay(row.id).state == "waiting"
        desk.send()
        assert desk.rows()[0].state == "sent"
    assert {body["id"] for body in receiver.bodies()} == {row.id}
    assert len(receiver.requests) == 14
    refused(ErrorCode.DELIVERY_NOT_FOUND, desk.replay, "unknown")


def test_a_redirection_is_not_followed(desk, receiver):
    """It might lead into the office's own network."""
    receiver.answer = lambda body: 302
    desk.hook(receiver.url)
    desk.receive(ways=())
    desk.send()
    (row,) = desk.rows()
    assert (row.state, row.last_status, len(receiver.requests)) == ("waiting", 302, 1)


def test_a_receiver_that_says_gone_is_told_nothing_more(desk, receiver):
    """410 deactivates the webhook, and what waits for it is dropped."""
    receiver.answer = lambda body: 410
    added = desk.hook(receiver.url)
    for number in range(1, 11):
        desk.receive(case(number), ways=())
    desk.send()
    assert desk.webhook_row(added.webhook).active is False
    states = Counter(row.state for row in desk.rows())
    assert states["failed"] == len(receiver.requests) <= 4
    assert states["dropped"] == 10 - states["failed"]
    desk.receive(case(11), ways=())
    assert len(desk.rows()) == 10


def test_a_removed_webhook_is_told_nothing_more_and_its_log_stays(desk, receiver, other):
    """The others still are."""
    added, kept = desk.hook(receiver.url), desk.hook(other.url)
    desk.receive(ways=())
    assert desk.unhook(added.webhook).state == "removed"
    desk.receive(case(2), ways=())
    desk.send()
    assert receiver.requests == []
    assert len(other.requests) == 2
    (row,) = desk.rows(webhook=added.webhook)
    assert (row.state, row.last_error) == ("dropped", "webhook_inactive")
    assert [(hook.webhook, hook.active) for hook in desk.hooks()] == [
        (added.webhook, False),
        (kept.webhook, True),
    ]
    refused(ErrorCode.WEBHOOK_NOT_FOUND, desk.unhook, "unknown")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "http://93.184.215.14/hook",
        "https://user:word@93.184.215.14/hook",
        "file:///etc/passwd",
        "no url",
    ],
)
def test_wrong_urls_are_refused(tmp_path, url):
    """On a system with a broker, which is no demo; the URL is not repeated."""
    strict = {"demo": False, "amqp_url": "amqp://unused/", "database_url": "postgresql://unused/"}
    desk = Desk(tmp_path)
    desk.service.settings = desk.service.settings.model_copy(update=strict)
    refusal = refused(ErrorCode.VALIDATION_FAILED, desk.hook, url)
    assert url not in str(refusal.details)
    desk.close()


def test_a_host_that_turns_private_after_it_was_added_is_not_connected_to(
    desk, receiver, monkeypatch
):
    """What was checked at the entry is checked again at every connection."""
    desk.hook(receiver.url)
    desk.receive(ways=())
    desk.service.settings = desk.service.settings.model_copy(update={"demo": False})
    desk.send()
    (row,) = desk.rows()
    assert (row.last_error, receiver.requests) == ("address_refused", [])


def test_the_address_that_was_checked_is_the_one_connected_to(desk, receiver, monkeypatch):
    """A second look-up, that might answer otherwise, is not made."""
    real, looked_up = addresses.socket.getaddrinfo, []

    def look_up(host, port, **kwargs):
        looked_up.append(host)
        return real("127.0.0.1" if host == "bot.example" else host, port, **kwargs)

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    desk.hook(receiver.url.replace("127.0.0.1", "bot.example"))
    desk.receive(ways=())
    looked_up.clear()
    desk.send()
    assert desk.rows()[0].state == "sent"
    assert looked_up.count("bot.example") == 1
    (headers, _, _) = receiver.requests[0]
    assert headers["Host"].startswith("bot.example:")


def test_the_secret_is_sealed_and_the_same_key_shows_it_again(desk, receiver):
    """No table holds it in the clear, nor does the stored reply of the command."""
    added = desk.hook(receiver.url, key="add-1")
    again = desk.hook(receiver.url, key="add-1")
    assert again == added
    assert again.secret == added.secret
    assert added.secret not in repr(added)
    row = desk.webhook_row(added.webhook)
    assert added.secret.encode() not in row.sealed_secret
    files = [path.read_bytes() for path in desk_files(desk)]
    assert not any(added.secret.encode() in content for content in files)


def desk_files(desk):
    folder = Path(desk.store.engine.url.database).parent
    return list(folder.glob("notifications.sqlite3*"))


def test_the_log_is_paged_newest_first(desk, receiver):
    """A cursor that was never given out is refused."""
    desk.hook(receiver.url)
    for number in range(1, 6):
        desk.receive(case(number), ways=())
    first = desk.listed(limit=3)
    second = desk.listed(limit=3, cursor=first.next_cursor)
    seen = [each.tracking_number for page in (first, second) for each in page.deliveries]
    assert seen == [case(number) for number in (5, 4, 3, 2, 1)]
    assert second.next_cursor is None
    for cursor in ("x", "-1", "1.5", "²"):
        refused(ErrorCode.VALIDATION_FAILED, desk.listed, cursor=cursor)
    assert desk.listed(cursor="9" * 40).deliveries


def test_nothing_personal_stays_behind(desk, receiver, mails, capfd):
    """Neither in the database, nor in an event, nor in the log."""
    desk.hook(receiver.url, WebhookKind.WHATSAPP)
    desk.receive(ways=tuple(ADDRESSES))
    desk.receive(case(2), ways=tuple(ADDRESSES))
    desk.send()
    receiver.answer = lambda body: 500
    desk.return_it()
    desk.send()
    assert {row.state for row in desk.rows()} == {"sent", "waiting", "dropped"}
    assert len(mails()) == 3
    written = capfd.readouterr()
    left = [path.read_bytes().decode("latin-1") for path in desk_files(desk)]
    left += [event.body() for event in desk.emitted()]
    left += [written.out, written.err]
    for address in ADDRESSES.values():
        assert not any(address in text for text in left)
    assert any(CASE in text for text in left)
