"""Verbs that correct by hand what was decided about stories."""

from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.asked import only_item
from watcher.cli.printing import say
from watcher.cli.settings import CONFIG, Opened
from watcher.clock import SystemClock

if TYPE_CHECKING:
    from watcher.model import Item, StoryId
    from watcher.ports import Transaction

ITEM = typer.Argument(help="An item's id, the beginning of one, its guid or link.")


def split_story(item: Annotated[str, ITEM], config: CONFIG = None) -> None:
    """Take an item out of its story: it leads one of its own, and its copies follow it.

    - `watcher stories split 8f3a` when `watcher why 8f3a` names a story that it is not
    """
    with Opened(config) as store, store.transaction() as tx:
        one = only_item(tx, item)
        try:
            tx.split(one.id, f"split off from story {_story_of(tx, one)} by hand, {_today()}")
        except ValueError as mistake:
            say(str(mistake))
            raise typer.Exit(1) from None
    say(f"“{one.title}” leads story {one.id} now; nothing is sent for that")


def join_stories(
    item: Annotated[str, ITEM], into: Annotated[str, ITEM], config: CONFIG = None
) -> None:
    """Tell the story of the first item under that of the second; later copies belong there too.

    - `watcher stories join 8f3a 1c22` lets the story of 8f3a be told under that of 1c22
    """
    with Opened(config) as store, store.transaction() as tx:
        story, target = (_story_of(tx, only_item(tx, wanted)) for wanted in (item, into))
        try:
            tx.join(story, target, f"joined to story {target} by hand, {_today()}")
        except ValueError as mistake:
            say(str(mistake))
            raise typer.Exit(1) from None
        lead = tx.lead_of(target)
    say(f"story {story} is told as “{lead.title}” now")


def _story_of(tx: "Transaction", item: "Item") -> "StoryId":
    placement = tx.placement(item.id)
    if placement is None:
        say(f"item {item.id} is in no story")
        raise typer.Exit(1)
    return placement.story


def _today() -> str:
    return f"{SystemClock().now():%Y-%m-%d}"
