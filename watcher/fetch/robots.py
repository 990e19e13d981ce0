"""What a site allows robots to ask for (RFC 9309)."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from watcher.fetch.address import Address
from watcher.model import Fetched, FetchFailed

PRODUCT = "watcher"
MOST_BYTES = 500 * 1024  # the RFC demands that so much is read; the rest may be left
KEPT = timedelta(hours=24)
UNREACHABLE_KEPT = timedelta(hours=1)
MOST_SITES = 1_000
MOST_KEPT_BYTES = 16 * 1024 * 1024  # of all sites' rules together
LONGEST_DELAY = 30.0  # seconds of Crawl-delay that are honoured

# as generously as the parser reads it, which wants no colon
NAMED = re.compile(r"\s*user(?:-|\s+)?agent[\s:](.*)", re.IGNORECASE)
OURS = re.compile(rf"{PRODUCT}(?![a-z_-])")  # perhaps with a version behind it

UNREACHABLE = "its host's robots.txt cannot be read"
FORBIDDEN = "robots.txt forbids it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one site says."""

    until: datetime  # when it is to be asked again
    size: int = 0
    trouble: str = ""  # it could not be asked: nothing is allowed
    parsed: Protego | None = None  # None: everything is allowed

    def objection(self, url: str) -> str:
        """Say why a page may not be asked for; empty when it may."""
        if self.trouble:
            return f"{UNREACHABLE}: {self.trouble}"
        if self.parsed is not None and not self.parsed.can_fetch(url, PRODUCT):
            return FORBIDDEN
        return ""

    @property
    def delay(self) -> float:
        """How many seconds the site wants between two pages, within reason."""
        asked = self.parsed.crawl_delay(PRODUCT) if self.parsed is not None else None
        return min(asked or 0.0, LONGEST_DELAY)


def read_rules(answer: Fetched | FetchFailed, now: datetime) -> Rules:
    """Read a site's answer: no such file allows everything, no proper answer allows nothing.

    "Too many requests" is no answer either, though the RFC counts it among those that allow all.
    """
    if isinstance(answer, Fetched):
        text = _about_us(answer.body.decode("utf-8-sig", "replace"))
        return Rules(until=now + KEPT, size=len(text), parsed=Protego.parse(text))
    if 400 <= answer.status < 500 and answer.status != 429:
        return Rules(until=now + KEPT)
    wait = max(UNREACHABLE_KEPT, min(KEPT, answer.retry_after or UNREACHABLE_KEPT))
    return Rules(until=now + wait, trouble=answer.reason)


def _about_us(text: str) -> str:
    """Give other robots one name for them all.

    The parser keeps a rule once for each robot that it is for: a hostile file of 20,000 names and
    as many rules would take hours.
    """
    return "\n".join(_for_us_or_others(line) for line in text.splitlines())


def _for_us_or_others(line: str) -> str:
    found = NAMED.match(line.partition("#")[0])
    if found is None:
        return line
    name = found[1].strip().lower()
    if name != "*":
        name = PRODUCT if OURS.match(name) else "others"
    return f"User-agent: {name}"


class Robots:
    """Remembers what sites said, the least recently asked ones forgotten first."""

    def __init__(self) -> None:
        self._sites: OrderedDict[str, Rules] = OrderedDict()

    def rules(self, site: str, now: datetime) -> Rules | None:
        """Give what a site said; None where it has to be asked (again)."""
        rules = self._sites.get(site)
        if rules is None or rules.until <= now:
            return None
        self._sites.move_to_end(site)
        return rules

    def note(self, site: str, rules: Rules) -> None:
        """Remember what a site said."""
        self._sites[site] = rules
        self._sites.move_to_end(site)
        while len(self._sites) > MOST_SITES or self._size > MOST_KEPT_BYTES:
            self._sites.popitem(last=False)

    @property
    def _size(self) -> int:
        return sum(rules.size for rules in self._sites.values())


def site_of(address: Address) -> str:
    """Give the beginning of an address that its robots.txt is valid for."""
    place = f"[{address.host}]" if ":" in address.host else address.host
    return f"{address.scheme}://{place}:{address.port}"
