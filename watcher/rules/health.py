"""Which rules do not do what one has them for: they match nothing, or nearly everything.

Each ailment is told once when it begins and once when it is over. Between the two lies a gap
(hysteresis), so that a rule near the border is not told of again and again:

- quiet: no hit for `expected`, counted from its last hit or from when it came into service; over
  when it has matched again;
- noisy: at least half of the items of the last 24 hours, and of at least 50 of them: below that
  nobody drowns in alerts, and a morning with three items proves nothing; over below a quarter of at
  least 20 items. Ten rules that share a story stay far below; a forgotten field or a list with a
  word like *the* is far above, so that the exact border matters little.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from watcher.model import Ailment, RuleActivity, RuleInfo, RuleNotice
from watcher.text.spans import spoken

LATELY = timedelta(hours=24)  # what `items` and `hits` of an activity are about
NOISY_SHARE = 0.5
NOISY_ITEMS = 50
CALM_SHARE = 0.25
CALM_ITEMS = 20

FLOOD_A_DAY = 24  # alerts of one rule: one an hour, day and night, is what nobody reads

Words = str  # why it is so; empty where it is not
Judgement = Callable[[RuleActivity, RuleInfo, datetime], Words]


def judge(
    activities: Iterable[RuleActivity], infos: Sequence[RuleInfo], now: datetime
) -> tuple[RuleNotice, ...]:
    """Tell which notices open and which close; `infos` are the rules in service.

    What is open at a rule that left the service closes; nothing opens there.
    """
    by_id = {info.id: info for info in infos}
    return tuple(
        notice
        for activity in activities
        for ailment in Ailment
        if (notice := _turn(ailment, activity, by_id.get(activity.rule), now))
    )


def ailments(activity: RuleActivity, info: RuleInfo, now: datetime) -> frozenset[Ailment]:
    """Tell what is wrong with a rule in service now, told of already or not."""
    turned = {notice.ailment for notice in judge([activity], [info], now)}
    return frozenset(turned ^ activity.told.keys())


def flooding(*, items: int, hits: int, alerts: int, days: int) -> Words:
    """Tell why a rule that was tried on the past says yes implausibly often.

    It hit `hits` of `items` items, and there would have been `alerts` alerts on these days.
    """
    if items >= NOISY_ITEMS and hits >= NOISY_SHARE * items:
        return f"it matches {hits:,} of {items:,} items ({hits / items:.0%})"
    if days and alerts > FLOOD_A_DAY * days:
        return f"{alerts / days:,.0f} alerts a day would come of it, more than one an hour"
    return ""


def _turn(
    ailment: Ailment, activity: RuleActivity, info: RuleInfo | None, now: datetime
) -> RuleNotice | None:
    opened_at = activity.told.get(ailment)
    if opened_at is None:
        text = _OPENS[ailment](activity, info, now) if info is not None else ""
    elif info is None:
        text = f"{activity.rule} is out of service."
    elif activity.since > opened_at:
        still = _OPENS[ailment](activity, info, now)
        text = "" if still else f"{info.id} came into service anew."
    else:
        text = _CLOSES[ailment](activity, info, now)
    if not text:
        return None
    return RuleNotice(
        rule=info or RuleInfo(id=activity.rule),
        ailment=ailment,
        opens=opened_at is None,
        opened_at=opened_at or now,
        text=text,
    )


def _fell_quiet(activity: RuleActivity, info: RuleInfo, now: datetime) -> Words:
    heard = _last_heard(activity)
    if info.expected is None or now - heard < info.expected:
        return ""
    matched = activity.last_hit_at is not None and activity.last_hit_at == heard
    then = "it last matched" if matched else "it came into service"
    return (
        f"{info.id} matched nothing for {spoken(now - heard)} ({then} on {_moment(heard)}); "
        f"one hit within {spoken(info.expected)} is expected of it. {_seen(activity)} "
        f"To look at it: watcher rules show {info.id}"
    )


def _is_heard(activity: RuleActivity, info: RuleInfo, now: datetime) -> Words:
    heard = _last_heard(activity)
    if info.expected is None:
        return f"Nothing is expected of {info.id} any more."
    if now - heard >= info.expected:
        return ""
    if heard > activity.told[Ailment.QUIET]:
        return f"{info.id} matched again, on {_moment(heard)}."
    return f"Of {info.id} one hit within {spoken(info.expected)} is expected now."


def _is_noisy(activity: RuleActivity, info: RuleInfo, _now: datetime) -> Words:
    enough = activity.items >= NOISY_ITEMS
    if not enough or activity.hits < NOISY_SHARE * activity.items:
        return ""
    return (
        f"{info.id} matched {_share(activity)}. A rule that says yes to nearly everything tells "
        f"nothing. To look at it: watcher rules show {info.id}"
    )


def _is_calm(activity: RuleActivity, info: RuleInfo, _now: datetime) -> Words:
    enough = activity.items >= CALM_ITEMS
    if not enough or activity.hits >= CALM_SHARE * activity.items:
        return ""
    return f"{info.id} matched {_share(activity)}."


_OPENS: Mapping[Ailment, Judgement] = {Ailment.QUIET: _fell_quiet, Ailment.NOISY: _is_noisy}
_CLOSES: Mapping[Ailment, Judgement] = {Ailment.QUIET: _is_heard, Ailment.NOISY: _is_calm}


def _last_heard(activity: RuleActivity) -> datetime:
    """Give the time from which on silence counts."""
    return max(activity.since, activity.last_hit_at or activity.since)


def _share(activity: RuleActivity) -> Words:
    share = activity.hits / activity.items
    seen = f"the {activity.items} new items that it saw in the last 24 hours"
    return f"{activity.hits} of {seen} ({share:.0%})"


def _seen(activity: RuleActivity) -> Words:
    if not activity.items:
        return "No new item was seen in the last 24 hours at all."
    return f"It saw {activity.items} new items in the last 24 hours."


def _moment(time: datetime) -> Words:
    return f"{time:%Y-%m-%d %H:%M} UTC"
