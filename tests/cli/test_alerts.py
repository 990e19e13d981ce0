"""Verbs about alerts, channels, routes and silences, on a real database."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from tests.cli.conftest import Said, Setting, Watcher
from tests.store.nouns import make_alert
from watcher.clock import SystemClock
from watcher.model import (
    Alert,
    AlertKey,
    AlertState,
    ChannelHealth,
    ChannelName,
    RouteName,
    StoryId,
)
from watcher.ports import Transaction
from watcher.store import open_store

HEADLINE = "Flood closes the north bridge"
NOW = SystemClock().now()


def change(setting: Setting, what: Callable[[Transaction], object]) -> None:
    store = open_store(str(setting.config.parent / "watcher.db"))
    with store.transaction() as tx:
        what(tx)
    store.close()


def promise(setting: Setting, *alerts: Alert) -> None:
    change(setting, lambda tx: [tx.promise(alert) for alert in alerts])


def alert(key: str, state: AlertState, **more: object) -> Alert:
    made = make_alert(
        key,
        state=state,
        route=RouteName("desk"),
        channel=ChannelName("out"),
        story=StoryId(key),
        created_at=NOW,
        due_at=NOW,
        settled_at=NOW if state in (AlertState.DEAD, AlertState.SENT) else None,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def states(watcher: Watcher, setting: Setting, *options: str) -> dict[object, object]:
    said = watcher("alerts", "list", "-c", setting.config, "--json", *options)
    return {one["key"]: one["state"] for one in said.records}


# --- alerts


def test_alerts_are_listed_by_state_route_channel_and_age(
    watcher: Watcher, setting: Setting
) -> None:
    promise(
        setting,
        alert("a", AlertState.DEAD),
        alert("b", AlertState.SENT, route=RouteName("legal")),
        alert("c", AlertState.PENDING, channel=ChannelName("mail")),
        alert("d", AlertState.SENT, created_at=NOW - timedelta(days=9)),
    )
    assert set(states(watcher, setting, "--state", "dead")) == {"a"}
    assert set(states(watcher, setting, "--route", "legal")) == {"b"}
    assert set(states(watcher, setting, "--channel", "mail")) == {"c"}
    assert set(states(watcher, setting, "--since", "2d")) == {"a", "b", "c"}


def test_an_alert_is_shown_with_its_plan_its_attempts_and_what_a_digest_told(
    watcher: Watcher, setting: Setting
) -> None:
    setting.publish(HEADLINE)
    watcher("once", "-c", setting.config)
    ((key, _),) = states(watcher, setting).items()
    promise(setting, alert("m", AlertState.DIGESTED, digest=AlertKey(str(key))))
    shown = watcher("alerts", "show", key, "-c", setting.config).out
    for part in (
        HEADLINE,
        "sent on out, 1 attempts",
        "plan     promised",
        "#1: sent",
        "member   m",
    ):
        assert part in shown
    (record,) = watcher("alerts", "show", key, "-c", setting.config, "--json").records
    assert [one["outcome"] for one in record["tries"]] == ["sent"]  # type: ignore[attr-defined]
    assert record["members"] == ["m"]
    assert record["plans"][0]["decision"] == "promised"  # type: ignore[index]


def test_what_is_held_is_shown_with_what_it_waits_for(watcher: Watcher, setting: Setting) -> None:
    due = NOW + timedelta(hours=3)
    promise(setting, alert("a", AlertState.HELD, due_at=due, bundle="digest 08:00"))
    shown = watcher("alerts", "show", "a", "-c", setting.config).out
    assert f"waits    until {due:%Y-%m-%dT%H:%M:%SZ}, to be told together: digest 08:00" in shown


def test_all_dead_letters_of_a_channel_are_retried_at_once(
    watcher: Watcher, setting: Setting
) -> None:
    promise(
        setting,
        alert("a", AlertState.DEAD),
        alert("b", AlertState.DEAD, created_at=NOW - timedelta(days=9)),
        alert("c", AlertState.DEAD, channel=ChannelName("mail")),
        alert("d", AlertState.SUPPRESSED),
    )
    said = watcher("alerts", "retry", "--channel", "out", "--since", "2d", "-c", setting.config)
    assert "alert a is pending again" in said.err
    assert watcher("alerts", "retry", "--channel", "out", "-c", setting.config).code == 0
    assert states(watcher, setting) == {
        "a": "pending",
        "b": "pending",
        "c": "dead",
        "d": "suppressed",
    }
    again = watcher("alerts", "retry", "--channel", "out", "-c", setting.config)
    assert (again.code, again.err) == (1, "no dead letter is like that\n")


@pytest.mark.parametrize("wrong", [(), ("a", "--channel", "out")])
def test_who_retries_names_one_alert_or_says_which(
    watcher: Watcher, setting: Setting, wrong: tuple[str, ...]
) -> None:
    assert watcher("alerts", "retry", *wrong, "-c", setting.config).code == 2


def test_alerts_are_dropped_by_hand_and_stay_on_record(watcher: Watcher, setting: Setting) -> None:
    promise(
        setting,
        alert("a", AlertState.DEAD),
        alert("b", AlertState.HELD, bundle="x"),
        alert("c", AlertState.SENT),
    )
    assert watcher("alerts", "drop", "a", "b", "-c", setting.config).code == 0
    shown = watcher("alerts", "show", "b", "-c", setting.config).out
    assert "dropped by hand (it was held)" in shown
    assert watcher("alerts", "drop", "c", "-c", setting.config).code == 1
    assert states(watcher, setting) == {"a": "suppressed", "b": "suppressed", "c": "sent"}
    assert watcher("alerts", "retry", "b", "-c", setting.config).code == 0
    watcher("once", "-c", setting.config)
    assert states(watcher, setting)["b"] == "sent"


# --- channels


def test_the_list_of_channels_tells_how_each_does(watcher: Watcher, setting: Setting) -> None:
    (fresh,) = watcher("channels", "list", "-c", setting.config, "--json").records
    assert (fresh["channel"], fresh["state"], fresh["last_sent"]) == ("out", "not used yet", None)
    setting.publish(HEADLINE)
    watcher("once", "-c", setting.config)
    promise(
        setting,
        alert("a", AlertState.PENDING),
        alert("b", AlertState.HELD),
        alert("c", AlertState.DEAD),
        alert("d", AlertState.PENDING, channel=ChannelName("old")),
        alert("e", AlertState.DEAD, channel=ChannelName("older")),
    )
    out, old = watcher("channels", "list", "-c", setting.config, "--json").records
    assert (out["state"], out["held"], out["pending"], out["sent"], out["dead"]) == (
        "ok",
        1,
        1,
        1,
        1,
    )
    assert out["last_sent"] is not None
    assert (old["channel"], old["state"], old["pending"]) == ("old", "not configured", 1)
    assert "ok" in watcher("channels", "list", "-c", setting.config).out


@pytest.mark.parametrize(
    ("health", "state"),
    [
        ({"failures": 1}, "troubled"),
        ({"failures": 7, "next_try_at": NOW}, "failing"),
        ({"failures": 7}, "gone"),
        ({"next_try_at": NOW + timedelta(hours=1)}, "waiting"),
    ],
)
def test_a_channel_in_trouble_says_so(
    watcher: Watcher, setting: Setting, health: dict[str, object], state: str
) -> None:
    ill = ChannelHealth(name=ChannelName("out"), trouble="503", failing_since=NOW, **health)  # type: ignore[arg-type]
    change(setting, lambda tx: tx.keep_health(ill))
    (record,) = watcher("channels", "list", "-c", setting.config, "--json").records
    assert (record["state"], record["trouble"]) == (state, "503")


def test_a_test_alert_is_sent_past_the_outbox_and_the_answer_printed(
    watcher: Watcher, setting: Setting
) -> None:
    said = watcher("channels", "test", "out", "-c", setting.config)
    assert (said.code, said.out[:4]) == (0, "sent")
    (line,) = setting.alerts.read_text().splitlines()
    assert json.loads(line)["data"]["headline"] == "Test of channel out"
    assert states(watcher, setting) == {}
    setting.alerts.unlink()
    setting.alerts.mkdir()
    (told,) = watcher("channels", "test", "out", "-c", setting.config, "--json").records
    assert told["outcome"] in ("refused", "try later")
    assert told["answer"]
    assert watcher("channels", "test", "out", "-c", setting.config).code == 1
    assert watcher("channels", "test", "nosuch", "-c", setting.config).code == 2


def test_a_test_alert_can_be_like_a_story_or_a_digest(watcher: Watcher, setting: Setting) -> None:
    ask = ("channels", "test", "out", "-c", setting.config, "--sample")
    for sample, kind in (("story", "story.matched"), ("digest", "digest.ready")):
        assert watcher(*ask, sample).code == 0
        assert json.loads(setting.alerts.read_text().splitlines()[-1])["type"] == kind
    said = watcher(*ask, "storry")
    assert said.code == 2
    assert said.err.startswith("no sample 'storry'; there is story, update, bare, digest, feed")


# --- routes


def where(said: Said) -> dict[str, object]:
    """Give the one route of the one item."""
    (record,) = said.records
    (told,) = cast("list[dict[str, object]]", record["routes"])
    return told


def test_where_a_made_up_item_would_go_is_said_with_the_reason(
    watcher: Watcher, setting: Setting
) -> None:
    text = setting.config.read_text().replace(
        "{channel: out, group_wait: 0s}",
        "{channel: out, group_wait: 0s, severity: [info], quiet_hours: "
        '{from: "22:00", to: "07:00", timezone: Europe/Berlin}}',
    )
    setting.config.write_text(text)
    ask = ("routes", "test", "--rule", "flood", "--feed", "paper", "-c", setting.config, "--json")
    desk = where(watcher(*ask, "--now", "2026-12-01T12:00"))
    assert (desk["decision"], desk["channel"]) == ("promised", "out")
    assert desk["due"] == "2026-12-01T12:00:00Z"
    desk = where(watcher(*ask, "--now", "2026-12-01T12:00+01:00"))
    assert desk["due"] == "2026-12-01T11:00:00Z"
    desk = where(watcher(*ask, "--now", "2026-12-01T23:00"))
    assert desk["due"] == "2026-12-02T06:00:00Z"
    assert "quiet hours" in str(desk["because"])
    desk = where(watcher(*ask, "--severity", "high"))
    assert (desk["decision"], desk["due"]) == ("not taken", None)
    plain = watcher(*ask[:-1], "--now", "2026-12-01T23:00").out
    assert "desk: promised to out, until 2026-12-02T06:00:00Z" in plain
    assert states(watcher, setting) == {}


def test_where_items_would_go_is_said_for_each(
    watcher: Watcher, setting: Setting, tmp_path: Path
) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text('{"title": "The flood came", "feed": "paper"}\n{"title": "Calm"}\n')
    first, second = watcher("routes", "test", items, "-c", setting.config, "--json").records
    assert [one["route"] for one in first["routes"]] == ["desk"]  # type: ignore[attr-defined]
    assert second["routes"] == []
    assert "goes nowhere" in watcher("routes", "test", items, "-c", setting.config).out


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("items.jsonl", "--rule", "flood"),
        ("--rule", "nosuch"),
        ("--rule", "flood", "--feed", "nosuch"),
        ("--rule", "flood", "--severity", "awful"),
    ],
)
def test_a_wrong_question_about_routes_is_the_operators_mistake(
    watcher: Watcher, setting: Setting, wrong: tuple[str, ...]
) -> None:
    assert watcher("routes", "test", *wrong, "-c", setting.config).code == 2


# --- silences


def test_a_silence_keeps_alerts_in_until_it_is_expired(watcher: Watcher, setting: Setting) -> None:
    add = (
        "silence",
        "add",
        "--rule",
        "fl*",
        "--feed",
        "paper",
        "--for",
        "2h",
        "--comment",
        "moved",
    )
    said = watcher(*add, "-c", setting.config)
    assert said.code == 0
    silence = said.out.strip()
    (listed,) = watcher("silence", "list", "-c", setting.config, "--json").records
    assert (listed["silence"], listed["comment"], listed["in_force"]) == (silence, "moved", True)
    assert listed["matches"] == {"rule": "fl*", "feed": "paper"}
    asked = watcher("routes", "test", "--rule", "flood", "--feed", "paper", "-c", setting.config)
    assert "silenced" in asked.out
    setting.publish(HEADLINE)
    watcher("once", "-c", setting.config)
    ((key, state),) = states(watcher, setting).items()
    assert state == "suppressed"
    why = watcher("why", "http://paper.example/Flood", "-c", setting.config).out
    assert f"silence {silence} keeps it in" in why
    assert "(moved)" in why
    assert watcher("silence", "expire", silence[:6], "-c", setting.config).code == 0
    assert watcher("silence", "list", "-c", setting.config, "--json").records == []
    (ended,) = watcher("silence", "list", "--all", "-c", setting.config, "--json").records
    assert ended["in_force"] is False
    assert watcher("silence", "expire", silence, "-c", setting.config).code == 1
    watcher("alerts", "retry", key, "-c", setting.config)
    watcher("once", "-c", setting.config)
    assert states(watcher, setting) == {key: "sent"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--for", "2h"), "say what to keep in"),
        (("--rule", "x"), "say how long"),
        (("--rule", "x", "--for", "2h", "--until", "2040-01-01"), "say how long"),
        (("--rule", "x", "--until", "2020-01-01"), "2020-01-01 is over"),
        (("--severity", "awful", "--for", "2h"), "'awful' is not a severity"),
    ],
)
def test_a_wrong_silence_is_the_operators_mistake(
    watcher: Watcher, setting: Setting, wrong: tuple[str, ...], told: str
) -> None:
    said = watcher("silence", "add", *wrong, "-c", setting.config)
    assert said.code == 2
    assert told in said.err


def test_why_tells_what_is_held_until_when_and_which_digest_told_it(
    watcher: Watcher, setting: Setting
) -> None:
    text = setting.config.read_text().replace(
        "{channel: out, group_wait: 0s}",
        "{channel: out, digest: {at: '08:00', timezone: UTC}}",
    )
    setting.config.write_text(text)
    setting.publish(HEADLINE)
    watcher("once", "-c", setting.config)
    ask = ("why", "http://paper.example/Flood", "-c", setting.config)
    assert "waits until 2" in watcher(*ask).out
    assert "to be told together: digest 2" in watcher(*ask).out
    (record,) = watcher(*ask, "--json").records
    (plan,) = cast("list[dict[str, object]]", record["plans"])
    assert (plan["state"], str(plan["due"])[10:]) == ("held", "T08:00:00Z")
    ((key, _),) = states(watcher, setting).items()
    told = alert(str(key), AlertState.DIGESTED, digest=AlertKey("d1"), settled_at=NOW)
    change(setting, lambda tx: tx.resettle([told]))
    assert "told in digest d1" in watcher(*ask).out
