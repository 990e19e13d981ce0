"""Slack takes what we post, within its limits; what feeds wrote is text in it; answers are read."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.channels.contract import ChannelContract
from tests.channels.receivers import CLOSE, HALF, HANG, RESET, Behaviour, Receiver, Reply
from tests.channels.samples import ALERT, COPY, LEAD, MESSAGE, NOTICE, RULE
from tests.channels.slack_judges import objections
from tests.channels.slack_server import MARKUP, FakeSlack, faults, said, units
from tests.fakes import MORNING, FakeClock
from watcher.channels import SlackSettings, channel_faults, open_channel
from watcher.channels.slack.blocks import escaped, in_blocks, in_plain_text
from watcher.channels.slack.words import MALFORMED, WORDS
from watcher.model import (
    Alert,
    ChannelName,
    Doubtful,
    Outcome,
    Quote,
    Refused,
    Secret,
    Sent,
    Severity,
    TryLater,
)

TICKS = (MORNING + timedelta(seconds=n) for n in itertools.count())


def settings(url: str, timeout: float = 5) -> SlackSettings:
    return SlackSettings(
        name=ChannelName("slack"), url=Secret(url), timeout=timedelta(seconds=timeout)
    )


def send(url: str, alert: Alert = ALERT, timeout: float = 5) -> Outcome:
    return open_channel(settings(url, timeout), FakeClock()).send(alert)


class SlackBench:
    secrets = ("T0SECRET", "B0SECRET", "canary123")

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.settings = settings(slack.receiver.url, timeout=50)  # a machine may stall
        self.channel = open_channel(self.settings, FakeClock())

    def arrived(self) -> list[str]:
        return [json.dumps(payload) for payload in self.slack.accepted]

    def judge(self) -> None:
        payload = self.slack.accepted[-1]
        refused, self.slack.refused = self.slack.refused, []
        assert refused == []  # no second try was needed
        assert list(faults(payload)) == []
        assert len(payload["blocks"]) <= 45
        assert not MARKUP.search(payload["text"])
        assert (payload["unfurl_links"], payload["unfurl_media"]) == (False, False)
        assert (payload["parse"], payload["link_names"]) == ("none", 0)

    def go_dark(self) -> None:
        self.slack.receiver.close()


class TestSlack(ChannelContract):
    @pytest.fixture
    def bench(self) -> Iterator[SlackBench]:
        with FakeSlack(lambda: next(TICKS)) as slack:
            yield SlackBench(slack)


# --- what it says


def telling(**changes: object) -> Alert:
    return replace(ALERT, message=replace(MESSAGE, **changes))  # type: ignore[arg-type]


def test_a_message_says_all_that_there_is() -> None:
    full = telling(
        copies=(COPY,), original="https://first.example/", evidence=("9 of 10 sentences",)
    )
    payload = in_blocks(full)
    seen = said(payload)
    for words in (
        LEAD.title,
        LEAD.link,
        "Example News, published 2026-03-02 08:00 UTC, seen 2026-03-02 08:05 UTC",
        "Rule back-door (high): Access to customers' data",
        "Names as its original: https://first.example/",
        "Also at:",
        COPY.link,
        "Held to be the same story because:9 of 10 sentences",
        "watcher why a1b2c3d4e5f60718",
        ALERT.key,
    ):
        assert words in seen
    assert payload["text"] == f"{LEAD.title} · Example News"


def test_the_matched_words_are_bold() -> None:
    quotes = [
        element
        for block in blocks(ALERT)
        for element in block["elements"]
        if element["type"] == "rich_text_quote"
    ]
    assert quotes[0]["elements"] == [
        {"type": "text", "text": "Phone maker leaves country over ‘"},
        {"type": "text", "text": "back doors", "style": {"bold": True}},
        {"type": "text", "text": "’"},
    ]


def blocks(alert: Alert) -> list[dict[str, list[dict[str, object]]]]:
    told = in_blocks(alert)["blocks"]
    assert isinstance(told, list)
    return told


def test_a_notice_is_told_without_a_link() -> None:
    assert [element["type"] for block in blocks(NOTICE) for element in block["elements"]] == [
        "rich_text_section"
    ] * 3
    assert "it answers 500 since 08:00" in said(in_blocks(NOTICE))


def test_a_long_notice_is_cut() -> None:
    long = replace(NOTICE, message=replace(NOTICE.message, body="🚒" * 3_900))
    assert list(faults(in_blocks(long))) == []
    assert "🚒🚒…" in said(in_blocks(long))


def test_more_copies_than_fit_are_counted() -> None:
    many = telling(copies=tuple(replace(COPY, title=f"{n} " + "long " * 50) for n in range(60)))
    seen = said(in_blocks(many))
    assert list(faults(in_blocks(many))) == []
    assert "0 long" in seen
    assert " more" in seen


def test_rules_that_do_not_fit_are_counted_and_the_end_is_there() -> None:
    quote = Quote(field="content", text="word " * 90, marks=((0, 4),))
    rules = tuple(replace(RULE, title=f"rule number {n}", quotes=(quote,) * 3) for n in range(50))
    payload = in_blocks(telling(rules=rules))
    seen = said(payload)
    assert list(faults(payload)) == []
    assert "rule number 0" in seen
    assert "more parts" in seen
    assert "watcher why" in seen


@given(st.text("&<>é🚒 x", max_size=400), st.integers(10, 200))
def test_escaped_text_fits_and_no_entity_is_cut(text: str, most: int) -> None:
    told = escaped(text, most)
    assert units(told) <= most
    assert not MARKUP.search(told)


def test_plain_text_is_the_whole_alert_escaped() -> None:
    told = in_plain_text(telling(headline="<!channel> & more"))
    assert str(told["text"]).startswith("&lt;!channel&gt; &amp; more · Example News\nhttps://news.")
    assert told["mrkdwn"] is False
    assert "blocks" not in told


def test_each_judge_objects_to_what_it_knows_to_be_wrong() -> None:
    payload = in_blocks(ALERT)
    assert list(objections(payload)) == []
    [first, *_] = blocks(ALERT)
    assert any(
        told.startswith("slackblocks") for told in objections({**payload, "blocks": [first] * 51})
    )
    unnamed = {
        **first,
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "link", "url": "", "text": "x"}]}
        ],
    }
    assert any(told.startswith("blockkit") for told in objections({**payload, "blocks": [unnamed]}))
    extra = {**first, "border": 1}
    assert any(
        "builds something else" in told for told in objections({**payload, "blocks": [extra]})
    )
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 3_001}}
    assert any(
        told.startswith("slack_sdk") for told in objections({"text": "x", "blocks": [section]})
    )


# --- what Slack answers


def test_a_message_that_slack_takes_is_sent() -> None:
    with FakeSlack(FakeClock().now) as slack:
        assert send(slack.receiver.url) == Sent()
    assert len(slack.accepted) == 1


def test_more_messages_in_a_second_than_a_short_burst_are_throttled() -> None:
    clock = FakeClock()
    with FakeSlack(clock.now, burst=1) as slack:
        outcomes = [send(slack.receiver.url) for _ in range(2)]
        clock.advance(seconds=1)
        outcomes.append(send(slack.receiver.url))
    assert outcomes == [
        Sent(),
        TryLater(
            reason="answered 429: rate_limited",
            retry_after=timedelta(seconds=1),
            throttled=True,
        ),
        Sent(),
    ]


def test_blocks_that_slack_calls_malformed_are_said_once_more_as_plain_text() -> None:
    with FakeSlack(FakeClock().now, blocks=False) as slack:
        assert send(slack.receiver.url) == Sent()
    assert slack.refused == ["invalid_blocks"]
    (payload,) = slack.accepted
    assert "blocks" not in payload
    assert "back doors" in payload["text"]


@pytest.mark.parametrize("word", sorted(MALFORMED))
def test_what_is_malformed_even_as_plain_text_is_refused(word: str) -> None:
    with Receiver(Reply(400, word), Reply(400, word), Reply()) as receiver:
        assert send(receiver.url) == Refused(reason=f"answered 400: {word}")
    assert len(receiver.requests) == 2


def later(reason: str, *, throttled: bool = False) -> TryLater:
    return TryLater(reason=reason, throttled=throttled)


GONE = "no_service no_active_hooks no_team team_disabled channel_not_found user_not_found".split()  # noqa: SIM905


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (Reply(200, "ok"), Sent()),
        (Reply(200, '{"ok": true, "ts": "1.2"}'), Sent()),
        (Reply(200, '{"success": true}'), Sent()),
        (Reply(204, ""), Sent()),
        (
            Reply(200, '{"ok": false, "error": "channel_not_found"}'),
            Refused(reason="answered 200: channel_not_found", gone=True),
        ),
        (
            Reply(200, '{"ok": false, "error": "ratelimited"}'),
            later("answered 200: ratelimited", throttled=True),
        ),
        (Reply(200, "<p>Log in"), Refused(reason="answered 200: <p>Log in")),
        (Reply(200, "{broken"), Refused(reason="answered 200: {broken")),
        (Reply(200, '{"odd": 1}'), Refused(reason='answered 200: {"odd": 1}')),
        (Reply(302, "", {"Location": "http://127.0.0.1:1/"}), Refused(reason="answered 302")),
        (Reply(302, "ok"), Refused(reason="answered 302: ok")),
        (Reply(302, "internal_error"), Refused(reason="answered 302: internal_error")),
        (Reply(403, "invalid_token"), Refused(reason="answered 403: invalid_token")),
        *[
            (Reply(403, word), Refused(reason=f"answered 403: {word}"))
            for word in (
                "action_prohibited",
                "posting_to_general_channel_denied",
                "invalid_auth",
                "not_authed",
                "account_inactive",
                "token_revoked",
                "missing_scope",
                "not_in_channel",
            )
        ],
        *[
            (Reply(status, word), later(f"answered {status}: {word}"))
            for word in ("internal_error", "fatal_error", "service_unavailable", "request_timeout")
            for status in (500, 400)
        ],
        *[
            (Reply(429, word), later(f"answered 429: {word}", throttled=True))
            for word in ("ratelimited", "rate_limited")
        ],
        *[
            (
                Reply(status, "channel_is_archived"),
                Refused(reason=f"answered {status}: channel_is_archived", gone=True),
            )
            for status in (403, 410)
        ],
        (Reply(500, "rollup_error"), later("answered 500: rollup_error")),
        (Reply(400, "rollup_error"), later("answered 400: rollup_error")),
        (Reply(503, ""), later("answered 503")),
        (Reply(500, "ok"), later("answered 500: ok")),
        (Reply(429, ""), later("answered 429", throttled=True)),
        (Reply(404, "who knows"), Refused(reason="answered 404: who knows")),
        *[(Reply(404, word), Refused(reason=f"answered 404: {word}", gone=True)) for word in GONE],
    ],
    ids=repr,
)  # fmt: skip
def test_every_answer_has_its_outcome(behaviour: Behaviour, outcome: Outcome) -> None:
    with Receiver(behaviour) as receiver:
        assert send(receiver.url) == outcome
    assert len(receiver.requests) == 1


def test_every_word_that_is_known_is_tried_here() -> None:
    cases = test_every_answer_has_its_outcome.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert set(WORDS) - MALFORMED <= {behaviour.text for behaviour, _ in cases}


@pytest.mark.parametrize("trouble", [HANG, RESET, CLOSE, HALF])
def test_an_answer_that_is_lost_is_doubtful(trouble: Behaviour) -> None:
    with Receiver(trouble) as receiver:
        assert isinstance(send(receiver.url, timeout=0.2), Doubtful)
    assert len(receiver.requests) == 1


def test_all_malformed_words_are_known_as_never_to_be_taken() -> None:
    assert {WORDS[word] for word in MALFORMED} == {WORDS["invalid_payload"]}


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        (
            "xoxb-canary",
            "`url` must be the address of an incoming webhook; this is a token: call it `token`",
        ),
        ("canary", "`url` must be a whole http or https URL"),
    ],
)
def test_an_address_that_cannot_be_slacks_is_the_operators_mistake(url: str, fault: str) -> None:
    assert channel_faults(settings(url)) == (fault,)


def test_two_conversations_fit_into_the_lease() -> None:
    (fault,) = channel_faults(settings("https://hooks.example/x", timeout=60))
    assert fault == "`timeout` must be more than 0 s and at most 50 s"


def test_a_critical_update_says_so_first() -> None:
    assert str(in_blocks(telling(severity=Severity.CRITICAL))["text"]).startswith("CRITICAL: ")
