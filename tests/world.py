"""A whole Watcher over a fake internet and fake receivers, on a real store.

    world = World(store, rules={"flood": "flood"})
    world.publish("http://a/", "Flood closes the north bridge")
    world.poll_and_deliver()
    assert world.phone.headlines == ["Flood closes the north bridge"]

Feeds come to be when something is published at their address; their id is the host's name.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

from tests.fakes import FakeChannel, FakeClock, FakeInternet, FakePages
from watcher.cadence import Pace
from watcher.model import (
    Delivery,
    Feed,
    FeedId,
    FullText,
    Outcome,
    Route,
    RouteName,
    RuleId,
    RuleInfo,
    Severity,
    Updates,
    Visit,
)
from watcher.pipeline import Pipeline, Watch
from watcher.ports import Store
from watcher.rules import RuleSet, RuleSpec, compile_rules

PHONE = RouteName("phone")


def rule_set(
    rules: Mapping[str, str],
    *,
    severity: Severity = Severity.INFO,
    updates: Updates = Updates.ALERT,
    facts: bool = False,
    notify: Sequence[RouteName] = (PHONE,),
    expected: timedelta | None = None,
) -> RuleSet:
    """Compile `{id: when}`; all rules go to the same routes."""
    specs = [
        RuleSpec(
            info=RuleInfo(
                id=RuleId(name),
                severity=severity,
                updates=updates,
                facts=facts,
                notify=tuple(notify),
                expected=expected,
            ),
            when=when,
        )
        for name, when in rules.items()
    ]
    compiled = compile_rules(specs)
    assert compiled.ruleset is not None, compiled.faults
    return compiled.ruleset


class World:
    """Everything there is, and what one does with it."""

    def __init__(
        self,
        store: Store,
        rules: Mapping[str, str] | RuleSet,
        *,
        feeds: Sequence[str] = (),
        group_wait: timedelta = timedelta(0),
        script: Sequence[Outcome] = (),
        operator: bool = False,
        backfill: int = 0,
        every: timedelta | None = None,
        full_text: FullText = FullText.NO,
    ) -> None:
        self.clock = FakeClock()
        self.internet = FakeInternet()
        self.pages = FakePages()
        self.full_text = full_text
        self.phone = FakeChannel("phone", script)
        self.store = store
        self.backfill, self.every = backfill, every
        self.route = Route(name=PHONE, channel=self.phone.name, group_wait=group_wait)
        self.rules = rules if isinstance(rules, RuleSet) else rule_set(rules)
        self.operator = PHONE if operator else None
        self.feeds: dict[str, Feed] = {}
        self.pipeline = self.start()
        for address in feeds:
            self.internet.put(
                address, b"<rss version='2.0'><channel><title>t</title></channel></rss>"
            )
            self._feed(address)
        self.configure()
        if feeds:
            self.poll()  # the baseline, of nothing
            for address in feeds:
                self.internet.pages[address].body = None
            self.pass_time()

    def start(self, kind: type[Pipeline] = Pipeline) -> Pipeline:
        """Start the program (again) on the same store."""
        self.pages.forget()
        self.pipeline = kind(
            store=self.store,
            fetcher=self.internet,
            pages=self.pages,
            channels={self.phone.name: self.phone},
            watch=self._watch(),
            clock=self.clock,
            rng=Random(7),
        )
        return self.pipeline

    def _watch(self) -> Watch:
        return Watch(
            rules=self.rules,
            routes={PHONE: self.route},
            feeds={feed.id: feed for feed in self.feeds.values()},
            operator=self.operator,
            pace=Pace(default=timedelta(minutes=15)),
        )

    def _feed(self, address: str) -> None:
        name = address.split("//")[1].split("/")[0]
        self.feeds[address] = Feed(
            id=FeedId(name),
            url=address,
            backfill=self.backfill,
            every=self.every,
            full_text=self.full_text,
        )

    def configure(self) -> None:
        with self.store.transaction() as tx:
            tx.configure_feeds(list(self.feeds.values()), self.clock.now())
            tx.configure_rules(self.rules.infos, self.clock.now())
        self.pipeline.watch = self._watch()

    def publish(
        self, address: str, title: str, summary: str = "", *, link: str = "", guid: str = ""
    ) -> None:
        self.internet.publish(address, title, summary, link=link, guid=guid)
        if address not in self.feeds:
            self._feed(address)
            self.configure()

    def pass_time(self, **how_much: float) -> None:
        self.clock.advance(**(how_much or {"minutes": 20}))

    def poll(self) -> tuple[Visit, ...]:
        return self.pipeline.poll()

    def deliver(self) -> tuple[Delivery, ...]:
        return self.pipeline.deliver_all()

    def poll_and_deliver(self) -> None:
        self.poll()
        self.deliver()
        self.pass_time()
