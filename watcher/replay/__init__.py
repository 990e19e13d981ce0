"""Recorded visits, taken in again: the daemon's own pipeline on a clock that shows their times.

    staging   a configuration for the replay: its feeds, a database aside, nothing that sends
    playing   the records, one after the other; between them what falls due is delivered
    tally     what it came to

What differs from the days themselves: a feed is visited when it was, not when it is due; how rules
do is not judged; what the operator would be told of feeds comes with the visits, not as alerts.
"""

from watcher.replay.playing import play
from watcher.replay.staging import own_database, set_up
from watcher.replay.tally import Tally

__all__ = ["Tally", "own_database", "play", "set_up"]
