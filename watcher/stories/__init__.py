"""Stories: tells copies of what was told before from what only looks like it. Pure.

`words` and `claims` say by what to look up candidates, `place` decides among them.
"""

from watcher.stories.attribution import claims
from watcher.stories.comparing import Windows
from watcher.stories.display import difference
from watcher.stories.indexing import words
from watcher.stories.placing import edited, place

__all__ = ["Windows", "claims", "difference", "edited", "place", "words"]
