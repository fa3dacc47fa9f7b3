"""When people may be told, how often it is tried, and which addresses may be written to."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from chassis.settings import SettingsError
from contracts.envelope import ContactWay, Role
from contracts.errors import ErrorCode, Refusal
from contracts.notifications import Audience
from services.notifications import addresses
from services.notifications.attempts import (
    ATTEMPTS,
    FIRST_WAIT,
    LONGEST_WAIT,
    TRIP,
    Result,
    State,
    backoff,
    judge,
    rest,
)
from services.notifications.domain import choose, may_tell_from
from services.notifications.settings import MailServer, NotificationsSettings
from standards.calendar import WorkCalendar

CALENDAR = WorkCalendar.load()


def at(day, hour, minute=0):
    """A moment of November or December 2026, in Banjarmasin's time."""
    month, number = day
    return datetime(2026, month, number, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at((11, 23), 10), at((11, 23), 10)),  # Monday in office hours
        (at((11, 23), 20), at((11, 24), 7, 30)),  # the evening
        (at((11, 27), 20), at((11, 30), 7, 30)),  # Friday evening, then Monday
        (at((12, 24), 10), at((12, 28), 7, 30)),  # joint leave, Christmas, a weekend
    ],
)
def test_people_are_told_in_office_hours_and_machines_at_once(now, opens):
    """The next time that the office works."""
    assert may_tell_from(Audience.RESIDENT, now, CALENDAR) == opens
    assert may_tell_from(Audience.STAFF, now, CALENDAR) == opens
    assert may_tell_from(Audience.BOT, now, CALENDAR) == now


def test_waits_double_from_seconds_to_an_hour():
    """Never shorter than the first, never longer than the longest."""
    assert [backoff(n, 0.0) for n in (1, 2, 3)] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]
    assert backoff(1, 1.0) == FIRST_WAIT * 2
    assert backoff(40, 1.0) == LONGEST_WAIT


def test_a_delivery_is_given_up_after_its_last_attempt():
    """And at once when it is refused for good."""
    assert judge(ATTEMPTS - 2, Result.AGAIN, 0).state is State.WAITING
    assert judge(ATTEMPTS - 1, Result.AGAIN, 0).state is State.FAILED
    assert judge(0, Result.REFUSED, 0).state is State.FAILED
    assert judge(0, Result.GONE, 0).state is State.FAILED
    assert judge(0, Result.SENT, 0).state is State.SENT


def test_an_attempt_that_could_not_be_made_does_not_count():
    """An outage of our own is waited for as long as it takes."""
    verdict = judge(ATTEMPTS - 1, Result.POSTPONED, 0)
    assert (verdict.state, verdict.attempts) == (State.WAITING, ATTEMPTS - 1)


def test_a_webhook_rests_only_once_it_has_failed_often():
    """Then longer and longer."""
    assert rest(TRIP - 1, 0) == timedelta()
    assert rest(TRIP, 0) == FIRST_WAIT
    assert rest(TRIP + 2, 0) == FIRST_WAIT * 4


def test_a_way_that_was_not_given_cannot_be_chosen():
    """Others are chosen once each; none is a choice."""
    given = ["email", "telegram"]
    assert choose(given, (ContactWay.EMAIL, ContactWay.EMAIL)) == (ContactWay.EMAIL,)
    assert choose(given, ()) == ()
    with pytest.raises(Refusal) as refusal:
        choose(given, (ContactWay.WHATSAPP,))
    assert refusal.value.code is ErrorCode.WAY_NOT_GIVEN
    assert refusal.value.details == {"way": "whatsapp"}


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - an address to be refused
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_of_this_machine_and_of_private_networks_are_not_public(text):
    """Also when they hide inside another."""
    assert not addresses.is_public(ip_address(text))


def test_addresses_of_the_open_internet_are_public():
    """Both families."""
    assert addresses.is_public(ip_address("93.184.215.14"))
    assert addresses.is_public(ip_address("2606:2800:21f:cb07:6820:80da:af6b:8b2c"))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/hook", "not_allowed"),
        ("https://[::1]/hook", "not_allowed"),
        ("https://localhost/hook", "not_allowed"),
        ("http://93.184.215.14/hook", "not_allowed"),
        ("https://user:secret@93.184.215.14/hook", "not_allowed"),
        ("https://93.184.215.14/hook#part", "wrong_format"),
        ("ftp://93.184.215.14/hook", "wrong_format"),
        ("https:///hook", "wrong_format"),
        ("https://93.184.215.14:99999/", "wrong_format"),
        ("https://93.184.215.14/a b", "wrong_format"),
        ("https://93.184.215.14/a\r\nHost: x", "wrong_format"),
        ("https://93.184.215.14/" + "a" * 2000, "too_long"),
    ],
)
def test_a_wrong_url_is_refused(url, code):
    """With its field and a code."""
    with pytest.raises(Refusal) as refusal:
        addresses.check_url(url, plain_allowed=False, private_allowed=False)
    assert refusal.value.details["errors"] == [{"field": "url", "code": code}]


def test_a_name_that_also_means_a_private_address_is_refused(monkeypatch):
    """One public address beside it does not help."""
    both = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(addresses.AddressRefused):
        addresses.resolve("bot.example", 443, private_allowed=False)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("siti@example.go.id", True),
        ("siti.contoh+dinsos@mail.example.id", True),
        ("siti@example.id\r\nBcc: x@y.id", False),
        ("siti@example.id, b@c.id", False),
        ("Siti <siti@example.id>", False),
        ("siti", False),
        ("a" * 250 + "@b.id", False),
    ],
)
def test_only_plain_mail_addresses_are_written_to(text, right):
    """No header, no list and no name can hide in one."""
    assert addresses.is_mail_address(text) is right


def test_a_mail_server_is_read_from_its_url():
    """With its password in percent signs, and the usual ports."""
    server = MailServer.parse("smtp://sigap:p%40ss@mail.example.id?starttls=1")
    assert server == MailServer("mail.example.id", 587, "starttls", "sigap", "p@ss")
    assert MailServer.parse("smtps://mail.example.id").port == 465
    assert MailServer.parse("smtp://127.0.0.1:2525") == MailServer("127.0.0.1", 2525, "none")
    assert "p@ss" not in repr(server)


def read(**env):
    return NotificationsSettings.read({f"SIGAP_{name.upper()}": text for name, text in env.items()})


def test_staff_addresses_are_by_role():
    """A role without one is not in it."""
    settings = read(staff_mail="division_head=kabid@example.go.id, agency_head=kadis@example.go.id")
    assert settings.staff_addresses == {
        Role.DIVISION_HEAD: "kabid@example.go.id",
        Role.AGENCY_HEAD: "kadis@example.go.id",
    }
    assert read().staff_addresses == {}


@pytest.mark.parametrize(
    "env",
    [
        {"smtp_url": "mail.example.id:25"},
        {"smtp_url": "http://hidden@mail.example.id", "mail_from": "a@b.id"},
        {"smtp_url": "smtp://mail.example.id:hidden", "mail_from": "a@b.id"},
        {"smtp_url": "smtp://hidden@mail.example.id"},
        {"mail_from": "hidden"},
        {"staff_mail": "division_head=hidden"},
        {"staff_mail": "hidden=kabid@example.go.id"},
        {"staff_mail": "resident=hidden@example.go.id"},
    ],
)
def test_a_setting_that_cannot_be_meant_ends_the_start_without_telling_its_value(env):
    """Its text names what is wrong."""
    with pytest.raises(SettingsError) as error:
        read(**env)
    assert "hidden" not in str(error.value)
