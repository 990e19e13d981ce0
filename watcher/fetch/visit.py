"""One visit to a feed: a request, its redirects, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import requests
from requests.structures import CaseInsensitiveDict

from watcher.cadence import Conditions
from watcher.fetch import answer as says
from watcher.fetch.address import Address, read_address, redacted
from watcher.fetch.body import read_body
from watcher.fetch.guard import Guard, LookUp
from watcher.fetch.holds import Holds
from watcher.fetch.lifeline import Lifeline
from watcher.fetch.settings import FetchSettings
from watcher.fetch.trouble import Foreign, Trouble, told
from watcher.fetch.wire import Wire
from watcher.model import Fetched, FetchFailed, FetchResult, NotModified
from watcher.ports import Clock

MOST_HOPS = 5
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9,"
    " application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.6, */*;q=0.4"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Where an address sends us on to."""

    target: Address
    permanent: bool  # for good (301, 308), or this once


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked of one address."""

    target: Address
    headers: Mapping[str, str]
    conditional: bool = False  # whether "not modified" is an answer
    read: Callable[[requests.Response, Mapping[str, str], Lifeline], bytes]


class Visitor:
    """Makes visits; any number of threads may use one."""

    def __init__(self, settings: FetchSettings, clock: Clock, look_up: LookUp) -> None:
        self._settings = settings
        self._clock = clock
        self._holds = Holds(wanted=settings.hold_host)
        self._wire = Wire(settings, Guard(settings.allow_networks, look_up))

    def visit(self, url: str, conditions: Conditions, line: Lifeline) -> FetchResult:
        """Ask once, follow redirects, and tell what came; the world's trouble is a value."""
        trail: list[Address] = []
        try:
            return self._follow(read_address(url), conditions, line, trail)
        except Exception as trouble:
            # a connection that is cut under the TLS library's hands fails in ways of its own
            if not line.why and not isinstance(trouble, (Trouble, *Foreign)):
                raise
            return FetchFailed(reason=(line.why or told(trouble)) + _way(trail))

    def _follow(
        self, start: Address, conditions: Conditions, line: Lifeline, trail: list[Address]
    ) -> FetchResult:
        """Go from address to address until one answers; `trail` is filled on the way."""
        target, moved = start, start  # `moved`: as far as it is for good
        while True:
            if target.url in {been.url for been in trail}:
                raise Trouble("the redirects go in a circle")
            trail.append(target)
            if len(trail) > MOST_HOPS + 1:
                raise Trouble(f"more than {MOST_HOPS} redirects")
            found = self._ask(start, target, _headers(conditions, start, target), line)
            match found:
                case Redirect():
                    moved = found.target if found.permanent and moved is target else moved
                    target = found.target
                case FetchFailed():
                    return _with_way(found, trail)
                case Fetched() | NotModified():
                    return replace(found, moved_to=_moved(start, moved))

    def _ask(
        self, start: Address, target: Address, conditions: Mapping[str, str], line: Lifeline
    ) -> FetchResult | Redirect:
        """Ask one address for a feed: what came, or where to go on."""
        headers = {"Accept": ACCEPT, **conditions}
        if start.authorization and start.trusts(target):
            headers["Authorization"] = start.authorization
        ask = Ask(target=target, headers=headers, conditional=bool(conditions), read=self._read)
        return self.ask(ask, line)

    def ask(self, ask: Ask, line: Lifeline) -> FetchResult | Redirect:
        """Send one request: what came, or where a redirect leads.

        Raises what `trouble.told` understands.
        """
        target = ask.target
        held = self._holds.answer(target.host, self._clock.now())
        if held is not None:
            return held
        with self._wire.answer(self._request(ask), line) as response:
            headers = {name.lower(): value for name, value in response.raw.headers.items()}
            if response.status_code in says.REDIRECTS:
                permanent = response.status_code in says.FOR_GOOD
                return Redirect(target=target.hop(_location(headers)), permanent=permanent)
            if response.status_code in says.WITH_A_BODY:
                return Fetched(
                    status=response.status_code,
                    url=target.url,
                    body=ask.read(response, headers, line),
                    headers=headers,
                    conditional=ask.conditional,
                )
            line.check()
            if response.status_code == says.NOT_MODIFIED and ask.conditional:
                return NotModified(url=target.url, headers=headers)
            now = self._clock.now()
            failed = says.failed(response.status_code, response.reason, headers, now)
            self._holds.note(target.host, failed, now)
            return failed

    def _read(
        self, response: requests.Response, headers: Mapping[str, str], line: Lifeline
    ) -> bytes:
        coding = headers.get("content-encoding", "")
        return read_body(response.raw, coding, self._settings.max_bytes, line)

    def _request(self, ask: Ask) -> requests.PreparedRequest:
        headers = {
            "User-Agent": self._settings.user_agent,
            "Accept-Encoding": "gzip, br, zstd, deflate",
            "Connection": "close",
            **ask.headers,
        }
        return plain_request(ask.target.url, headers)


def plain_request(url: str, headers: Mapping[str, str]) -> requests.PreparedRequest:
    """Make a request of what is in order already; requests' own way takes a fifth of a visit."""
    request = requests.PreparedRequest()
    request.method, request.url, request.headers = "GET", url, CaseInsensitiveDict(headers)
    return request


def _headers(conditions: Conditions, start: Address, target: Address) -> dict[str, str]:
    """Write the conditions for an address.

    A date means something only to the host that gave it; an entity tag can be sent along a
    redirect, since no other host knows it by chance.
    """
    written = {}
    if conditions.etag:
        written["If-None-Match"] = conditions.etag
    if conditions.last_modified and target.host == start.host:
        written["If-Modified-Since"] = conditions.last_modified
    return written


def _moved(start: Address, moved: Address) -> str:
    """Tell where a feed moved to; not with credentials, which are for the address they stand in."""
    return "" if moved is start or start.authorization else moved.url


def _location(headers: Mapping[str, str]) -> str:
    location = headers.get("location", "")
    if not location.strip():
        raise Trouble("redirected without saying where to")
    return location


def _way(trail: list[Address]) -> str:
    return f" (redirected to {redacted(trail[-1].url)})" if len(trail) > 1 else ""


def _with_way(found: FetchFailed, trail: list[Address]) -> FetchFailed:
    """Say in a failure where the redirects led to."""
    return replace(found, reason=found.reason + _way(trail))
