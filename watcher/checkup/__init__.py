"""A feed looked at once, thoroughly, for a person: what it is, how it behaves, what is odd.

    looking    the story: ask, read, ask again, judge
    findings   what is odd about the way there, the server and the document
    found      the nouns

All judgements are those of the daemon: `parse` reads, `cadence` chooses the interval and the way
to ask. Nothing is kept.
"""

from watcher.checkup.found import Asked, Checkup
from watcher.checkup.looking import checkup

__all__ = ["Asked", "Checkup", "checkup"]
