"""What rules would have found, and what would have been sent, had they been in service.

Goes through the items that are kept, in the order in which they came, with the engine and the
planner of the service. What it tells differs from what was, or would have been, in this:

- an edited item is judged by the text that it has now;
- stories are as they were placed;
- a promise leaves when its route's wait is over, whatever became of the channel;
- the first document of a feed is no baseline: what it held counts as all else does.
"""

from watcher.history.difference import Difference, Edited, Told, difference, edited
from watcher.history.rehearsal import Looked, Rehearsal, past_items

__all__ = [
    "Difference",
    "Edited",
    "Looked",
    "Rehearsal",
    "Told",
    "difference",
    "edited",
    "past_items",
]
