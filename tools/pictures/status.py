"""The status page, of a small Watcher at work."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.web.scene import Page, page_of, scene
from watcher.store import open_store


@contextmanager
def status_pages() -> Iterator[tuple[Page, dict[str, str]]]:
    """Serve it; give where the pages are that are worth a picture."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "watcher.db"))
        played = scene(store, hostile=False)
        with store.reading() as tx:
            story = next(each.id for each in tx.stories_page(limit=50) if each.items > 1)
            alert = tx.alerts_page(limit=50, story=story)[0].key
            _, (copy, _) = tx.story_items(story)
        with page_of(played) as page:
            yield (
                page,
                {
                    "overview": "/",
                    "alert": f"/alerts/{alert}",
                    "story": f"/stories/{story}?beside={copy.id}",
                    "feeds": "/feeds",
                    "rule": "/rules/flood?try=river",
                },
            )
        store.close()
