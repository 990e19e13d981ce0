"""A reader sees the words that made a rule match, in their context."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.channels.samples import RULE, SEEN
from watcher.alerts.render import cited, pieces, quotes, tidy
from watcher.model import Feed, FeedId, Item, ItemId, Message, Occurrence, Quote

FEED = Feed(id=FeedId("a"), url="http://a.example/", title="The A Times")
ITEM = Item(id=ItemId("i"), feed=FEED.id, seen_at=SEEN)
FILLER = "Nothing of this has to do with what we look for, it only fills the space. "


def item(**texts: object) -> Item:
    return replace(ITEM, **texts)  # type: ignore[arg-type]


def found(text: str, word: str, field: str = "content", nth: int = 0, term: str = "") -> Occurrence:
    start = -1
    for _ in range(nth + 1):
        start = text.index(word, start + 1)
    return Occurrence(
        field=field,
        value=0,
        start=start,
        end=start + len(word),
        text=word,
        term=term or word,
        how="plain",
    )


def marked(quote: Quote) -> list[str]:
    return [quote.text[start:end] for start, end in quote.marks]


def test_a_short_text_is_quoted_whole() -> None:
    title = "Phone maker leaves over back doors"
    (quote,) = quotes(item(title=title), [found(title, "back doors", "title")])
    assert quote == Quote(field="title", text=title, marks=((24, 34),))


def test_a_long_text_is_cut_between_words_on_both_sides() -> None:
    text = FILLER * 5 + "They left over back doors in it. " + FILLER * 5
    (quote,) = quotes(item(content=text), [found(text, "back doors")])
    assert marked(quote) == ["back doors"]
    assert quote.text[0] == quote.text[-1] == "…"
    assert 120 <= len(quote.text) <= 162
    assert set(quote.text.strip("…").split()) <= set(text.split())


def test_a_text_without_spaces_is_cut_between_characters() -> None:
    text = "加密通信" * 60 + "黑莓" + "后门协议" * 60
    (quote,) = quotes(item(content=text), [found(text, "黑莓")])
    assert marked(quote) == ["黑莓"]
    assert len(quote.text) == 162


def test_context_that_is_missing_on_one_side_is_given_to_the_other() -> None:
    text = "Back doors open. " + FILLER * 10
    (quote,) = quotes(item(content=text), [found(text, "Back doors")])
    assert quote.text.startswith("Back doors")
    assert len(quote.text) >= 140


def test_words_near_each_other_share_a_quote() -> None:
    text = FILLER * 3 + "back doors and a wiretap. " + FILLER * 3
    (quote,) = quotes(item(content=text), [found(text, "wiretap"), found(text, "back doors")])
    assert marked(quote) == ["back doors", "wiretap"]


def test_overlapping_words_are_one_mark() -> None:
    text = "the back door law"
    both = [found(text, "back door"), found(text, "door law"), found(text, "door")]
    (quote,) = quotes(item(content=text), both)
    assert marked(quote) == ["back door law"]


def test_words_far_from_each_other_have_quotes_of_their_own_title_first() -> None:
    title = "Of back doors"
    text = "wiretap " + FILLER * 9 + "intercept"
    shown = quotes(
        item(title=title, content=text),
        [found(text, "intercept"), found(text, "wiretap"), found(title, "back doors", "title")],
    )
    assert [marked(quote) for quote in shown] == [["back doors"], ["wiretap"], ["intercept"]]


def test_a_term_that_nothing_else_shows_is_worth_more_than_a_repetition() -> None:
    text = "".join(f"{n}th door " + f"{n} {FILLER}" * 4 for n in range(4, 8)) + "wiretap"
    doors = [found(text, "door", nth=number) for number in range(4)]
    shown = quotes(item(content=text), [*doors, found(text, "wiretap")])
    assert [marked(quote) for quote in shown] == [["door"], ["door"], ["wiretap"]]


def test_what_the_summary_and_the_content_both_say_is_quoted_once() -> None:
    text = "They left over back doors."
    shown = quotes(
        item(summary=text, content=text),
        [found(text, "back doors", "summary"), found(text, "back doors", "content")],
    )
    assert [quote.field for quote in shown] == ["summary"]


def test_a_line_feed_in_a_text_is_a_space_in_its_quote() -> None:
    text = "One line\nback doors"
    (quote,) = quotes(item(content=text), [found(text, "back doors")])
    assert quote == Quote(field="content", text="One line back doors", marks=((9, 19),))


def test_an_author_is_quoted_from_the_right_value() -> None:
    by = Occurrence(field="author", value=1, start=0, end=3, text="Ann", term="Ann", how="plain")
    (quote,) = quotes(item(authors=("Bob", "Ann Lee")), [by])
    assert quote == Quote(field="author", text="Ann Lee", marks=((0, 3),))


def test_a_match_in_a_text_that_is_gone_shows_the_words_alone() -> None:
    text = "They left over back doors."
    (quote,) = quotes(item(content=""), [found(text, "back doors")])
    assert quote == Quote(field="content", text="back doors", marks=((0, 10),))


def test_a_match_in_a_field_of_another_kind_shows_the_words_alone() -> None:
    link = found("example.org", "example.org", field="link")
    (quote,) = quotes(ITEM, [link])
    assert (quote.field, quote.text) == ("link", "example.org")


def test_a_match_longer_than_a_quote_is_cut() -> None:
    text = "x" * 5_000
    (quote,) = quotes(item(content=text), [found(text, text)])
    assert quote.text == "x" * 160 + "…"
    assert quote.marks == ((0, 160),)


def test_no_occurrence_makes_no_quote() -> None:
    assert quotes(ITEM, []) == ()


spans = st.lists(st.tuples(st.integers(0, 800), st.integers(1, 300)), min_size=1, max_size=12)


@given(st.text("ab é\n👩‍🚒.", min_size=1, max_size=900), spans)
def test_every_mark_of_a_quote_is_the_text_that_matched(
    text: str, places: list[tuple[int, int]]
) -> None:
    inside = [(start, min(start + size, len(text))) for start, size in places if start < len(text)]
    hits = [
        Occurrence(
            field="content", value=0, start=s, end=e, text=text[s:e], term=str(s), how="regex"
        )
        for s, e in inside
    ]
    shown = quotes(item(content=text), hits)
    assert len(shown) <= 3
    for quote in shown:
        assert quote.text.strip("…") in text.replace("\n", " ")
        assert len(quote.text) <= 500
        assert list(quote.marks) == sorted(quote.marks)
        flat = [offset for mark in quote.marks for offset in mark]
        assert flat == sorted(flat)
        assert flat[-1] <= len(quote.text)
    if inside:
        assert shown[0].marks


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(-9, 90), st.integers(-9, 90))))
def test_a_quote_taken_apart_is_all_there(text: str, marks: list[tuple[int, int]]) -> None:
    parts = pieces(Quote(field="title", text=text, marks=tuple(marks)))
    assert "".join(part for part, _ in parts) == text
    assert all(part for part, _ in parts)


def test_marks_stay_on_their_words_when_a_quote_is_cleaned() -> None:
    text = "over\x1b[31m \u202eback\x00 doors\u202c now"
    dirty = Quote(field="title", text=text, marks=((11, 22),))
    message = tidy(Message(headline="", rules=(replace(RULE, quotes=(dirty,)),)))
    (clean,) = message.rules[0].quotes
    assert marked(clean) == ["back doors"]
    assert clean.text == "over[31m back doors now"


def test_an_item_is_cited_with_the_beginning_of_what_it_says() -> None:
    told = cited(item(title="T", link="http://a.example/1", content=FILLER * 9), FEED)
    assert (told.title, told.link, told.feed_title) == ("T", "http://a.example/1", "The A Times")
    assert told.summary.startswith("Nothing of this")
    assert len(told.summary) <= 300


def test_the_feeds_own_summary_is_cited_rather_than_the_content() -> None:
    assert cited(item(summary="In short.", content="At length."), FEED).summary == "In short."
