"""Whether a route takes what a rule sends it, and whether a silence keeps it in, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase

from watcher.model import (
    Alert,
    AlertState,
    Feed,
    Hit,
    Item,
    MatchedRule,
    Route,
    RouteName,
    RuleInfo,
    Silence,
    StoryId,
    Takes,
)


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
    route: RouteName,
    rules: Sequence[RuleInfo | MatchedRule],
    item: Item,
    feed: Feed,
    story: StoryId,
    now: datetime,
) -> Silence | None:
    """Find a silence in force that keeps in the hits of all these rules; the one that ends last."""
    in_force = [one for one in silences if one.begins_at <= now < one.ends_at]
    around = {
        "route": (route,),
        "feed": (feed.id,),
        "tag": tags_of(item, feed),
        "language": (language_of(item, feed),),
        "story": (story,),
    }
    holding = [
        one
        for one in in_force
        if all(
            _holds(one, {**around, "rule": (rule.id,), "severity": (rule.severity.word,)})
            for rule in rules
        )
    ]
    return max(holding, key=lambda one: (one.ends_at, one.id), default=None)


def hushed(
    alert: Alert, silences: Iterable[Silence], item: Item, feed: Feed, now: datetime
) -> Alert | None:
    """Suppress a held alert about a story that a silence keeps in; None: it stays.

    `item` is what caused the alert, and `feed` where that is from.
    """
    if alert.story is None or not alert.message.rules:
        return None
    silence = silenced_by(silences, alert.route, alert.message.rules, item, feed, alert.story, now)
    if silence is None:
        return None
    return replace(
        alert,
        state=AlertState.SUPPRESSED,
        last_outcome=f"while it was held, {silence_told(silence)}",
        settled_at=now,
        bundle="",
    )


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
