"""Older pages of a feed (RFC 5005, JSON Feed's `next_url`), gone through after a gap.

At most three, each a visit of its own, unconditional and as polite as any. They bring what came
between the two visits; what is older than that is kept, but nobody is told of it now.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.cadence.pace import Harvest
from watcher.model import Document, DueFeed, FetchResult, Item, ItemId, LookBack, ReadResult

MOST_PAGES = 3
MARGIN = timedelta(days=1)  # dates are advice: an item is called old only well before the gap
TOO_OLD = "older than the last visit before the gap: kept, not alerted"


def begin(due: DueFeed, document: Document, resume_at: datetime, now: datetime) -> LookBack | None:
    """Start to go through older pages, if the document names one that is not itself."""
    page = document.older_page
    if not page or page == due.home:
        return None
    return LookBack(page=page, since=due.memory.last_read_at or now, resume_at=resume_at)


def go_on(
    look_back: LookBack, answer: FetchResult, read: ReadResult | None, harvest: Harvest
) -> LookBack | None:
    """Tell which page is next; None when the gap is closed, or there is no more to get."""
    here = counted(look_back, read, harvest)
    if not isinstance(read, Document) or harvest.reaches or here.pages >= MOST_PAGES:
        return None
    url = getattr(answer, "url", "")
    if not read.older_page or read.older_page in (look_back.page, url):
        return None
    return replace(here, page=read.older_page)


def counted(look_back: LookBack, read: ReadResult | None, harvest: Harvest) -> LookBack:
    """Count this page and what it held."""
    if not isinstance(read, Document):
        return look_back
    pages, found = look_back.pages + 1, look_back.found + harvest.missed
    return replace(look_back, pages=pages, found=found)


def older_than_the_gap(
    items: Sequence[Item], known: Collection[ItemId], since: datetime
) -> dict[ItemId, str]:
    """Tell which items of an older page were no news before the gap either, and why.

    `known` are those that we had seen before the gap. An item's date decides, and where it has
    none its place: behind the first one that we knew.
    """
    places = [place for place, item in enumerate(items) if item.id in known]
    first_known = min(places, default=len(items))
    return {
        item.id: TOO_OLD
        for place, item in enumerate(items)
        if (item.published < since - MARGIN if item.published is not None else place > first_known)
    }
