"""Numbers for Prometheus, in its text format."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from starlette.requests import Request
from starlette.responses import Response

from watcher import __version__
from watcher.model import AlertState
from watcher.web.counters import LATENCIES, Latencies
from watcher.web.desk import Desk
from watcher.web.given import Given
from watcher.web.state import State, state_of

TEXT = "text/plain; version=0.0.4; charset=utf-8"
Samples = Sequence[tuple[Mapping[str, str], float]]


def metrics(desk: Desk, request: Request) -> Response:
    """Give all numbers at this moment."""
    state = state_of(desk.given)
    lines = [line for family in _families(desk, state) for line in family]
    return Response("\n".join(lines) + "\n", media_type=TEXT)


def _families(desk: Desk, state: State) -> Iterator[Iterator[str]]:
    given = desk.given
    loading = given.loading()
    build = [({"version": __version__}, 1.0)]
    yield _family("watcher_build_info", "gauge", "Which Watcher this is.", build)
    yield _one("watcher_config_reload_success", "Whether the last load of the configuration was "
               "taken.", float(not loading.refused))  # fmt: skip
    yield _one("watcher_config_reload_timestamp_seconds", "When the configuration was loaded "
               "the last time.", loading.at.timestamp())  # fmt: skip
    yield _one("watcher_jobs_failing", "Jobs whose last run failed.", float(len(state.broken)))
    ages = [({"task": name}, age) for name, age in sorted(given.ages().items())]
    yield _family("watcher_last_tick_seconds", "gauge", "Time since a job last showed that it "
                  "lives.", ages)  # fmt: skip
    yield _one("watcher_database_writable", "Whether something could be written just now.",
               float(not desk.probe.trouble()))  # fmt: skip
    yield _one("watcher_database_bytes", "Size of the database.", float(given.database_size()))
    yield from _of_feeds(given, state)
    yield from _of_items(given, state)
    yield from _of_alerts(given, state)


def _of_feeds(given: Given, state: State) -> Iterator[Iterator[str]]:
    feeds = [({"feed": str(feed.feed.id)}, feed.memory) for feed in state.feeds]
    visits = [({"outcome": name}, float(count)) for name, count in given.counters.visits.items()]
    yield _family("watcher_visits_total", "counter", "Visits to feeds since the start.", visits)
    yield _family("watcher_feed_visits_total", "counter", "Visits to a feed, ever.",
                  [(name, float(memory.visits)) for name, memory in feeds])  # fmt: skip
    yield _family("watcher_feed_gaps_total", "counter", "How often a feed rolled over between "
                  "two visits.",
                  [(name, float(memory.gaps)) for name, memory in feeds])  # fmt: skip
    yield _family("watcher_feed_failures", "gauge", "Failed visits to a feed in a row.",
                  [(name, float(memory.failures)) for name, memory in feeds])  # fmt: skip
    yield _family("watcher_feed_last_read_timestamp_seconds", "gauge", "When a feed was read "
                  "the last time.",
                  [(name, memory.last_read_at.timestamp()) for name, memory in feeds
                   if memory.last_read_at])  # fmt: skip
    yield _family("watcher_feed_gap", "gauge", "Whether a feed may have items that we missed.",
                  [(name, float(memory.gap_at is not None)) for name, memory in feeds])  # fmt: skip


def _of_items(given: Given, state: State) -> Iterator[Iterator[str]]:
    new = float(given.counters.new_items)
    yield _one("watcher_new_items_total", "New items since the start.", new, "counter")
    matches = float(given.counters.matches)
    yield _one("watcher_matches_total", "Hits of rules since the start.", matches, "counter")
    yield _one("watcher_items", "Items that are kept.", float(state.counts.items))
    yield _one("watcher_stories", "Stories that are kept.", float(state.counts.stories))
    yield _one("watcher_hits", "Hits of rules that are kept.", float(state.counts.hits))
    lately = [({"rule": str(one.rule)}, float(one.hits)) for one in state.activity]
    yield _family("watcher_rule_recent_hits", "gauge", "Items of late that a rule hit.", lately)


def _of_alerts(given: Given, state: State) -> Iterator[Iterator[str]]:
    channels = sorted(given.in_service().channels)
    numbers = {(one.channel, one.state): one.number for one in state.waiting}
    by_state = [
        ({"channel": str(name), "state": each.value}, float(numbers.get((name, each), 0)))
        for name in channels
        for each in AlertState
    ]
    yield _family("watcher_alerts", "gauge", "Alerts by channel and state.", by_state)
    oldest = state.oldest_undelivered
    waits = (state.now - oldest).total_seconds() if oldest else 0.0
    yield _one("watcher_outbox_oldest_seconds", "Age of the oldest alert on its way.", waits)
    tries = [
        ({"channel": channel, "outcome": outcome}, float(count))
        for (channel, outcome), count in sorted(given.counters.tries.items())
    ]
    yield _family("watcher_delivery_attempts_total", "counter", "Tries to deliver an alert "
                  "since the start.", tries)  # fmt: skip
    yield _histogram("watcher_alert_latency_seconds", "Time from the promise of an alert until it "
                     "was sent, since the start.", given.counters.latencies)  # fmt: skip
    failing = [({"channel": str(name)}, float(state.failures_of(name))) for name in channels]
    yield _family("watcher_channel_failures", "gauge", "Failures of a channel in a row.", failing)
    yield _one("watcher_silences", "Silences in force.", float(len(state.silences)))


def _one(name: str, told: str, value: float, kind: str = "gauge") -> Iterator[str]:
    return _family(name, kind, told, [({}, value)])


def _histogram(name: str, told: str, found: Mapping[str, Latencies]) -> Iterator[str]:
    if not found:
        return
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} histogram"
    for channel, latencies in sorted(found.items()):
        label = f'channel="{_escaped(channel)}"'
        spans = (*(f"{span:g}" for span in LATENCIES), "+Inf")
        for span, number in zip(spans, accumulate(latencies.numbers), strict=True):
            yield f'{name}_bucket{{{label},le="{span}"}} {number}'
        yield f"{name}_sum{{{label}}} {latencies.seconds:.17g}"
        yield f"{name}_count{{{label}}} {sum(latencies.numbers)}"


def _family(name: str, kind: str, told: str, samples: Samples) -> Iterator[str]:
    if not samples:
        return
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        named = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{name}{{{named}}} {value:.17g}" if named else f"{name} {value:.17g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
