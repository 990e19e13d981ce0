"""Where an item belongs: a copy of something told before, related to it, or new."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from watcher.model import Item, Placement, StoryId, Told, Verdict
from watcher.stories.attribution import LINKED, SURE, claims, link_of
from watcher.stories.comparing import Windows, compare
from watcher.stories.leading import deposed
from watcher.stories.lexicon import lexicon
from watcher.stories.verdict import Finding, Likeness

NEAR_EXACT = 0.95  # share of words in common from which a copy of a copy needs no look at the lead
CERTAIN = 10.0  # the score where an address decides, and there are no words to compare


WINDOWS = Windows()
BOILERPLATE = "the same words stand under other stories of its source too"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A candidate with the verdict on its text."""

    told: Told
    finding: Finding


def place(
    item: Item,
    same_link: Sequence[Told],
    claimed: Sequence[Told],
    near: Sequence[Told],
    *,
    windows: Windows = WINDOWS,
) -> Placement:
    """Place an item among what was told before, and say why.

    In this order: the same article in another feed; an original that the item names, or another
    copy of it; the best candidate by its text. The same candidates in any order give the same
    placement. A copy by its text must resemble the lead of the story: where the candidate is a copy
    itself, its lead must be a copy of the item too, or, if the lead is not among the candidates,
    the candidate must have nearly all words (`NEAR_EXACT`) in common with the item. Copies of an
    item that a person put into its story belong there too.

    An original that comes after the copies that name it leads their story from then on. To tell,
    the leads of these copies' stories must be among the candidates, and who names those leads.
    """
    candidates = _candidates(item, (*same_link, *claimed, *near))
    placed = _by_link(item, candidates) or _by_claim(item, candidates)
    if placed is None:
        return _by_text(item, candidates, windows)
    return _led(item, placed, candidates)


def edited(known: Placement) -> Placement:
    """Tell that an item is a new version of itself: a copy of what was placed, where it was."""
    because = ("an edited version of the same item",)
    return replace(known, verdict=Verdict.COPY, of=known.item, score=CERTAIN, because=because)


def _candidates(item: Item, told: Iterable[Told]) -> tuple[Told, ...]:
    """Give the candidates once each, leads first, then oldest; the item's own story is none."""
    others = {
        one.item.id: one for one in told if one.story != StoryId(item.id) and one.item.id != item.id
    }
    return tuple(
        sorted(others.values(), key=lambda one: (not one.lead, one.item.seen_at, one.item.id))
    )


def _led(item: Item, placed: Placement, candidates: Sequence[Told]) -> Placement:
    """Let an item lead the story that it joins, where it is the original that came late."""
    former = deposed(item, placed, candidates)
    if former is None:
        return placed
    because = f"it is the original, so it leads the story from now on, not {_name(former)}"
    return replace(placed, leads=True, because=(*placed.because, because))


# --- by address -----------------------------------------------------------------------------------


def _by_link(item: Item, candidates: Sequence[Told]) -> Placement | None:
    """Place an article that another feed has shown under the same address."""
    own = link_of(item)
    if "/" not in own:
        return None  # no address, or a home page that every item links to
    for told in candidates:
        if (item.feed and told.item.feed == item.feed) or link_of(told.item) != own:
            continue
        finding = compare(item, told.item)
        # Nothing in common, or a telling difference: one page that many stories link to.
        if (finding and not finding.veto) or not _texts(item) or not _texts(told.item):
            because = f"same article as {_name(told)}: both link to {own}"
            return _copy(item, told, finding, (because,))
    return None


def _by_claim(item: Item, candidates: Sequence[Told]) -> Placement | None:
    """Place an item that names its original, names the same one as another, or is named itself."""
    own = link_of(item)
    named = {source.url: source.how for source in claims(item)}
    if not named and not own:
        return None  # nothing that a candidate could name or be
    for told in candidates:
        link = link_of(told.item)
        theirs = {source.url: source.how for source in claims(told.item)}
        if link in named:
            reason, how = f"text says its source is {link}, which is {_name(told)}", named[link]
        elif named.keys() & theirs.keys():
            url = next(iter(named))
            reason = f"text says its source is {url}, and so does {_name(told)}"
            how = LINKED if LINKED in (named[url], theirs[url]) else named[url]
        elif own and own in theirs:
            reason, how = f"{_name(told)} says that this article is its source", theirs[own]
        else:
            continue
        finding = compare(item, told.item)
        if how != LINKED or _bears_out(item, told.item, finding):
            return _copy(item, told, finding, (reason,))
        return _related(item, told, finding, (f"{reason}, but it tells it in other words",))
    return None


def _bears_out(item: Item, original: Item, finding: Finding | None) -> bool:
    """Whether the texts bear out a mere closing link; where one has no text they cannot deny it."""
    if not (item.summary or item.content) or not (original.summary or original.content):
        return finding is None or not finding.veto
    return finding is not None and finding.likeness > Likeness.APART


def _texts(item: Item) -> str:
    return item.title or item.summary or item.content


# --- by text --------------------------------------------------------------------------------------


def _by_text(item: Item, candidates: Sequence[Told], windows: Windows) -> Placement:
    """Place an item by the candidate whose text is most like its own."""
    judged = [
        _Judged(told=told, finding=finding)
        for told in candidates
        if windows.holds(item, told.item) and (finding := _likest(item, told))
    ]
    judged = _without_boilerplate(judged)
    # The likest decides: a copy of what was split off by hand goes with it. Stable: leads first.
    judged.sort(
        key=lambda one: (-one.finding.likeness, -round(one.finding.alike, 2), -one.finding.score)
    )
    chained = ""
    for one in judged:
        if one.finding.likeness is not Likeness.COPY:
            break
        chained = _chained(one, judged, candidates)
        if not chained:
            return _copy(item, one.told, one.finding, (one.finding.same.format(_name(one.told)),))
    if not judged:
        return _new(item, 0.0, "no earlier story shares enough of its words")
    best = judged[0]
    if chained or best.finding.likeness is Likeness.RELATED:
        because = f"tells of the same event as {_name(best.told)} but in other words"
        return _related(item, best.told, best.finding, (chained or because,))
    return _new(item, best.finding.score, _why_not(judged))


def _without_boilerplate(judged: list[_Judged]) -> list[_Judged]:
    """Take back copies by nothing but a body that stands under several stories of one source.

    "Here is what we are watching today" says nothing about which of them an item copies.
    """
    only_body = [
        one for one in judged if one.finding.likeness is Likeness.COPY and one.finding.only_body
    ]
    stories_of = Counter((one.told.item.feed, one.told.story) for one in only_body)
    sources = Counter(feed for feed, _ in stories_of)
    return [
        replace(one, finding=replace(one.finding, likeness=Likeness.APART, veto=BOILERPLATE))
        if one in only_body and sources[one.told.item.feed] > 1
        else one
        for one in judged
    ]


def _likest(item: Item, told: Told) -> Finding | None:
    """Compare an item with what another one says, and with what that one ever said."""
    findings = [finding for text in (told.item, *told.versions) if (finding := compare(item, text))]
    return max(findings, key=lambda found: (found.likeness, found.score), default=None)


def _chained(one: _Judged, judged: Sequence[_Judged], candidates: Sequence[Told]) -> str:
    """Say why a copy of a copy does not belong to the story; "" when it does."""
    if one.told.lead or one.told.by_hand:
        return ""
    story = one.told.story
    lead = next((told for told in candidates if told.lead and told.story == story), None)
    if lead is None:
        near_exact = one.finding.alike >= NEAR_EXACT
        return "" if near_exact else f"like {_name(one.told)}, itself a copy of what is not at hand"
    like_lead = next((other.finding for other in judged if other.told == lead), None)
    if like_lead and like_lead.likeness is Likeness.COPY:
        return ""
    if _stands_for(one.told.item, lead.item):
        return ""
    return f"like {_name(one.told)}, but not like {_name(lead)}, which that one copies"


def _stands_for(copy: Item, lead: Item) -> bool:
    """Whether a lead has no text to be compared with but that of a copy which surely names it."""
    named = {source.url for source in claims(copy) if source.how in SURE}
    return not (lead.summary or lead.content) and link_of(lead) in named


def _why_not(judged: Sequence[_Judged]) -> str:
    """Say what is nearest and why it was not taken; what would have been a copy is nearest."""
    nearest = max(judged, key=lambda one: (one.finding.alike, one.finding.score))
    finding, name = nearest.finding, _name(nearest.told)
    if finding.veto:
        return f"nearest is {name}, but {finding.veto}"
    shared = round(100 * finding.alike)
    needed = lexicon().weights["copy"]
    return (
        f"nearest is {name}, with {shared} of 100 words in common: "
        f"score {finding.score:.1f}, a copy needs {needed}"
    )


# --- placements -----------------------------------------------------------------------------------


def _copy(item: Item, told: Told, finding: Finding | None, because: tuple[str, ...]) -> Placement:
    return Placement(
        item=item.id,
        story=told.story,
        verdict=Verdict.COPY,
        of=told.item.id,
        score=finding.score if finding else CERTAIN,
        because=because,
    )


def _related(
    item: Item, told: Told, finding: Finding | None, because: tuple[str, ...]
) -> Placement:
    return Placement(
        item=item.id,
        story=StoryId(item.id),
        verdict=Verdict.RELATED,
        of=told.item.id,
        score=finding.score if finding else 0.0,
        because=because,
    )


def _new(item: Item, score: float, because: str) -> Placement:
    return Placement(
        item=item.id,
        story=StoryId(item.id),
        verdict=Verdict.NEW,
        score=score,
        because=(because,),
    )


def _name(told: Told) -> str:
    title = told.item.title if len(told.item.title) <= 120 else told.item.title[:119] + "…"
    return f"“{title or 'untitled'}”" + (f" ({told.item.feed})" if told.item.feed else "")
