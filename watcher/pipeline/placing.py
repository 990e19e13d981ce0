"""Where an item belongs, asked of what the store holds, and written down there."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from watcher import stories
from watcher.model import Item, Placement, Told
from watcher.ports import Placing, Transaction

CANDIDATES = 12
WINDOWS = stories.Windows()


def place(tx: Placing, item: Item, now: datetime, windows: stories.Windows = WINDOWS) -> Placement:
    """Put an item where it belongs, and write it down; an item placed before stays there."""
    sketch = stories.sketch(item)
    claimed = [source.url for source in stories.claims(item)]
    placement = tx.placement(item.id)
    if placement is None:
        since = windows.begin(now)
        placement = stories.place(
            item,
            _by_its_link(tx, item, since),
            tx.told_by_link(claimed, since),
            _with_leads(tx, tx.told_like(sketch, since, CANDIDATES)),
            windows=windows,
        )
    tx.place(item, placement, sketch, claimed)
    return placement


def look_ahead(
    tx: Transaction, items: Collection[Item], now: datetime, windows: stories.Windows
) -> None:
    """Have all links at hand that placing these items will ask for."""
    named = (source.url for item in items for source in stories.claims(item))
    tx.look_ahead({*(item.normal_link for item in items), *named}, windows.begin(now))


def place_stream(tx: Placing, items: Iterable[Item]) -> Iterator[tuple[Item, Placement]]:
    """Place items one after the other, each at the time it was seen, exactly as a poll would.

    An item whose id came before is an edited version of that item.
    """
    for item in items:
        known = tx.placement(item.id)
        if known is not None:
            tx.keep_edits([item], item.seen_at)
            place(tx, item, item.seen_at)
            yield item, stories.edited(known)
            continue
        tx.keep([item])
        yield item, place(tx, item, item.seen_at)


def _by_its_link(tx: Placing, item: Item, since: datetime) -> tuple[Told, ...]:
    """Find who has an item's link or names it, the leads of their stories, and who names those."""
    found = _with_leads(tx, tx.told_by_link([item.normal_link], since))
    leads = [told.item.normal_link for told in found if told.lead]
    return (*tx.told_by_link(leads, since), *found)


def _with_leads(tx: Placing, found: tuple[Told, ...]) -> tuple[Told, ...]:
    """Add the leads of the stories that candidates are in: they decide about copies of copies."""
    led = {told.story for told in found if told.lead}
    return (*found, *tx.leads({told.story for told in found} - led))
