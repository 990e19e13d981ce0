"""From hits to promises: one alert for each story and route, with the reason, also for nothing.

Of one story, a route hears once: the first hit makes the alert, copies fold into it while it waits
(`group_wait`) and are silent after it left, unless they bring a rule that it did not name; or a
name or number, where the rule asks for that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.alerts.holding import timed
from watcher.alerts.render import cited, quotes
from watcher.alerts.taking import not_taken, silence_told, silenced_by, taken
from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    Cited,
    Feed,
    Hit,
    Item,
    MatchedRule,
    Message,
    Occasion,
    Planned,
    Route,
    RouteName,
    Updates,
    Verdict,
    content_id,
)

NO_BASELINE = ""
MOST_NAMED = 5  # names and numbers
UNSENT = (AlertState.HELD, AlertState.PENDING)


def baseline(feed: Feed, item: Item, position: int, now: datetime) -> str:
    """Tell why an item of a feed's first visit may not alert; empty when `backfill` lets it.

    `position` counts the document's items from its top, 0 first.
    """
    match feed.backfill:
        case timedelta() as age if item.published is not None and now - item.published <= age:
            return NO_BASELINE
        case int() as most if position < most:
            return NO_BASELINE
        case _:
            return f"the first visit of {feed.id} is a baseline: kept, not alerted"


def plan(
    occasion: Occasion, routes: Mapping[RouteName, Route], now: datetime
) -> tuple[Planned, ...]:
    """Decide for every route that the item's rules name; one decision a route, by route name."""
    by_route: dict[RouteName, list[Hit]] = {}
    for hit in occasion.hits:
        for name in hit.rule.notify:
            by_route.setdefault(name, []).append(hit)
    return tuple(
        _plan_route(occasion, routes[name], hits, now) for name, hits in sorted(by_route.items())
    )


def _plan_route(occasion: Occasion, route: Route, hits: Sequence[Hit], now: datetime) -> Planned:
    if occasion.baseline:
        return _nothing(occasion, route, "baseline", occasion.baseline)
    if reason := not_taken(route, hits, occasion.item, occasion.feed):
        return _nothing(occasion, route, "not taken", reason)
    hits = taken(route, hits)
    fresh = tuple(hit for hit in hits if hit.rule.id not in occasion.hit_before)
    if occasion.edited and not fresh:
        return _nothing(occasion, route, "folded", "the edit brings no rule hit that was not there")
    earlier = [alert for alert in occasion.alerts if alert.route == route.name]
    if not earlier:
        return _first(occasion, route, hits, now)
    if earlier[-1].state in UNSENT and earlier[-1].attempts == 0:
        return _fold_into(occasion, route, earlier[-1], hits, now)
    return _after_the_first(occasion, route, earlier, hits, now)


def _nothing(occasion: Occasion, route: Route, decision: str, because: str) -> Planned:
    return Planned(item=occasion.item.id, route=route.name, decision=decision, because=because)


def _first(occasion: Occasion, route: Route, hits: Sequence[Hit], now: datetime) -> Planned:
    because = f"first alert of this story on route {route.name}: {_named(hits)}"
    alert = _alert(occasion, route, hits, AlertKind.STORY, 0, because, now)
    return _promised(occasion, route, hits, alert, now)


def _promised(
    occasion: Occasion, route: Route, hits: Sequence[Hit], alert: Alert, now: datetime
) -> Planned:
    """Promise an alert, unless a silence keeps it in: then it is on record, and can be sent."""
    silence = silenced_by(
        occasion.silences,
        route.name,
        [hit.rule for hit in hits],
        occasion.item,
        occasion.feed,
        occasion.placement.story,
        now,
    )
    if silence is not None:
        told = f"; {silence_told(silence)}"
        alert = replace(
            alert, state=AlertState.SUPPRESSED, because=alert.because + told, settled_at=now
        )
    else:
        alert = timed(alert, route, occasion, now)
    return Planned(
        item=occasion.item.id,
        route=alert.route,
        decision="promised" if silence is None else "silenced",
        because=alert.because,
        alert=alert,
    )


def _fold_into(
    occasion: Occasion, route: Route, waiting: Alert, hits: Sequence[Hit], now: datetime
) -> Planned:
    """Let an alert that has not left yet tell of this item too; what is urgent hastens it."""
    amended = replace(waiting, message=_joined(waiting.message, _message(occasion, hits)))
    because = f"joins alert {waiting.key}, which has not left yet"
    if amended.message.severity > waiting.message.severity:
        alone = replace(amended, state=AlertState.PENDING, bundle="", due_at=now)
        sooner = timed(alone, route, occasion, now)
        if sooner.due_at < waiting.due_at:
            amended = sooner
            because += f", and hastens it: severity {amended.message.severity.word}"
    return Planned(
        item=occasion.item.id,
        route=route.name,
        decision="folded",
        because=because,
        alert=amended,
    )


def _after_the_first(
    occasion: Occasion,
    route: Route,
    earlier: Sequence[Alert],
    hits: Sequence[Hit],
    now: datetime,
) -> Planned:
    said = frozenset().union(*(alert.rule_ids for alert in earlier))
    new = tuple(hit for hit in hits if hit.rule.id not in said)
    first = earlier[0]
    told = f"this story was alerted before ({first.key}, {first.created_at:%Y-%m-%d %H:%M} UTC)"
    facts = _listed(occasion.facts)
    telling = tuple(hit for hit in hits if hit.rule.facts) if facts else ()
    if not new and not telling:
        return _nothing(occasion, route, "folded", f"{told} and this brings no other rule")
    wanted = tuple(hit for hit in new or telling if hit.rule.updates is not Updates.IGNORE)
    if not wanted:
        what = f"{_named(new)} is" if new else f"{facts} of rule {telling[0].rule.id} is"
        because = f"{told}; {what} new, but its rule says `updates: ignore`"
        return _nothing(occasion, route, "folded", because)
    because = f"{told}, but without {_named(wanted) if new else facts}"
    revision = max(alert.revision for alert in earlier) + 1
    alert = _alert(occasion, route, wanted, AlertKind.UPDATE, revision, because, now)
    aloud = any(hit.rule.updates is Updates.ALERT for hit in wanted)
    evidence = alert.message.evidence
    if telling:
        feed = occasion.feed
        evidence = (f"{feed.title or feed.id}: it adds {facts} to the story", *evidence)
    told_as = replace(
        alert.message,
        subject=first.message.subject or first.message.headline,
        evidence=evidence,
    )
    alert = replace(alert, in_thread=not aloud, message=told_as)
    return _promised(occasion, route, wanted, alert, now)


def _alert(
    occasion: Occasion,
    route: Route,
    hits: Sequence[Hit],
    kind: AlertKind,
    revision: int,
    because: str,
    now: datetime,
) -> Alert:
    story = occasion.placement.story
    key = content_id("alert", route.name, kind.value, story, str(revision))
    return Alert(
        key=AlertKey(key),
        kind=kind,
        route=route.name,
        channel=route.channel,
        story=story,
        item=occasion.item.id,
        revision=revision,
        message=_message(occasion, hits),
        because=because,
        created_at=now,
        due_at=now,
    )


def _message(occasion: Occasion, hits: Sequence[Hit]) -> Message:
    apart = occasion.lead.id != occasion.item.id
    lead = occasion.lead if apart else occasion.item
    unseen = "" if apart or occasion.placement.verdict is Verdict.COPY else occasion.original
    return Message(
        headline=lead.title or occasion.item.title or lead.link or str(lead.id),
        severity=max(hit.rule.severity for hit in hits),
        lead=cited(lead, occasion.lead_feed if apart else occasion.feed),
        rules=tuple(_matched(occasion.item, hit) for hit in hits),
        copies=(cited(occasion.item, occasion.feed),) if apart else (),
        original=unseen,
        evidence=_evidence(occasion, unseen),
    )


def _evidence(occasion: Occasion, unseen: str) -> tuple[str, ...]:
    """Tell why the item is where it is; which copy it is, since an alert may tell of several."""
    placement, feed = occasion.placement, occasion.feed
    if placement.verdict is Verdict.COPY and occasion.lead.id != occasion.item.id:
        return tuple(f"{feed.title or feed.id}: {reason}" for reason in placement.because)
    return placement.because if placement.verdict is not Verdict.NEW or unseen else ()


def _matched(item: Item, hit: Hit) -> MatchedRule:
    return MatchedRule(
        id=hit.rule.id,
        title=hit.rule.title,
        severity=hit.rule.severity,
        quotes=quotes(item, hit.occurrences),
    )


def _joined(waiting: Message, more: Message) -> Message:
    """Add what another item of the story brings, and name what the story leads with by now."""
    known = {rule.id for rule in waiting.rules}
    waiting = _led(waiting, more)
    return replace(
        waiting,
        severity=max(waiting.severity, more.severity),
        rules=waiting.rules + tuple(rule for rule in more.rules if rule.id not in known),
        copies=_without_repeats(waiting.copies + more.copies),
        evidence=tuple(dict.fromkeys(waiting.evidence + more.evidence)),
    )


def _led(waiting: Message, more: Message) -> Message:
    """Let a waiting alert lead with the story's lead, where that is another one by now."""
    if not waiting.lead or not more.lead or waiting.lead.item == more.lead.item:
        return waiting
    copies = (waiting.lead, *waiting.copies)
    return replace(
        waiting, headline=more.headline, lead=more.lead, copies=copies, original=more.original
    )


def _without_repeats(copies: Iterable[Cited]) -> tuple[Cited, ...]:
    return tuple({copy.item: copy for copy in copies}.values())


def _listed(facts: Sequence[str]) -> str:
    """Name what is new, as far as anybody wants to read it."""
    more = f" and {len(facts) - MOST_NAMED} more" if len(facts) > MOST_NAMED else ""
    return ", ".join(f"“{fact}”" for fact in facts[:MOST_NAMED]) + more


def _named(hits: Sequence[Hit]) -> str:
    names = ", ".join(hit.rule.id for hit in hits)
    return f"rule {names}" if len(hits) == 1 else f"rules {names}"
