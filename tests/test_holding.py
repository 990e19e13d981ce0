"""What is held, with what others, from the visit to the message: on a whole Watcher."""

from dataclasses import replace
from datetime import UTC, timedelta

from tests.world import PHONE, World
from watcher.model import AlertKind, AlertState, Digest, QuietHours, Route, Silence, TryLater
from watcher.ports import Store

A, B = "http://a.example/feed", "http://b.example/feed"
PLACES = ("Northam", "Southam", "Eastwick", "Westbury", "Midhurst", "Lowtown", "Hightown")
DEEDS = (
    "closes the bridge at {}",
    "takes the mill of {} by surprise",
    "drives people of {} onto their roofs",
    "costs the farmers around {} a harvest",
    "leaves {} without power until Friday",
    "brings the army to {} with boats",
    "recedes from the market square of {}",
)


def story(number: int) -> str:
    return "Flood " + DEEDS[number % 7].format(PLACES[(number + number // 7) % 7])


def world_with(store: Store, **policy: object) -> World:
    world = World(store, {"flood": "flood"}, feeds=[A, B])
    world.route = replace(world.route, **policy)  # type: ignore[arg-type]
    world.start()
    return world


def states(store: Store) -> list[AlertState]:
    with store.reading() as tx:
        return sorted(alert.state for alert in tx.alerts((), 1_000))


def daily(world: World, hours: float) -> Digest:
    at = (world.clock.now() + timedelta(hours=hours)).replace(second=0, microsecond=0)
    return Digest(at=(at.time(),), zone=UTC)


def test_a_digest_tells_of_a_days_stories_once(store: Store) -> None:
    world = world_with(store)
    world.route = replace(world.route, digest=daily(world, 2))
    world.start()
    for number in range(3):
        world.publish(A, story(number))
    world.poll_and_deliver()
    assert world.phone.sent == []
    world.pass_time(hours=3)
    world.deliver()
    world.deliver()
    (digest,) = world.phone.sent
    assert digest.kind is AlertKind.DIGEST
    assert {entry.headline for entry in digest.message.entries} == {story(n) for n in range(3)}
    assert states(store) == [*[AlertState.DIGESTED] * 3, AlertState.SENT]


def test_a_digest_of_one_story_is_a_digest_and_of_none_is_nothing(store: Store) -> None:
    world = world_with(store)
    world.route = replace(world.route, digest=daily(world, 2))
    world.start()
    world.publish(A, story(0))
    world.poll()
    world.pass_time(hours=3)
    world.deliver()
    assert [alert.kind for alert in world.phone.sent] == [AlertKind.DIGEST]
    world.pass_time(hours=24)
    world.deliver()
    assert len(world.phone.sent) == 1


def test_a_copy_that_comes_before_the_digest_is_told_in_it_and_one_after_is_silent(
    store: Store,
) -> None:
    text = "The river rose by two metres in one night, said the mayor of Northam on Friday."
    world = world_with(store)
    world.route = replace(world.route, digest=daily(world, 2))
    world.start()
    world.publish(A, story(0), text)
    world.poll()
    world.pass_time(minutes=30)
    world.publish(B, story(0), text)
    world.poll()
    world.pass_time(hours=2)
    world.deliver()
    (digest,) = world.phone.sent
    assert [entry.copies for entry in digest.message.entries] == [1]


def test_what_comes_in_quiet_hours_is_told_when_they_end(store: Store) -> None:
    world = world_with(store)
    now = world.clock.now()
    begin, end = (now - timedelta(hours=1)).time(), (now + timedelta(hours=2)).time()
    world.route = replace(world.route, quiet=QuietHours(begin=begin, end=end, zone=UTC))
    world.start()
    world.publish(A, story(0))
    world.poll_and_deliver()
    assert world.phone.sent == []
    world.pass_time(hours=2, minutes=1)
    world.deliver()
    assert world.phone.headlines == [story(0)]  # alone: no digest


def test_several_of_a_night_are_told_together_in_the_morning(store: Store) -> None:
    world = world_with(store)
    now = world.clock.now()
    begin, end = (now - timedelta(hours=1)).time(), (now + timedelta(hours=2)).time()
    world.route = replace(world.route, quiet=QuietHours(begin=begin, end=end, zone=UTC))
    world.start()
    for number in range(3):
        world.publish(A, story(number))
    world.poll()
    world.pass_time(hours=2, minutes=1)
    world.deliver()
    (digest,) = world.phone.sent
    assert len(digest.message.entries) == 3


def test_a_retry_does_not_wake_anybody_at_night(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A], script=[TryLater(reason="busy")])
    now = world.clock.now()
    begin, end = (now + timedelta(seconds=1)).time(), (now + timedelta(hours=5)).time()
    world.route = replace(world.route, quiet=QuietHours(begin=begin, end=end, zone=UTC))
    world.start()
    world.publish(A, story(0))
    world.poll_and_deliver()
    world.pass_time(hours=1)
    assert world.deliver() == ()
    world.pass_time(hours=4)
    world.deliver()
    assert world.phone.headlines == [story(0)]


def test_beyond_its_cap_a_route_tells_the_rest_in_one_digest(store: Store) -> None:
    world = world_with(store, most_per_hour=2)
    for number in range(5):
        world.publish(A, story(number))
    world.poll_and_deliver()
    assert len(world.phone.sent) == 2
    world.pass_time(hours=2)
    world.deliver()
    assert [alert.kind for alert in world.phone.sent[2:]] == [AlertKind.DIGEST]
    assert len(world.phone.sent[2].message.entries) == 3


def test_what_could_not_be_sent_for_too_long_is_told_in_one_digest(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A], script=[TryLater(reason="down")] * 3)
    world.route = replace(world.route, max_age=timedelta(hours=6))
    world.start()
    for number in range(3):
        world.publish(A, story(number))
    world.poll_and_deliver()
    world.pass_time(hours=7)
    world.deliver()
    (digest,) = world.phone.sent
    assert digest.kind is AlertKind.DIGEST
    assert len(digest.message.entries) == 3


def test_a_silence_keeps_in_and_what_it_kept_in_is_on_record(store: Store) -> None:
    world = world_with(store)
    now = world.clock.now()
    silence = Silence(
        id="s1",
        matches=(("feed", "a.*"),),
        begins_at=now,
        ends_at=now + timedelta(hours=1),
        created_at=now,
    )
    with store.transaction() as tx:
        tx.silence(silence)
    world.publish(A, story(0))
    world.publish(B, story(1))
    world.poll_and_deliver()
    assert world.phone.headlines == [story(1)]
    assert states(store) == [AlertState.SENT, AlertState.SUPPRESSED]
    with store.transaction() as tx:
        (kept,) = tx.alerts([AlertState.SUPPRESSED], 10)
        tx.retry_alert(kept, world.clock.now())
    world.deliver()
    assert world.phone.headlines == [story(1), story(0)]


def silenced(world: World, *matches: tuple[str, str], name: str = "s1") -> None:
    now = world.clock.now()
    with world.store.transaction() as tx:
        tx.silence(
            Silence(
                id=name,
                matches=matches,
                begins_at=now,
                ends_at=now + timedelta(hours=9),
                comment="moving",
                created_at=now,
            )
        )


def test_a_silence_keeps_in_what_is_held_already_and_nothing_else(store: Store) -> None:
    world = world_with(store, group_wait=timedelta(minutes=2))
    world.publish(A, story(0))
    world.publish(B, story(1))
    world.poll_and_deliver()
    silenced(world, ("feed", "a.*"))
    world.pass_time(minutes=3)
    world.deliver()
    assert world.phone.headlines == [story(1)]
    with store.reading() as tx:
        (kept,) = tx.alerts([AlertState.SUPPRESSED], 10)
    assert kept.last_outcome.startswith("while it was held, silence s1 keeps it in until")
    assert kept.last_outcome.endswith("(moving)")
    with store.transaction() as tx:
        tx.retry_alert(kept, world.clock.now())
    world.deliver()  # by hand it goes out, silence or not
    assert world.phone.headlines == [story(1), story(0)]


def test_what_is_held_for_a_digest_is_left_out_of_it_by_a_silence(store: Store) -> None:
    world = world_with(store)
    world.route = replace(world.route, digest=daily(world, 2))
    world.start()
    for number in range(3):
        world.publish(A if number else B, story(number))
    world.poll_and_deliver()
    silenced(world, ("feed", "b.*"), ("severity", "info"))
    silenced(world, ("feed", "a.*"), ("severity", "critical"), name="s2")
    world.pass_time(hours=3)
    world.deliver()
    (digest,) = world.phone.sent
    assert {entry.headline for entry in digest.message.entries} == {story(1), story(2)}


def test_an_expired_silence_keeps_nothing_in(store: Store) -> None:
    world = world_with(store)
    now = world.clock.now()
    later = now + timedelta(hours=9)
    silence = Silence(
        id="s1", matches=(("rule", "*"),), begins_at=now, ends_at=later, created_at=now
    )
    with store.transaction() as tx:
        tx.silence(silence)
        tx.expire_silence(silence, now)
        assert tx.silences(now) == ()
        assert [one.id for one in tx.silences()] == ["s1"]
    world.publish(A, story(0))
    world.poll_and_deliver()
    assert world.phone.headlines == [story(0)]


def test_a_feed_that_makes_all_its_items_new_at_once_is_told_in_one_digest(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A], operator=True)
    world.publish(A, "Mayor opens the library")
    world.poll()
    world.pass_time(minutes=20)
    world.internet.pages[A].body = None  # another site under the same address
    for number in range(14):
        world.publish(A, story(number))
    world.poll_and_deliver()
    world.pass_time(minutes=3)
    world.deliver()
    kinds = [alert.kind for alert in world.phone.sent]
    assert kinds.count(AlertKind.DIGEST) == 1
    assert AlertKind.STORY not in kinds
    assert "made nearly everything new" in " ".join(world.phone.headlines)


def test_bundles_of_a_route_that_is_gone_are_told_all_the_same(store: Store) -> None:
    world = world_with(store)
    world.route = replace(world.route, digest=daily(world, 2))
    world.start()
    world.publish(A, story(0))
    world.publish(A, story(1))
    world.poll()
    world.route = Route(name=PHONE, channel=world.phone.name)
    pipeline = world.start()
    pipeline.watch = replace(pipeline.watch, routes={})
    world.pass_time(hours=3)
    world.deliver()
    assert [alert.kind for alert in world.phone.sent] == [AlertKind.DIGEST]
