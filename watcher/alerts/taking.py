"""Whether a route takes what a rule sends it, and whether a silence keeps it in, and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase

from watcher.model import Feed, Hit, Item, Route, Silence, StoryId, Takes


def not_taken(route: Route, hits: Sequence[Hit], item: Item, feed: Feed) -> str:
    """Say why a route takes none of these hits of an item; "" when it takes at least one."""
    takes = route.takes
    told = _unwanted_item(takes, item, feed)
    if not told and not taken(route, hits):
        words = ", ".join(severity.word for severity in sorted(takes.severities))
        told = f"it takes severity {words} only"
    return f"route {route.name} does not take it: {told}" if told else ""


def taken(route: Route, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Give the hits whose severity a route takes."""
    wanted = route.takes.severities
    return tuple(hit for hit in hits if not wanted or hit.rule.severity in wanted)


def _unwanted_item(takes: Takes, item: Item, feed: Feed) -> str:
    if takes.feeds and not _any_like([feed.id], takes.feeds):
        return f"feed {feed.id} is none of {_listed(takes.feeds)}"
    tags = tags_of(item, feed)
    if takes.tags and not _any_like(tags, takes.tags):
        return f"it has no tag of {_listed(takes.tags)}"
    language = language_of(item, feed)
    if takes.languages and language not in takes.languages:
        return f"its language is {language or 'unknown'}, not {_listed(takes.languages)}"
    return ""


def tags_of(item: Item, feed: Feed) -> tuple[str, ...]:
    """Give the tags that the feed's entry in the configuration and the item itself have."""
    return tuple(tag.casefold() for tag in (*feed.tags, *item.tags))


def language_of(item: Item, feed: Feed) -> str:
    """Give the language's first part: `en` for `en-GB`; "" where nobody says."""
    return (item.language or feed.language).replace("_", "-").split("-")[0].lower()


def silenced_by(
    silences: Iterable[Silence],
    route: Route,
    hits: Sequence[Hit],
    item: Item,
    feed: Feed,
    story: StoryId,
    now: datetime,
) -> Silence | None:
    """Find a silence in force that keeps in all these hits; the one that ends last."""
    in_force = [one for one in silences if one.begins_at <= now < one.ends_at]
    around = {
        "route": (route.name,),
        "feed": (feed.id,),
        "tag": tags_of(item, feed),
        "language": (language_of(item, feed),),
        "story": (story,),
    }
    holding = [
        one
        for one in in_force
        if all(
            _holds(one, {**around, "rule": (hit.rule.id,), "severity": (hit.rule.severity.word,)})
            for hit in hits
        )
    ]
    return max(holding, key=lambda one: (one.ends_at, one.id), default=None)


def silence_told(silence: Silence) -> str:
    """Say which silence keeps something in, until when, and why."""
    comment = f" ({silence.comment})" if silence.comment else ""
    return f"silence {silence.id} keeps it in until {silence.ends_at:%Y-%m-%d %H:%M} UTC{comment}"


def _holds(silence: Silence, labels: Mapping[str, Sequence[str]]) -> bool:
    return all(_any_like(labels[label], (glob,)) for label, glob in silence.matches)


def _any_like(values: Sequence[str], globs: Sequence[str]) -> bool:
    return any(fnmatchcase(value.casefold(), glob.casefold()) for value in values for glob in globs)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
