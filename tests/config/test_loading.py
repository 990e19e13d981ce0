"""A whole configuration: what it becomes, and every fault of all its files at once."""

import os
from datetime import time, timedelta
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.config.files import FEEDS, MAIN, RULES, loaded, refused, told, write
from watcher.alerts.template import Template
from watcher.channels import (
    AppriseSettings,
    ConsoleSettings,
    EmailSettings,
    FileSettings,
    SlackSettings,
    WebhookSettings,
    repeats_of,
)
from watcher.config import environment, limits, load
from watcher.errors import ConfigError
from watcher.fetch import PageBudget
from watcher.model import (
    ChannelName,
    Digest,
    QuietHours,
    Repeats,
    Route,
    RouteName,
    Secret,
    Severity,
    Takes,
    Updates,
)
from watcher.stories import Windows


def test_three_small_files_are_a_configuration(tmp_path: Path) -> None:
    config = loaded(tmp_path)
    assert config.path == tmp_path / "watcher.yaml"
    assert config.state == str(tmp_path / "watcher.db")
    assert [(feed.id, feed.url) for feed in config.feeds] == [("wire", "https://wire.example/feed")]
    assert [(info.id, info.notify) for info in config.rules.infos] == [("blackberry", ("console",))]
    assert config.channels == (ConsoleSettings(name=config.channels[0].name),)
    assert config.routes == {
        "console": Route(name=config.routes[config.operator or ""].name, channel="console")  # type: ignore[arg-type,index]
    }
    assert config.operator == "console"
    assert config.warnings == ()


FULL = """\
version: 1
state: data/w.db
include: {feeds: feeds.yaml, rules: [rules.yaml]}
poll: {default: 30m, min: 10m, max: 2d}
stories: {across_sources: 7d, within_source: 1d}
fetch:
  contact: https://example.org/us
  concurrency: 4
  per_host: 1
  per_host_gap: 0s
  connect_timeout: 5s
  read_timeout: 15s
  deadline: 45s
  max_megabytes: 2
  allow_networks: [10.0.0.0/8, "::1"]
  ca_file: ca.pem
  hold_host: no
  pages: {at_once: 2, per_visit: 5, deadline: 30s, max_megabytes: 1}
channels:
  screen: {type: console, width: 72}
  log: {type: file, path: alerts.jsonl}
  chat: {type: slack, url: env:HOOK, timeout: 10s, ca_file: ca.pem}
  mail: {type: email, server: "[::1]:465", from: w@example.org, user: w, password: env:PW}
  plain: {type: email, server: localhost, tls: none, from: w@example.org, to: a@example.org,
    unsubscribe: desk@example.org}
routes:
  desk: {channel: screen, group_wait: 0s}
  chat: {channel: chat, group_wait: 5m}
  legal: {channel: mail, to: [l@example.org, m@example.org]}
operator: desk
notify: [desk, chat]
"""


def test_every_setting_arrives(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    secrets = {"HOOK": "https://hooks.example/x", "PW": "pw"}
    config = loaded(tmp_path, FULL, environment=secrets)
    assert config.state == str(tmp_path / "data/w.db")
    assert config.windows == Windows(across=timedelta(days=7), within=timedelta(days=1))
    pace = config.pace
    assert (pace.default, pace.least, pace.most) == (
        timedelta(minutes=30), timedelta(minutes=10), timedelta(days=2),
    )  # fmt: skip
    fetch = config.fetch
    assert fetch.user_agent_contact == "https://example.org/us"
    assert (fetch.concurrency, fetch.per_host, fetch.max_bytes) == (4, 1, 2 * 1024 * 1024)
    assert (fetch.host_gap, fetch.connect_timeout) == (timedelta(0), timedelta(seconds=5))
    assert (fetch.read_timeout, fetch.deadline) == (timedelta(seconds=15), timedelta(seconds=45))
    assert fetch.allow_networks == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert fetch.ca_file == tmp_path / "ca.pem"
    assert fetch.hold_host is False
    assert fetch.pages == PageBudget(
        at_once=2, per_visit=5, deadline=timedelta(seconds=30), max_bytes=1024 * 1024
    )
    by_name = {channel.name: channel for channel in config.channels}
    assert set(by_name) == {"screen", "log", "chat", "mail/legal", "plain"}
    assert by_name["screen"] == ConsoleSettings(name=by_name["screen"].name, width=72)  # type: ignore[index]
    assert config.operator == "desk"
    assert config.notify == ("desk", "chat")
    assert [info.notify for info in config.rules.infos] == [("desk", "chat")]


def test_channels_are_told_what_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    secrets = {"HOOK": "https://hooks.example/x", "PW": "pw"}
    config = loaded(tmp_path, FULL, environment=secrets)
    _screen, log, chat, *mails = config.channels
    assert isinstance(log, FileSettings)
    assert log.path == tmp_path / "alerts.jsonl"
    assert isinstance(chat, SlackSettings)
    assert (chat.timeout, chat.ca_file) == (timedelta(seconds=10), str(tmp_path / "ca.pem"))
    told_mails = {
        mail.name: (mail.host, mail.port, mail.tls, mail.user, mail.recipients)
        for mail in mails
        if isinstance(mail, EmailSettings)
    }
    assert told_mails == {
        "plain": ("localhost", 25, "none", "", ("a@example.org",)),
        "mail/legal": ("::1", 465, "implicit", "w", ("l@example.org", "m@example.org")),
    }
    unsubscribing = [mail.unsubscribe for mail in mails if isinstance(mail, EmailSettings)]
    assert sorted(unsubscribing) == ["", "desk@example.org"]


def test_a_bot_and_a_chat_have_their_settings(tmp_path: Path) -> None:
    secrets = {"TOKEN": "xoxb-1-2", "HOOK": "https://discord.example/api/webhooks/1/x"}
    lines = (
        "  bot: {type: slack, token: env:TOKEN, channel: C0123456789, doubtful: hold}\n"
        "  chat: {type: webhook, url: env:HOOK, format: discord, doubtful: hold}\n"
        "  far: {type: apprise, url: 'json://localhost/x', timeout: 9s}\n"
    )
    config = loaded(tmp_path, f"{MAIN}{lines}operator: console\n", environment=secrets)
    found = {channel.name: channel for channel in config.channels}
    bot, chat, far = (found[ChannelName(name)] for name in ("bot", "chat", "far"))
    assert isinstance(bot, SlackSettings)
    assert (bot.token, bot.channel, bot.url) == (Secret("xoxb-1-2"), "C0123456789", None)
    assert isinstance(chat, WebhookSettings)
    assert (chat.format, repeats_of(chat)) == ("discord", Repeats.HOLD)
    assert isinstance(far, AppriseSettings)
    assert (far.timeout, repeats_of(far)) == (timedelta(seconds=9), Repeats.RESEND)


def test_a_route_has_its_policy_and_a_channel_is_a_route_without(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    secrets = {"HOOK": "https://hooks.example/x", "PW": "pw"}
    routes = loaded(tmp_path, FULL, environment=secrets).routes
    assert {str(name): (route.channel, route.group_wait) for name, route in routes.items()} == {
        "desk": ("screen", timedelta(0)),
        "chat": ("chat", timedelta(minutes=5)),
        "legal": ("mail/legal", timedelta(minutes=2)),
        "screen": ("screen", timedelta(minutes=2)),
        "log": ("log", timedelta(minutes=2)),
        "plain": ("plain", timedelta(minutes=2)),
    }


def test_feeds_have_groups_for_tags(tmp_path: Path) -> None:
    feeds = """\
        version: 1
        feeds:
          - {id: a, url: https://a.example/, title: "A: the first", lang: de-AT, poll: 10m}
          - {id: b, url: http://b.example:8080/x?y=1, tags: [one, two], backfill: 20,
             full_text: yes}
        groups:
          security:
            - {id: c, url: https://c.example/, tags: advisories, backfill: 2d, full_text: auto}
        """
    a, b, c = loaded(tmp_path, feeds=feeds).feeds
    assert (a.title, a.language, a.every) == ("A: the first", "de-AT", timedelta(minutes=10))
    assert (b.tags, b.backfill, b.every) == (("one", "two"), 20, None)
    assert (c.tags, c.backfill) == (("security", "advisories"), timedelta(days=2))
    assert (a.full_text, b.full_text, c.full_text) == ("no", "yes", "auto")


def test_rules_say_who_hears_of_them_and_how_much_they_matter(tmp_path: Path) -> None:
    rules = """\
        version: 1
        rules:
          - {id: a, title: T, when: alpha, severity: critical, notify: console, updates: thread,
             language: german, feeds: [WI*], note: why, tests: {match: [{title: alpha, feed: wire}],
             no_match: [beta]}}
          - {id: b, any: [no, 1984, 12:30], enabled: off, tests: {match: [no], no_match: [yes]}}
        """
    [rule] = loaded(tmp_path, rules=rules).rules.infos
    assert (rule.id, rule.title, rule.severity) == ("a", "T", Severity.CRITICAL)
    assert (rule.notify, rule.updates) == (("console",), Updates.THREAD)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("w.db", "{here}/w.db"),
        ("../up.db", "{here}/../up.db"),
        ("/var/lib/w.db", "/var/lib/w.db"),
        ("postgresql://db.example/watcher", "postgresql://db.example/watcher"),
        ("sqlite:///w.db", "sqlite:///{here}/w.db"),
        ("sqlite:////var/w.db", "sqlite:////var/w.db"),
    ],
)
def test_the_database_is_beside_the_main_file_or_where_a_url_says(
    tmp_path: Path, state: str, expected: str
) -> None:
    config = loaded(tmp_path, MAIN + f"state: {state}\n")
    assert config.state == expected.format(here=tmp_path)


TEN_FAULTS = (
    """\
version: 1
include: {feeds: [feeds.yaml], rules: [rules.yaml, more/*.yaml]}
poll: {default: 15 minutes}
channels:
  console: {type: console, colour: red}
  chat: {type: slack, url: env:HOOK}
routes:
  desk: {channel: konsole}
operator: dekk
""",
    """\
version: 1
feeds:
  - {id: wire, url: wire.example/feed}
  - {id: wire, url: https://wire.example/feed2}
""",
    """\
version: 1
rules:
  - id: blackberry
    when: >-
      BlackBerry AND
      "back door" OR wiretap
    notify: [desk, chatt]
    severity: hgih
  - id: second
    any: [lawful interception, "title:back door"]
    feeds: [wires]
""",
)


def test_ten_faults_of_three_files_are_all_told_with_their_places(tmp_path: Path) -> None:
    assert told(refused(tmp_path, *TEN_FAULTS)) == [
        'watcher.yaml:2:52 C014 "more/*.yaml" matches no file (looked in ' + f"{tmp_path})",
        'watcher.yaml:3:17 C011 "15 minutes" is not a duration; write 90s, 30m, 24h, 7d or 2w',
        'watcher.yaml:5:28 C003 unknown key "colour"; known here: type, width or template',
        "watcher.yaml:6:28 C015 the environment variable HOOK is not set",
        'watcher.yaml:8:19 C012 no channel is called "konsole" - did you mean "console"?',
        'watcher.yaml:9:11 C012 no route or channel is called "dekk" - did you mean "desk"?',
        "feeds.yaml:3:21 C011 this is not an http or https address; it begins with https://",
        f'feeds.yaml:4:10 C013 feed "wire" is there already: {tmp_path}/feeds.yaml:3',
        'rules.yaml:7:20 C012 no route or channel is called "chatt" - did you mean "chat"?',
        'rules.yaml:8:15 C011 "hgih" is not a severity - did you mean "high"?',
        "rules.yaml:10:44 E103 two operands side by side: neither AND nor a phrase is guessed",
        'rules.yaml:11:13 C012 no feed is called "wires" - did you mean "wire"?',
    ]


def test_a_fault_shows_its_line_a_caret_and_what_to_write(tmp_path: Path) -> None:
    faults = refused(tmp_path, *TEN_FAULTS)
    assert faults[8].told().splitlines() == [
        f'{tmp_path}/rules.yaml:7:20: error C012 in rule "blackberry": '
        'no route or channel is called "chatt" - did you mean "chat"?',
        "    notify: [desk, chatt]",
        "                   ^^^^^",
        "    write chat",
    ]


BY_HAND = "call `watcher reload`, or send SIGHUP to the daemon"
WRONG_MAIN = {
    # what is added to the main file, and what is told
    "routes: {a b: {channel: console}}": [
        '5:10 C011 "a b" is not a name; use letters, digits, "_", "." and "-", no blanks'
    ],
    "routes: {a: {channel: console, digest: {at: '08:00'}, quiet_hours: {}}}": [
        '5:40 C008 "timezone" is missing',
        '5:68 C008 "from" is missing',
        '5:68 C008 "to" is missing',
        '5:68 C008 "timezone" is missing',
    ],
    "routes: {a: {channel: console, digest: {at: 8 am, timezone: Europe/Berln}}}": [
        '5:45 C011 "8 am" is not a time of day; write 08:00 or 22:30, from 00:00 to 23:59',
        '5:61 C011 "Europe/Berln" is not a time zone - did you mean "Europe/Berlin"?',
    ],
    "routes: {a: {channel: console, digest: {at: '08:00', timezone: UTC, days: [noday]}}}": [
        '5:76 C011 "noday" is not a day of the week; write mon, tue, wed, thu, fri, sat or sun'
    ],
    "routes: {a: {channel: console, quiet_hours: {from: '7:00', to: '07:00', timezone: UTC}}}": [
        "5:60 C011 quiet hours that end when they begin would never end; write another time"
    ],
    "routes: {a: {channel: console, fallback: b, max_per_hour: 0, severity: [hi]}}": [
        '5:42 C012 no route or channel is called "b" - did you mean "a"?',
        '5:59 C011 "0" is too little; it must be at least 1',
        '5:73 C011 "hi" is not a severity; write low, info, high or critical',
    ],
    "routes: {a: {channel: console, fallback: a}}": [
        "5:42 C017 a route cannot be its own fallback"
    ],
    "routes: {a: {channel: console, to: [a@b.example]}}": [
        '5:32 C017 "to" is for e-mail; channel "console" is none'
    ],
    "routes: {a: {chanel: console}}": [
        '5:13 C008 "channel" is missing',
        '5:14 C003 unknown key "chanel" - did you mean "channel"?',
    ],
    "routes: {a: [console]}": ["5:13 C010 a mapping is wanted here: lines of `key: value`"],
    "routes: [console]": ["5:9 C010 a mapping is wanted here: lines of `key: value`"],
    "routes: {a: {channel: console, group_wait: -1m}}": [
        '5:44 C011 "-1m" is not a duration; write 90s, 30m, 24h, 7d or 2w'
    ],
    "operator: [console]": [
        "5:11 C010 a text is wanted here",
    ],
    "notify: [console, nobody]": [
        '5:19 C012 no route or channel is called "nobody"; there is console'
    ],
    "routes:": ['5:1 C009 "routes" has no value; write one, or take the key out'],
    "operator: # console": [
        '5:1 C009 "operator" has no value; write one, or take the key out; '
        "what follows # is a comment: put a text that begins with # in quotes"
    ],
    "poll: {min: 1h, max: 10m}": [
        "5:7 C011 out of order: min 1:00:00, default 0:15:00, max 0:10:00"
    ],
    "poll: {default: 0s}": ['5:17 C011 "0s" is no time at all; it must be longer'],
    "poll: {max: 9999w}": ['5:13 C011 "9999w" is longer than ten years'],
    "stories: {across_sources: 2d, within_source: 3d}": [
        "5:10 C011 out of order: within_source 3 days, 0:00:00, across_sources 2 days, 0:00:00"
    ],
    "poll: 5m": ["5:7 C010 a mapping is wanted here: lines of `key: value`"],
    "fetch: {concurrency: many}": ['5:22 C011 "many" is not a whole number from 0 to 999999'],
    "fetch: {concurrency: 0}": ['5:22 C011 "0" is too little; it must be at least 1'],
    "fetch: {allow_networks: [10.0.0.1/8, here]}": [
        '5:26 C011 "10.0.0.1/8" is not a network; write 10.0.0.0/8 or fd00::/8; '
        "its host bits must be zero",
        '5:38 C011 "here" is not a network; write 10.0.0.0/8 or fd00::/8',
    ],
    "fetch: {pages: {per_visit: 0}}": ['5:28 C011 "0" is too little; it must be at least 1'],
    "fetch: {hold_host: maybe}": ['5:20 C011 "maybe" is neither true nor false'],
    "fetch: {contact: Jürgen}": [
        "5:18 C011 this goes into a header of each request: ASCII only, in one line"
    ],
    "fetch: {ca_file: no.pem}": ["5:18 C011 there is no file HERE/no.pem"],
    "state: mysql://x/y": [
        "5:8 C011 this is no database Watcher knows; write a file's path or postgresql://…"
    ],
    "state: [a]": ["5:8 C010 a text is wanted here"],
    "reload: on-change": [f'5:1 C016 "reload" is not supported yet; {BY_HAND}'],
    "Notify: [console]": ['5:1 C003 unknown key "Notify" - did you mean "notify"?'],
}


ROUTE = """routes:
  legal:
    channel: console
    severity: [high, critical]
    feeds: [wires, "reg-*"]
    tags: Law
    languages: [en, DE]
    digest: {at: ["17:00", "8:00"], timezone: Europe/Berlin, days: [monday, fri], except: critical}
    quiet_hours: {from: "22:00", to: "07:00", timezone: UTC, except: [critical]}
    max_per_hour: 20
    max_age: 6h
    fallback: console
"""


def test_a_route_says_what_it_takes_and_when_it_goes_out(tmp_path: Path) -> None:
    route = loaded(tmp_path, MAIN + ROUTE).routes[RouteName("legal")]
    assert route.takes == Takes(
        severities=frozenset({Severity.HIGH, Severity.CRITICAL}),
        feeds=("wires", "reg-*"),
        tags=("law",),
        languages=("en", "de"),
    )
    assert route.digest == Digest(
        at=(time(8), time(17)),
        zone=ZoneInfo("Europe/Berlin"),
        days=frozenset({0, 4}),
        besides=frozenset({Severity.CRITICAL}),
    )
    assert route.quiet == QuietHours(
        begin=time(22), end=time(7), zone=ZoneInfo("UTC"), besides=frozenset({Severity.CRITICAL})
    )
    assert (route.most_per_hour, route.max_age) == (20, timedelta(hours=6))
    assert route.fallback == "console"


@pytest.mark.parametrize("added", WRONG_MAIN)
def test_mistakes_in_the_main_file_are_told(tmp_path: Path, added: str) -> None:
    faults = told(refused(tmp_path, MAIN + added + "\n"))
    expected = [each.replace("HERE", str(tmp_path)) for each in WRONG_MAIN[added]]
    assert faults == [f"watcher.yaml:{fault}" for fault in expected]


KEY = "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"
WRONG_CHANNELS = {
    "{type: consol}": ['4:17 C011 "consol" is not a type of channel - did you mean "console"?'],
    "{type: fax}": [
        '4:17 C011 "fax" is not a type of channel; write console, file, slack, '
        "webhook, email or apprise"
    ],
    "{width: 3}": [
        '4:10 C008 "type" is missing; it is console, file, slack, webhook, email or apprise'
    ],
    "{type: [console]}": ["4:17 C010 a text is wanted here"],
    "console": ["4:10 C010 a mapping is wanted here: lines of `key: value`"],
    "": ['4:3 C009 "other" has no value; write one, or take the key out'],
    "{type: file, path: none/alerts}": ["4:29 C011 there is no folder HERE/none"],
    "{type: file}": ['4:10 C008 "path" is missing'],
    "{type: slack, url: xoxb-1}": [
        "4:29 C011 `url` must be the address of an incoming webhook; this is a token: "
        "call it `token`"
    ],
    "{type: slack}": [
        "4:10 C011 `url` (of an incoming webhook), or `token` and `channel` (of a bot), is missing"
    ],
    "{type: slack, token: xoxb-1}": [
        "4:10 C011 `channel` is missing: the id (C0123456789) or name of the channel to post to"
    ],
    "{type: slack, token: 'https://h.example/x', channel: C0123456789}": [
        "4:31 C011 `token` must be a bot's token; this is an address: call it `url`"
    ],
    "{type: slack, url: 'https://h.example/x', token: xoxb-1}": [
        "4:29 C011 `url` is of an incoming webhook and `token` of a bot: give one of them"
    ],
    "{type: slack, url: 'https://h.example/x', doubtful: maybe}": [
        "4:62 C011 this must be 'resend' or 'hold'"
    ],
    "{type: webhook, url: 'https://a', format: morse}": [
        "4:52 C011 this must be 'watcher', 'cloudevents', 'slack', 'discord', 'teams' or 'custom'"
    ],
    f"{{type: webhook, url: 'https://a', format: teams, secrets: {KEY}}}": [
        "4:68 C011 `secrets` have no use: nobody checks them in the format teams"
    ],
    "{type: apprise, url: nonsense}": ["4:31 C011 `url` is no address that Apprise understands"],
    "{type: slack, url: [env:A, env:B]}": ["4:29 C010 a text is wanted here"],
    "{type: webhook, url: hook.example}": ["4:31 C011 `url` must be a whole http or https URL"],
    "{type: webhook, url: 'https://a', secrets: [short]}": [
        "4:54 C011 `secrets` 1: must be `whsec_` and base64 of 24 to 64 bytes"
    ],
    "{type: webhook, url: 'https://a', ca_file: no.pem}": [
        "4:53 C011 there is no file HERE/no.pem"
    ],
    "{type: email, server: a:b, from: w@a.org, to: me}": [
        '4:32 C011 "a:b" is not a server; write host:port, as in smtp.example.org:587',
        '4:56 C011 "me" is not an e-mail address; write it bare, as in watcher@example.org',
    ],
    "{type: email, server: 'a:70000', from: W <w@a.org>, to: []}": [
        '4:32 C011 "a:70000" is not a server; write host:port, as in smtp.example.org:587',
        '4:49 C011 "W <w@a.org>" is not an e-mail address; '
        "write it bare, as in watcher@example.org",
    ],
    "{type: email, server: a, from: w@a.org, to: b@a.org, tls: some}": [
        "4:68 C011 this must be 'starttls', 'implicit' or 'none'"
    ],
    "{type: email, server: a, from: w@a.org, to: b@a.org, tls: none}": [
        "4:68 C011 `tls: none` is only for a server on this machine"
    ],
    "{type: email, server: a, from: w@a.org, to: b@a.org, unsubscribe: ü@a.org}": [
        "4:76 C011 `unsubscribe` is not a bare e-mail address in ASCII: 'ü@a.org'"
    ],
    "{type: email, server: a, from: w@a.org, to: b@a.org, user: w}": [
        "4:69 C011 `password` and `user` come together"
    ],
}


@pytest.mark.parametrize("channel", WRONG_CHANNELS)
def test_mistakes_in_channels_are_told(tmp_path: Path, channel: str) -> None:
    main = MAIN.replace("console: {type: console}", f"other: {channel}")
    faults = told(refused(tmp_path, main, rules="version: 1\n"))
    expected = [each.replace("HERE", str(tmp_path)) for each in WRONG_CHANNELS[channel]]
    assert faults == [f"watcher.yaml:{each}" for each in expected]


def test_a_mail_channel_without_recipients_reaches_nobody(tmp_path: Path) -> None:
    main = MAIN + (
        "  mail: {type: email, server: localhost, from: w@a.org}\n"
        "routes: {post: {channel: mail}, desk: {channel: console}}\n"
        "operator: mail\n"
    )
    rules = RULES + "    notify: [mail, post]\n"
    assert told(refused(tmp_path, main, rules=rules)) == [
        'watcher.yaml:6:26 C017 channel "mail" has no recipients; write `to` here or there',
        'watcher.yaml:7:11 C017 "mail" names no recipients; name a route that has `to`',
        'rules.yaml:6:14 C017 "mail" names no recipients; name a route that has `to`',
    ]


def test_a_configuration_without_channels_is_refused(tmp_path: Path) -> None:
    main = MAIN.replace("\n  console: {type: console}", " {}")
    assert told(refused(tmp_path, main, rules="version: 1\n")) == [
        "watcher.yaml:3:1 C017 there are no channels: alerts could go nowhere; "
        "console: {type: console} is one"
    ]


def test_rules_are_not_blamed_for_channels_that_are_missing(tmp_path: Path) -> None:
    main = MAIN.partition("channels:")[0] + "operator: desk\n"
    rules = RULES + "    notify: [desk]\n"
    assert told(refused(tmp_path, main, rules=rules)) == [
        'watcher.yaml:1:1 C008 "channels" is missing'
    ]


WRONG_FEEDS = {
    "feeds: [{id: a}]": ['2:9 C008 "url" is missing'],
    "feeds: [{url: 'https://a', id: a b}]": [
        '2:32 C011 "a b" is not a name; use letters, digits, "_", "." and "-", no blanks'
    ],
    "feeds: ['https://a']": ["2:9 C010 a mapping is wanted here: lines of `key: value`"],
    "feeds: {a: {id: b}}": ["2:8 C010 a list is wanted here: [ … ], or lines that begin with `- `"],
    "groups: {a: {id: b}}": [
        "2:13 C010 a list is wanted here: [ … ], or lines that begin with `- `"
    ],
    "groups: {a b: []}": [
        '2:10 C011 "a b" is not a name; use letters, digits, "_", "." and "-", no blanks'
    ],
    "groups: []": ["2:9 C010 a mapping is wanted here: lines of `key: value`"],
    "groups: {a: }": ['2:10 C009 "a" has no value; write one, or take the key out'],
    "feeds:\n  -\n": ["3:3 C009 this entry is empty"],
    "feeds: [{id: a, url: 'https://a', poll: 1m}]": [
        "2:41 C011 out of bounds: min and max of `poll` in the main file are the bounds"
    ],
    "feeds: [{id: a, url: 'http://[', backfill: some}]": [
        "2:22 C011 this is not an http or https address",
        '2:44 C011 "some" is neither a number of items (20) nor a duration (2d)',
    ],
    "feeds: [{id: a, url: 'https://a', full_text: some}]": [
        '2:46 C011 "some" is neither true nor false nor auto'
    ],
    "feeds: [{id: a, url: 'https://a', tags: {x: y}}]": [
        "2:41 C010 a list is wanted here: [ … ], or lines that begin with `- `"
    ],
    "feeds: [{id: [a], url: 'https://a'}]": ["2:14 C010 a text is wanted here"],
}


@pytest.mark.parametrize("text", WRONG_FEEDS)
def test_mistakes_in_files_of_feeds_are_told(tmp_path: Path, text: str) -> None:
    faults = told(refused(tmp_path, feeds=f"version: 1\n{text}"))
    assert faults == [f"feeds.yaml:{fault}" for fault in WRONG_FEEDS[text]]


def test_a_version_that_we_do_not_know_is_refused(tmp_path: Path) -> None:
    faults = refused(tmp_path, feeds="version: 2\n", rules="version: [1]\n")
    assert told(faults) == [
        'feeds.yaml:1:10 C011 version "2" is not known; this Watcher reads version 1',
        "rules.yaml:1:10 C011 version \"['1']\" is not known; this Watcher reads version 1",
    ]


def test_two_feeds_with_one_address_are_a_warning(tmp_path: Path) -> None:
    feeds = FEEDS + "  - {id: other, url: https://wire.example/feed}\n"
    config = loaded(tmp_path, feeds=feeds)
    assert told(config.warnings) == [
        f"feeds.yaml:4:22 C103 this address is there already: {tmp_path}/feeds.yaml:3"
    ]


def test_what_is_hardly_meant_is_a_warning(tmp_path: Path) -> None:
    main = MAIN + "  log: {type: file, path: a}\n"
    config = loaded(tmp_path, main, feeds="version: 1\n", rules="version: 1\n")
    assert config.operator is None
    assert [f"{warning.code} {warning.message}" for warning in config.warnings] == [
        "C104 there are no feeds: nothing is watched",
        "C105 there are no rules: nothing alerts",
        "C106 no `operator`: nobody is told of feeds that fail",
    ]


def test_a_backup_that_a_server_gets_by_other_means_is_a_warning(tmp_path: Path) -> None:
    on_a_server = MAIN + "state: postgresql://db.example/watcher\n"
    doubts = told(loaded(tmp_path, on_a_server + "backup: {keep: 3}\n").warnings)
    assert any(doubt.startswith("watcher.yaml:6:1 C108 this is for SQLite") for doubt in doubts)
    for silent in (on_a_server, on_a_server + "backup: {enabled: no}\n"):
        config = loaded(tmp_path, silent)
        assert config.backup is None
        assert "C108" not in {fault.code for fault in config.warnings}


def test_files_that_cannot_be_read_are_told_and_hide_no_other_fault(tmp_path: Path) -> None:
    main = MAIN.replace("[rules.yaml]", "[rules.yaml, bad.yaml, ./rules.yaml]")
    (tmp_path / "bad.yaml").write_text("a: [")
    faults = refused(tmp_path, main + "operator: nobody\n", rules="version: 1\nrulse: []\n")
    assert told(faults) == [
        'watcher.yaml:5:11 C012 no route or channel is called "nobody"; there is console',
        'rules.yaml:2:1 C003 unknown key "rulse" - did you mean "rules"?',
        "bad.yaml:1:4 C004 not valid YAML: did not find expected node content",
    ]


def test_rules_are_not_blamed_for_feeds_in_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    faults = refused(tmp_path, feeds="version: 1\nfeeds: [", rules=RULES + "    feeds: [wire]\n")
    assert [fault.code for fault in faults] == ["C004"]


def test_a_missing_main_file_is_a_fault(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path / "none.yaml", "C001 cannot be read: No such file or directory"),
        (tmp_path, "C001 this is not a file"),
        (Path("a\0b"), "C001 cannot be read: embedded null byte"),
    ):
        with pytest.raises(ConfigError) as caught:
            load(path, {})
        [fault] = caught.value.faults
        assert f"{fault.code} {fault.message}" == message


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FILE_BYTES", 1024 * 1024)
    faults = refused(tmp_path, feeds=FEEDS + "#" * 1024 * 1024)
    assert [fault.message for fault in faults] == ["larger than 1 MB; divide it"]


def test_an_include_that_matches_nothing_is_a_fault(tmp_path: Path) -> None:
    main = MAIN.replace("feeds.yaml", "feed.yaml").replace("rules.yaml", '"\\0"')
    assert told(refused(tmp_path, main)) == [
        'watcher.yaml:2:19 C014 "feed.yaml" matches no file - did you mean "feeds.yaml"?',
        f'watcher.yaml:2:39 C014 "\ufffd" matches no file (looked in {tmp_path})',
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- a\n", "1:1 C010 a mapping is wanted here: lines of `key: value`"),
        ("---\n", "1:1 C009 the file is empty; it needs at least `version: 1`"),
        ("just words\n", "1:1 C010 a mapping is wanted here: lines of `key: value`"),
    ],
)
def test_a_file_that_is_no_mapping_is_told(tmp_path: Path, text: str, fault: str) -> None:
    assert told(refused(tmp_path, main=text)) == [f"watcher.yaml:{fault}"]
    assert told(refused(tmp_path, feeds=text)) == [f"feeds.yaml:{fault}"]
    assert told(refused(tmp_path, rules=text)) == [f"rules.yaml:{fault}"]


def test_an_include_from_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file or directory"):
        load(tmp_path / "none" / "watcher.yaml", {})
    main = MAIN.replace("rules.yaml", "none/*.yaml")
    assert [fault.code for fault in refused(tmp_path, main)] == ["C014"]


def test_a_file_that_two_patterns_match_is_read_once(tmp_path: Path) -> None:
    main = MAIN.replace("[feeds.yaml]", "[feeds.yaml, feed*.yaml]")
    assert len(loaded(tmp_path, main).feeds) == 1


def test_the_environment_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHER_TEST", "x")
    assert environment()["WATCHER_TEST"] == "x"
    assert environment() == os.environ  # noqa: TID251 - this is what is tested


VALUES = st.recursive(
    st.sampled_from(["", "1", "x", "console", "5m", "=a", "a AND b OR c", "$x", "~", "'", "env:X"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda them: f"[{', '.join(them)}]")
        | st.dictionaries(
            st.sampled_from(["id", "url", "when", "any", "type", "tests", "match", "channel", "x"]),
            inner,
            max_size=4,
        ).map(lambda them: "{" + ", ".join(f"{key}: {value}" for key, value in them.items()) + "}")
    ),
    max_leaves=8,
)
KEYS = [
    "version",
    "include",
    "channels",
    "routes",
    "operator",
    "notify",
    "poll",
    "fetch",
    "stories",
    "state",
]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    main=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5),
    feeds=st.dictionaries(st.sampled_from(["feeds", "groups", "version"]), VALUES),
    rules=st.dictionaries(st.sampled_from(["rules", "lists", "version"]), VALUES),
)
def test_any_configuration_loads_or_is_refused(
    tmp_path: Path, main: dict[str, str], feeds: dict[str, str], rules: dict[str, str]
) -> None:
    usual = {
        "version": "1",
        "include": "{feeds: [feeds.yaml], rules: [rules.yaml]}",
        "channels": "{console: {type: console}}",
    }
    path = write(
        tmp_path,
        *("\n".join(f"{key}: {value}" for key, value in ({"version": "1"} | file).items())
          for file in (usual | main, feeds, rules)),
    )  # fmt: skip
    try:
        load(path, {}, check_tests=True)
    except ConfigError as trouble:
        told_of = str(trouble)
    else:
        told_of = "nothing"
    assert told_of


# --- templates


def with_template(template: str, kind: str = "type: console") -> str:
    return (
        "version: 1\ninclude: {feeds: [feeds.yaml], rules: [rules.yaml]}\nchannels:\n  out:\n"
        f"    {kind}\n    template: {template}\n"
    )


def test_a_template_stands_in_the_file_or_beside_it(tmp_path: Path) -> None:
    here = loaded(tmp_path, with_template("|\n      {{ headline }}\n      {{ lead.link }}"))
    (tmp_path / "words.txt").write_text("{{ headline }}\n{{ lead.link }}\n", encoding="utf-8")
    there = loaded(tmp_path, with_template("words.txt"))
    for config in (here, there):
        (settings,) = config.channels
        assert isinstance(settings, ConsoleSettings)
        assert settings.template == Template("{{ headline }}\n{{ lead.link }}\n")


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ("|\n      {{ headline }}\n      at {{ lead.lnk }}", "watcher.yaml:8:18"),
        (">-\n\n      {{ headline }} {{ lead.lnk }}", "watcher.yaml:8:30"),
        ('"{{ headline }} {{ lead.lnk }}"', "watcher.yaml:6:39"),
        ("words.txt", "words.txt:3:9"),
    ],
    ids=["block", "folded", "quoted", "file"],
)
def test_a_faulty_template_is_refused_with_the_place_of_the_fault(
    tmp_path: Path, template: str, place: str
) -> None:
    words = "{{ headline }}\n\n{{ lead.lnk }}\n"
    (tmp_path / "words.txt").write_text(words, encoding="utf-8")
    (fault,) = refused(tmp_path, with_template(template))
    assert told((fault,)) == [
        f'{place} C019 this template fails: "lnk" is not known there (tried on: story)'
    ]


def test_a_template_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "bytes.txt").write_bytes(b"caf\xe9")
    assert [
        line.partition(" C")[2].replace(f"{tmp_path}/", "")
        for name in ("missing.txt", "bytes.txt")
        for line in told(refused(tmp_path, with_template(name)))
    ] == [
        "001 missing.txt: cannot be read: No such file or directory",
        "001 bytes.txt: not UTF-8 (byte 4)",
    ]


def test_a_custom_webhook_posts_json_and_should_tell_a_digests_alerts(tmp_path: Path) -> None:
    hook = 'type: webhook\n    url: "https://hooks.example/"\n    secrets: []\n    format: custom'
    config = loaded(tmp_path, with_template("'{\"text\": {{ headline }}}'", hook))
    assert [fault.code for fault in config.warnings if fault.code != "C101"] == ["C109"]
    (fault,) = refused(tmp_path, with_template("'{\"text\": {{ headlin }}}'", hook))
    assert '"headlin" is not known (tried on: story) - did you mean "headline"?' in fault.message
