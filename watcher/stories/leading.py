"""Who leads a story: its original, also where copies that name it came before it."""

from collections.abc import Sequence

from watcher.model import Item, Placement, Told, Verdict
from watcher.stories.attribution import SURE, claims, link_of
from watcher.stories.comparing import compare
from watcher.stories.verdict import Likeness


def deposed(item: Item, placed: Placement, candidates: Sequence[Told]) -> Told | None:
    """Give the lead in whose place an item leads from now on the story that it joins, if any.

    The item is the original that copies in the story named before it came. What a person decided
    stays; and a lead that anybody names as their source is an original too, as far as we know.
    """
    if placed.verdict is not Verdict.COPY:
        return None
    story = [told for told in candidates if told.story == placed.story]
    lead = next((told for told in story if told.lead), None)
    if lead is None or lead.by_hand or _is_named(lead, candidates) or _is_a_copy(item, story):
        return None
    return lead if _is_original_of(item, story) else None


def _is_named(lead: Told, candidates: Sequence[Told]) -> bool:
    own = link_of(lead.item)
    return any(own == source.url for told in candidates for source in claims(told.item))


def _is_a_copy(item: Item, story: Sequence[Told]) -> bool:
    """Whether an item says itself that it is none: of two that name each other the first leads.

    A mere closing link says so only where it leads back into the story: originals have them too.
    """
    links = {link_of(told.item) for told in story}
    return any(source.how in SURE or source.url in links for source in claims(item))


def _is_original_of(item: Item, story: Sequence[Told]) -> bool:
    """Whether a copy says so in a sure way, or by a mere closing link and the texts bear it out."""
    own = link_of(item)
    naming = [
        (source.how in SURE, told.item)
        for told in story
        if not told.by_hand  # a person said what leads the story that this one was put into
        for source in claims(told.item)
        if source.url == own
    ]
    return any(sure for sure, _ in naming) or any(_resembles(item, copy) for _, copy in naming)


def _resembles(item: Item, copy: Item) -> bool:
    finding = compare(item, copy)
    return finding is not None and finding.likeness > Likeness.APART
