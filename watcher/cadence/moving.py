"""Addresses that changed for good (301, 308).

A new address is used only after three equal answers that each led to a valid feed: captive portals
and domains that ran out answer 301 too. The configured one is kept: when the new one fails, the
next visit goes to the old one again. The configuration itself is the operator's, and stays.
"""

from watcher.model import DueFeed, Move

ENOUGH = 3


def move_after(due: DueFeed, led_to: str) -> Move:
    """Tell where the feed lives after an answer that was a feed; `led_to` is empty without 301."""
    move = due.memory.move
    if not led_to or led_to == due.home:
        return Move(to=move.to)
    times = move.times + 1 if led_to == move.said else 1
    if times < ENOUGH:
        return Move(to=move.to, said=led_to, times=times)
    return Move(to="" if led_to == due.feed.url else led_to)
