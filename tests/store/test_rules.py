"""How rules do: in service since when, their hits by day, their notices. On both engines."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest

from tests.store.nouns import DAY, LONG_AGO, MINUTE, NOON, make_hit, make_item
from watcher.model import Ailment, RuleActivity, RuleId, RuleInfo, RuleNotice
from watcher.ports import Transaction
from watcher.store import SqlStore

HOUR = timedelta(hours=1)
FLOOD, FIRE = RuleInfo(id=RuleId("flood")), RuleInfo(id=RuleId("fire"))


def configure(store: SqlStore, *rules: RuleInfo, at: datetime = NOON) -> None:
    with store.transaction() as tx:
        tx.configure_rules(rules, at)


def activity(
    store: SqlStore, rule: str = "flood", since: datetime = NOON - DAY
) -> RuleActivity | None:
    with store.reading() as tx:
        found = {one.rule: one for one in tx.rule_activity(since)}
    return found.get(RuleId(rule))


def see(tx: Transaction, name: str, at: datetime, *rules: str) -> None:
    """Keep an item that these rules hit."""
    tx.keep([make_item(name, seen_at=at)])
    tx.keep_hits([make_hit(name, rule) for rule in rules], at)


def notice(
    at: datetime = NOON, *, opens: bool = True, ailment: Ailment = Ailment.QUIET
) -> RuleNotice:
    return RuleNotice(rule=FLOOD, ailment=ailment, opens=opens, opened_at=at, text="so it is")


def days(store: SqlStore, *rules: str, since: datetime = LONG_AGO) -> dict[str, dict[date, int]]:
    with store.reading() as tx:
        found = tx.hits_per_day([RuleId(rule) for rule in rules], since)
    return {rule: dict(hits) for rule, hits in found.items()}


# --- in service


def test_a_new_rule_is_in_service_from_now_on(store: SqlStore) -> None:
    configure(store, FLOOD)
    assert activity(store) == RuleActivity(rule=FLOOD.id, in_service=True, since=NOON)


def test_configuring_again_changes_nothing(store: SqlStore) -> None:
    configure(store, FLOOD)
    configure(store, FIRE, FLOOD, at=NOON + DAY)
    with store.reading() as tx:
        found = [(one.rule, one.since) for one in tx.rule_activity(NOON)]
    assert found == [("fire", NOON + DAY), ("flood", NOON)]


def test_a_rule_that_left_is_listed_no_more_and_comes_back_as_new(store: SqlStore) -> None:
    configure(store, FLOOD)
    with store.transaction() as tx:
        see(tx, "a1", NOON, "flood")
    configure(store, FIRE, at=NOON + DAY)
    assert activity(store) is None
    configure(store, FLOOD, at=NOON + 2 * DAY)
    assert activity(store, since=NOON) == RuleActivity(
        rule=FLOOD.id, in_service=True, since=NOON + 2 * DAY, last_hit_at=NOON
    )


def test_ten_thousand_rules_come_and_go(store: SqlStore) -> None:
    many = [RuleInfo(id=RuleId(f"r{n:05}")) for n in range(10_000)]
    configure(store, *many)
    configure(store, *many[:1], at=NOON + DAY)
    with store.reading() as tx:
        assert [one.rule for one in tx.rule_activity(NOON)] == ["r00000"]


# --- what they hit


def test_items_and_hits_of_late_are_counted_beside_each_other(store: SqlStore) -> None:
    configure(store, FLOOD, FIRE, at=NOON - 9 * DAY)
    with store.transaction() as tx:
        see(tx, "old", NOON - 2 * DAY, "flood")
        see(tx, "a1", NOON - HOUR, "flood", "fire")
        see(tx, "a2", NOON - MINUTE, "flood")
        see(tx, "a3", NOON)
    found = {name: activity(store, name) for name in ("flood", "fire")}
    assert {
        name: one and (one.hits, one.items, one.last_hit_at) for name, one in found.items()
    } == {
        "flood": (2, 3, NOON - MINUTE),
        "fire": (1, 3, NOON - HOUR),
    }


def test_a_rule_answers_only_for_items_since_it_came_into_service(store: SqlStore) -> None:
    configure(store, FIRE, at=NOON - 9 * DAY)
    with store.transaction() as tx:
        see(tx, "a1", NOON - 2 * HOUR, "fire")
        see(tx, "a2", NOON - HOUR, "fire")
    configure(store, FIRE, FLOOD, at=NOON - HOUR)
    with store.transaction() as tx:
        see(tx, "a3", NOON, "fire", "flood")
    found = [activity(store, name) for name in ("flood", "fire")]
    assert [one and (one.hits, one.items) for one in found] == [(1, 2), (3, 3)]


def test_an_edited_item_counts_once_at_its_first_hit(store: SqlStore) -> None:
    configure(store, FLOOD, at=LONG_AGO)
    with store.transaction() as tx:
        see(tx, "a1", NOON - 3 * DAY, "flood")
    with store.transaction() as tx:
        tx.keep_edits([make_item("a1", title="Corrected")], NOON)
        tx.keep_hits([make_hit("a1", "flood")], NOON)
    assert days(store, "flood") == {"flood": {(NOON - 3 * DAY).date(): 1}}
    found = activity(store)
    assert found is not None
    assert (found.hits, found.items, found.last_hit_at) == (0, 0, NOON - 3 * DAY)


def test_an_edit_that_brings_a_first_hit_is_a_hit_of_its_day(store: SqlStore) -> None:
    configure(store, FLOOD, at=LONG_AGO)
    with store.transaction() as tx:
        see(tx, "a1", NOON - 3 * DAY)
        tx.keep_hits([make_hit("a1", "flood")], NOON)
    assert days(store, "flood") == {"flood": {NOON.date(): 1}}


def test_hits_are_counted_by_day_in_utc(store: SqlStore) -> None:
    midnight = NOON.replace(hour=0, minute=0, second=0, microsecond=0)
    with store.transaction() as tx:
        for n, at in enumerate((midnight - timedelta(microseconds=1), midnight, midnight + MINUTE)):
            see(tx, f"a{n}", at, "flood")
        see(tx, "b", midnight, "fire")
        see(tx, "older", midnight - 2 * DAY, "flood")
    today, before = midnight.date(), (midnight - DAY).date()
    assert days(store, "flood", "storm", since=midnight - DAY) == {
        "flood": {before: 1, today: 2},
        "storm": {},
    }
    assert days(store, "fire") == {"fire": {today: 1}}


def test_the_last_hits_of_a_rule_are_listed_newest_first(store: SqlStore) -> None:
    with store.transaction() as tx:
        for n in range(3):
            see(tx, f"a{n}", NOON + n * MINUTE, "flood", "fire")
        found = tx.hits_of(FLOOD.id, 2)
    assert [(one.at, one.item.id) for one in found] == [
        (NOON + 2 * MINUTE, "a2"),
        (NOON + MINUTE, "a1"),
    ]
    assert found[0].hit == make_hit("a2", "flood")


def test_the_last_hit_outlives_the_item(store: SqlStore) -> None:
    configure(store, FLOOD, FIRE, at=LONG_AGO)
    with store.transaction() as tx:
        see(tx, "a1", NOON - 300 * DAY, "flood")
        see(tx, "a2", NOON - 200 * DAY, "flood")
    for now in (NOON, NOON + DAY):
        with store.transaction() as tx:
            tx.forget(texts_before=now - DAY, everything_before=now - DAY)
            assert tx.counts().hits == 0
    found = {name: activity(store, name) for name in ("flood", "fire")}
    assert {name: one and one.last_hit_at for name, one in found.items()} == {
        "flood": NOON - 200 * DAY,
        "fire": None,
    }


def test_an_older_hit_that_is_still_there_does_not_hide_a_later_one(store: SqlStore) -> None:
    configure(store, FLOOD, at=LONG_AGO)
    with store.transaction() as tx:
        see(tx, "kept", NOON - 300 * DAY, "flood")
        tx.touch([make_item("kept").id], NOON)
        see(tx, "gone", NOON - 200 * DAY, "flood")
        tx.forget(texts_before=NOON - DAY, everything_before=NOON - DAY)
        tx.forget(texts_before=NOON - DAY, everything_before=NOON - DAY)
    found = activity(store)
    assert found is not None
    assert found.last_hit_at == NOON - 200 * DAY


# --- notices


def test_a_notice_opens_once_and_closes_once(store: SqlStore) -> None:
    configure(store, FLOOD)
    told = []
    for one in (notice(), notice(NOON + HOUR), notice(opens=False), notice(opens=False)):
        with store.transaction() as tx:
            told.append(tx.note_rule(one))
    assert told == [True, False, True, False]


def test_an_open_notice_is_remembered_with_its_time(store: SqlStore) -> None:
    configure(store, FLOOD)
    with store.transaction() as tx:
        tx.note_rule(notice())
        tx.note_rule(notice(NOON + HOUR, ailment=Ailment.NOISY))
    found = activity(store)
    assert found is not None
    assert found.told == {Ailment.QUIET: NOON, Ailment.NOISY: NOON + HOUR}


def test_another_notice_than_the_open_one_closes_nothing(store: SqlStore) -> None:
    configure(store, FLOOD)
    with store.transaction() as tx:
        tx.note_rule(notice())
        assert not tx.note_rule(notice(NOON + HOUR, opens=False))
        assert not tx.note_rule(notice(opens=False, ailment=Ailment.NOISY))


def test_a_rule_that_left_with_an_open_notice_is_still_listed(store: SqlStore) -> None:
    configure(store, FLOOD)
    with store.transaction() as tx:
        tx.note_rule(notice())
    configure(store)
    found = activity(store)
    assert found is not None
    assert not found.in_service
    with store.transaction() as tx:
        tx.note_rule(notice(opens=False))
    assert activity(store) is None


def test_of_two_daemons_that_judge_at_once_one_tells(store: SqlStore) -> None:
    configure(store, FLOOD)

    def tell(at: datetime) -> bool:
        with store.transaction() as tx:
            return tx.note_rule(notice(at))

    with ThreadPoolExecutor(4) as pool:
        told: Sequence[bool] = list(pool.map(tell, [NOON + n * MINUTE for n in range(8)]))
    assert sorted(told) == [False] * 7 + [True]


@pytest.mark.parametrize("opens", [True, False])
def test_nothing_is_noted_of_a_rule_that_nobody_knows(store: SqlStore, *, opens: bool) -> None:
    with store.transaction() as tx:
        assert not tx.note_rule(notice(opens=opens))
