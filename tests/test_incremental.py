"""Reading only what is new leaves exactly what reading everything leaves, whatever feeds do."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.databases import copy_of
from tests.parse.documents import atom, rss
from tests.world import World
from watcher import parse
from watcher.model import (
    Document,
    DueFeed,
    FeedId,
    Fetched,
    FetchResult,
    Imprint,
    Item,
    ReadResult,
    Visit,
)
from watcher.pipeline import Pipeline, Seen
from watcher.store import SqlStore, open_store
from watcher.store.tables import metadata

A = "http://a.example/"
FEED = FeedId("a.example")


class ReadsWhole(Pipeline):
    """Remembers nothing of a document, and so reads the next one whole."""

    def _read(
        self, due: DueFeed, answer: FetchResult, now: datetime
    ) -> tuple[Imprint | None, ReadResult | None]:
        if not isinstance(answer, Fetched):
            return None, None
        return None, parse.read(due, answer, now)


def shown(world: World, *bodies: str) -> list[Visit]:
    """Let the feed show these documents, one after the other."""
    visits: list[Visit] = []
    for body in bodies:
        world.internet.put(A, body.encode())
        visits += world.poll()
        world.pass_time(hours=25)
    return visits


def watching(store: SqlStore, kind: type[Pipeline] = Pipeline) -> World:
    world = World(store, {"flood": "flood", "bridge": "bridge OR north"})
    world.start(kind)
    world._feed(A)
    world.configure()
    return world


def rows(store: SqlStore) -> dict[str, list[tuple[Any, ...]]]:
    """Give all that a store holds, but for what only incremental reading needs."""
    with store.reading() as tx:
        return {
            name: sorted((tuple(row) for row in tx._connection.execute(select(table))), key=repr)
            for name, table in metadata.tables.items()
            if name != "imprint"
        }


# --- documents that hypothesis makes up


@dataclass(frozen=True)
class Told:
    """An entry in one of its forms."""

    key: int
    wording: int = 0
    comments: int = 0

    def __str__(self) -> str:
        return (*GOOD, *ODD)[self.key].format(
            title=TITLES[self.wording].format(self.key),
            rest=f"<slash:comments>{self.comments}</slash:comments>"
            f"<description>&lt;p&gt;Lorries wait north.&lt;/p&gt;"
            f"&lt;p&gt;Points: {self.comments}&lt;/p&gt;</description>",
        )


TITLES = ("Flood no. {}", "Flood no. {} rises", "Bridge {} is closed, says the council")
GOOD = (
    "<guid>a</guid><link>/a</link><title>{title}</title>{rest}",
    "<guid>b</guid><link>/b</link><title>{title}</title>{rest}",
    "<guid>x</guid><link>/x1</link><title>{title}</title>{rest}",
    "<guid>x</guid><link>/x2</link><title>{title}</title>{rest}",
    "<guid>x</guid><link>/x2</link><title>{title}!</title>{rest}",
    "<link>/only</link><title>{title}</title>{rest}",
    "<link>/page#one</link><title>{title}</title>{rest}",
    "<guid>p</guid><link>/page#two</link><title>{title}</title>{rest}",
    "<title>{title}</title><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate>{rest}",
    "<title>{title}</title><pubDate>Tue, 03 Mar 2026 08:00:00 GMT</pubDate>{rest}",
    "<guid>moved</guid><link>/a</link><title>{title}</title>{rest}",
    "<guid>c</guid><title><![CDATA[{title} <item> </item>]]></title>{rest}",
    "<guid>d</guid><!-- <item> --><title>{title} &#228;&amp;</title>{rest}",
    "<guid>e</guid><description>{title}</description>",
    "<guid>f</guid><title>Über {title}</title>{rest}",
)
ODD = (  # for which a document is read whole
    "<guid>g</guid><title>{title}<b></title>{rest}",
    "<guid>h</guid><description xml:base='http://b.example/'>{title}</description>",
    "<guid>i</guid><title>{title} &nbsp;</title>{rest}",
    "<guid>j</guid><item><title>{title}</title></item>{rest}",
)
SLASH = ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:dc='
WORDING, COMMENTS = st.integers(0, 2), st.integers(0, 3)
TOLD = st.builds(Told, st.integers(0, len(GOOD) - 1), WORDING, COMMENTS)
ANY = st.builds(Told, st.integers(0, len(GOOD + ODD) - 1), WORDING, COMMENTS)


def _rss(entries: Sequence[str], channel: str) -> str:
    return rss(*entries, channel=channel).replace(" xmlns:dc=", SLASH)


def _rdf(entries: Sequence[str], channel: str) -> str:
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    return (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/"'
        f' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"{SLASH}"http://purl.org/dc/">'
        f"<channel><title>The Press</title>{channel}</channel>{items}</rdf:RDF>"
    )


def _atom(entries: Sequence[str], channel: str) -> str:
    feed = channel.replace("lastBuildDate", "updated")
    told = [re.sub("<link>(.*?)</link>", r'<link href="\1"/>', entry) for entry in entries]
    for ours, theirs in (("guid", "id"), ("pubDate", "updated"), ("item", "entry")):
        told = [re.sub(f"(</?){ours}\\b", rf"\1{theirs}", entry) for entry in told]
    told = [
        entry.replace("<description", '<summary type="html"').replace("</description", "</summary")
        for entry in told
    ]
    return atom(*told, feed=feed, attributes=SLASH.removesuffix(" xmlns:dc="))


DIALECTS: tuple[Callable[[Sequence[str], str], str], ...] = (_rss, _rdf, _atom)
CHANNELS = ("", "", "", "", "<ttl>60</ttl>", "<language>de</language>")


def _form(one: Told) -> tuple[int, int]:
    return one.key, one.wording


@st.composite
def documents(draw: st.DrawFn) -> list[str]:
    """Make what a feed shows over time: mostly what it showed before, a little otherwise."""
    dialect = draw(st.sampled_from(DIALECTS))
    entries = draw(st.lists(TOLD, min_size=2, max_size=7, unique_by=lambda one: one.key))
    bodies = []
    for number in range(draw(st.integers(2, 6))):
        entries = draw(st.permutations(entries)) if draw(st.booleans()) else entries
        entries = [one for one in entries if draw(st.integers(0, 4))]
        entries = [
            replace(one, comments=draw(st.integers(0, 3))) if draw(st.booleans()) else one
            for one in entries
        ]
        more = draw(st.lists(ANY if number == 2 else TOLD, max_size=2, unique_by=_form))
        new = {*map(_form, more)}
        entries = [*more, *(one for one in entries if _form(one) not in new or number == 2)]
        channel = draw(
            st.sampled_from(["", "", "", "", "<ttl>60</ttl>", "<language>de</language>"])
        )
        dated = f"<lastBuildDate>{number}</lastBuildDate>{channel}"
        bodies.append(dialect([str(one) for one in entries], dated))
    return bodies


@pytest.fixture(scope="session")
def fresh_store(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], SqlStore]:
    return lambda: open_store(copy_of(sqlite_template, tmp_path_factory.mktemp("read")))


@settings(max_examples=50)
@given(bodies=documents())
def test_reading_what_is_new_leaves_exactly_what_reading_everything_leaves(
    fresh_store: Callable[[], SqlStore], bodies: Sequence[str]
) -> None:
    visits, held = [], []
    for kind in (Pipeline, ReadsWhole):
        store = fresh_store()
        world = watching(store, kind)
        visits.append(shown(world, *bodies))
        held.append(rows(store))
        store.close()
    assert visits[0] == visits[1]
    assert held[0] == held[1]


# --- one by one


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Count how many entries each reading read."""
    counts: list[int] = []
    reads = parse.read

    def counted(*arguments: Any) -> ReadResult:
        found = reads(*arguments)
        if isinstance(found, Document):
            counts.append(len(found.items))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(parse, "read", counted)
        yield counts


def item(number: int, title: str = "Flood no. {}") -> str:
    return f"<guid>{number}</guid><title>{title.format(number)}</title><link>/{number}</link>"


def test_of_each_document_only_what_is_new_is_read(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = watching(store)
    with counting(monkeypatch) as counts:
        visits = shown(
            world,
            rss(item(1)),
            rss(item(2), item(1)),
            rss(item(2), item(1)) + "\n",
            rss(item(3), item(2)),
        )
    assert counts == [1, 1, 0, 1]
    assert [visit.items for visit in visits] == [1, 2, 2, 2]
    assert [visit.fresh for visit in visits] == [1, 1, 0, 1]


def test_items_that_are_shown_again_unread_are_kept_for_as_long_as_they_are_shown(
    store: SqlStore,
) -> None:
    world = watching(store)
    shown(world, rss(item(1)), rss(item(2), item(1)), rss(item(2), item(1)) + " ")
    with store.transaction() as tx:
        last = world.clock.now() - timedelta(hours=26)
        assert tx.forget(texts_before=last, everything_before=last) == 0
        assert tx.counts().items == 2


def test_what_is_remembered_of_a_document_goes_when_the_visit_fails(store: SqlStore) -> None:
    class Cut(Pipeline):
        def take_in(self, seen: Seen) -> Visit:
            def cut(_tx: object, _memory: object) -> None:
                raise ZeroDivisionError

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("watcher.store.feeds.Feeds.record_visit", cut)
                return super().take_in(seen)

    world = watching(store, Cut)
    with pytest.raises(ExceptionGroup):
        shown(world, rss(item(1)))
    with store.reading() as tx:
        assert tx.imprint(FEED) is None
        assert tx.counts().items == 0


def test_an_item_that_was_forgotten_though_its_feed_shows_it_is_new_again(store: SqlStore) -> None:
    world = watching(store)
    shown(world, rss(item(1)))
    with store.transaction() as tx:
        tx.forget(texts_before=world.clock.now(), everything_before=world.clock.now())
        assert tx.counts().items == 0
    [visit] = shown(world, rss(item(1)) + " ")
    assert visit.fresh == 1


def test_a_document_is_read_whole_when_another_visit_came_between(store: SqlStore) -> None:
    world = watching(store)
    shown(world, rss(item(1)))
    with store.reading() as tx:
        [late] = tx.feeds()
    shown(world, rss(item(1, "Flood no. {} rises")))
    with store.transaction() as tx:  # as if it had been remembered before the other visit
        edited = tx.imprint(FEED)
    assert edited is not None
    body = rss(item(1)).encode() + b" "
    due = replace(late, memory=replace(late.memory, body_hash=""))

    class Late(Pipeline):
        def _read(
            self, due: DueFeed, answer: FetchResult, now: datetime
        ) -> tuple[Imprint | None, ReadResult | None]:
            assert isinstance(answer, Fetched)
            return first, parse.read(due, answer, now, first)

    whole = parse.read(due, Fetched(status=200, url=A, body=body), world.clock.now())
    assert isinstance(whole, Document)
    first = parse.remember(whole, parse.tell_apart(whole.entries, []))
    world.start(Late)
    seen = world.pipeline.look_at(due, Fetched(status=200, url=A, body=body))
    visit = world.pipeline.take_in(seen)
    assert visit.edited == 1
    with store.reading() as tx:
        [found] = tx.find_items("1", 5)
        assert isinstance(found, Item)
        assert found.title == "Flood no. 1"
        assert tx.imprint(FEED) != edited


def test_a_document_that_cannot_be_cut_leaves_nothing_to_remember(store: SqlStore) -> None:
    world = watching(store)
    shown(world, rss(item(1)))
    with store.reading() as tx:
        assert tx.imprint(FEED) is not None
    shown(world, "<!DOCTYPE rss>" + rss(item(1)).split("?>")[1])
    with store.reading() as tx:
        assert tx.imprint(FEED) is None
