"""Whose call it is, behind proxies that are trusted and headers that are not."""

import pytest

from chassis.settings import SettingsError
from gateway.clients import client_of, networks
from gateway.settings import GatewaySettings

PROXIES = networks("10.0.0.5, 10.1.0.0/16,fd00::/8")


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "192.0.2.7, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "192.0.2.7, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("10.0.0.5", "10.1.2.3", "10.1.2.3"),
        ("10.0.0.5", "198.51.100.1, rubbish", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.5", "[2001:db8::1]:4711", "2001:db8::/64"),
        ("fd00::1", "2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:ffff::1", "", "2001:db8:0:1::/64"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
        ("::ffff:10.0.0.5", "198.51.100.1", "198.51.100.1"),
        (None, "198.51.100.1", "unknown"),
        ("", "", "unknown"),
    ],
)
def test_a_forwarded_address_counts_from_a_trusted_proxy_only(
    remote: str | None, forwarded: str, client: str
) -> None:
    """And only what the proxy itself has added, at the right."""
    assert client_of(remote, forwarded, PROXIES) == client


def test_without_a_trusted_proxy_nobody_is_believed() -> None:
    """As it is by default."""
    assert GatewaySettings.read({}).trusted_proxies == ()
    assert client_of("127.0.0.1", "198.51.100.1", ()) == "127.0.0.1"


@pytest.mark.parametrize("value", ["proxy.example", "10.0.0.5/24", "10.0.0.300", "*"])
def test_what_is_no_address_ends_the_start(value: str) -> None:
    """With the variable's name, and without its value."""
    with pytest.raises(SettingsError, match="SIGAP_TRUSTED_PROXY") as caught:
        GatewaySettings.read({"SIGAP_TRUSTED_PROXY": value})
    assert value == "*" or value not in str(caught.value)
