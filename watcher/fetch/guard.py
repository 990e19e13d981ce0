"""Which network addresses we may connect to.

A feed's address is written by somebody, a redirect by somebody else, and the DNS answers as it
likes. So names are looked up once, every address found is judged, and the connection is made to
the very addresses that were judged (CWE-918; a name judged and then looked up again can answer
differently the second time).
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from watcher.fetch.settings import Network
from watcher.fetch.trouble import Trouble

LookUp = Callable[[str, int], Sequence[str]]
Found = IPv4Address | IPv6Address

GLOBAL_UNICAST = ip_network("2000::/3")
# public by their number, but not by their meaning
RESERVED = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # RFC 6890, protocol assignments
        "192.88.99.0/24",  # RFC 7526, 6to4 relays
        "2001::/23",  # Teredo and other protocol assignments
        "2001:db8::/32",  # documentation
        "3fff::/20",
    )
)
NAT64 = ip_network("64:ff9b::/96")  # RFC 6052


def look_up(host: str, port: int) -> Sequence[str]:
    """Ask the system for a host's addresses, in the order in which it would try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[4][0]) for place in found))


class Guard:
    """Lets through public addresses, and those in the networks that the operator opened."""

    def __init__(self, allow: Sequence[Network] = (), look_up: LookUp = look_up) -> None:
        self._allow = tuple(allow)
        self._look_up = look_up

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Look a host up, once; every address is fit to connect to, or `Trouble` is raised.

        One bad address spoils them all: a public name that also leads inside is not honest.
        """
        try:
            found = self._look_up(host, port)
        except (OSError, UnicodeError):
            raise Trouble(f"the name {host} is not known (DNS)") from None
        if not found:
            raise Trouble(f"the name {host} has no address (DNS)")
        for address in found:
            if not self.allows(address):
                raise Trouble(_refusal(host, address))
        return tuple(found)

    def allows(self, text: str) -> bool:
        """Tell whether we may connect to an IP address."""
        address = ip_address(text)
        faces = (address, *_inside(address))  # an address in an address counts as both
        if any(face in network for face in faces for network in self._allow):
            return True
        return all(_public(face) for face in faces)


def _refusal(host: str, address: str) -> str:
    place = address if host == address else f"{host} ({address})"
    return f"{place} is not a public address; `allow_networks` can open its network"


def _inside(address: Found) -> tuple[IPv4Address, ...]:
    """Give the IPv4 address that an IPv6 address leads to."""
    if isinstance(address, IPv4Address):
        return ()
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address in NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


def _public(address: Found) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None or address in NAT64:
            return True  # what it leads to is judged by itself
        if address not in GLOBAL_UNICAST:
            return False
    elif not address.is_global or address.is_multicast:
        return False
    return not any(address in network for network in RESERVED)
