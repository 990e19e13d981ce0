"""An item's day: the order of its steps and the transactions around them, and no policy.

pipeline   the story: feeds are visited and taken in, alerts claimed, sent and settled
turns      whose turn it is: feeds claimed and given back
pages      visits that wait for their items' pages, and what the pages say
intake     one visit's items: told apart, kept, placed, matched, promised
outgoing   one channel's alerts: claimed, sent, settled
senders    who carries them
gathering  what is told together
hushing    what is held no more when a silence begins
placing    where an item belongs, asked of a store or a shelf
logged     a line for each visit and each attempt
watch      what the configuration puts into service
"""

from watcher.pipeline.intake import told_apart
from watcher.pipeline.outgoing import ALERT_LEASE
from watcher.pipeline.pages import NoPages, Seen
from watcher.pipeline.pipeline import AFTER_A_BUG, FEED_LEASE, Pipeline
from watcher.pipeline.placing import place_stream
from watcher.pipeline.watch import Watch

__all__ = [
    "AFTER_A_BUG",
    "ALERT_LEASE",
    "FEED_LEASE",
    "NoPages",
    "Pipeline",
    "Seen",
    "Watch",
    "place_stream",
    "told_apart",
]
