"""OPML of all sorts becomes feeds, or a fault with its place; ours says what our feeds are."""

from datetime import timedelta
from pathlib import Path

import pytest

from watcher.config.subscriptions import Lists, read_lists, write_opml
from watcher.errors import ConfigError
from watcher.model import Feed, FeedId

FEED = '<outline type="rss" text="Paper" xmlUrl="https://paper.example/feed"/>'


def opml(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> str:
    return f'{head}<opml version="2.0"><head/><body>\n{body}\n</body></opml>'


def read(folder: Path, content: str | bytes) -> Lists:
    path = folder / "list.opml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_lists([path])


def refused(folder: Path, content: str | bytes) -> str:
    with pytest.raises(ConfigError) as told:
        read(folder, content)
    return str(told.value).replace(f"{folder}/", "")


def test_outlines_around_a_feed_are_its_groups_the_nearest_first(tmp_path: Path) -> None:
    nested = (
        f'<outline text="Press"><outline title="Local" text="no">{FEED}</outline></outline>{FEED}'
    )
    one, other = read(tmp_path, opml(nested)).listed
    assert (one.title, one.url, one.groups) == (
        "Paper",
        "https://paper.example/feed",
        ("Local", "Press"),
    )
    assert other.groups == ()
    assert (one.file, one.line) == (str(tmp_path / "list.opml"), 3)


def test_categories_are_tags(tmp_path: Path) -> None:
    feed = FEED.replace("/>", ' category="/Press/Local, floods,,"/>')
    assert read(tmp_path, opml(feed)).listed[0].tags == ("Press/Local", "floods")


@pytest.mark.parametrize(
    "feed",
    [
        '<OUTLINE TYPE="rss" TEXT="Paper" XMLURL="https://paper.example/feed"/>',
        '<outline text="Paper" xmlurl=" https://paper.example/feed "/>',
        '<outline type="atom" text="Paper" url="https://paper.example/feed"/>',
        '<outline text="Paper" xmlUrl="https://paper.example/feed"><outline/></outline>',
    ],
)
def test_feeds_are_found_however_programs_write_them(tmp_path: Path, feed: str) -> None:
    (one,) = read(tmp_path, opml(feed)).listed
    assert (one.title, one.url) == ("Paper", "https://paper.example/feed")


def test_a_feed_without_an_address_is_told_with_its_line_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    lists = read(tmp_path, opml(f'<outline type="rss" text="Lost"/>\n{FEED}'))
    assert [(fault.line, fault.message) for fault in lists.faults] == [(3, '"Lost" has no xmlUrl')]
    assert len(lists.listed) == 1


def test_entities_of_html_and_bare_ampersands_are_characters(tmp_path: Path) -> None:
    feed = FEED.replace("Paper", "Caf&eacute;&nbsp;&amp; R&D &lt;b&gt; &#233; &LT; &nosuch")
    feed = feed.replace("/feed", "/feed?a=1&b=2&amp;c=3&copy=4")
    (one,) = read(tmp_path, opml(feed)).listed
    assert one.title == "Café\xa0& R&D <b> é < &nosuch"
    assert one.url == "https://paper.example/feed?a=1&b=2&c=3&copy=4"


def test_values_that_were_not_escaped_are_mended_and_that_is_told(tmp_path: Path) -> None:
    broken = (
        '<outline text="Press">\n'
        '<outline text="Paper" description=""Our" <a href="http://a.example/" title=x>paper</a>"'
        ' xmlUrl="https://paper.example/feed" type="rss" />\n'
        "</outline>\n"
        f"{FEED}"
    )
    lists = read(tmp_path, opml(broken))
    assert [(one.title, one.groups, one.line) for one in lists.listed] == [
        ("Paper", ("Press",), 4),
        ("Paper", (), 6),
    ]
    assert [(fault.line, fault.warning) for fault in lists.warnings] == [(4, True)]
    assert lists.faults == ()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (opml("<outline text='a'>"), "list.opml:4:3: error O002: broken XML: mismatched tag"),
        ("<opml><body>", "list.opml:1:13: error O002: broken XML: no element found"),
        (opml("<outline text='<'/>"), "list.opml:3:16: error O002: broken XML: not well-formed"),
        ("\n<rss/>", "list.opml:2:1: error O002: this is not OPML: it begins with <rss>"),
        ("<!DOCTYPE html><html>", "list.opml:1:16: error O002: this is not OPML"),
    ],
)
def test_what_is_broken_is_told_with_line_and_column(
    tmp_path: Path, content: str, told: str
) -> None:
    assert refused(tmp_path, content).startswith(told)


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;',
    ],
)
def test_a_document_that_declares_entities_is_refused_where_it_does(
    tmp_path: Path, declared: str
) -> None:
    content = f'<?xml version="1.0"?>\n<!DOCTYPE opml [{declared}]>\n<opml><body/></opml>'
    told = refused(tmp_path, content)
    assert told.startswith("list.opml:2:")
    assert "entities are declared here" in told


def test_a_document_type_without_entities_is_nothing_to_fear(tmp_path: Path) -> None:
    content = opml(FEED, '<!DOCTYPE opml SYSTEM "http://127.0.0.1/opml.dtd">\n')
    assert len(read(tmp_path, content).listed) == 1


def test_outlines_may_stand_ten_thousand_deep(tmp_path: Path) -> None:
    deep = "".join(f'<outline text="g{n}">' for n in range(10_000))
    (one,) = read(tmp_path, opml(deep + FEED + "</outline>" * 10_000)).listed
    assert one.groups == ("g9999", "g9998", "g9997", "g9996", "g9995")


@pytest.mark.parametrize(
    "content",
    [
        opml(FEED).encode("utf-8-sig"),
        opml(FEED, '<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"),
        opml(FEED).encode("utf-16-le"),
        opml(FEED, "").encode("utf-16-be"),
        opml(FEED).encode("utf-32"),
        opml(FEED, '<?xml version="1.0" encoding="iso-8859-1"?>').encode("latin-1"),
        ("\n \n" + opml(FEED)).encode(),
    ],
)
def test_the_encoding_is_the_one_that_shows_or_is_declared(tmp_path: Path, content: bytes) -> None:
    content = content.replace(b"Paper", b"Paper")
    (one,) = read(tmp_path, content).listed
    assert (one.title, one.url) == ("Paper", "https://paper.example/feed")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b"<opml>\n\xff",
            "list.opml: error O001: cannot be read: it is not UTF-8, as line 2 shows",
        ),
        (b'<?xml version="1.0" encoding="nosuch"?>', 'its encoding "nosuch" is not known'),
        (b"\xff\xfea", "it is not UTF-16"),
    ],
)
def test_bytes_that_are_no_text_are_told(tmp_path: Path, content: bytes, told: str) -> None:
    assert told in refused(tmp_path, content)


def test_all_files_that_cannot_be_read_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "bad.opml").write_text("<opml>")
    with pytest.raises(ConfigError) as told:
        read_lists([tmp_path / "nowhere", tmp_path / "bad.opml"])
    assert [fault.code for fault in told.value.faults] == ["O001", "O002"]


def test_a_plain_list_has_an_address_a_line(tmp_path: Path) -> None:
    listed = read(tmp_path, "# ours\n\nhttps://a.example/feed\r\n  https://b.example/ \n").listed
    assert [(one.line, one.url) for one in listed] == [
        (3, "https://a.example/feed"),
        (4, "https://b.example/"),
    ]


def test_what_is_written_is_opml_that_a_feed_reader_understands() -> None:
    feeds = [
        Feed(
            id=FeedId("a"), url="https://a.example/?x=1&y=2", title='"A" <é>', tags=("press", "x")
        ),
        Feed(id=FeedId("b"), url="https://b.example/", every=timedelta(minutes=90)),
        Feed(id=FeedId("c"), url="https://c.example/", tags=("press",), backfill=3),
    ]
    assert (
        write_opml(feeds)
        == """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:watcher="https://watcher.example/opml">
  <head><title>Feeds of Watcher</title></head>
  <body>
    <outline type="rss" text="b" xmlUrl="https://b.example/" watcher:id="b" watcher:poll="90m"/>
    <outline text="press" title="press">
      <outline type="rss" text='"A" &lt;&#233;&gt;' title='"A" &lt;&#233;&gt;' \
xmlUrl="https://a.example/?x=1&amp;y=2" category="/x" watcher:id="a"/>
      <outline type="rss" text="c" xmlUrl="https://c.example/" watcher:id="c" watcher:backfill="3"/>
    </outline>
  </body>
</opml>
"""
    )
