"""The ports to the network, with all that comes through them recorded.

It is recorded before anyone else sees it, so that the document that brings the program down is on
the disk.
"""

from collections.abc import Callable, Iterator, Sequence

from watcher.model import DueFeed, FetchResult, PagesAsked
from watcher.ports import Answered, Clock, Fetcher, Pages, PagesCame
from watcher.recording.pages import told_of
from watcher.recording.record import Record
from watcher.recording.recorder import Recorder


class RecordingFetcher:
    """A fetcher whose answers are recorded."""

    def __init__(self, fetcher: Fetcher, recorder: Recorder, clock: Clock) -> None:
        self._fetcher, self._recorder, self._clock = fetcher, recorder, clock

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[tuple[DueFeed, FetchResult]]:
        """Visit every feed once and yield each answer as it comes; see `ports.Fetcher`."""
        for one, answer in self._fetcher.fetch_all(due):
            self._keep(one, answer)
            yield one, answer

    def keep_fetching(
        self, more: Callable[[int], Sequence[DueFeed]]
    ) -> Iterator[Sequence[Answered]]:
        """Visit what `more` supplies, and yield the answers by handfuls; see `ports.Fetcher`."""
        for answers in self._fetcher.keep_fetching(more):
            for one, answer in answers:
                self._keep(one, answer)
            yield answers

    def _keep(self, due: DueFeed, answer: FetchResult) -> None:
        feed, at = due.feed, self._clock.now()
        self._recorder.keep(Record(at=at, feed=feed.id, url=feed.url, answer=answer))


class RecordingPages:
    """Pages that are recorded: which a visit asked for, and what came of them."""

    def __init__(self, pages: Pages, recorder: Recorder, clock: Clock) -> None:
        self._pages, self._recorder, self._clock = pages, recorder, clock

    def ask(self, asked: PagesAsked) -> None:
        """Begin to fetch what a visit asks for; see `ports.Pages`.

        Recorded too: a visit that waits for its pages is taken in later than one that does not.
        """
        now = self._clock.now()
        self._recorder.keep(Record(at=now, feed=asked.feed, url="", answer=asked))
        self._pages.ask(asked)

    def come(self, patience: float = 0.0) -> Sequence[PagesCame]:
        """Give what has come; see `ports.Pages`."""
        came, now = self._pages.come(patience), self._clock.now()
        for asked, got in came:
            self._recorder.keep(Record(at=now, feed=asked.feed, url="", answer=told_of(got)))
        return came
