"""Stories: tells copies of what was told before from what only looks like it. Pure.

`sketch` and `claims` say by what to look up candidates, `Recall` finds them, `place` decides, and
`new_facts` tells what a copy adds.
"""

from watcher.stories.attribution import claims
from watcher.stories.comparing import Windows
from watcher.stories.facts import new_facts
from watcher.stories.indexing import sketch
from watcher.stories.placing import edited, place
from watcher.stories.recall import Recall, held_since, key_of_word

__all__ = [
    "Recall",
    "Windows",
    "claims",
    "edited",
    "held_since",
    "key_of_word",
    "new_facts",
    "place",
    "sketch",
]
