"""What is promised to whom, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.alerts import baseline, notify, plan
from watcher.model import (
    Alert,
    AlertKind,
    AlertState,
    ChannelName,
    Feed,
    FeedId,
    Hit,
    Item,
    ItemId,
    Notice,
    Occasion,
    Occurrence,
    Placement,
    Planned,
    Route,
    RouteName,
    RuleId,
    RuleInfo,
    Severity,
    StoryId,
    Updates,
    Verdict,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PHONE, MAIL = RouteName("phone"), RouteName("mail")
ROUTES = {
    PHONE: Route(name=PHONE, channel=ChannelName("sms"), group_wait=timedelta(minutes=2)),
    MAIL: Route(name=MAIL, channel=ChannelName("smtp"), group_wait=timedelta(0)),
}
FEED = Feed(id=FeedId("a"), url="http://a.example/", title="The A Times")
OTHER = Feed(id=FeedId("b"), url="http://b.example/")
LEAD = Item(id=ItemId("lead"), feed=FEED.id, title="Flood closes the bridge", seen_at=NOW)
COPY = Item(id=ItemId("copy"), feed=OTHER.id, title="Deluge shuts the bridge", seen_at=NOW)


def rule(name: str, **settings: object) -> RuleInfo:
    return replace(RuleInfo(id=RuleId(name), notify=(PHONE,)), **settings)  # type: ignore[arg-type]


def hit(item: Item, info: RuleInfo) -> Hit:
    word = Occurrence(
        field="title", value=0, start=0, end=5, text=item.title[:5], term="x", how="plain"
    )
    return Hit(rule=info, item=item.id, occurrences=(word,))


def new(*rules: RuleInfo, **more: object) -> Occasion:
    placement = Placement(
        item=LEAD.id, story=StoryId("lead"), verdict=Verdict.NEW, because=("first",)
    )
    occasion = Occasion(
        item=LEAD,
        feed=FEED,
        placement=placement,
        hits=tuple(hit(LEAD, info) for info in rules),
        lead=LEAD,
        lead_feed=FEED,
    )
    return replace(occasion, **more)  # type: ignore[arg-type]


def copy(*rules: RuleInfo, **more: object) -> Occasion:
    placement = Placement(
        item=COPY.id,
        story=StoryId("lead"),
        verdict=Verdict.COPY,
        of=LEAD.id,
        because=("same sentences",),
    )
    occasion = Occasion(
        item=COPY,
        feed=OTHER,
        placement=placement,
        hits=tuple(hit(COPY, info) for info in rules),
        lead=LEAD,
        lead_feed=FEED,
    )
    return replace(occasion, **more)  # type: ignore[arg-type]


def promised(plans: tuple[Planned, ...]) -> Alert:
    (planned,) = plans
    assert planned.alert is not None
    return planned.alert


def sent(alert: Alert) -> Alert:
    return replace(alert, state=AlertState.SENT, attempts=1)


def test_all_rules_of_one_route_make_one_alert_that_names_them_all() -> None:
    alert = promised(plan(new(rule("flood"), rule("bridge", severity=Severity.HIGH)), ROUTES, NOW))
    assert alert.rule_ids == {"flood", "bridge"}
    assert alert.message.severity is Severity.HIGH
    assert alert.channel == "sms"


def test_a_waiting_alert_leads_with_the_original_that_came_late() -> None:
    waiting = promised(plan(new(rule("flood"), original="http://b.example/1"), ROUTES, NOW))
    late = copy(rule("flood"), lead=COPY, lead_feed=OTHER, alerts=(waiting,))
    message = promised(plan(late, ROUTES, NOW)).message
    assert message.headline == "Deluge shuts the bridge"
    assert [one and one.item for one in (message.lead, *message.copies)] == ["copy", "lead"]
    assert (waiting.message.original, message.original) == ("http://b.example/1", "")
    third = replace(late, item=replace(COPY, id=ItemId("third")), alerts=(waiting,))
    told = promised(plan(third, ROUTES, NOW)).message
    assert [one and one.item for one in (told.lead, *told.copies)] == ["copy", "lead", "third"]


def test_an_edit_of_what_led_the_story_before_names_what_leads_it_now() -> None:
    edited = new(
        rule("flood"), lead=COPY, lead_feed=OTHER, edited=True, original="http://b.example/"
    )
    message = promised(plan(edited, ROUTES, NOW)).message
    assert message.headline == "Deluge shuts the bridge"
    assert [one.item for one in message.copies] == ["lead"]
    assert (message.lead and message.lead.feed, message.original) == ("b", "")


def test_each_route_gets_an_alert_of_its_own() -> None:
    plans = plan(new(rule("flood", notify=(PHONE, MAIL))), ROUTES, NOW)
    assert [planned.route for planned in plans] == ["mail", "phone"]
    keys = {planned.alert.key for planned in plans if planned.alert}
    assert len(keys) == 2


def test_the_first_alert_waits_for_its_group_and_a_critical_one_does_not() -> None:
    waiting = promised(plan(new(rule("flood")), ROUTES, NOW))
    assert (waiting.state, waiting.due_at) == (AlertState.HELD, NOW + timedelta(minutes=2))
    urgent = promised(plan(new(rule("flood", severity=Severity.CRITICAL)), ROUTES, NOW))
    assert (urgent.state, urgent.due_at) == (AlertState.PENDING, NOW)


def test_the_key_is_made_from_content_alone() -> None:
    first = promised(plan(new(rule("flood")), ROUTES, NOW))
    again = promised(plan(new(rule("flood")), ROUTES, NOW + timedelta(days=1)))
    assert first.key == again.key


def test_a_copy_joins_an_alert_that_has_not_left_and_the_lead_stays() -> None:
    waiting = promised(plan(new(rule("flood")), ROUTES, NOW))
    (planned,) = plan(copy(rule("flood"), rule("deluge"), alerts=(waiting,)), ROUTES, NOW)
    assert planned.decision == "folded"
    assert planned.alert is not None
    message = planned.alert.message
    assert message.headline == "Flood closes the bridge"
    assert [rule.id for rule in message.rules] == ["flood", "deluge"]
    assert [cited.item for cited in message.copies] == ["copy"]
    assert message.evidence == ("b: same sentences",)  # an alert may tell of several copies
    (again,) = plan(copy(rule("flood"), alerts=(planned.alert,)), ROUTES, NOW)
    assert again.alert == planned.alert


def test_a_copy_is_silent_after_the_alert_left_unless_it_brings_another_rule() -> None:
    left = sent(promised(plan(new(rule("flood")), ROUTES, NOW)))
    (silent,) = plan(copy(rule("flood"), alerts=(left,)), ROUTES, NOW)
    assert (silent.decision, silent.alert) == ("folded", None)
    assert "brings no other rule" in silent.because
    update = promised(plan(copy(rule("flood"), rule("deluge"), alerts=(left,)), ROUTES, NOW))
    assert (update.kind, update.revision, update.rule_ids) == (
        AlertKind.UPDATE,
        1,
        frozenset({"deluge"}),
    )
    assert update.key != left.key
    assert "but without rule deluge" in update.because


SENT = sent(promised(plan(new(rule("flood")), ROUTES, NOW)))
FACTS = ("Lindqvist", "47")


def test_new_facts_are_an_update_of_the_rules_that_ask_for_them_and_of_no_other() -> None:
    curious = rule("flood", facts=True)
    (told,) = plan(copy(curious, rule("bridge"), alerts=(SENT,), facts=FACTS), ROUTES, NOW)
    assert told.alert is not None
    assert told.alert.rule_ids == {"bridge"}, "a new rule says more than a new name"
    (told,) = plan(copy(curious, alerts=(SENT,), facts=FACTS), ROUTES, NOW)
    assert told.alert is not None
    assert told.alert.kind is AlertKind.UPDATE
    assert told.alert.rule_ids == {"flood"}
    assert "UTC), but without “Lindqvist”, “47”" in told.because
    (silent,) = plan(copy(rule("flood"), alerts=(SENT,), facts=FACTS), ROUTES, NOW)
    assert silent.alert is None
    assert "brings no other rule" in silent.because


def test_a_rule_may_ignore_them_all_the_same_and_a_reply_is_a_reply() -> None:
    both = rule("flood", facts=True, updates=Updates.IGNORE)
    (silent,) = plan(copy(both, alerts=(SENT,), facts=FACTS), ROUTES, NOW)
    assert silent.alert is None
    assert "“47” of rule flood is new, but its rule says `updates: ignore`" in silent.because
    quiet = rule("flood", facts=True, updates=Updates.THREAD)
    assert promised(plan(copy(quiet, alerts=(SENT,), facts=FACTS), ROUTES, NOW)).in_thread


def test_of_many_facts_the_first_are_named() -> None:
    many = tuple(f"Name{number}" for number in range(9))
    alert = promised(plan(copy(rule("flood", facts=True), alerts=(SENT,), facts=many), ROUTES, NOW))
    assert "“Name4” and 4 more" in alert.because


def test_a_rule_may_ignore_updates() -> None:
    left = sent(promised(plan(new(rule("flood")), ROUTES, NOW)))
    quiet = rule("deluge", updates=Updates.IGNORE)
    (silent,) = plan(copy(quiet, alerts=(left,)), ROUTES, NOW)
    assert silent.alert is None
    assert "`updates: ignore`" in silent.because


def test_what_every_earlier_update_named_is_not_said_again() -> None:
    left = sent(promised(plan(new(rule("flood")), ROUTES, NOW)))
    update = sent(promised(plan(copy(rule("deluge"), alerts=(left,)), ROUTES, NOW)))
    (silent,) = plan(copy(rule("deluge"), rule("flood"), alerts=(left, update)), ROUTES, NOW)
    assert silent.alert is None
    third = promised(plan(copy(rule("river"), alerts=(left, update)), ROUTES, NOW))
    assert third.revision == 2


def test_an_alert_that_is_being_retried_is_not_amended() -> None:
    tried = replace(promised(plan(new(rule("flood")), ROUTES, NOW)), attempts=2)
    (silent,) = plan(copy(rule("flood"), alerts=(tried,)), ROUTES, NOW)
    assert silent.alert is None


def test_a_baseline_promises_nothing_and_says_so() -> None:
    (silent,) = plan(new(rule("flood"), baseline="the first visit"), ROUTES, NOW)
    assert (silent.decision, silent.because, silent.alert) == ("baseline", "the first visit", None)


def test_an_edit_alerts_only_for_rules_that_the_item_did_not_hit_before() -> None:
    known = frozenset({RuleId("flood")})
    (silent,) = plan(new(rule("flood"), edited=True, hit_before=known), ROUTES, NOW)
    assert silent.alert is None
    occasion = new(rule("flood"), rule("river"), edited=True, hit_before=known)
    alert = promised(plan(occasion, ROUTES, NOW))
    assert "river" in alert.rule_ids


def test_a_copy_of_a_story_nobody_was_told_of_leads_with_the_original() -> None:
    alert = promised(plan(copy(rule("flood")), ROUTES, NOW))
    assert alert.message.lead is not None
    assert (alert.message.lead.item, alert.message.headline) == ("lead", "Flood closes the bridge")
    assert [cited.item for cited in alert.message.copies] == ["copy"]


def test_an_original_that_we_never_saw_is_named() -> None:
    occasion = new(rule("flood"), original="http://a.example/1")
    message = promised(plan(occasion, ROUTES, NOW)).message
    assert message.original == "http://a.example/1"
    assert message.evidence == ("first",)


@pytest.mark.parametrize(
    ("backfill", "position", "published", "alerts"),
    [
        (0, 0, NOW, False),
        (2, 1, None, True),
        (2, 2, NOW, False),
        (timedelta(days=1), 9, NOW - timedelta(hours=1), True),
        (timedelta(days=1), 0, NOW - timedelta(days=2), False),
        (timedelta(days=1), 0, None, False),
    ],
)
def test_a_first_visit_alerts_only_what_backfill_asks_for(
    backfill: int | timedelta, position: int, published: datetime | None, *, alerts: bool
) -> None:
    feed, item = replace(FEED, backfill=backfill), replace(LEAD, published=published)
    assert (baseline(feed, item, position, NOW) == "") is alerts


def test_a_notice_names_the_feed_and_is_promised_once_a_visit() -> None:
    notice = Notice(feed=FEED.id, topic="failing", text="failed 3 times in a row: 503", number=7)
    alert = notify(notice, FEED, ROUTES[PHONE], NOW)
    assert alert.message.headline == "Feed The A Times is failing"
    assert alert.message.body == "a <http://a.example/> failed 3 times in a row: 503"
    assert alert.kind is AlertKind.FEED
    later = notify(replace(notice, number=8), FEED, ROUTES[PHONE], NOW)
    assert later.key != alert.key
