from datetime import UTC, datetime, timedelta

import pytest

from tests.parse.documents import ADDRESS, NOW, atom, document, item_of, look, reason, rss
from watcher.model import Source, Unchanged
from watcher.parse import body_hash

ENTRY = "<title>Flood closes bridge</title><link>http://press.example/1</link>"

RSS_091 = """<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Old</title><language>en-us</language>
<item><title>First</title><link>http://old.example/1</link><description>One</description></item>
</channel></rss>"""
RSS_092 = """<rss version="0.92"><channel><title>Old</title>
<item><description>Words only</description>
<source url="http://other.example/rss">Other</source></item></channel></rss>"""
RSS_10 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://rdf.example/"><title>Old</title></channel>
<item rdf:about="http://rdf.example/1"><title>First</title><link>http://rdf.example/1</link>
<dc:creator>Ann</dc:creator><dc:subject>bridges</dc:subject><dc:date>2026-01-02T03:04:05+01:00</dc:date>
</item></rdf:RDF>"""
ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="de"><title>Alt</title>
<entry><title mode="escaped" type="text/html">Tom &amp;amp; &lt;b&gt;Jerry&lt;/b&gt;</title>
<link rel="alternate" type="text/html" href="http://alt.example/1"/><id>tag:alt.example,2026:1</id>
<issued>2026-01-02T03:04:05Z</issued><summary>Kurz</summary></entry></feed>"""


@pytest.mark.parametrize(
    ("body", "kind", "title", "link", "text"),
    [
        (RSS_091, "rss091n", "First", "http://old.example/1", "One"),
        (RSS_092, "rss092", "", "", "Words only"),
        (RSS_10, "rss10", "First", "http://rdf.example/1", ""),
        (ATOM_03, "atom03", "Tom & Jerry", "http://alt.example/1", "Kurz"),
        (rss(ENTRY), "rss20", "Flood closes bridge", "http://press.example/1", ""),
        (atom("<title>Flood</title>"), "atom10", "Flood", "", ""),
    ],
)
def test_every_dialect_is_read(body: str, kind: str, title: str, link: str, text: str) -> None:
    read = document(body)
    [item] = read.items
    assert (read.kind, item.title, item.link, item.summary) == (kind, title, link, text)
    assert read.faults == ()


def test_an_rdf_item_has_its_creator_subject_date_and_name() -> None:
    item = item_of(RSS_10)
    assert (item.authors, item.tags, item.guid) == (("Ann",), ("bridges",), "http://rdf.example/1")
    assert item.published == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)


def test_all_that_an_rss_item_says_is_kept() -> None:
    item = item_of(
        rss(
            "<title>Flood &amp;amp; rain</title><link>http://press.example/1</link>"
            "<guid isPermaLink='false'>a 1</guid><author>ann@press.example (Ann)</author>"
            "<category>weather</category><category>bridges</category>"
            "<description>&lt;p&gt;Short&lt;/p&gt;</description>"
            "<content:encoded><![CDATA[<p>Long</p><p>text</p>]]></content:encoded>"
            "<pubDate>Sun, 01 Mar 2026 12:00:00 +0100</pubDate>"
        )
    )
    assert item.guid == "a 1"
    assert item.title == "Flood & rain"
    assert (item.summary, item.content) == ("Short", "Long\ntext")
    assert item.authors == ("Ann",)
    assert item.tags == ("weather", "bridges")
    assert item.published == datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
    assert item.seen_at == NOW
    assert (item.feed, item.link) == ("press", "http://press.example/1")
    assert item.normal_link == "press.example/1"


def test_a_content_without_a_summary_is_not_told_twice() -> None:
    only_content = rss("<content:encoded>Whole text</content:encoded>")
    assert (item_of(only_content).summary, item_of(only_content).content) == ("", "Whole text")
    twice = rss("<description>Same</description><content:encoded>&lt;p&gt;Same</content:encoded>")
    assert (item_of(twice).summary, item_of(twice).content) == ("", "Same")


def test_several_contents_stand_one_below_the_other_with_their_links() -> None:
    item = item_of(
        atom(
            "<content type='html'>First &lt;a href='/1'>one&lt;/a></content>"
            "<content type='html'>Second &lt;a href='/2'>two&lt;/a></content>"
            "<content type='html'>First &lt;a href='/1'>one&lt;/a></content>"
            "<content type='image/png'>aGVsbG8=</content>"
        )
    )
    assert item.content == "First one\nSecond two"
    assert [item.content[link.start : link.end] for link in item.links] == ["one", "two"]


def test_a_plain_title_keeps_what_looks_like_markup() -> None:
    assert item_of(atom("<title>Use &lt;b&gt;x&lt;/b&gt; &amp;amp;</title>")).title == (
        "Use <b>x</b> &amp;"
    )
    html = "<title type='html'>Use &lt;b&gt;x&lt;/b&gt; &amp;amp; y</title>"
    assert item_of(atom(html)).title == "Use x & y"
    xhtml = "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <b>b</b></div></title>"
    assert item_of(atom(xhtml)).title == "A b"
    assert item_of(rss("<title>How to close a &lt;div&gt;</title>")).title == "How to close a <div>"


def test_a_plain_atom_summary_keeps_its_angle_brackets_and_an_rss_description_does_not() -> None:
    assert item_of(atom("<summary>if a &lt;b> c</summary>")).summary == "if a <b> c"
    assert item_of(rss("<description>a &lt;b>c</description>")).summary == "a c"


def test_a_media_description_is_a_summary() -> None:
    grouped = (
        "<title>Film</title><media:group><media:description>Told</media:description></media:group>"
    )
    assert item_of(rss(grouped)).summary == "Told"


def test_texts_are_cleaned_at_the_door() -> None:
    item = item_of(rss("<title>a\u202eb\u2066 c</title><description>x&amp;#x202e;y</description>"))
    assert (item.title, item.summary) == ("a b c", "x y")


def test_relative_links_are_resolved_against_the_final_address() -> None:
    item = item_of(
        rss("<link>../story/1</link><description>&lt;a href='x'>y&lt;/a></description>"),
        url="https://moved.example/a/b.xml",
    )
    assert item.link == "https://moved.example/story/1"
    assert [link.url for link in item.links] == ["https://moved.example/a/x"]


def test_relative_links_are_resolved_against_xml_base() -> None:
    item = item_of(
        atom(
            "<link href='1'/><content type='html'>&lt;a href='img/2'>y&lt;/a></content>",
            attributes="xml:base='http://base.example/x/'",
        )
    )
    assert item.link == "http://base.example/x/1"
    assert [link.url for link in item.links] == ["http://base.example/x/img/2"]
    relative_base = atom("<link href='1'/>", attributes="xml:base='sub/'")
    assert item_of(relative_base).link == "http://press.example/news/sub/1"


def test_a_guid_stays_as_it_is_when_the_feed_moves() -> None:
    body = rss("<guid>123</guid><title>Flood</title>")
    here, there = item_of(body), item_of(body, url="https://moved.example/feed.xml")
    assert here.guid == there.guid == "123"
    assert here.id == there.id
    assert here.link == ""  # "123" is no address, whatever isPermaLink says by default


def test_a_guid_that_is_an_address_is_the_link_of_an_item_without_one() -> None:
    assert item_of(rss("<guid>http://press.example/1</guid>")).link == "http://press.example/1"


def test_an_alternate_of_another_type_is_the_link_where_there_is_no_page() -> None:
    entry = "<id>urn:1</id><link rel='alternate' type='text/plain' href='/1.txt'/>"
    assert item_of(atom(entry)).link == "http://press.example/1.txt"


def test_links_that_could_do_harm_are_no_links() -> None:
    item = item_of(
        rss(
            "<link>javascript:alert(1)</link><description>&lt;a href='data:x'>y&lt;/a>"
            "&lt;a href='#top'>z&lt;/a></description>"
        )
    )
    assert (item.link, item.normal_link, item.links) == ("", "", ())


def test_sources_are_what_the_markup_names() -> None:
    item = item_of(
        rss(
            "<link>http://press.example/1</link><source url='http://agency.example/rss'>A</source>"
            "<feedburner:origLink>http://real.example/1</feedburner:origLink>"
            "<description>&lt;link rel='x canonical' href='http://first.example/1'>"
            "&lt;a rel=canonical href=javascript:x>no&lt;/a></description>"
        )
    )
    assert item.sources == (
        Source(url="http://agency.example/rss", how="<source url>"),
        Source(url="http://real.example/1", how="feedburner:origLink"),
        Source(url="http://first.example/1", how="rel=canonical"),
    )


def test_an_atom_source_and_a_via_link_are_sources() -> None:
    item = item_of(
        atom(
            "<link href='/1'/><link rel='via' href='http://via.example/1'/>"
            "<source><id>urn:x</id><link href='http://planet.example/'/>"
            "<link rel='self' href='http://planet.example/feed'/></source>"
        )
    )
    assert [(source.url, source.how) for source in item.sources] == [
        ("http://planet.example/", "atom:source"),
        ("http://planet.example/feed", "atom:source"),
        ("http://via.example/1", "rel=via"),
    ]


def test_of_many_links_the_first_and_the_last_are_kept() -> None:
    links = "".join(f"&lt;a href='http://a.example/{n}'>{n}&lt;/a> " for n in range(80))
    item = item_of(rss(f"<description>{links}</description>"))
    assert [link.url.rpartition("/")[2] for link in item.links] == [
        str(n) for n in (*range(25), *range(55, 80))
    ]
    assert all(item.summary[link.start : link.end] in link.url for link in item.links)


def test_the_language_is_the_items_else_the_documents_else_the_feeds() -> None:
    own = rss("<dc:language>fr_CA</dc:language><title>x</title>", channel="<language>de</language>")
    assert item_of(own, language="en").language == "fr-CA"
    documents = rss("<title>x</title>", channel="<language>de</language>")
    assert item_of(documents, language="en").language == "de"
    assert item_of(rss("<title>x</title>"), language="en").language == "en"
    nonsense = rss("<title>x</title>", channel="<language>English (US)</language>")
    assert item_of(nonsense, language="en").language == "en"
    assert document(documents).language == "de"


def test_the_language_of_a_text_is_the_items() -> None:
    assert item_of(atom("<content type='html' xml:lang='sv'>x</content>")).language == "sv"


def test_authors_of_an_atom_feed_are_those_of_its_entries_and_of_rss_are_not() -> None:
    ann = "<author><name>Ann</name></author>"
    assert item_of(atom("<title>x</title>", feed=ann)).authors == ("Ann",)
    own = "<title>x</title><author><email>bob@press.example</email></author>"
    assert item_of(atom(own, feed=ann)).authors == ("bob@press.example",)
    editor = "<managingEditor>Ann</managingEditor>"
    assert item_of(rss("<title>x</title>", channel=editor)).authors == ()


def test_names_are_plain_text_and_told_once() -> None:
    item = item_of(rss("<category>R&amp;amp;D</category><category>R&amp;D</category>"))
    assert item.tags == ("R&D",)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Sun, 01 Mar 2026 12:00:00 GMT", datetime(2026, 3, 1, 12, 0, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("Fri, 01 Jan 2099 00:00:00 GMT", NOW),
        ("Mon, 01 Jan 0001 00:00:00 GMT", None),
        ("1970-01-01T00:00:00Z", None),
        ("0000-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_clamped_to_sense(said: str, meant: datetime | None) -> None:
    assert item_of(rss(f"<title>x</title><pubDate>{said}</pubDate>")).published == meant


def test_an_update_dates_an_entry_that_has_no_other_date() -> None:
    entry = "<title>x</title><updated>2026-02-01T00:00:00Z</updated>"
    assert item_of(atom(entry)).published == datetime(2026, 2, 1, tzinfo=UTC)
    both = f"{entry}<published>2026-01-01T00:00:00Z</published>"
    assert item_of(atom(both)).published == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "interval"),
    [
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>525600</ttl>", timedelta(days=1)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        (
            "<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(hours=6),
        ),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            timedelta(hours=1),
        ),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", None),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        ("", None),
    ],
)
def test_the_feeds_wish_for_an_interval_is_heard_when_sane(
    channel: str, interval: timedelta | None
) -> None:
    assert document(rss(channel=channel)).suggested_interval == interval


def test_a_document_has_a_title_and_a_home() -> None:
    read = document(rss(channel="<link>/</link>"))
    assert (read.title, read.home, read.items) == ("The Press", "http://press.example/", ())


def test_the_same_bytes_as_last_time_are_not_looked_at() -> None:
    body = rss(ENTRY).encode()
    assert look(body, body_hash=body_hash(body)) == Unchanged()
    assert look(b"", body_hash=body_hash(b"")) == Unchanged()
    assert look(body, body_hash=body_hash(b"other")) != Unchanged()


def test_an_answer_without_an_address_is_read_at_the_feeds() -> None:
    assert item_of(rss("<link>1</link>"), url="").link == "http://press.example/news/1"
    assert ADDRESS.startswith("http://press.example/news/")


# --- what is wrong with a document --------------------------------------------------------------


def test_malformed_xml_gives_its_items_and_says_where_it_is_wrong() -> None:
    read = document(rss("<title>A & B</title>", "<title>C &nbsp; D</title>"))
    assert [item.title for item in read.items] == ["A & B", "C D"]
    [fault] = read.faults
    assert fault.startswith("not well-formed: line 1: ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("", 2),
        ("\n\n", 4),
        ("\ufeff", 2),
        ('<?xml version="1.0"?>', 2),
        ('<?xml version="1.0"?>\n', 3),
        ('\n<?xml version="1.0"?>\n', 4),
    ],
)
def test_the_line_where_xml_is_wrong_is_the_one_that_an_editor_shows(
    head: str, line: int, encoding: str
) -> None:
    body = f"{head}<rss version='2.0'><channel>\n<item><title>A & B</title></item></channel></rss>"
    [fault] = document(body.encode(encoding)).faults
    assert fault.startswith(f"not well-formed: line {line}: ")


def test_a_document_that_was_cut_off_gives_what_is_there() -> None:
    whole = rss("<title>First</title>", "<title>Second</title><description>Half a sen")
    read = document(whole[: whole.index("</description>") if "</description>" in whole else -30])
    assert [item.title for item in read.items] == ["First", "Second"]
    assert read.faults


def test_an_undeclared_prefix_is_no_reason_to_lose_items() -> None:
    read = document(
        "<rss version='2.0'><channel><item><x:y>1</x:y><title>A</title></item></channel></rss>"
    )
    assert [item.title for item in read.items] == ["A"]
    assert read.faults


@pytest.mark.parametrize("broken", ["<gml:pos>1 2</gml:pos>", "</media:player>"])
def test_a_broken_extension_at_which_feedparser_gives_up_costs_no_items(broken: str) -> None:
    read = document(
        f"<rss version='2.0'><channel><item>{broken}<title>A</title></item></channel></rss>"
    )
    assert [item.title for item in read.items] == ["A"]
    assert read.faults[0].startswith("read without media, geography and the like")


def test_a_document_at_which_feedparser_gives_up_is_unreadable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def give_up(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("feedparser.parse", give_up)
    assert reason(rss()) == "feedparser cannot read it: RecursionError: too deep"


def test_white_space_before_the_declaration_does_no_harm() -> None:
    read = document("\n \n" + rss(ENTRY))
    assert (len(read.items), read.faults) == (1, ())


def test_a_feed_served_as_a_web_page_is_a_feed_without_faults() -> None:
    found = look(rss(ENTRY), headers={"content-type": "text/html; charset=utf-8"})
    assert found == look(rss(ENTRY), headers={"content-type": "application/rss+xml"})


def test_items_without_title_link_id_and_date_are_items() -> None:
    read = document(rss("<description>One</description>", "<description>Two</description>", ""))
    assert [item.summary for item in read.items] == ["One", "Two", ""]
    assert len({item.id for item in read.items}) == 3


def test_an_entity_bomb_does_not_go_off() -> None:
    entities = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'boom'}'>" for n in range(12))
    read = document(
        f"<!DOCTYPE rss [{entities}]><rss version='2.0'><channel><item><title>A &e11;</title>"
        "</item></channel></rss>"
    )
    assert len(read.items) == 1
    assert len(read.items[0].title) < 100


def test_external_entities_are_not_fetched() -> None:
    read = document(
        "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
        "<rss version='2.0'><channel><item><title>A&x;B</title></item></channel></rss>"
    )
    assert read.items[0].title in ("AB", "A&x;B")


def test_texts_that_are_too_long_are_cut_and_that_is_said() -> None:
    read = document(
        rss(
            f"<title>{'t' * 3_000}</title><description>{'s ' * 600_000}</description>"
            f"<content:encoded>{'c' * 1_000_001}&lt;a href='x'>y&lt;/a></content:encoded>"
        )
    )
    [item] = read.items
    assert (len(item.title), len(item.summary), len(item.content)) == (2_000, 999_999, 1_000_000)
    assert item.links == ()
    assert read.faults == (
        "item 1: title was cut to 2,000 characters",
        "item 1: summary was cut to 1,000,000 characters",
        "item 1: content was cut to 1,000,000 characters",
    )


def test_a_guid_that_is_too_long_is_shortened_and_stays_itself() -> None:
    one, other = document(rss(*(f"<guid>{'g' * 9_000}{end}</guid>" for end in "ab"))).items
    assert len(one.guid) < 600
    assert one.guid != other.guid


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_too_many_items_the_newest_are_kept_and_that_is_said(newest_first: bool) -> None:
    days = range(2_100, 0, -1) if newest_first else range(1, 2_101)
    start = datetime(2015, 1, 1, tzinfo=UTC)
    items = (
        f"<title>Day {day}</title><pubDate>{start + timedelta(days=day):%Y-%m-%d}</pubDate>"
        for day in days
    )
    read = document(rss(*items))
    assert {item.title for item in read.items} == {f"Day {day}" for day in range(101, 2_101)}
    assert read.faults == ("2100 items, of which the newest 2000 were read",)


def test_of_too_many_items_without_dates_the_first_are_kept() -> None:
    read = document(rss(*(f"<title>{n}</title>" for n in range(2_001))))
    assert (len(read.items), read.items[0].title) == (2_000, "0")
