"""The guard: which addresses we connect to, and that it is these that we connect to."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.conftest import Desk
from tests.servers import FeedServer, Reply
from watcher.fetch.guard import Guard, look_up

REFUSED = {
    "loopback": ["127.0.0.1", "127.8.9.10", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12::1"],
    "link-local": ["169.254.1.1", "fe80::1", "fe80::1%1", "fec0::1"],
    "metadata": ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"],
    "carrier": ["100.64.0.1", "100.127.255.255"],
    "multicast": ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
    "unspecified": ["0.0.0.0", "0.1.2.3", "::"],
    "mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"],
    "nat64": ["64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8"],
    "6to4": ["2002:7f00:1::", "2002:a00:1::1", "192.88.99.1"],
    "teredo": ["2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001::1"],
    "reserved": [
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "192.0.0.8",
        "2001:db8::1",
    ],
}
PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001:81b::200e"]
PUBLIC_INSIDE = ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"]


@pytest.mark.parametrize("address", [one for kind in REFUSED.values() for one in kind])
def test_19_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not Guard().allows(address)


@pytest.mark.parametrize("address", PUBLIC + PUBLIC_INSIDE)
def test_19_public_addresses_are_let_through(address: str) -> None:
    assert Guard().allows(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1"])
def test_an_opened_network_is_let_through_in_all_its_forms(address: str) -> None:
    assert Guard((ip_network("127.0.0.0/8"),)).allows(address)


def test_opening_one_network_opens_no_other() -> None:
    guard = Guard((ip_network("127.0.0.0/8"), ip_network("fd00::/8")))
    assert guard.allows("fd00::1")
    assert not any(guard.allows(address) for address in ("10.0.0.1", "::1", "fe80::1"))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_the_same_in_every_disguise(address: IPv4Address) -> None:
    verdict = Guard().allows(str(address))
    mapped, translated = (
        str(IPv6Address(base + int(address))) for base in (0xFFFF << 32, 0x64FF9B << 96)
    )
    assert Guard().allows(mapped) is verdict
    assert Guard().allows(translated) is verdict


@given(st.ip_addresses(v=6, network="fc00::/7") | st.ip_addresses(v=6, network="ff00::/8"))
def test_no_private_or_multicast_ipv6_address_is_let_through(address: IPv6Address) -> None:
    assert not Guard().allows(str(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "localhost", "[::1]"]
)
def test_19_loopback_is_refused_however_it_is_written(host: str, desk: Desk) -> None:
    desk.names.look_up = look_up  # type: ignore[method-assign] # the system's own notation
    assert "is not a public address" in desk.why(f"http://{host}:1/", allow_networks=())


def test_19_one_address_inside_spoils_a_name(desk: Desk) -> None:
    desk.names.known["two.example"] = ["93.184.216.34", "10.0.0.1"]
    assert desk.why("http://two.example/") == (
        "two.example (10.0.0.1) is not a public address; `allow_networks` can open its network"
    )


def test_19_the_name_is_looked_up_once_and_the_checked_address_connected_to(
    server: FeedServer, desk: Desk
) -> None:
    """A name that answers differently the second time is never asked a second time."""
    desk.names.known["rebind.example"] = ["127.0.0.1"]
    url = f"http://rebind.example:{server.port}/feed"
    server.on("/feed", Reply(body=b"<rss/>"))
    assert desk.body(url) == b"<rss/>"
    assert desk.names.asked == ["rebind.example"]
    assert server.requests[0].headers["host"] == f"rebind.example:{server.port}"


def test_19_nothing_is_connected_to_when_the_guard_refuses(server: FeedServer, desk: Desk) -> None:
    url = server.on("/feed", Reply(body=b"<rss/>"))
    assert "is not a public address" in desk.why(url, allow_networks=())
    assert server.connections == 0


def test_the_next_address_is_tried_when_the_first_does_not_answer(
    server: FeedServer, desk: Desk
) -> None:
    desk.names.known["two.example"] = ["127.0.0.77", "127.0.0.1"]
    server.on("/feed", Reply(body=b"<rss/>"))
    assert desk.body(f"http://two.example:{server.port}/feed") == b"<rss/>"


def test_a_name_without_addresses_is_a_failure(desk: Desk) -> None:
    desk.names.known["none.example"] = []
    assert desk.why("http://none.example/") == "the name none.example has no address (DNS)"


def test_a_host_with_ipv6_only_can_be_fetched(desk: Desk) -> None:
    try:
        probe = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with probe:
        desk.names.known["six.example"] = ["::1"]
        port = probe.getsockname()[1]
        probe.close()
        opened = (ip_network("::1/128"),)
        reason = desk.why(f"http://six.example:{port}/", allow_networks=opened)
    assert reason == "connection refused"  # it was let through and connected to


def test_the_systems_look_up_gives_each_address_once() -> None:
    assert look_up("127.0.0.1", 80) == ("127.0.0.1",)
