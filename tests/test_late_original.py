"""Copies came first, and named their original: what happens when that one is seen. End to end."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from tests.stories.telling import item
from tests.world import World
from watcher.model import Item, Placement, Story
from watcher.pipeline import place_stream
from watcher.ports import Store
from watcher.shelf import Shelf
from watcher.store import open_store
from watcher.text.links import normal_link

A, B, C = "http://reposts.example/", "http://orig.example/", "http://third.example/"
QUARTER = timedelta(minutes=15)  # of the feeds: none of them waits longer for bringing nothing
ARTICLE = f"{B}2026/harbour-bridge"
TITLE, SPUN_TITLE = "Harbour bridge shut after barge hits pillar", "Harbour bridge closed by barge"
TEXT = (
    "A barge loaded with gravel struck the second pillar of the harbour bridge in Lindfors before "
    "dawn on Monday, and the port authority closed it to trains and cars at once. Engineer Ada "
    "Holm wants divers to look at the foundations before any train may cross again."
)
NAMED = f"{TEXT} Article source: {ARTICLE}"
MORE = (
    "Trains from the north end at the market square, where buses wait; those who come by car are "
    "sent round the bay, which takes an hour more. The port has asked the owner of the barge why "
    "it left its berth in fog, against the advice of the pilots, and without a second lookout at "
    "the bow. The mayor spoke of luck, because the first school train was late that morning, and "
    "promised that the old ferry would be taken out of the museum, painted, and put to work again."
)
OTHER_WORDS = "Commuters need a steamer for now, and nobody knows until when."


def stories(store: Store, world: World) -> tuple[Story, ...]:
    with store.reading() as tx:
        return tx.stories(world.clock.now() - timedelta(days=9), 9)


def led(store: Store, world: World) -> list[tuple[str, int]]:
    return sorted((story.title, story.items) for story in stories(store, world))


def test_a_late_original_leads_the_story_and_alerts_no_second_time(store: Store) -> None:
    world = World(store, every=QUARTER, rules={"bridge": "bridge"}, feeds=[A, B, C])
    world.publish(A, SPUN_TITLE, NAMED)
    world.poll_and_deliver()
    (before,) = stories(store, world)
    world.publish(B, TITLE, TEXT, link=ARTICLE)
    world.poll_and_deliver()
    world.start()
    world.publish(C, "Bridge shut", TEXT)
    world.poll_and_deliver()
    assert world.phone.headlines == [SPUN_TITLE]
    (story,) = stories(store, world)
    assert (story.id, story.title, story.link, story.items) == (before.id, TITLE, ARTICLE, 3)
    with store.reading() as tx:
        first, former, *_ = tx.story_items(story.id)
        trail = tx.trail(former[0].id)
    assert first[1].because == (
        f"“{SPUN_TITLE}” (reposts.example) says that this article is its source",
        f"it is the original, so it leads the story from now on, not “{SPUN_TITLE}”"
        " (reposts.example)",
    )
    assert trail is not None
    assert trail.lead is not None
    assert trail.lead.title == TITLE


def test_an_alert_that_waits_is_told_under_the_original(store: Store) -> None:
    world = World(
        store,
        every=QUARTER,
        rules={"bridge": "bridge"},
        feeds=[A, B],
        group_wait=timedelta(hours=1),
    )
    world.publish(A, SPUN_TITLE, NAMED)
    world.poll()
    world.pass_time()
    world.publish(B, TITLE, TEXT, link=ARTICLE)
    world.poll()
    world.pass_time(hours=1)
    world.deliver()
    (alert,) = world.phone.sent
    assert alert.message.headline == TITLE
    assert alert.message.lead is not None
    assert alert.message.lead.link == ARTICLE
    assert [copy.feed for copy in alert.message.copies] == ["reposts.example"]
    assert alert.message.original == ""


def test_a_late_original_still_speaks_up_for_a_rule_that_the_story_lacked(store: Store) -> None:
    world = World(
        store, every=QUARTER, rules={"bridge": "bridge", "steamer": "steamer"}, feeds=[A, B]
    )
    world.publish(A, SPUN_TITLE, NAMED)
    world.poll_and_deliver()
    world.publish(B, TITLE, f"{TEXT} {OTHER_WORDS}", link=ARTICLE)
    world.poll_and_deliver()
    assert [sorted(alert.rule_ids) for alert in world.phone.sent] == [["bridge"], ["steamer"]]
    assert world.phone.headlines == [SPUN_TITLE, TITLE]


def test_no_copy_of_a_copy_joins_a_story_whose_late_lead_it_does_not_resemble(
    store: Store,
) -> None:
    world = World(store, every=QUARTER, rules={"bridge": "bridge"}, feeds=[A, B, C])
    world.publish(A, SPUN_TITLE, f"{MORE} {NAMED}")
    world.poll_and_deliver()
    world.publish(B, "Stranded commuters", OTHER_WORDS, link=ARTICLE)
    world.poll_and_deliver()
    world.publish(C, SPUN_TITLE, f"{MORE} {TEXT}")
    world.poll_and_deliver()
    assert led(store, world) == [(SPUN_TITLE, 1), ("Stranded commuters", 2)]


def test_a_story_joined_by_hand_to_that_of_a_late_original_chains_nothing_either(
    store: Store,
) -> None:
    world = World(store, every=QUARTER, rules={"bridge": "bridge"}, feeds=[A, B, C])
    world.publish(A, SPUN_TITLE, f"{MORE} {NAMED}")
    world.poll_and_deliver()
    world.publish(B, "Stranded commuters", OTHER_WORDS, link=ARTICLE)
    world.publish(C, "Cod is dear in Hammerfest")
    world.poll_and_deliver()
    into, cod = sorted(stories(store, world), key=lambda story: -story.items)
    with store.transaction() as tx:
        tx.join(cod.id, into.id, "the same, says Ann")
    world.publish(C, SPUN_TITLE, f"{MORE} {TEXT}")
    world.poll_and_deliver()
    assert led(store, world) == [(SPUN_TITLE, 1), ("Stranded commuters", 3)]


def test_a_late_original_leads_where_only_a_later_copy_names_it(store: Store) -> None:
    world = World(store, every=QUARTER, rules={"bridge": "bridge"}, feeds=[A, B, C])
    world.publish(C, "Bridge shut", TEXT)
    world.poll_and_deliver()
    world.publish(A, SPUN_TITLE, NAMED)
    world.poll_and_deliver()
    world.publish(B, "Stranded commuters", OTHER_WORDS, link=ARTICLE)
    world.poll_and_deliver()
    assert led(store, world) == [("Stranded commuters", 3)]


def test_a_lead_that_another_story_names_as_its_source_stays(store: Store) -> None:
    world = World(store, every=QUARTER, rules={"bridge": "bridge"}, feeds=[A, B, C])
    world.publish(A, SPUN_TITLE, NAMED, link=f"{A}2026/barge")
    world.poll_and_deliver()
    world.publish(C, "Cod is dear", f"It is, in Hammerfest. Via: {A}2026/barge")
    world.poll_and_deliver()
    world.publish(B, TITLE, TEXT, link=ARTICLE)
    world.poll_and_deliver()
    assert led(store, world) == [("Cod is dear", 1), (SPUN_TITLE, 2)]


def test_of_two_that_name_each_other_the_first_leads_whatever_comes_after(store: Store) -> None:
    world = World(store, every=QUARTER, rules={"bridge": "bridge"}, feeds=[A, B, C])
    world.publish(A, SPUN_TITLE, NAMED, link=f"{A}2026/barge")
    world.poll_and_deliver()
    world.publish(B, TITLE, f"{TEXT} Article source: {A}2026/barge", link=ARTICLE)
    world.poll_and_deliver()
    world.publish(C, "Bridge shut", NAMED)
    world.poll_and_deliver()
    assert led(store, world) == [(SPUN_TITLE, 3)]
    assert world.phone.headlines == [SPUN_TITLE]


def test_an_edit_changes_no_lead(store: Store) -> None:
    world = World(store, every=QUARTER, rules={"bridge": "bridge"}, feeds=[A, B])
    world.publish(A, SPUN_TITLE, TEXT, guid="1", link=f"{A}1")
    world.poll_and_deliver()
    world.publish(B, TITLE, TEXT, guid="2", link=ARTICLE)
    world.poll_and_deliver()
    world.internet.pages[A].items.clear()
    world.publish(A, SPUN_TITLE, NAMED, guid="1", link=f"{A}1")
    world.poll_and_deliver()
    assert led(store, world) == [(SPUN_TITLE, 2)]
    world.internet.pages[B].items.clear()
    world.publish(B, TITLE, f"{TEXT} It said so.", guid="2", link=ARTICLE)
    world.poll_and_deliver()
    assert led(store, world) == [(SPUN_TITLE, 2)]
    assert len(world.phone.sent) == 1


def test_an_original_that_is_named_only_after_an_edit_leads_when_it_comes(store: Store) -> None:
    world = World(store, every=QUARTER, rules={"bridge": "bridge"}, feeds=[A, B])
    world.publish(A, SPUN_TITLE, TEXT, guid="1", link=f"{A}1")
    world.poll_and_deliver()
    world.internet.pages[A].items.clear()
    world.publish(A, SPUN_TITLE, NAMED, guid="1", link=f"{A}1")
    world.poll_and_deliver()
    world.publish(B, TITLE, TEXT, link=ARTICLE)
    world.poll_and_deliver()
    assert led(store, world) == [(TITLE, 2)]


def test_a_lead_that_was_split_off_by_hand_keeps_its_story(store: Store) -> None:
    world = World(store, every=QUARTER, rules={"bridge": "bridge"}, feeds=[A, B, C])
    world.publish(C, TITLE, TEXT)
    world.poll_and_deliver()
    world.publish(A, SPUN_TITLE, NAMED, link=f"{A}1")
    world.poll_and_deliver()
    with store.transaction() as tx:
        (copy,) = tx.find_items(f"{A}1", 2)
        tx.split(copy.id, "another bridge, says Ann")
    world.publish(B, "Bridge shut", TEXT, link=ARTICLE)
    world.poll_and_deliver()
    assert led(store, world) == [(SPUN_TITLE, 2), (TITLE, 1)]


def told(one: Item, placed: Placement) -> tuple[str, str, str, str | None]:
    return one.id, placed.story, placed.verdict.value, placed.of


def placed_on_a_shelf() -> list[tuple[str, str, str, str | None]]:
    return [told(one, placement) for one, placement in place_stream(Shelf(), ITEMS)]


def placed_by(url: str, items: Iterable[Item]) -> list[tuple[str, str, str, str | None]]:
    store = open_store(url)
    try:
        with store.transaction() as tx:
            return [told(one, placement) for one, placement in place_stream(tx, items)]
    finally:
        store.close()


ITEMS = (
    item("copy", title=SPUN_TITLE, content=NAMED, link=f"{A}1"),
    item("cod", title="Cod is dear in Hammerfest", summary=OTHER_WORDS, days=0.5),
    item("late", title=TITLE, summary=TEXT, link=ARTICLE, normal_link=normal_link(ARTICLE), days=1),
    item("again", title=TITLE, summary=TEXT, days=2),
    item("late", title=f"Update: {TITLE}", summary=TEXT, link=ARTICLE, days=3),
)


def test_a_restart_between_any_two_items_changes_no_answer(
    database_url: str, tmp_path: Path
) -> None:
    at_once = placed_by(str(tmp_path / "at once.db"), ITEMS)
    one_by_one = [placed for one in ITEMS for placed in placed_by(database_url, [one])]
    assert at_once == one_by_one == placed_on_a_shelf()
    assert at_once[2:] == [
        ("late", "copy", "copy", "copy"),
        ("again", "copy", "copy", "late"),
        ("late", "copy", "copy", "late"),
    ]
