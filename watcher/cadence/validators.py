"""How to ask a server whether anything has changed, where it gets that wrong.

By all that it gave us, byte for byte. Where it then sends the very same body again and again, it
does not know its own ETag: behind a balancer each machine has another one, and Apache compares
without the `-gzip` that its compression puts on. Then Last-Modified is sent alone, then the ETag
without that ending; what has worked is kept for this feed. And some servers say "not modified" for
ever: a week without a body, and we ask for it unconditionally.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.cadence.moment import share_of
from watcher.model import Asking, DueFeed, FeedId, FeedMemory

BELIEVED_FOR = timedelta(days=7)  # that nothing has changed, without seeing a body
SPREAD = timedelta(days=1)  # added to it by hash, so that feeds do not all come at once
PROOF = 2  # equal bodies in a row, after the first one, that prove that asking like this is vain
COMPRESSED = re.compile(r'-{1,2}(?:gzip|deflate)(?="?$)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What to send along to ask whether anything has changed, byte for byte; empty: do not ask."""

    etag: str = ""
    last_modified: str = ""


def conditions(due: DueFeed, now: datetime) -> Conditions:
    """Tell how to ask at this visit; an older page, and another address, is asked for as it is."""
    memory = due.memory
    if memory.look_back or memory.validators_url != due.home or _believed_long_enough(memory, now):
        return Conditions()
    match memory.asking:
        case Asking.DATE:
            return Conditions(last_modified=memory.last_modified)
        case Asking.BARE_TAG:
            return Conditions(etag=_bare(memory.etag))
        case Asking.BOTH | Asking.HOPELESS:
            return Conditions(etag=memory.etag, last_modified=memory.last_modified)


def after_same_body(memory: FeedMemory, *, conditional: bool) -> FeedMemory:
    """Tell how to ask from now on, after the same body came once more.

    A body that we asked for unconditionally proves nothing. The ending of a compressed ETag is
    proof enough at once.
    """
    if not conditional:
        return memory
    same = memory.same_bodies + 1
    if same < PROOF and not COMPRESSED.search(memory.etag):
        return _asking(memory, memory.asking, same)
    return _asking(memory, _next(memory), 0)


def after_other_answer(memory: FeedMemory, *, not_modified: bool) -> FeedMemory:
    """Tell how to ask from now on, after another body came, or none; a way that works stays."""
    revived = not_modified and memory.asking is Asking.HOPELESS
    return _asking(memory, Asking.BOTH if revived else memory.asking, 0)


def _next(memory: FeedMemory) -> Asking:
    """Give the next way to ask that differs from those tried."""
    ways = [Asking.BOTH]
    if memory.etag and memory.last_modified:
        ways.append(Asking.DATE)
    if COMPRESSED.search(memory.etag):
        ways.append(Asking.BARE_TAG)
    later = ways[ways.index(memory.asking) + 1 :] if memory.asking in ways else []
    return later[0] if later else Asking.HOPELESS


def _asking(memory: FeedMemory, asking: Asking, same: int) -> FeedMemory:
    if (memory.asking, memory.same_bodies) == (asking, same):
        return memory  # as nearly always
    return replace(memory, asking=asking, same_bodies=same)


def _bare(etag: str) -> str:
    return COMPRESSED.sub("", etag)


def _believed_long_enough(memory: FeedMemory, now: datetime) -> bool:
    last = memory.last_body_at
    return last is not None and now - last >= BELIEVED_FOR + _spread(memory.feed)


def _spread(feed: FeedId) -> timedelta:
    return SPREAD * share_of(feed, 0)
