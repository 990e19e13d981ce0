"""Stories, and one story with the evidence for its copies."""

from starlette.requests import Request
from starlette.responses import Response

from watcher.model import StoryId
from watcher.web.desk import PER_PAGE, Desk, bookmark, cursor_of, next_page
from watcher.web.problems import nothing_there


def stories(desk: Desk, request: Request) -> Response:
    """List stories, those with the newest item first."""
    before = bookmark(request.query_params.get("cursor"))
    with desk.given.store.reading() as tx:
        found = tx.stories_page(limit=PER_PAGE, before=before)
    more = next_page(request, found, lambda last: cursor_of(last.last_seen_at, last.id))
    return desk.page(request, "stories", stories=found, more=more)


def story(desk: Desk, request: Request) -> Response:
    """Show one story: who told it first, who copied it, how we know, and what was promised."""
    name = StoryId(request.path_params["id"])
    with desk.given.store.reading() as tx:
        found = tx.find_story(name)
        if found is None:
            raise nothing_there("story", name)
        items = tx.story_items(name)
        alerts = tx.alerts_page(limit=PER_PAGE, story=name)
    titles = {item.id: item.title for item, _ in items}
    return desk.page(request, "story", story=found, items=items, titles=titles, alerts=alerts)
