from dataclasses import replace
from datetime import timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from tests.stories.telling import (
    SPUN_SUMMARY,
    SPUN_TITLE,
    SUMMARY,
    TITLE,
    item,
    original,
    spun,
    told,
)
from watcher.model import ItemId, Placement, Source, StoryId, Told, Verdict
from watcher.stories import Windows, edited, place

ARTICLE = "northwind.example/2026/03/recall"


def outcome(placed: Placement) -> tuple[Verdict, str | None, str]:
    return placed.verdict, placed.of, placed.story


def test_the_same_article_in_another_feed_is_a_copy() -> None:
    one = original(normal_link=ARTICLE)
    other = item(title="Show: routers with a hidden word", normal_link=ARTICLE)
    placed = place(other, (told(one),), (), ())
    assert outcome(placed) == (Verdict.COPY, "original", "original")
    assert placed.because == (f"same article as “{TITLE}” (feed-original): both link to {ARTICLE}",)


def test_a_link_without_any_text_is_enough() -> None:
    bare = item("bare", normal_link=ARTICLE)
    placed = place(item(title=TITLE, normal_link=ARTICLE), (told(bare),), (), ())
    assert outcome(placed) == (Verdict.COPY, "bare", "bare")
    assert "untitled" in placed.because[0]


def test_a_page_that_many_stories_link_to_proves_nothing() -> None:
    hub = "northwind.example/status"
    june = item("june", title="All systems work: Day 5", summary=SUMMARY, normal_link=hub)
    july = item("july", title="All systems work: Day 6", summary=SUMMARY, normal_link=hub)
    fish = item("fish", title="Cod is dear in Hammerfest", normal_link=hub)
    assert place(july, (told(june),), (), ()).verdict is Verdict.NEW
    assert place(fish, (told(june),), (), ()).verdict is Verdict.NEW


def test_a_home_page_and_the_feed_itself_prove_nothing() -> None:
    home = item("home", title="Cod is dear", normal_link="northwind.example")
    other = item(title="Cod is dear and rare", normal_link="northwind.example")
    same = item("same", feed="feed-later", title="Cod is dear and rare", normal_link=ARTICLE)
    assert place(other, (told(home),), (), ()).verdict is not Verdict.COPY
    assert place(item(title="Other cod", normal_link=ARTICLE), (told(same),), (), ()).verdict is (
        Verdict.NEW
    )


def test_a_claimed_original_is_copied_whatever_the_words() -> None:
    source = Source(url=f"https://www.{ARTICLE}/?utm_source=x", how="rel=canonical")
    one = original(normal_link=ARTICLE)
    placed = place(item(title="Unplug them", sources=(source,)), (), (told(one),), ())
    assert outcome(placed) == (Verdict.COPY, "original", "original")
    assert placed.because == (
        f"text says its source is {ARTICLE}, which is “{TITLE}” (feed-original)",
    )


def test_two_copies_of_an_unseen_original_meet() -> None:
    text = f"Read this.\nArticle source: http://{ARTICLE}/"
    one = item("one", title="First repost", content=text)
    placed = place(item(title="Second one", content=text), (), (told(one, story="s"),), ())
    assert outcome(placed) == (Verdict.COPY, "one", "s")
    assert "and so does “First repost” (feed-one)" in placed.because[0]


def test_an_original_that_comes_late_joins_the_story_of_its_copy() -> None:
    copy = item("copy", title="Repost", content=f"Words.\nArticle source: http://{ARTICLE}")
    placed = place(original(normal_link=ARTICLE), (told(copy),), (), ())
    assert outcome(placed) == (Verdict.COPY, "copy", "copy")
    assert placed.leads
    assert placed.because == (
        "“Repost” (feed-copy) says that this article is its source",
        "it is the original, so it leads the story from now on, not “Repost” (feed-copy)",
    )


def test_a_mere_via_link_needs_words_that_bear_it_out() -> None:
    one = original(normal_link=ARTICLE)
    own_words = "A lecturer in Tromsoe found a word that opens boxes, and shops are cross."
    rewritten = item(title="Unplug them", summary=f"{own_words} Via: https://{ARTICLE}")
    copied = item(title=SPUN_TITLE, summary=f"{SPUN_SUMMARY} Via: https://{ARTICLE}")
    related = place(rewritten, (), (told(one),), ())
    assert outcome(related) == (Verdict.RELATED, "original", "later")
    assert related.because[0].endswith("but it tells it in other words")
    assert place(copied, (), (told(one),), ()).verdict is Verdict.COPY


def test_an_address_decides_before_words() -> None:
    twin = item("twin", title=TITLE, summary=SUMMARY)
    linked = original(normal_link=ARTICLE)
    placed = place(
        item(title=TITLE, summary=SUMMARY, normal_link=ARTICLE), (told(linked),), (), (told(twin),)
    )
    assert placed.of == "original"


def test_a_copy_of_a_copy_must_resemble_the_lead() -> None:
    lead, copy = original(), item("copy", title=TITLE, summary=SUMMARY, days=1)
    foreign = item("foreign", title="Cod is dear", summary="In Hammerfest a kilo costs more.")
    link = told(copy, story="foreign", lead=False)
    later = spun()
    both = (told(lead), told(copy, story="original", lead=False))
    assert outcome(place(later, (), (), both)) == (Verdict.COPY, "original", "original")
    chained = place(later, (), (), (told(foreign), link))
    assert outcome(chained) == (Verdict.RELATED, "copy", "later")
    assert "but not like “Cod is dear” (feed-foreign)" in chained.because[0]


def test_a_copy_whose_lead_is_not_at_hand_takes_only_the_same_words() -> None:
    copy = told(item("copy", title=TITLE, summary=SUMMARY), story="elsewhere", lead=False)
    same = place(item(title=TITLE, summary=SUMMARY), (), (), (copy,))
    swapped = place(spun(), (), (), (copy,))
    assert outcome(same) == (Verdict.COPY, "copy", "elsewhere")
    assert outcome(swapped) == (Verdict.RELATED, "copy", "later")
    assert "itself a copy of what is not at hand" in swapped.because[0]


def test_the_windows_are_fourteen_days_across_and_three_within() -> None:
    across = [place(spun(days), (), (), (told(original()),)) for days in (14, 14.1)]
    assert [placed.verdict for placed in across] == [Verdict.COPY, Verdict.NEW]
    one = told(original())
    again = [
        item(feed="feed-original", title=TITLE, summary=SUMMARY, days=days) for days in (3, 3.1)
    ]
    within = [place(other, (), (), (one,)) for other in again]
    assert [placed.verdict for placed in within] == [Verdict.COPY, Verdict.NEW]
    narrow = Windows(across=timedelta(hours=1), within=timedelta(hours=1))
    assert place(spun(1), (), (), (one,), windows=narrow).verdict is Verdict.NEW


def test_an_items_own_story_is_no_candidate() -> None:
    own = original()
    copy = told(replace(spun(), id=ItemId("copy")), story="original", lead=False)
    placed = place(own, (told(own),), (), (told(own), copy))
    assert outcome(placed) == (Verdict.NEW, None, "original")


def test_an_edited_item_stays_where_it_is() -> None:
    known = place(spun(), (), (), (told(original()),))
    placed = edited(known)
    assert outcome(placed) == (Verdict.COPY, "later", "original")
    assert placed.because == ("an edited version of the same item",)


def test_the_order_of_candidates_does_not_matter() -> None:
    candidates: list[Told] = [
        told(original()),
        told(item("twin", title=TITLE, summary=SUMMARY, days=0.5)),
        told(item("other", title="Cod is dear", summary="In Hammerfest a kilo costs more.")),
    ]
    placed = {place(spun(), (), (), order) for order in permutations(candidates)}
    assert len(placed) == 1
    assert placed.pop().of == "original"


TEXTS = st.text(max_size=200) | st.sampled_from(
    [
        TITLE,
        SUMMARY,
        SPUN_SUMMARY,
        "\ud800 via http://",
        "Home / / ",
        "…",
        "a" * 5000,
        "1,2.3-4 " * 99,
    ]
)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_whatever_two_items_say_a_placement_comes_out_and_says_why(
    title: str, summary: str, other_title: str, content: str
) -> None:
    one = item("one", title=title, summary=summary)
    other = item(title=other_title, summary=summary, content=content)
    placed = place(other, (), (), (told(one),))
    assert placed == place(other, (), (), (told(one),))
    assert placed.because
    assert all(placed.because)
    assert (placed.story == "one") is (placed.verdict is Verdict.COPY)
    assert (placed.of is None) is (placed.verdict is Verdict.NEW)


def test_a_body_that_stands_under_several_stories_of_a_source_is_no_evidence() -> None:
    body = "Here is what our reporters are watching today and what you should know about it"
    told = [
        item(name, feed="other", title=title, summary=body)
        for name, title in (("a", "Harbour bridge shut"), ("b", "Rubbish tax raised"))
    ]
    copy = item(feed="mine", title="Mayor visits a school", summary=body, days=1)
    one = place(copy, (), (), [Told(item=told[0], story=StoryId("a"), lead=True)])
    assert one.verdict is Verdict.COPY
    both = [Told(item=each, story=StoryId(each.id), lead=True) for each in told]
    placed = place(copy, (), (), both)
    assert placed.verdict is Verdict.NEW
    assert "stand under other stories of its source too" in placed.because[0]


def test_a_copy_of_what_an_item_said_before_it_was_edited_is_found() -> None:
    edited = item("first", title="Nothing to see here", summary="This page was withdrawn.")
    told = Told(item=edited, story=StoryId("first"), lead=True, versions=(original(),))
    assert place(item(title=SPUN_TITLE, summary=SPUN_SUMMARY, days=1), (), (), [told]).story == (
        "first"
    )
