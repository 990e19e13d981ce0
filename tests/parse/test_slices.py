"""A document is cut into its items only where that is no guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parse.documents import atom, rss
from watcher.parse.slices import Cut, cut

SLASH = 'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
THREAD = 'xmlns:thr="http://purl.org/syndication/thread/1.0"'
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/"><channel rdf:about="http://press.example/">
<title>The Press</title><items><rdf:Seq><rdf:li resource="http://press.example/1"/></rdf:Seq></items>
</channel>
<item rdf:about="http://press.example/1"><title>One</title></item>
<item rdf:about="http://press.example/2"><title>Two</title></item>
</rdf:RDF>"""


def cut_of(body: str, at_most: int = 100) -> Cut:
    found = cut(body.encode(), at_most)
    assert found is not None
    return found


def slices(body: str) -> list[str]:
    found = cut_of(body)
    return [found.body[one.start : one.end].decode() for one in found.slices]


def digests(item: str, declared: str = "") -> list[str]:
    return [one.digest for one in cut_of(bare(item, declared)).slices]


def bare(items: str, declared: str = "") -> str:
    return f"<rss version='2.0' {declared}><channel><title>t</title>{items}</channel></rss>"


def test_items_are_cut_out_as_they_stand() -> None:
    assert slices(rss("<guid>1</guid>", "<guid>2</guid>")) == [
        "<item><guid>1</guid></item>",
        "<item><guid>2</guid></item>",
    ]


def test_entries_of_atom_and_items_of_rss_1_are_cut_out_too() -> None:
    assert slices(atom("<id>1</id>")) == ["<entry><id>1</id></entry>"]
    assert [one[:43] for one in slices(RDF)] == [
        '<item rdf:about="http://press.example/1"><t',
        '<item rdf:about="http://press.example/2"><t',
    ]


def test_prefixed_items_are_cut_out_whole() -> None:
    body = (
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:id>1</a:id></a:entry></a:feed>"
    )
    assert slices(body) == ["<a:entry><a:id>1</a:id></a:entry>"]


def test_item_tags_in_comments_and_cdata_are_no_items() -> None:
    item = "<item><!-- <item> --><title><![CDATA[</item><item>]]></title><?item <item> ?></item>"
    assert slices(bare(f"<!-- <item></item> -->{item}")) == [item]


def test_a_tag_whose_name_only_begins_like_an_item_is_none() -> None:
    item = "<item><items>1</items><item-count>2</item-count></item>"
    assert slices(bare(item)) == [item]


def test_the_envelope_with_some_items_is_a_document_again() -> None:
    found = cut_of(rss("<guid>1</guid>", "<guid>2</guid>", "<guid>3</guid>"))
    assert (
        found.with_only([0, 2])
        == rss("<guid>1</guid>", "<guid>3</guid>")
        .replace("</item><item>", "</item>\n<item>")
        .encode()
    )
    assert found.with_only([]) == rss().encode()


def test_what_had_more_than_ascii_in_it_keeps_some_so_that_its_encoding_is_guessed_alike() -> None:
    found = cut_of(bare("<item><title>ä</title></item><item><title>a</title></item>"))
    assert not found.with_only([1]).isascii()
    assert cut_of(bare("<item>a</item>")).with_only([0]).isascii()


def test_comments_behind_the_items_do_no_harm_and_do_not_count() -> None:
    one, other = (
        cut_of(bare("<item>1</item>") + f"<!-- made in </rss> {seconds} s -->")
        for seconds in (1, 2)
    )
    assert one.envelope == other.envelope
    assert one.with_only([0]) == one.body


@pytest.mark.parametrize(
    ("why", "body"),
    [
        ("no items", bare("")),
        ("a DOCTYPE", "<!DOCTYPE rss>" + bare("<item>1</item>")),
        ("entities", '<!DOCTYPE rss [<!ENTITY a "b">]>' + bare("<item>1</item>")),
        ("an item within an item", bare("<item><item>1</item></item>")),
        ("an empty item", bare("<item/><item>1</item>")),
        ("an item that never ends", bare("<item>1")),
        ("an end without a beginning", bare("<item>1</item></item>")),
        ("a comment that never ends", bare("<item><!-- 1</item>")),
        ("CDATA that never ends", bare("<item><![CDATA[ 1</item>")),
        ("a comment before the items that never ends", bare("<!-- <item>1</item>")),
        ("tags before the items that do not match", bare("</title><item>1</item>")),
        ("something between the items", bare("<item>1</item><image/><item>2</item>")),
        ("text between the items", bare("<item>1</item>and<item>2</item>")),
        ("items in two channels", bare("<item>1</item></channel><channel><item>2</item>")),
        ("a comment that is not allowed", bare("<item>1</item>") + "<!-- a -- b -->"),
        ("a comment with a forbidden character", bare("<item>1</item>") + "<!-- \x01 -->"),
        ("a comment behind the items that never ends", bare("<item>1</item>") + "<!-- "),
        ("something behind the items", bare("<item>1</item><ttl>60</ttl>")),
        ("end tags that are missing", "<rss><channel><item>1</item></channel>"),
        ("end tags of others", "<rss><channel><item>1</item></rss></channel>"),
        ("an item twice", bare("<item>1</item><item>1</item>")),
        ("a base", bare("<item xml:base='http://b.example/'>1</item>")),
        ("a base deep in an item", bare("<item><a b='>'/><p base = 'http://b/'>1</p></item>")),
        ("a language", bare("<item><title xml:lang='de'>1</title></item>")),
        ("a language of markup", bare("<item><p lang='de'>1</p></item>")),
        ("a namespace under an unusual name", bare("<item xmlns:dc='http://d.example/'>1</item>")),
        ("a default namespace", bare("<item xmlns='http://d.example/'>1</item>")),
    ],
    ids=lambda text: text if "<" not in text else "",
)
def test_nothing_is_cut_from_a_document_with(why: str, body: str) -> None:
    assert cut(body.encode(), 100) is None, why


def test_more_items_than_are_read_are_not_cut() -> None:
    body = bare("<item>1</item><item>2</item>").encode()
    assert cut(body, 1) is None
    assert cut(body, 2) is not None


def test_what_looks_like_a_base_or_a_language_in_texts_does_no_harm() -> None:
    item = (
        "<item><title>lang='de' base='x' xmlns='y'</title>"
        "<description><![CDATA[<p lang='de' xml:base='b' xmlns='c'>]]>"
        "&lt;p lang='de' xmlns='d'></description></item>"
    )
    assert slices(bare(item)) == [item]


def test_namespaces_under_their_usual_names_do_no_harm() -> None:
    item = "<item><div xmlns=\"http://www.w3.org/1999/xhtml\">1</div><a xmlns:media='http://search.yahoo.com/mrss/'/></item>"
    assert slices(bare(item)) == [item]


# --- what changes all day


@pytest.mark.parametrize(
    ("declared", "item"),
    [
        (SLASH, "<item><slash:comments>{}</slash:comments></item>"),
        (THREAD, "<item><thr:total> {}</thr:total></item>"),
        (THREAD, '<item><link rel="replies" href="a" thr:count="{}" /></item>'),
        (MEDIA, '<item><media:statistics views="{}"/></item>'),
        (MEDIA, '<item><media:starRating count="{0}" average="{0}.00" min="1" max="5"/></item>'),
        (MEDIA, '<item><media:thumbnail url="http://i.example/1.jpg?at={}&amp;w=5"/></item>'),
        ("", "<item><description>&lt;p&gt;Points: {}&lt;/p&gt;</description></item>"),
        ("", "<item><description><![CDATA[<p># Comments: {}</p>]]></description></item>"),
    ],
)  # fmt: skip
def test_counts_and_thumbnails_make_no_other_item(declared: str, item: str) -> None:
    assert digests(item.format(1), declared) == digests(item.format(23), declared)


@pytest.mark.parametrize(
    ("declared", "item"),
    [
        ("", "<item><slash:comments>{}</slash:comments></item>"),
        ('xmlns:slash="http://s.example/"', "<item><slash:comments>{}</slash:comments></item>"),
        (SLASH, "<item><title><![CDATA[<slash:comments>{}</slash:comments>]]></title></item>"),
        (SLASH, "<item><slash:comments>{}</slash:comments><guid>{}</guid></item>"),
        (MEDIA, '<item><media:thumbnail url="http://i.example/{}.jpg?a"/></item>'),
        (MEDIA, '<item><media:thumbnail url="http://i.example/1.jpg?a=\x01{}"/></item>'),
        ("", "<item><title>&lt;p&gt;Points: {}&lt;/p&gt;</title></item>"),
        ("", "<item><description>Points: {}</description></item>"),
    ],
)
def test_other_numbers_make_another_item(declared: str, item: str) -> None:
    assert digests(item.format(1, 1), declared) != digests(item.format(23, 23), declared)


def test_numbers_that_are_left_out_of_texts_are_told() -> None:
    item = "<item><description><![CDATA[<p>Points: 3</p>]]></description></item>"
    found = cut_of(bare(f"{item}<item>1</item>"))
    assert [one.counted for one in found.slices] == [True, False]


def test_dates_around_the_items_do_not_count() -> None:
    def envelope(channel: str) -> str:
        return cut_of(rss("1", channel=channel)).envelope

    one = envelope("<lastBuildDate>Mon</lastBuildDate><ttl>5</ttl>")
    assert one == envelope("<lastBuildDate>Tue</lastBuildDate><ttl>5</ttl>")
    assert one != envelope("<lastBuildDate>Mon</lastBuildDate><ttl>6</ttl>")
    assert one != envelope("<lastBuildDate>Mon\x01</lastBuildDate><ttl>5</ttl>")


PARTS = (
    "<item>", "</item>", "<item/>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<entry>", "a",
    "<slash:comments>1", " ", "\n", "<title>", "</title>", '"', "'", ">", "<", "xml:base='a'", "&",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join))
def test_slices_never_overlap_and_only_blanks_are_between_them(middle: str) -> None:
    found = cut(bare(middle, SLASH).encode(), 100)
    if found is None:
        return
    again = found.with_only(range(len(found.slices)))
    assert again.split() == found.body.replace(b"</item><item>", b"</item>\n<item>").split()
