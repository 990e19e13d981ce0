"""From hits to the operator's telephone: rules that fell quiet, or match nearly everything."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.store.nouns import LONG_AGO
from tests.test_power_cut import Fuse, FusedStore, PowerCut
from tests.world import World, rule_set
from watcher.model import Alert, AlertKind, AlertState, RuleActivity
from watcher.ports import Store, Transaction

A = "http://a.example/"
FALLS_QUIET = "Rule flood has gone quiet"
IS_HEARD = "Rule flood is no longer quiet"
IS_NOISY = "Rule flood matches nearly everything"
IS_CALM = "Rule flood no longer matches nearly everything"


def world_of(
    store: Store, rules: Mapping[str, str] | None = None, *, operator: bool = True, days: int = 30
) -> World:
    whole = rule_set(rules or {"flood": "flood"}, expected=timedelta(days=days))
    return World(store, whole, feeds=[A], operator=operator)


def live(world: World, *titles: str, **how_long: float) -> None:
    """Let these items come, one visit later, and let the time pass after that."""
    for title in titles:
        world.publish(A, title)
    world.poll()
    world.pipeline.judge_rules()
    world.deliver()
    world.pass_time(**how_long)


def notices(world: World) -> list[str]:
    return [a.message.headline for a in world.phone.sent if a.kind is AlertKind.RULE]


def restart(world: World) -> None:
    """Start again; the same rules are configured again."""
    world.start()
    world.configure()


def test_a_rule_that_falls_quiet_is_told_once_and_once_when_it_matches_again(store: Store) -> None:
    world = world_of(store)
    live(world, "Quiet day", days=29)
    live(world, "Another quiet day", days=2)
    assert notices(world) == []
    live(world, "Nothing new", hours=1)
    assert notices(world) == [FALLS_QUIET]
    restart(world)
    live(world, "Still nothing", days=40)
    live(world, "Nothing at all", hours=1)
    assert notices(world) == [FALLS_QUIET]
    live(world, "Flood closes the north bridge", hours=1)
    restart(world)
    live(world, "Quiet again", hours=1)
    assert notices(world) == [FALLS_QUIET, IS_HEARD]
    live(world, "Quiet for long", days=30)
    live(world, "Quiet for longer", hours=1)
    assert notices(world) == [FALLS_QUIET, IS_HEARD, FALLS_QUIET]
    keys = [alert.key for alert in world.phone.sent]
    assert len(keys) == len(set(keys))


def test_a_notice_says_which_rule_since_when_and_what_to_do(store: Store) -> None:
    world = world_of(store)
    live(world, days=31)
    live(world, hours=1)
    (alert,) = world.phone.sent
    assert alert.rule_ids == {"flood"}
    assert alert.because == "operator's notice: rule flood quiet, opened"
    assert "flood matched nothing for 31 days (it came into service on 2026-03-02" in (
        alert.message.body
    )
    assert alert.message.body.endswith("watcher rules show flood")


def test_a_rule_that_matches_nearly_everything_is_told_once_and_once_when_it_is_over(
    store: Store,
) -> None:
    world = World(store, rule_set({"flood": "flood OR day"}), feeds=[A], operator=True)
    for morning in range(4):
        titles = [f"Day {morning} {n} of something {n * n}" for n in range(15)]
        live(world, *titles, minutes=20)
    assert notices(world) == [IS_NOISY]
    live(world, hours=25)
    assert notices(world) == [IS_NOISY], "no items say nothing"
    live(world, *(f"Night {n} without any {n * 7}" for n in range(20)), hours=1)
    assert notices(world) == [IS_NOISY, IS_CALM]


def test_a_rule_that_left_the_service_is_told_to_be_over(store: Store) -> None:
    world = world_of(store)
    live(world, days=31)
    live(world, hours=1)
    world.rules = rule_set({"fire": "fire"})
    restart(world)
    live(world, hours=1)
    assert notices(world) == [FALLS_QUIET, IS_HEARD]
    assert world.phone.sent[-1].message.body == "flood is out of service."


def test_no_rule_is_blamed_for_a_time_when_nobody_looked(store: Store) -> None:
    world = world_of(store)
    world.pass_time(days=40)
    world.start()
    assert world.pipeline.judge_rules() == ()
    live(world, "Flood closes the north bridge", hours=1)
    assert notices(world) == []


def test_without_an_operators_route_nothing_is_promised_and_the_log_is_told_once(
    store: Store,
) -> None:
    world = world_of(store, operator=False)
    world.pass_time(days=31)
    world.poll()
    assert [notice.ailment for notice in world.pipeline.judge_rules()] == ["quiet"]
    assert world.pipeline.judge_rules() == ()
    with store.reading() as tx:
        assert tx.alerts([], 10) == ()


def test_two_daemons_on_one_database_tell_it_once(store: Store) -> None:
    world = world_of(store)
    other = world_of(store)
    for each in (world, other):
        each.pass_time(days=31)
    world.poll()
    told = [each.pipeline.judge_rules() for each in (world, other)]
    assert [len(notices) for notices in told] == [1, 0]


class OldNews:
    """A transaction that knows how rules did before another daemon judged them."""

    def __init__(self, tx: Transaction, news: tuple[RuleActivity, ...]) -> None:
        self._tx, self._news = tx, news

    def rule_activity(self, _since: datetime) -> tuple[RuleActivity, ...]:
        return self._news

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)


class OldStore:
    """A store that tells old news."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.reading() as tx:
            self._news = tx.rule_activity(LONG_AGO)

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        with self._store.transaction() as tx:
            yield OldNews(tx, self._news)


def test_of_two_daemons_that_judge_at_the_same_moment_one_tells(store: Store) -> None:
    world = world_of(store)
    world.pass_time(days=31)
    world.poll()
    late: Any = OldStore(store)
    assert len(world.pipeline.judge_rules()) == 1
    world.pass_time(minutes=1)
    world.pipeline.store = late
    assert world.pipeline.judge_rules() == ()
    assert len(told(world)) == 1


def overdue(store: Store) -> World:
    """One rule that is quiet and not told of, and one that is told of and quiet no more."""
    world = world_of(store, {"flood": "flood", "fire": "fire"})
    live(world, days=31)
    live(world, "Fire in the old mill", days=29)
    world.publish(A, "Flood closes the north bridge")
    world.poll()
    world.pass_time(days=2)
    world.poll()
    return world


def told(world: World) -> list[tuple[str, AlertState]]:
    with world.store.reading() as tx:
        alerts: list[Alert] = [a for a in tx.alerts([], 100) if a.kind is AlertKind.RULE]
    return sorted((alert.message.headline, alert.state) for alert in alerts)


STEPS = 15  # of judging: begin, twelve around six calls, commit, after it


@pytest.mark.parametrize("step", range(STEPS + 1))
def test_a_power_cut_while_judging_loses_no_notice_and_repeats_none(
    store: Store, step: int
) -> None:
    world = overdue(store)
    before = told(world)
    fuse = Fuse(step)
    pipeline = world.start()
    pipeline.store = FusedStore(store, fuse)
    with suppress(PowerCut):
        pipeline.judge_rules()
    assert fuse.blown is (step < STEPS), fuse.names
    restart(world)
    world.pipeline.judge_rules()
    world.pipeline.judge_rules()
    world.deliver()
    added = [one for one in told(world) if one not in before]
    assert added == [
        ("Rule fire has gone quiet", AlertState.SENT),
        (IS_HEARD, AlertState.SENT),
    ]
    assert len(told(world)) == len(before) + 2
