"""A fetcher that also tells how it got its answers: for people who want to know a feed."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from requests import PreparedRequest, Response

from watcher.fetch.fetcher import HttpFetcher
from watcher.fetch.guard import Guard, LookUp, look_up
from watcher.fetch.lifeline import Lifeline
from watcher.fetch.settings import FetchSettings
from watcher.fetch.visit import Visitor
from watcher.fetch.wire import Wire
from watcher.model import DueFeed, Hop, Look
from watcher.ports import Clock


class Witness(HttpFetcher):
    """Fetches one feed after the other, in all as the daemon does, and notes each request."""

    def __init__(self, settings: FetchSettings, clock: Clock, look_up: LookUp = look_up) -> None:
        super().__init__(settings, clock, look_up)
        self._noted: list[Hop] = []
        self._visitor = _Visitor(settings, clock, look_up, self._noted)

    def look(self, due: DueFeed) -> Look:
        """Visit a feed, when its host may be asked again."""
        self._noted.clear()
        [(_, answer)] = self.fetch_all([due])
        return Look(answer=answer, hops=tuple(self._noted))


class _Visitor(Visitor):
    """Makes visits over a wire that notes them."""

    def __init__(
        self, settings: FetchSettings, clock: Clock, look_up: LookUp, noted: list[Hop]
    ) -> None:
        super().__init__(settings, clock, look_up)
        self._wire = _NotingWire(settings, Guard(settings.allow_networks, look_up), noted)


class _NotingWire(Wire):
    """Sends requests, and notes what was answered to each."""

    def __init__(self, settings: FetchSettings, guard: Guard, noted: list[Hop]) -> None:
        super().__init__(settings, guard)
        self._noted = noted

    @contextmanager
    def answer(self, request: PreparedRequest, line: Lifeline) -> Iterator[Response]:
        """Send a request and give its answer; it is noted when all was read that is wanted of it.

        An answer whose body breaks off, or is too large, is noted too.
        """
        began = monotonic()
        with super().answer(request, line) as response:
            try:
                yield response
            finally:
                self._noted.append(_hop(request, response.raw, monotonic() - began))


def _hop(request: PreparedRequest, raw: Any, seconds: float) -> Hop:  # noqa: ANN401 - as in requests
    return Hop(
        url=str(request.url),
        status=raw.status,
        headers={name.lower(): value for name, value in raw.headers.items()},
        sent=raw.tell(),
        seconds=seconds,
    )
