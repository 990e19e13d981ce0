"""Rules at work on the past, with the engine and the planner of the service."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from watcher import alerts, stories
from watcher.model import (
    Alert,
    AlertKey,
    AlertState,
    ChannelName,
    Feed,
    FeedId,
    Hit,
    Item,
    Message,
    Occasion,
    PastHit,
    PastItem,
    Placement,
    Route,
    RouteName,
    RuleId,
    StoryId,
)
from watcher.ports import Store
from watcher.rules import RuleSet, flooding

PAGE = 500
NOBODY = RouteName("nobody")  # the route of rules for which there is none

Place = tuple[StoryId, RouteName]  # what one alert is about, and whom it is for


def past_items(store: Store, since: datetime) -> Iterator[PastItem]:
    """Go through the items first seen since then; no transaction stays open in between."""
    after = 0
    while True:
        with store.reading() as tx:
            page = tx.past_items(since, after, PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].number


@dataclass(slots=True)
class Looked:
    """What was looked at."""

    items: int = 0
    backlog: int = 0  # of these, those in the first document of their feed: old news
    forgotten: int = 0  # their text is gone, so that nobody can tell whether a rule hits them
    first: datetime | None = None  # when the first item was seen
    last: datetime | None = None

    def add(self, past: PastItem) -> None:
        """Count an item."""
        self.items += past.has_text
        self.backlog += past.has_text and past.backlog
        self.forgotten += not past.has_text
        seen = past.item.seen_at
        self.first = min(self.first or seen, seen)
        self.last = max(self.last or seen, seen)

    @property
    def days(self) -> int:
        """Count the UTC days from the first item to the last."""
        if self.first is None or self.last is None:
            return 0
        return (self.last.date() - self.first.date()).days + 1


class Rehearsal:
    """Rules at work on the past, item by item, oldest first."""

    def __init__(
        self,
        rules: RuleSet,
        routes: Mapping[RouteName, Route],
        notify: Sequence[RouteName] = (),
    ) -> None:
        """Take rules, and the routes that are set up; `notify` is for rules that name none."""
        self._rules = rules
        self._notify = tuple(notify) or (NOBODY,)
        self._routes = dict(routes)
        self._promised: dict[StoryId, tuple[Alert, ...]] = {}
        self._told: dict[StoryId, tuple[Item, ...]] = {}  # for rules that ask for facts
        self._of_backlog: set[AlertKey] = set()
        self.looked = Looked()
        self.hits = 0  # items that some rule hit
        self.by_rule: Counter[RuleId] = Counter()  # items, as everywhere here
        self.by_day: Counter[date] = Counter()
        self.by_feed: Counter[FeedId] = Counter()

    @property
    def alerts(self) -> Mapping[Place, tuple[Alert, ...]]:
        """Give what would have been sent: of each story to each route, the first alert first."""
        places: dict[Place, tuple[Alert, ...]] = {}
        for story, promised in self._promised.items():
            for alert in promised:
                place = (story, alert.route)
                places[place] = (*places.get(place, ()), alert)
        return places

    def news(self, rule: RuleId) -> int:
        """Count the alerts that name a rule and are not about a feed's first document."""
        return sum(
            rule in alert.rule_ids and alert.key not in self._of_backlog
            for promised in self._promised.values()
            for alert in promised
        )

    def flooding(self, rule: RuleId) -> str:
        """Tell why a rule says yes implausibly often; empty where it does not."""
        return flooding(
            items=self.looked.items,
            hits=self.by_rule[rule],
            alerts=self.news(rule),
            days=self.looked.days,
        )

    @property
    def stories(self) -> int:
        """Tell how many stories it would have been about."""
        return len(self._promised)

    def take(self, past: PastItem) -> tuple[PastHit, ...]:
        """Match an item and promise what follows; gives its hits."""
        self.looked.add(past)
        if not past.has_text:
            return ()
        item = past.item
        hits = tuple(map(self._addressed, self._rules.match(item, item.seen_at)))
        if not hits:
            return ()
        self._count(item, hits)
        if past.placement is not None:
            self._promise(past, past.placement, hits)
        return tuple(PastHit(at=item.seen_at, hit=hit, item=item) for hit in hits)

    def _addressed(self, hit: Hit) -> Hit:
        if hit.rule.notify:
            return hit
        return replace(hit, rule=replace(hit.rule, notify=self._notify))

    def _count(self, item: Item, hits: tuple[Hit, ...]) -> None:
        self.hits += 1
        self.by_day[item.seen_at.date()] += 1
        self.by_feed[item.feed] += 1
        self.by_rule.update(hit.rule.id for hit in hits)

    def _promise(self, past: PastItem, placement: Placement, hits: tuple[Hit, ...]) -> None:
        now = past.item.seen_at
        story = placement.story
        earlier = tuple(_left(alert, now) for alert in self._promised.get(story, ()))
        promised = {alert.key: alert for alert in earlier}
        facts = self._new_facts(past.item, story, hits)
        occasion = _occasion(past.item, placement, hits, earlier, facts)
        for planned in alerts.plan(occasion, self._ways(hits), now):
            if planned.alert is None:
                continue
            if past.backlog and planned.alert.key not in promised:
                self._of_backlog.add(planned.alert.key)
            promised[planned.alert.key] = _light(planned.alert)
        self._promised[story] = tuple(promised.values())

    def _new_facts(self, item: Item, story: StoryId, hits: tuple[Hit, ...]) -> tuple[str, ...]:
        """Tell what an item adds to those before it that such a rule hit: others are not kept."""
        if not any(hit.rule.facts for hit in hits):
            return ()
        before = self._told.get(story, ())
        self._told[story] = (*before, item)
        return stories.new_facts(item, before)

    def _ways(self, hits: tuple[Hit, ...]) -> Mapping[RouteName, Route]:
        """Give the routes, with those that a rule names and nobody has set up."""
        for name in {name for hit in hits for name in hit.rule.notify} - self._routes.keys():
            self._routes[name] = Route(name=name, channel=ChannelName(name))
        return self._routes


def _occasion(
    item: Item,
    placement: Placement,
    hits: tuple[Hit, ...],
    earlier: tuple[Alert, ...],
    facts: tuple[str, ...],
) -> Occasion:
    feed = Feed(id=item.feed, url="")
    return Occasion(
        item=item,
        feed=feed,
        placement=placement,
        hits=hits,
        lead=item,  # it is only named, and what is named here nobody reads
        lead_feed=feed,
        alerts=earlier,
        facts=facts,
    )


def _left(alert: Alert, now: datetime) -> Alert:
    """Give an alert as it is now, if all went well; none leaves while a visit is taken in."""
    if alert.state is AlertState.SENT or now <= alert.due_at:
        return alert
    return replace(alert, state=AlertState.SENT, attempts=1)


def _light(alert: Alert) -> Alert:
    """Take out of an alert what makes it large and is not asked for."""
    message = Message(
        headline=alert.message.headline,
        severity=alert.message.severity,
        rules=tuple(replace(rule, quotes=()) for rule in alert.message.rules),
    )
    return replace(alert, message=message)
