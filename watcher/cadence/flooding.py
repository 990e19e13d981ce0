"""A known feed of which nearly everything is new at once: guids rewritten, a site moved."""

from datetime import datetime

from watcher.cadence.coverage import DAY
from watcher.cadence.telling import notice
from watcher.model import DueFeed, Notice

LEAST = 10  # entries of a document that is judged
NEARLY_ALL = 0.9  # of its entries new
TIMES = 4.0  # as many as its rate would bring


def flood(due: DueFeed, fresh: int, shown: int, now: datetime) -> Notice | None:
    """Say that a visit brought implausibly many new items; None where it did not.

    `shown` counts the entries of its document. They were told apart by guid, link and title
    before, so these are in no words that we know. A busy feed after a long rest is none: its rate
    says that so many came.
    """
    before = due.memory
    known = before.last_fresh_at is not None and before.look_back is None
    if not known or shown < LEAST or fresh < NEARLY_ALL * shown or before.last_read_at is None:
        return None
    elapsed = max(0.0, (now - before.last_read_at) / DAY)
    expected = (before.habits.rate or 0.0) * elapsed
    if fresh <= TIMES * max(1.0, expected):
        return None
    text = (
        f"made {fresh} of {shown} items new in one visit, where its rate would have brought"
        f" {expected:.0f}: alerts about them are told together"
    )
    return notice(due, "flood", text)
