"""Items whose pages are fetched: what rules and stories see of them, and what failures cost."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from tests.fakes import FakeInternet, FakePages
from tests.world import World
from watcher.model import (
    AlertKind,
    DueFeed,
    FeedId,
    FullText,
    Item,
    PageNote,
    PagesAsked,
    Source,
    Trail,
    Visit,
)
from watcher.pipeline import NoPages, Seen
from watcher.ports import Answered, PagesCame, Store

A, B = "http://a.example/", "http://b.example/"
FIRST, SECOND = f"{A}news/1", f"{A}news/2"
TEXT = (
    "The river rose two metres overnight and the council of Northam closed the bridge to all "
    "traffic at six in the morning; engineer Jane Doe expects it to stay shut until Friday. "
    "Divers are to look at the pillars before any lorry may cross the north bridge again."
)
SPUN = (
    "The river climbed two metres overnight and the council of Northam shut the bridge to all "
    "traffic at six in the morning; engineer Jane Doe expects it to remain closed until Friday. "
    "Divers are to look at the pillars before any lorry may cross the north bridge once more."
)


def world_of(store: Store, rules: dict[str, str], *feeds: str, **more: object) -> World:
    return World(store, rules, feeds=feeds or (A,), full_text=FullText.YES, **more)  # type: ignore[arg-type]


def trail(store: Store, link: str) -> Trail:
    with store.reading() as tx:
        (item,) = tx.find_items(link, 5)
        found = tx.trail(item.id)
    assert found is not None
    return found


def item(store: Store, link: str) -> Item:
    return trail(store, link).item


def note(store: Store, link: str) -> PageNote:
    found = trail(store, link).page
    assert found is not None
    return found


def test_rules_match_words_that_only_the_page_has(store: Store) -> None:
    world = world_of(store, {"lorry": "lorry"})
    world.publish(A, "North bridge closed", "More in the article.")
    world.pages.show(FIRST, TEXT)
    world.poll_and_deliver()
    assert world.phone.headlines == ["North bridge closed"]
    assert item(store, FIRST).summary == "More in the article."
    assert note(store, FIRST).outcome == f"read: {len(TEXT)} characters"
    assert note(store, FIRST).used


def test_a_spun_copy_is_recognised_by_the_text_of_its_page(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"}, A, B)
    world.publish(A, "North bridge closed", "More in the article.")
    world.pages.show(FIRST, TEXT)
    world.poll_and_deliver()
    world.publish(B, "Bridge shut by the council", "Read on.")
    world.pages.show(f"{B}news/1", SPUN)
    world.poll_and_deliver()
    assert world.phone.headlines == ["North bridge closed"]
    placement = trail(store, f"{B}news/1").placement
    assert placement is not None
    assert placement.verdict == "copy"


def test_an_original_on_another_site_that_the_page_names_is_told(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"})
    original = Source(url="http://original.example/2026/north-bridge", how="rel=canonical")
    world.publish(A, "North bridge closed", "More.")
    world.pages.show(FIRST, TEXT, sources=[original])
    world.poll_and_deliver()
    (alert,) = world.phone.sent
    assert alert.message.original == "original.example/2026/north-bridge"


@pytest.mark.parametrize(
    "canonical", [FIRST, "http://www.a.example/other/2026/story-7", "http://a.example/story-2026"]
)
def test_a_canonical_address_on_its_own_site_is_no_claim(store: Store, canonical: str) -> None:
    world = world_of(store, {"bridge": "bridge"})
    world.publish(A, "North bridge closed", "More.")
    world.pages.show(FIRST, TEXT, sources=[Source(url=canonical, how="rel=canonical")])
    world.poll_and_deliver()
    assert item(store, FIRST).sources == ()
    assert world.phone.sent[0].message.original == ""


def test_where_a_link_leads_by_way_of_others_is_no_claim_either(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"})
    story = "http://paper.example/2026/north-bridge"
    world.publish(A, "North bridge closed", "More.")
    world.pages.show(FIRST, TEXT, url=story, sources=[Source(url=story, how="rel=canonical")])
    world.poll_and_deliver()
    assert item(store, FIRST).sources == ()


def test_a_page_that_cannot_be_had_costs_nothing_but_its_text(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"})
    world.publish(A, "North bridge closed", "More in the article.")
    world.poll_and_deliver()
    assert world.phone.headlines == ["North bridge closed"]
    assert note(store, FIRST) == PageNote(
        item=item(store, FIRST).id, used=False, outcome="404 Not Found"
    )


def test_an_item_whose_page_was_read_is_not_edited_by_the_next_visit(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"})
    world.publish(A, "North bridge closed", "More in the article.")
    world.pages.show(FIRST, TEXT)
    world.poll_and_deliver()
    world.publish(A, "Quiet day at the town hall", "Nothing happened.")
    (visit,) = world.poll()
    assert (visit.fresh, visit.edited) == (1, 0)
    assert trail(store, FIRST).versions == 1
    assert item(store, FIRST).content == TEXT
    assert world.pages.asked == [FIRST, SECOND]


def test_an_edit_by_the_feed_is_an_edit_and_its_page_is_fetched_anew(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge", "ferry": "ferry"})
    world.publish(A, "North bridge closed", "More in the article.")
    world.pages.show(FIRST, TEXT)
    world.poll_and_deliver()
    world.internet.pages[A].items.clear()
    world.publish(A, "North bridge closed for days", "More in the article.", link=FIRST)
    world.pages.show(FIRST, f"{TEXT} A ferry takes people over.")
    (visit,) = world.poll()
    world.deliver()
    assert (visit.fresh, visit.edited) == (0, 1)
    assert trail(store, FIRST).versions == 2
    assert [(alert.kind, sorted(alert.rule_ids)) for alert in world.phone.sent] == [
        (AlertKind.STORY, ["bridge"]),
        (AlertKind.UPDATE, ["ferry"]),
    ]


def test_a_baseline_fetches_no_pages_but_those_that_may_alert(store: Store) -> None:
    world = World(store, {"bridge": "bridge"}, full_text=FullText.YES, backfill=1)
    for number in range(1, 31):
        world.publish(A, f"Bridge number {number} closed")
    world.internet.window = 30
    world.poll()
    assert world.pages.asked == [f"{A}news/30"]
    assert "baseline" in note(store, FIRST).outcome


def test_a_visit_fetches_as_many_pages_as_its_budget_allows_the_newest_first(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"})
    world.pipeline.watch = replace(world.pipeline.watch, pages_per_visit=2)
    for number in range(1, 4):
        world.publish(A, f"Bridge number {number} closed")
    world.poll()
    assert world.pages.asked == [f"{A}news/3", f"{A}news/2"]
    said = "not asked for: this visit had more than 2 items to fetch pages for"
    assert note(store, FIRST).outcome == said


def test_a_feed_that_does_not_ask_for_it_has_no_pages_fetched_and_nothing_noted(
    store: Store,
) -> None:
    world = World(store, {"bridge": "bridge"}, feeds=[A])
    world.publish(A, "North bridge closed")
    world.poll()
    assert world.pages.asked == []
    assert trail(store, FIRST).page is None


def test_a_notice_that_stands_in_place_of_articles_makes_no_story_of_them(store: Store) -> None:
    wall = "Please accept our cookies. We and our 1,204 partners use them to show you this. " * 3
    world = world_of(store, {"bridge": "bridge OR mayor"})
    world.publish(A, "North bridge closed", "By the council.")
    world.pages.show(FIRST, wall)
    world.poll_and_deliver()
    world.publish(A, "Mayor resigns after the vote", "For good.")
    world.pages.show(SECOND, wall.replace("1,204", "1,205"))
    world.poll_and_deliver()
    assert world.phone.headlines == ["North bridge closed", "Mayor resigns after the vote"]
    assert "it is no article" in note(store, SECOND).outcome
    assert item(store, SECOND).content == ""


def test_nor_does_one_that_two_items_of_one_visit_meet(store: Store) -> None:
    wall = "Please accept our cookies. We and our partners use them to show you all this. " * 3
    world = world_of(store, {"bridge": "bridge OR mayor"})
    world.publish(A, "North bridge closed", "By the council.")
    world.publish(A, "Mayor resigns after the vote", "For good.")
    for link in (FIRST, SECOND):
        world.pages.show(link, wall)
    world.poll_and_deliver()
    assert len(world.phone.sent) == 2
    assert "it is no article" in note(store, SECOND).outcome


def test_feeds_without_pages_do_not_wait_for_those_with(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"}, A, B)
    world.feeds[B] = replace(world.feeds[B], full_text=FullText.NO)
    world.configure()
    world.publish(A, "North bridge closed", "More.")
    world.publish(B, "South bridge painted green", "More.")
    there: list[int] = []

    class Late(FakePages):
        def come(self, patience: float = 0.0) -> Sequence[PagesCame]:
            if not patience:  # nobody has waited for them yet
                return ()
            with store.reading() as tx:
                there.append(tx.counts().items)
            return super().come()

    world.pipeline.pages = Late()
    assert [visit.feed for visit in world.poll()] == ["b.example", "a.example"]
    assert there == [1]


def test_pages_that_come_while_a_feed_is_slow_are_taken_in_meanwhile(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"}, A, B)
    world.publish(A, "North bridge closed", "More.")
    world.publish(B, "South bridge painted green", "More.")
    there: list[int] = []

    class Slow(FakeInternet):
        def keep_fetching(
            self, more: Callable[[int], Sequence[DueFeed]]
        ) -> Iterator[Sequence[Answered]]:
            for answered in world.internet.fetch_all(more(200)):
                yield (answered,)
                more(200)  # as again and again while an answer is waited for
                with store.reading() as tx:
                    there.append(tx.counts().items)

    world.pipeline.fetcher = Slow()
    assert [visit.fresh for visit in world.poll()] == [1, 1]
    assert there == [1, 2]


def test_a_stop_while_pages_are_fetched_leaves_the_visit_for_the_next_start(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"})
    world.publish(A, "North bridge closed", "More.")

    class Stopped(FakePages):
        def ask(self, asked: PagesAsked) -> None:
            world.pipeline.stop()
            super().ask(asked)

    world.pipeline.pages = Stopped()
    assert world.poll() == ()
    world.start()
    world.poll_and_deliver()  # its lease was given back: it is due at once
    assert world.phone.headlines == ["North bridge closed"]


def test_pages_for_which_nobody_waits_any_more_are_dropped(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"})
    world.publish(A, "North bridge closed", "More.")
    old = PagesAsked(feed=FeedId("a.example"), addresses=(SECOND,))

    class Behind(FakePages):
        """One that still has pages of a visit that was given up."""

        def ask(self, asked: PagesAsked) -> None:
            super().ask(old)
            super().ask(asked)

    world.pipeline.pages = pages = Behind()
    pages.show(FIRST, TEXT)
    (visit,) = world.poll()
    assert visit.fresh == 1
    assert item(store, FIRST).content == TEXT


def test_a_bug_in_a_visit_with_pages_flies_and_the_feed_rests(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_of(store, {"bridge": "bridge"}, A, B)
    world.publish(A, "North bridge closed", "More.")
    world.publish(B, "South bridge painted green", "More.")
    right = world.pipeline.take_in

    def broken(seen: Seen) -> Visit:
        if seen.due.feed.id == "a.example":
            raise KeyError("a bug")
        return right(seen)

    monkeypatch.setattr(world.pipeline, "take_in", broken)
    with pytest.raises(ExceptionGroup):
        world.poll()
    assert trail(store, f"{B}news/1").page is not None
    monkeypatch.undo()
    assert world.poll() == ()


def test_of_a_document_that_is_mostly_known_only_unseen_items_have_pages_fetched(
    store: Store,
) -> None:
    world = world_of(store, {"bridge": "bridge"})
    for number in range(1, 4):
        world.publish(A, f"Bridge number {number} closed")
        world.poll_and_deliver()
    assert world.pages.asked == [f"{A}news/{number}" for number in range(1, 4)]
    with store.reading() as tx:
        imprint = tx.imprint(FeedId("a.example"))
    assert imprint is not None
    assert len(imprint.prints) == 3, "it is read incrementally"


def test_nor_is_it_edited_where_the_document_is_read_whole(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"})
    world.publish(A, "North bridge closed", "More in the article.")
    world.pages.show(FIRST, TEXT)
    world.poll_and_deliver()
    with store.transaction() as tx:
        tx.keep_imprint(FeedId("a.example"), None)
    world.internet.put(A, world.internet.pages[A].document(20) + b" ")  # other bytes, same items
    (visit,) = world.poll()
    assert (visit.outcome, visit.fresh, visit.edited) == ("read", 0, 0)
    assert world.pages.asked == [FIRST]


def test_an_item_that_shares_its_link_with_a_known_one_has_no_page(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"})
    world.publish(A, "North bridge closed", "More.", link=f"{A}live", guid="one")
    world.poll_and_deliver()
    world.publish(A, "Ferry takes people over", "More.", link=f"{A}live", guid="two")
    world.poll_and_deliver()
    assert world.pages.asked == [f"{A}live"]


def test_a_run_without_pages_says_so(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"})
    world.pipeline.pages = NoPages()
    world.publish(A, "North bridge closed", "More.")
    world.poll_and_deliver()
    assert len(world.phone.sent) == 1
    assert note(store, FIRST).outcome == "not asked for: no pages are fetched here"


def test_a_forgotten_item_takes_its_note_with_it(store: Store) -> None:
    world = world_of(store, {"bridge": "bridge"})
    world.publish(A, "North bridge closed", "More.")
    world.pages.show(FIRST, TEXT)
    world.poll()
    (mark,) = {note(store, FIRST).mark}
    world.pass_time(days=400)
    with store.transaction() as tx:
        now = world.clock.now()
        tx.forget(texts_before=now, everything_before=now)
        assert tx.page_twins(mark, world.pages.asked[0]) == ()  # type: ignore[arg-type]
