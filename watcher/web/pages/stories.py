"""Stories, and one story with the evidence for its copies."""

from collections.abc import Iterator, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from watcher.model import Item, ItemId, Placement, Story, StoryId
from watcher.web.beside import Beside, beside
from watcher.web.desk import PER_PAGE, Desk, bookmark, cursor_of, next_page
from watcher.web.problems import nothing_there

AT_ONCE = 5  # copies that are shown beside the lead on one page; each costs up to 0.2 s


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
    wanted = request.query_params.get("beside", "")
    return desk.page(
        request,
        "story",
        story=found,
        items=items,
        titles={item.id: item.title for item, _ in items},
        alerts=alerts,
        wanted=wanted,
        compared=dict(_compared(found, items, wanted)),
    )


def _compared(
    story: Story, items: Sequence[tuple[Item, Placement]], wanted: str
) -> Iterator[tuple[ItemId, Beside]]:
    """Yield the copies beside the lead: the one that is asked for, else the first few."""
    members: Mapping[ItemId, Item] = {item.id: item for item, _ in items}
    lead = members.get(story.lead)
    if lead is None:
        return
    copies = [item for item in members.values() if item.id != story.lead]
    for copy in [item for item in copies if item.id == wanted] or copies[:AT_ONCE]:
        yield copy.id, beside(lead, copy)
