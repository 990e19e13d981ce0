"""What may be set about fetching."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from watcher import __version__

Network = IPv4Network | IPv6Network

NOT_FOR_A_HEADER = re.compile(r"[^\x20-\x7e]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBudget:
    """How much we spend on the pages of items, for their full text."""

    at_once: int = 8  # pages under way at once
    per_visit: int = 20  # pages of one visit to a feed
    deadline: timedelta = timedelta(seconds=60)  # for all pages of one visit
    max_bytes: int = 5 * 1024 * 1024  # of a page, as sent and as decompressed

    @property
    def longest_wait(self) -> timedelta:
        """How long a visit waits for its pages, the time until their turn comes included."""
        return 2 * self.deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How politely, how patiently and where to we fetch."""

    user_agent_contact: str = ""  # an address or URL under which the operator can be found
    subscribers: int = 1  # people who read what these feeds bring; their servers count them
    concurrency: int = 16  # visits under way at once
    per_host: int = 2  # of these to one host
    host_gap: timedelta = timedelta(seconds=1)  # least time between two starts on one host
    connect_timeout: timedelta = timedelta(seconds=10)
    read_timeout: timedelta = timedelta(seconds=30)  # longest silence in an answer
    deadline: timedelta = timedelta(seconds=60)  # for a whole visit, redirects and all
    max_bytes: int = 10 * 1024 * 1024  # of an answer, as sent and as decompressed
    allow_networks: tuple[Network, ...] = ()  # non-public networks that may be visited
    ca_file: Path | None = None  # certificates trusted besides the public ones (PEM)
    hold_host: bool = True  # Retry-After of one feed holds the host's other feeds too
    pages: PageBudget = field(default_factory=PageBudget)

    @property
    def user_agent(self) -> str:
        """Say who asks: `watcher/VERSION (+contact; N subscribers)`."""
        contact = NOT_FOR_A_HEADER.sub("", self.user_agent_contact).strip()
        readers = f"{self.subscribers} subscriber{'s' if self.subscribers > 1 else ''}"
        return f"watcher/{__version__} ({f'+{contact}; ' if contact else ''}{readers})"
