"""What holds for whatever a server sends; run a little in the suite, long by `make fuzz-reading`.

Each target is a function that fails by any exception, and a strategy for its argument. `TARGETS`
lists them; whoever writes another reader adds a line.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.fakes import MORNING
from tests.parse.hostile_changes import changes, read_both_ways
from watcher import parse
from watcher.model import Document, DueFeed, Feed, FeedId, FeedMemory, Fetched, Unreadable
from watcher.text.markup import attributes, plain, plain_with_links, tags

DUE = DueFeed(
    feed=Feed(id=FeedId("f"), url="http://feed.example/a/b"),
    memory=FeedMemory(feed=FeedId("f"), due_at=MORNING),
)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something that reads what others wrote, and what it is given."""

    name: str
    given: st.SearchStrategy[Any]
    reads: Callable[[Any], object]


# --- what is given

XML_BITS = """
    <rss version="2.0"> </rss> <channel> </channel> <item> </item> <feed </feed> <entry> </entry>
    xmlns="http://www.w3.org/2005/Atom"> <title> </title> <title type="xhtml"> <link> </link>
    <link href="../x"/> <link rel="self" href="//[/"/> <guid> </guid> <guid isPermaLink="true">
    <id> </id> <description> </description> <content:encoded> </content:encoded>
    <content type="html"> </content> <content src="http://[::1"/> <summary> </summary> <pubDate>
    </pubDate> <updated> </updated> <author> </author> <name> <dc:creator> <category>
    <category term="x"/> <source url="http://x.example"> <ttl> </ttl> <sy:updatePeriod>
    <skipHours><hour> <image> <enclosure url="x"/> <media:content url="x"> <geo:lat> <georss:point>
    <rdf:RDF </rdf:RDF> <![CDATA[ ]]> <!-- --> <?xml version="1.0" encoding="utf-16"?>
    encoding="nonsense"?> <!DOCTYPE rss [<!ENTITY a "b">]> &a; &amp; &amp;lt; &#0; &#x110000;
    &#xd83d; &nbsp; &#8217; <p> </p> <a href="x"> </a> <script> <style> <svg:svg> http://x/
    <b xml:base="http://y.example/"> Mon, 32 Foo 99999 25:61:61 +9999 2026-13-45T99:00:00Z
    -0001-01-01 flood 洪水
"""
JSON_KEYS = """
    id url external_url title content_html content_text summary date_published date_modified author
    authors tags language attachments image
"""
MARKUP_BITS = """
    <a href= <a href="x"> </a> <p> <br> <!-- --> <!--> <script> </script> <style> <![CDATA[ ]]>
    <b title='> " ' = > < / &#xd800; &#99999999999; &amp &lt;p&gt; <td> <svg/onload=x> <x y ﷺ
"""
FRAGMENTS = st.sampled_from([*XML_BITS.split(), " ", "\n"])
PIECES = st.one_of(
    FRAGMENTS.map(str.encode), st.binary(max_size=12), st.text(max_size=12).map(str.encode)
)
BODIES = st.builds(
    lambda start, pieces: start + b"".join(pieces),
    st.sampled_from([b"", b'<rss version="2.0"><channel><item>', b"<feed><entry>", b"<rdf:RDF>"]),
    st.lists(PIECES, max_size=40),
)
WHOLE_NUMBERS = st.integers() | st.just(10**400)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | WHOLE_NUMBERS | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = st.sampled_from(JSON_KEYS.split())
JSON_FEEDS = st.fixed_dictionaries(
    {"version": st.sampled_from(["https://jsonfeed.org/version/1.1", "jsonfeed.org/version"])},
    optional={
        "items": st.lists(st.dictionaries(KEYS, VALUES, max_size=8) | VALUES, max_size=6) | VALUES,
        "title": VALUES,
        "authors": VALUES,
        "home_page_url": VALUES,
        "language": VALUES,
    },
).map(lambda feed: json.dumps(feed).encode())
MARKUP = st.lists(
    st.text(max_size=10)
    | st.sampled_from(
        [*MARKUP_BITS.split(), " ", "\n", "\u0301", "\u202e", "\ud83d", "\x00", "\x0b"]
    ),
    max_size=30,
).map("".join)


# --- what holds


def read_whole(body: bytes) -> None:
    """Any bytes become a document in order, or a reason."""
    answer = Fetched(status=200, url="http://feed.example/a/b", body=body)
    read = parse.read(DUE, answer, MORNING)
    assert parse.read(DUE, answer, MORNING) == read, "the same bytes give the same"
    if isinstance(read, Unreadable):
        assert read.reason
        return
    assert isinstance(read, Document)
    assert len({item.id for item in read.items}) == len(read.items)
    for item in read.items:
        words = (item.title, item.summary, item.content, item.link, item.guid, item.language)
        for text in (*words, *item.authors, *item.tags, *(link.url for link in item.links)):
            assert not FORBIDDEN.search(text), text
        assert item.link == "" or ":" in item.link
        assert item.published is None or item.published <= MORNING
    assert not any(FORBIDDEN.search(fault) for fault in read.faults)


def make_plain(soup: str) -> None:
    """Any soup becomes one text, and its links lie in it."""
    text, anchors = plain_with_links(soup)
    assert plain(soup) == text
    for _, start, end in anchors:
        assert 0 <= start <= end <= len(text)
    for tag in tags(soup):
        assert all(isinstance(value, str) for value in attributes(tag).values())


TARGETS = [
    Target(name="xml", given=BODIES, reads=read_whole),
    Target(name="json", given=JSON_FEEDS, reads=read_whole),
    Target(name="markup", given=MARKUP, reads=make_plain),
    Target(name="changes", given=changes(), reads=read_both_ways),
]
