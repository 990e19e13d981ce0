"""Feeds that change, hostile ones too: what is read of them is what reading everything finds.

`changes` makes what a feed shows over time: entries come, go, change places and are written anew,
and somewhere bytes are spoilt. `read_both_ways` takes them in twice, as the pipeline does: whole,
and by what is new. Nothing may differ, and nothing may raise.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.fakes import MORNING
from watcher import parse
from watcher.model import (
    Document,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    Fetched,
    Imprint,
    Item,
    ItemId,
    ReadResult,
    Remembered,
    Shown,
    ToldApart,
)

DUE = DueFeed(
    feed=Feed(id=FeedId("f"), url="http://feed.example/a/b"),
    memory=FeedMemory(feed=FeedId("f"), due_at=MORNING),
)
NUMBERS = re.compile(r"\d+")

# --- what is given

IN_ENTRIES = """
<guid>{n}</guid>|<guid>same</guid>|<guid isPermaLink="false"> a b </guid>|<id>{n}</id>|<id>same</id>
<link>/{n}</link>|<link>/page#v{n}</link>|<link href="/{n}"/>|<link rel="via" href="/via"/>
<title>No. {n}</title>|<title>Über {n}</title>|<title type="html">&lt;b&gt;{n}&lt;/b&gt;</title>
<description>&lt;p&gt;Points: {n}&lt;/p&gt;</description>|<description/>|<!-- <item> -->
<!-- {n} -->|<description><![CDATA[<item>{n}</item>]]></description>
<description>&lt;a href="x"&gt;x</description>
<content:encoded><![CDATA[<p>Lorries wait {n}</p>]]></content:encoded>|<?odd x?>|x{n}
<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div></summary>
<content type="html">&lt;a href="y"&gt;y&lt;/a&gt;</content>|<content src="http://[::1"/>
<pubDate>Mon, 02 Mar 2026 07:00:0{n} GMT</pubDate>|<updated>2026-03-01T00:00:0{n}Z</updated>
<dc:creator>Ann</dc:creator>|<author><name>Bob {n}</name></author>|<author>a@b.example (C)</author>
<category>c{n}</category>|<category term="x"/>|<slash:comments>{n}</slash:comments>
<thr:total>{n}</thr:total>|<link rel="replies" href="/r" thr:count="{n}"/>|<enclosure url="x"/>
<media:thumbnail url="http://x.example/a.jpg?w={n}&amp;h=1"/>|<media:statistics views="{n}"/>
<media:group><media:title>m</media:title></media:group>|<itunes:author>I</itunes:author>
<dc:subject xmlns:dc="http://purl.org/dc/elements/1.1/">s</dc:subject>|<title>a > b "{n}"</title>
<source url="http://s.example/">s</source>|<source><title>S</title><link href="/s"/></source>
<image><url>u</url><title>i</title></image>|<textinput><title>t</title></textinput>
<title>&#8217;</title>|<georss:point>1 2</georss:point>
<media:content url="x"><media:title/></media:content>
"""
ODD_IN_ENTRIES = """
<title xml:lang="de">Nr. {n}</title>|<title xml:base="http://b.example/">t</title>|<entry/>
<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p lang="fr">x</p></div></summary>
<x:odd xmlns:x="http://x.example/">{n}</x:odd>|<odd xmlns="http://o.example/"><title>o</title></odd>
<item><title>in</title></item>|<title>Caf&#195;&#169;</title>|<title>&nbsp;</title>
<title>&#xd83d;</title>
<media:content url="x">|<title>|</description>|<unknown:prefix>x</unknown:prefix>
"""
IN_CHANNELS = """
<title>The Press</title>|<title>Der Tag</title>|<link>http://a.example/</link>|<ttl>60</ttl>
<lastBuildDate>{n}</lastBuildDate>|<updated>2026-03-01T00:00:0{n}Z</updated>|<subtitle>é</subtitle>
<managingEditor>e@b.example</managingEditor>|<image><title>i</title><url>u</url></image>
<skipHours><hour>3</hour></skipHours>|<link rel="next" href="/2"/>|<generator>g</generator>
<!-- {n} -->|<?odd x?>|<dc:creator>D</dc:creator>|<author><name>Ann</name></author>
<language>de</language>
"""
SPOILS = b"""
< > & " ' <item> </item> <entry> </entry> <!-- --> <![CDATA[ ]]> <?x ?> </title> <title> &nbsp;
xml:base="http://y.example/" lang="fr" xmlns="" xmlns:dc="http://z.example/" <!DOCTYPE x> </channel>
<item/> <item \xff \xc3 \x00 \x0b \xef\xbf\xbf \xe2\x80\xa8 &#0; &#x110000; / = encoding="latin1"
"""


def bits_of(lines: str) -> st.SearchStrategy[str]:
    return st.sampled_from([bit for line in lines.strip().splitlines() for bit in line.split("|")])


SELDOM = 20  # one in so many
ENTRY_BITS, ODD_BITS, CHANNEL_BITS = map(bits_of, (IN_ENTRIES, ODD_IN_ENTRIES, IN_CHANNELS))
SPOILING = [*SPOILS.split(), b"\n", b" "]
NAMESPACES = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    ' xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:georss="http://www.georss.org/georss"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DIALECTS = (  # before the channel's own elements, behind them, behind the items, and an item's name
    (f'<rss version="2.0"{NAMESPACES}><channel>', "", "</channel></rss>", "item"),
    (f'<feed xmlns="http://www.w3.org/2005/Atom"{NAMESPACES}>', "", "</feed>", "entry"),
    (f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="{RDF}"{NAMESPACES}><channel>',
     "</channel>", "</rdf:RDF>", "item"),
)  # fmt: skip
HEADS = ("", "", '<?xml version="1.0" encoding="utf-8"?>', "<!-- é -->", "\ufeff")
DIGITS = st.integers(0, 9)


@st.composite
def entries(draw: st.DrawFn) -> str:
    """Make what stands in an entry."""
    bits = draw(st.lists(ENTRY_BITS, min_size=1, max_size=6))
    if draw(st.integers(1, SELDOM)) == SELDOM:
        bits.append(draw(ODD_BITS))
    return "".join(bits).replace("{n}", str(draw(DIGITS)))


@st.composite
def spoilt(draw: st.DrawFn, body: bytes) -> bytes:
    """Spoil a few bytes somewhere."""
    place = draw(st.integers(0, len(body)))
    end = min(len(body), place + draw(st.integers(0, 12)))
    kind = draw(st.sampled_from(["put in", "leave out", "twice", "cut off"]))
    if kind == "put in":
        return body[:place] + draw(st.sampled_from(SPOILING)) + body[place:]
    if kind == "leave out":
        return body[:place] + body[end:]
    if kind == "twice":
        return body[:end] + body[place:]
    return body[:place]


@st.composite
def changes(draw: st.DrawFn) -> list[bytes]:
    """Make what a feed shows over time."""
    before, between, behind, name = draw(st.sampled_from(DIALECTS))
    head = draw(st.sampled_from(HEADS))
    channel = draw(st.lists(CHANNEL_BITS, max_size=4))
    shown = draw(st.lists(entries(), min_size=1, max_size=5))
    bodies = []
    for number in range(draw(st.integers(2, 4))):
        if number:
            shown = [one for one in shown if draw(st.integers(0, 5))]
            shown = [*draw(st.lists(entries(), max_size=2)), *shown]
            shown = draw(st.permutations(shown)) if draw(st.integers(0, 3)) == 0 else shown
        if draw(st.integers(1, SELDOM)) == SELDOM:
            channel = draw(st.lists(CHANNEL_BITS, max_size=4))
        told = "".join(channel).replace("{n}", str(number))
        items = draw(st.sampled_from(["", "\n"])).join(f"<{name}>{one}</{name}>" for one in shown)
        body = f"{head}{before}{told}{between}{items}{behind}".encode()
        for _ in range(draw(st.sampled_from([0, 0, 0, 0, 0, 1, 1, 2]))):
            body = draw(spoilt(body))
        bodies.append(body)
    return bodies


# --- what holds


@dataclass(slots=True)
class Reader:
    """Reads a feed's documents one after the other, and remembers as the pipeline does."""

    whole: bool
    known: dict[ItemId, list[Remembered]]
    before: Imprint | None = None

    def take(self, body: bytes) -> tuple[ReadResult, ToldApart]:
        """Read a document, tell its entries apart, remember."""
        answer = Fetched(status=200, url="http://feed.example/a/b", body=body)
        read = parse.read(DUE, answer, MORNING, None if self.whole else self.before)
        if not isinstance(read, Document):
            return read, ToldApart()
        apart = parse.settled(read) if read.settled else self._apart(read)
        if apart.unclear:
            whole = parse.read(DUE, answer, MORNING)
            assert isinstance(whole, Document)
            read, apart = whole, self._apart(whole)
        self._remember(apart)
        self.before = parse.remember(read, apart)
        return read, apart

    def _apart(self, read: Document) -> ToldApart:
        remembered = [one for names in self.known.values() for one in names]
        return parse.tell_apart(read.entries, remembered)

    def _remember(self, apart: ToldApart) -> None:
        for item in apart.fresh:
            self.known[item.id] = [_remembered(item, item.id)]
        for item in apart.edited:
            names = [*self.known[item.id], _remembered(item, item.id)]
            self.known[item.id] = [replace(one, text_hash=item.text_hash) for one in names]
        for known_as, item in apart.rekeyed:
            self.known[known_as].append(_remembered(item, known_as))


def _remembered(item: Item, known_as: ItemId) -> Remembered:
    return Remembered(
        id=known_as,
        guid=item.guid,
        normal_link=item.normal_link,
        title=item.title,
        text_hash=item.text_hash,
        seen_at=item.seen_at,
    )


def read_both_ways(bodies: Sequence[bytes]) -> int:
    """Read what a feed shows whole, and by what is new: the same. Tells how much was not read."""
    whole, part = Reader(whole=True, known={}), Reader(whole=False, known={})
    last: Sequence[Item] = ()
    unread = 0
    for body in bodies:
        (read, apart), (by_parts, apart_by_parts) = whole.take(body), part.take(body)
        assert apart == apart_by_parts
        assert whole.known == part.known
        if not isinstance(read, Document) or not isinstance(by_parts, Document):
            assert read == by_parts
            continue
        assert [_names(one) for one in by_parts.entries] == [_names(one) for one in read.items]
        assert set(by_parts.items) <= set(read.items)
        assert replace(by_parts, items=read.items, shown=(), settled=False) == read
        _are_as_they_were([read.items[place] for place, _ in by_parts.shown], last)
        last, unread = read.items, unread + len(by_parts.shown)
    return unread


def _names(entry: Item | Shown) -> tuple[str, ...]:
    return (entry.id, entry.guid, entry.normal_link, entry.title, entry.text_hash)


def _are_as_they_were(unread: Iterable[Item], before: Iterable[Item]) -> None:
    """What was not read must be as it was when it was read, in every field."""
    known = {_without_counts(item) for item in before}
    for item in unread:
        assert _without_counts(item) in known, item


def _without_counts(item: Item) -> Item:
    """Give an item without what may change all day, and without what depends on the others."""
    return replace(
        item,
        id=ItemId(""),
        normal_link="",
        summary=NUMBERS.sub("0", item.summary),
        content=NUMBERS.sub("0", item.content),
        links=tuple(replace(link, start=0, end=0) for link in item.links),
    )
