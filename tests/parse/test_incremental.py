"""Of a known document only what is new is read, and it comes out as if all had been read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from tests.parse.documents import ADDRESS, NOW, atom, rss
from watcher.model import (
    Document,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    Fetched,
    Imprint,
    Item,
    ReadResult,
    Remembered,
    Shown,
)
from watcher.parse import read, remember, settled, tell_apart

ONE = "<guid>1</guid><title>Flood closes bridge</title><link>/1</link>"
TWO = "<guid>2</guid><title>Mayor resigns</title><link>/2</link>"
THREE = "<guid>3</guid><title>Harvest begins</title><link>/3</link>"


def look(
    body: str | bytes,
    before: Imprint | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    url: str = ADDRESS,
    language: str = "",
) -> ReadResult:
    feed = Feed(id=FeedId("press"), url=ADDRESS, language=language)
    due = DueFeed(feed=feed, memory=FeedMemory(feed=feed.id, due_at=NOW))
    sent = body.encode() if isinstance(body, str) else body
    return read(due, Fetched(status=200, url=url, body=sent, headers=headers or {}), NOW, before)


def document(body: str | bytes, before: Imprint | None = None, **how: str) -> Document:
    found = look(body, before, **how)  # type: ignore[arg-type]  # tests name only texts here
    assert isinstance(found, Document), found
    return found


def known(items: Sequence[Item]) -> list[Remembered]:
    return [
        Remembered(
            id=item.id,
            guid=item.guid,
            normal_link=item.normal_link,
            title=item.title,
            text_hash=item.text_hash,
            seen_at=item.seen_at,
        )
        for item in items
    ]


def imprint(body: str | bytes, **how: str) -> Imprint:
    """Give what is remembered of a document that was read whole, all of it new."""
    first = document(body, None, **how)
    found = remember(first, tell_apart(first.entries, []))
    assert found is not None
    return found


def same(body: str | bytes, before: Imprint, **how: str) -> Document:
    """Read a document both ways; they must say the same. Give the incremental reading."""
    whole, part = document(body, None, **how), document(body, before, **how)
    assert [_names(entry) for entry in part.entries] == [_names(item) for item in whole.items]
    assert set(part.items) <= set(whole.items)
    unread = {"items": whole.items, "shown": (), "settled": False}
    assert replace(part, **unread) == whole  # type: ignore[arg-type]
    return part


def _names(entry: Item | Shown) -> tuple[str, ...]:
    return (entry.id, entry.guid, entry.normal_link, entry.title, entry.text_hash)


def read_titles(found: Document) -> list[str]:
    return [item.title for item in found.items]


# --- what is read


def test_only_what_was_not_in_the_document_before_is_read() -> None:
    found = same(rss(THREE, ONE, TWO), imprint(rss(ONE, TWO)))
    assert read_titles(found) == ["Harvest begins"]
    assert [place for place, _ in found.shown] == [1, 2]


def test_the_same_items_in_other_bytes_are_not_read_at_all() -> None:
    found = same(rss(TWO, ONE) + "\n", imprint(rss(ONE, TWO)))
    assert found.items == ()
    assert found.settled


def test_items_that_left_are_not_read_again_and_those_that_return_are() -> None:
    before = imprint(rss(ONE, TWO, THREE))
    shorter = same(rss(ONE, THREE), before)
    assert read_titles(shorter) == []
    after = remember(shorter, settled(shorter))
    assert after is not None
    assert read_titles(same(rss(ONE, TWO, THREE), after)) == ["Mayor resigns"]


def test_an_edited_item_is_read_again() -> None:
    found = same(rss(ONE, TWO.replace("Mayor", "Major")), imprint(rss(ONE, TWO)))
    assert read_titles(found) == ["Major resigns"]
    assert not found.settled


def test_rss_1_and_atom_are_read_by_what_is_new_too() -> None:
    entry = "<id>{0}</id><title>No. {0}</title><updated>2026-03-0{0}T00:00:00Z</updated>"
    found = same(atom(entry.format(2), entry.format(1)), imprint(atom(entry.format(1))))
    assert read_titles(found) == ["No. 2"]
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/"><channel rdf:about="/"><title>The Press</title>'
        "<items><rdf:Seq>{}</rdf:Seq></items></channel>{}</rdf:RDF>"
    )
    place, item = '<rdf:li resource="/{}"/>', '<item rdf:about="/{0}"><title>No. {0}</title></item>'
    one = rdf.format(place.format(1), item.format(1))
    two = rdf.format(place.format(2) + place.format(1), item.format(2) + item.format(1))
    assert read_titles(same(two, imprint(one))) == ["No. 2"]


def test_the_channel_is_read_anew_when_something_in_it_changed() -> None:
    before = imprint(rss(ONE, channel="<ttl>60</ttl>"))
    found = same(rss(ONE, channel="<ttl>90</ttl>"), before)
    assert found.items == ()
    assert found.suggested_interval != before.suggested_interval


def test_what_a_feed_asks_for_is_known_of_a_document_that_is_not_read() -> None:
    asked = (
        "<skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays><ttl>60</ttl>"
    )
    body = rss(ONE, channel=asked)
    found = same(body + "\n", imprint(body))
    assert found.settled
    assert found.skip_hours == {3}
    assert found.skip_days == {6}


def test_counts_of_comments_are_not_read() -> None:
    item = f"{ONE}<slash:comments>{{}}</slash:comments>"
    body = rss(item).replace(
        " xmlns:dc", ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:dc'
    )
    assert same(body.format(7), imprint(body.format(6))).settled


def test_points_in_an_item_without_a_title_are_read() -> None:
    item = "<description>&lt;p&gt;Points: {}&lt;/p&gt;</description>"
    first = document(rss(item.format(1), TWO))
    assert first.imprint is None
    new = same(rss(item.format(1), TWO), imprint(rss(TWO)))
    assert (new.shown, new.imprint) == ((), None)


def test_points_in_an_item_with_a_title_are_not() -> None:
    item = f"{ONE}<description>&lt;p&gt;Points: {{}}&lt;/p&gt;</description>"
    assert same(rss(item.format(23)), imprint(rss(item.format(1)))).settled


# --- ids


def test_items_with_one_guid_are_told_apart_as_if_all_had_been_read() -> None:
    before = imprint(rss("<guid>x</guid><title>One</title><link>/1</link>"))
    found = same(
        rss(
            "<guid>x</guid><title>Two</title><link>/2</link>",
            "<guid>x</guid><title>One</title><link>/1</link>",
        ),
        before,
    )
    assert read_titles(found) == ["Two"]
    assert found.shown[0][1].id != before.prints[0].id


def test_two_places_of_one_page_have_two_links_whichever_is_read() -> None:
    entry = "<guid>{0}</guid><title>Version {0}</title><link>/changes#v{0}</link>"
    found = same(rss(entry.format(2), entry.format(1)), imprint(rss(entry.format(1))))
    assert found.shown[0][1].normal_link.endswith("#v1")
    assert not found.settled


def test_a_known_item_whose_link_is_told_otherwise_now_is_not_settled() -> None:
    entry = "<guid>{0}</guid><title>Version {0}</title><link>/changes#v{0}</link>"
    found = same(rss(entry.format(1)), imprint(rss(entry.format(2), entry.format(1))))
    assert found.items == ()
    assert not found.settled


def test_the_link_that_is_remembered_is_the_one_among_all_entries_read_or_not() -> None:
    entry = "<guid>{0}</guid><title>Version {0}</title><link>/changes#v{0}</link>"
    one, both = rss(entry.format(1)), rss(entry.format(2), entry.format(1))
    found = same(both, imprint(one))
    after = remember(found, tell_apart(found.entries, known(document(one).items)))
    assert after is not None
    assert not same(rss(entry.format(2)), after).settled


def test_items_without_guid_and_link_are_told_apart_by_title_and_date() -> None:
    entry = "<title>Bulletin</title><pubDate>{} Mar 2026 08:00:00 GMT</pubDate>"
    found = same(rss(entry.format(2), entry.format(1)), imprint(rss(entry.format(1))))
    assert len({entry.id for entry in found.entries}) == 2


def test_what_is_known_under_another_id_is_asked_for_every_time() -> None:
    first = document(rss(ONE))
    rekeyed = document(rss(ONE.replace("<guid>1", "<guid>new")))
    apart = tell_apart(rekeyed.entries, known(first.items))
    assert [known_as for known_as, _ in apart.rekeyed] == [first.items[0].id]
    before = remember(rekeyed, apart)
    assert before is not None
    assert before.prints[0].id is None
    assert not document(rss(ONE.replace("<guid>1", "<guid>new")) + " ", before).settled


def test_an_entry_that_was_not_read_and_is_not_as_we_know_it_is_unclear() -> None:
    first = document(rss(ONE))
    found = document(rss(ONE) + " ", imprint(rss(ONE)))
    [(_, shown)] = found.shown
    assert tell_apart(found.entries, known(first.items)).again == (shown.id,)
    assert tell_apart(found.entries, []).unclear == (shown,)
    [one] = known(first.items)
    assert tell_apart(found.entries, [replace(one, text_hash="other")]).unclear == (shown,)
    assert tell_apart(found.entries, [replace(one, guid="other")]).unclear == (shown,)


# --- what is read whole


def whole(body: str | bytes, before: Imprint, **how: str) -> bool:
    return not same(body, before, **how).shown


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        (rss(ONE), {"url": "http://elsewhere.example/"}),
        (rss(ONE), {"language": "de"}),
        (rss(ONE, channel="<language>de</language>"), {}),
        (rss(ONE).replace("version=", "xml:base='http://b.example/' version="), {}),
        (rss(ONE).replace("version=", "xmlns:x='http://x.example/' version="), {}),
        (rss(ONE).replace('"2.0"', '"0.92"'), {}),
        (rss(ONE, channel="<title>ä</title>"), {}),
        (rss(ONE).replace("utf-8", "iso-8859-1"), {}),
        (rss(ONE).encode("utf-16"), {}),
        ("<!DOCTYPE rss>" + rss(ONE).split("?>")[1], {}),
        (rss(ONE, TWO.replace("</title>", "")), {}),
        (rss(ONE, "<title>&nbsp;</title>"), {}),
        (rss(ONE, "<title>a\ud800</title>").encode("utf-8", "surrogatepass"), {}),
        (rss(ONE, "<title>&#xd800;</title>"), {}),
        (rss(ONE, "<entry><title>within</title></entry>"), {}),
        (rss(ONE, f"<guid>long</guid><title>{'x' * 3_000}</title>"), {}),
        (rss(ONE, "<guid>b</guid><title xml:base='http://b.example/'>b</title>"), {}),
    ],
    ids=range(17),
)
def test_a_document_is_read_whole_when_its_known_items_might_be_read_otherwise(
    changed: str | bytes, how: dict[str, str]
) -> None:
    assert not whole(rss(ONE) + " ", imprint(rss(ONE)))
    assert whole(changed, imprint(rss(ONE)), **how)


def test_atom_is_read_whole_when_the_authors_of_the_feed_changed() -> None:
    entry = "<id>1</id><title>One</title>"
    author = "<author><name>{}</name></author>"
    before = imprint(atom(entry, feed=author.format("Ann")))
    assert whole(atom(entry, feed=author.format("Bob")), before)
    assert not whole(atom(entry, feed=author.format("Ann") + "<subtitle/>"), before)


def test_json_feeds_are_read_whole() -> None:
    body = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "a"}]}'
    assert document(body).imprint is None


@pytest.mark.parametrize(
    "body",
    [
        rss(),
        rss(TWO.replace("</title>", "")),
        rss(f"<guid>long</guid><title>{'x' * 3_000}</title>"),
        "<odd><item><title>a</title></item></odd>",
    ],
    ids=["no items", "not well-formed", "a text that was cut", "of an unknown kind"],
)
def test_nothing_is_remembered_of_a_document_in_doubt(body: str) -> None:
    assert document(body).imprint is None


def test_a_text_is_repaired_alike_whether_or_not_it_is_read_alone() -> None:
    spoilt = "<guid>s</guid><title>Caf&#195;&#169;</title>"  # feedparser repairs it in UTF-8
    headers = {"content-type": "text/xml"}  # ASCII, by the old rules, where nothing contradicts
    body = rss("<guid>u</guid><title>Über</title>")
    first = look(body, headers=headers)
    assert isinstance(first, Document)
    before = remember(first, tell_apart(first.entries, []))
    for imprinted in (None, before):
        found = look(rss(spoilt, "<guid>u</guid><title>Über</title>"), imprinted, headers=headers)
        assert isinstance(found, Document)
        assert found.items[0].title == "Café"
