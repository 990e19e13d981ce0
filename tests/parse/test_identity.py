from hypothesis import given
from hypothesis import strategies as st

from tests.parse.documents import document, item_of, rss
from watcher.model import Item

TEXT = st.sampled_from(["", "<title>A</title>", "<title>B</title>"])
GUID = st.sampled_from(
    ["", "<guid isPermaLink='false'>1</guid>", "<guid>http://a.example/x</guid>"]
)
LINK = st.sampled_from(["", "<link>http://a.example/x</link>", "<link>http://a.example/x#y</link>"])
DATE = st.sampled_from(["", "<pubDate>2026-01-01</pubDate>"])
ITEM = st.tuples(TEXT, GUID, LINK, DATE, st.sampled_from(["", "<description>D</description>"]))


def items(*written: str) -> tuple[Item, ...]:
    return document(rss(*written)).items


def test_an_item_is_its_guid_whatever_else_it_says() -> None:
    one = item_of(rss("<guid>1</guid><title>A</title><link>http://a.example/1</link>"))
    other = item_of(rss("<guid>1</guid><title>B</title><link>http://a.example/2</link>"))
    assert one.id == other.id


def test_without_a_guid_an_item_is_its_link_without_what_only_tracks() -> None:
    one = item_of(rss("<title>A</title><link>http://a.example/1?utm_source=rss</link>"))
    other = item_of(rss("<title>B</title><link>https://www.a.example/1/#comments</link>"))
    assert one.id == other.id


def test_without_guid_and_link_an_item_is_its_title_and_date_as_said() -> None:
    one = item_of(rss("<title>A</title><pubDate>soon</pubDate><description>x</description>"))
    same = item_of(rss("<title>A</title><pubDate>soon</pubDate><description>y</description>"))
    other = item_of(rss("<title>A</title><pubDate>later</pubDate>"))
    assert one.id == same.id != other.id


def test_without_a_title_the_text_stands_for_it() -> None:
    one = item_of(rss("<description>x</description>"))
    assert one.id == item_of(rss("<description>x</description>")).id
    assert one.id != item_of(rss("<description>y</description>")).id


def test_two_items_with_one_guid_are_told_apart_by_their_links() -> None:
    old = "<guid>1</guid><link>http://a.example/1</link><title>A</title>"
    new = "<guid>1</guid><link>http://a.example/2</link><title>A</title>"
    newest = "<guid>1</guid><link>http://a.example/3</link><title>A</title>"
    two, three = items(new, old), items(newest, new, old)
    assert len({item.id for item in three}) == 3
    assert [item.id for item in two] == [item.id for item in three[1:]]


def test_two_items_with_one_guid_and_link_are_told_apart_by_their_titles() -> None:
    same = "<guid>1</guid><link>http://a.example/</link>"
    two = items(f"{same}<title>B</title>", f"{same}<title>A</title>")
    three = items(*(f"{same}<title>{title}</title>" for title in "CBA"))
    assert [item.id for item in two] == [item.id for item in three[1:]]
    turned = items(f"{same}<title>A</title>", f"{same}<title>B</title>")
    assert [item.id for item in turned] == [item.id for item in two][::-1]


def test_equal_items_are_counted_from_the_end_so_that_old_ones_stay_what_they_are() -> None:
    one = "<guid>1</guid><title>A</title>"
    two, three = items(one, one), items(one, one, one)
    assert len({item.id for item in three}) == 3
    assert [item.id for item in two] == [item.id for item in three[1:]]


def test_places_on_one_page_are_items_of_their_own() -> None:
    written = [f"<link>http://a.example/log#day-{n}</link><title>x</title>" for n in (2, 1)]
    two = items(*written)
    assert [item.normal_link for item in two] == ["a.example/log#day-2", "a.example/log#day-1"]
    [alone] = items(written[1])
    assert alone.normal_link == "a.example/log"
    assert alone.id == two[1].id


@given(st.lists(ITEM, max_size=6))
def test_no_item_swallows_another(written: list[tuple[str, ...]]) -> None:
    read = items(*("".join(parts) for parts in written))
    assert len({item.id for item in read}) == len(written)


@given(st.lists(ITEM, max_size=6))
def test_reading_again_gives_the_same_items(written: list[tuple[str, ...]]) -> None:
    body = rss(*("".join(parts) for parts in written))
    assert document(body) == document(body)
