"""The verb that looks at a feed once, thoroughly, without a daemon and a store: feeds check."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.printing import Page, json_line, say
from watcher.cli.settings import CONFIG, PLACES, loaded
from watcher.clock import SystemClock
from watcher.model import DueFeed, Feed, FeedId, Fetched, Look

if TYPE_CHECKING:
    from watcher.cadence import Pace
    from watcher.checkup import Checkup
    from watcher.config import Config
    from watcher.fetch import FetchSettings

FROM_A_FILE = FeedId("file")


def check_feed(
    feed: Annotated[
        str,
        typer.Argument(help="An address, a configured feed's id, or the file of a document."),
    ],
    config: CONFIG = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Tell what a feed is, how its server behaves, how often to visit it, and what is odd.

    It is asked twice, to see whether the server knows when nothing has changed. Of a web page, the
    feeds that it names are listed. Exit code 1 where there is no feed that can be read.

    - `watcher feeds check https://example.org/feed.xml`
    """
    from watcher.cli.checked import page_of, record_of

    found, known = _checked(feed, configuration(config))
    if as_json:
        json_line(record_of(found, known))
    else:
        page = Page()
        for hang, line in page_of(found, known):
            page.show(*line, hang=hang)
    if found.document is None:
        raise typer.Exit(1)


def looked_at(address: str, config: "Config | None") -> "Checkup":
    """Look at an address once, thoroughly, as a feed that is not configured yet."""
    return _checked(address, config)[0]


def configuration(path: Path | None) -> "Config | None":
    """Load the configuration, if there is one: none is needed."""
    if path is None and not any(place.exists() for place in PLACES):
        return None
    return loaded(path, quiet=True)


def _checked(wanted: str, config: "Config | None") -> "tuple[Checkup, bool]":
    """Look at what is meant; tells too whether it is a feed of the configuration."""
    from watcher.cadence import Pace
    from watcher.checkup import checkup
    from watcher.fetch import FetchSettings, host_of

    pace, settings = (config.pace, config.fetch) if config else (Pace(), FetchSettings())
    configured = _configured(wanted, config)
    if configured is None and Path(wanted).is_file():
        feed = Feed(id=FROM_A_FILE, url=wanted)
        return checkup(feed, _from_file, SystemClock(), pace, served=False), False
    address = wanted if ":" in wanted or "." not in wanted else f"https://{wanted}"
    if configured is None and not host_of(address):
        known = ", no id of a configured feed" if config else ""
        say(f"{wanted!r} is no address of the web{known}, and no file is called so")
        raise typer.Exit(2)
    feed = configured or Feed(id=FeedId("checked"), url=address)
    return _over_the_network(feed, settings, pace), configured is not None


def _configured(wanted: str, config: "Config | None") -> Feed | None:
    feeds = config.feeds if config else ()
    return next((feed for feed in feeds if wanted in (feed.id, feed.url)), None)


def _over_the_network(feed: Feed, settings: "FetchSettings", pace: "Pace") -> "Checkup":
    from watcher.checkup import checkup
    from watcher.fetch import Witness

    witness = Witness(settings, SystemClock())
    try:
        return checkup(feed, witness.look, SystemClock(), pace)
    finally:
        witness.close()


def _from_file(due: DueFeed) -> Look:
    try:
        body = Path(due.feed.url).read_bytes()
    except OSError as trouble:
        say(f"{due.feed.url}: {trouble.strerror}")
        raise typer.Exit(2) from None
    return Look(answer=Fetched(status=200, url="", body=body))
