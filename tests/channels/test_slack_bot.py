"""As a bot, Watcher tells a story in one thread, and no alert twice, whatever answers are lost."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.channels.contract import ChannelContract
from tests.channels.receivers import CLOSE, HALF, HANG, RESET, Behaviour, Receiver, Reply
from tests.channels.samples import ALERT, SEEN, UPDATE
from tests.channels.slack_server import CHANNEL, MARKUP, TOKEN, FakeSlack, faults, said
from tests.fakes import FakeClock
from watcher.channels import SlackSettings, channel_faults, open_channel, repeats_of
from watcher.channels.slack.words import API_WORDS, MALFORMED, WORDS
from watcher.model import (
    Alert,
    AlertKey,
    ChannelName,
    Doubtful,
    Outcome,
    Refused,
    Repeats,
    Secret,
    Sent,
    TryLater,
)

TICKS = (SEEN + timedelta(seconds=n) for n in itertools.count())
DOUBTFUL = replace(ALERT, doubtful=True)


def settings(api: str, **changes: object) -> SlackSettings:
    made = SlackSettings(
        name=ChannelName("slack"),
        token=Secret(TOKEN),
        channel=CHANNEL,
        timeout=timedelta(seconds=5),
        api=api,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def send(slack: FakeSlack, alert: Alert = ALERT, **changes: object) -> Outcome:
    return open_channel(settings(slack.api, **changes), FakeClock()).send(alert)


def answering(behaviour: Behaviour, *more: Behaviour) -> Receiver:
    return Receiver(behaviour, *more, path="/api")


def asked(receiver: Receiver, alert: Alert = ALERT, timeout: float = 5) -> Outcome:
    made = settings(receiver.url, timeout=timedelta(seconds=timeout))
    return open_channel(made, FakeClock()).send(alert)


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(lambda: next(TICKS)) as fake:
        yield fake


class BotBench:
    secrets = (TOKEN, "canary456")

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.settings = settings(slack.api, timeout=timedelta(seconds=20))
        self.channel = open_channel(self.settings, FakeClock())

    def arrived(self) -> list[str]:
        return [json.dumps(payload) for payload in self.slack.accepted]

    def judge(self) -> None:
        payload = self.slack.accepted[-1]
        refused, self.slack.refused = self.slack.refused, []
        assert refused == []  # no second try was needed
        assert list(faults(payload)) == []
        assert not MARKUP.search(payload["text"])
        assert (payload["unfurl_links"], payload["unfurl_media"]) == (False, False)

    def go_dark(self) -> None:
        self.slack.receiver.close()


class TestSlackBot(ChannelContract):
    @pytest.fixture
    def bench(self, slack: FakeSlack) -> BotBench:
        return BotBench(slack)


# --- posting


def test_what_is_posted_can_be_found_again_by_its_reference_and_its_key(slack: FakeSlack) -> None:
    outcome = send(slack)
    [ts] = slack.messages
    assert outcome == Sent(reference=f"{CHANNEL} {ts}")
    assert slack.messages[ts].payload["metadata"] == {
        "event_type": "watcher_alert",
        "event_payload": {"key": ALERT.key},
    }


@pytest.mark.parametrize("name", ["security", "#security"])
def test_a_channel_may_be_given_by_its_name(slack: FakeSlack, name: str) -> None:
    outcome = send(slack, channel=name)
    assert isinstance(outcome, Sent)
    assert outcome.reference.startswith(f"{CHANNEL} ")


def test_blocks_that_slack_calls_malformed_are_said_once_more_as_plain_text() -> None:
    with FakeSlack(lambda: next(TICKS), blocks=False) as slack:
        assert isinstance(send(slack), Sent)
    assert slack.refused == ["invalid_blocks"]
    (payload,) = slack.accepted
    assert "blocks" not in payload
    assert payload["metadata"]["event_payload"]["key"] == ALERT.key


@pytest.mark.parametrize("word", sorted(MALFORMED))
def test_what_is_malformed_even_as_plain_text_is_refused(word: str) -> None:
    no = Reply(200, json.dumps({"ok": False, "error": word}))
    with answering(no, no, Reply()) as receiver:
        assert asked(receiver) == Refused(reason=f"answered 200: {word}")
    assert len(receiver.requests) == 2


# --- threads


def told_before(slack: FakeSlack, channel: str = CHANNEL) -> Alert:
    """An update whose story's first alert was sent."""
    first = send(slack, channel=channel)
    assert isinstance(first, Sent)
    return replace(UPDATE, parent=replace(ALERT, reference=first.reference))


def test_an_update_answers_the_first_message_of_its_story(slack: FakeSlack) -> None:
    update = told_before(slack)
    outcome = send(slack, update)
    first, reply = slack.messages.values()
    assert reply.thread == first.ts
    assert outcome == Sent(reference=f"{CHANNEL} {reply.ts}")


def test_the_first_message_counts_the_sources_and_the_updates(slack: FakeSlack) -> None:
    update = told_before(slack)
    send(slack, update)
    send(slack, replace(update, key=AlertKey("0bda7e02"), revision=2))
    first = next(iter(slack.messages.values()))
    assert ["2 sources, 1 update in the thread" in said(edit) for edit in first.edits] == [1, 0]
    assert "2 sources, 2 updates in the thread" in said(first.edits[1])
    assert ALERT.message.headline in said(first.edits[1])
    assert first.edits[1]["metadata"]["event_payload"]["key"] == ALERT.key


@pytest.mark.parametrize("word", ["cant_update_message", "edit_window_closed", "ratelimited"])
def test_an_update_is_sent_though_the_first_message_cannot_be_edited(
    slack: FakeSlack, word: str
) -> None:
    update = told_before(slack)
    slack.say["chat.update"] = word
    outcome = send(slack, update)
    assert isinstance(outcome, Sent)
    assert outcome.reference
    assert outcome.note == f"first message not edited: answered 200: {word}"


@pytest.mark.parametrize("trouble", [HANG, RESET, CLOSE, Reply(503, "")])
def test_an_edit_whose_answer_is_lost_does_not_unsay_the_update(
    slack: FakeSlack, trouble: Behaviour
) -> None:
    update = told_before(slack)
    slack.trouble["chat.update"] = trouble
    outcome = send(slack, update, timeout=timedelta(seconds=0.5))
    assert isinstance(outcome, Sent)
    assert outcome.note.startswith("first message not edited: ")


def test_an_update_that_is_not_sent_edits_nothing(slack: FakeSlack) -> None:
    update = told_before(slack)
    slack.say["chat.postMessage"] = "not_in_channel"
    assert send(slack, update) == Refused(
        reason="answered 200: not_in_channel (invite the bot into the channel)"
    )
    assert "chat.update" not in slack.asked


def test_an_update_of_a_message_that_was_deleted_stands_in_the_channel(slack: FakeSlack) -> None:
    gone = replace(ALERT, reference=f"{CHANNEL} 1111111111.000001")
    outcome = send(slack, replace(UPDATE, parent=gone))
    [message] = slack.messages.values()
    assert message.thread == ""
    assert isinstance(outcome, Sent)
    assert outcome.note.startswith("not in the thread: thread_not_found; first message not edited")


@pytest.mark.parametrize("reference", ["", "<watcher.1@example.org>", "C1", "1.2"])
def test_a_reference_of_something_else_makes_no_thread(slack: FakeSlack, reference: str) -> None:
    update = replace(UPDATE, parent=replace(ALERT, reference=reference))
    assert isinstance(send(slack, update), Sent)
    assert slack.accepted[0].get("thread_ts") is None
    assert "chat.update" not in slack.asked


def test_an_update_that_is_to_alert_is_no_reply(slack: FakeSlack) -> None:
    send(slack, replace(told_before(slack), in_thread=False))
    assert [message.thread for message in slack.messages.values()] == ["", ""]


# --- what may have arrived


@pytest.mark.parametrize("trouble", [HANG, RESET, CLOSE, HALF])
def test_an_alert_whose_answer_was_lost_is_not_posted_again(
    slack: FakeSlack, trouble: Behaviour
) -> None:
    slack.trouble["chat.postMessage"] = trouble
    first = send(slack, timeout=timedelta(seconds=0.5))
    assert isinstance(first, Doubtful)
    [ts] = slack.messages
    again = send(slack, DOUBTFUL)
    assert again == Sent(reference=f"{CHANNEL} {ts}", note="an earlier try had arrived")
    assert len(slack.accepted) == 1


def test_a_reply_whose_answer_was_lost_is_looked_for_in_its_thread(slack: FakeSlack) -> None:
    update = told_before(slack)
    slack.trouble["chat.postMessage"] = CLOSE
    send(slack, update)
    assert isinstance(send(slack, replace(update, doubtful=True)), Sent)
    assert len(slack.accepted) == 2
    assert slack.asked[-2:] == ["conversations.replies", "chat.update"]


def test_what_did_not_arrive_is_posted_after_looking(slack: FakeSlack) -> None:
    send(slack, replace(ALERT, key=AlertKey("another")))
    assert isinstance(send(slack, DOUBTFUL), Sent)
    assert slack.asked[-2:] == ["conversations.history", "chat.postMessage"]
    assert len(slack.accepted) == 2


def test_the_history_is_read_since_the_alert_was_promised() -> None:
    before = FakeSlack(lambda: SEEN - timedelta(minutes=1))
    with before as slack:
        send(slack)  # by a clock that is a minute behind ours
        assert isinstance(send(slack, DOUBTFUL), Sent)
        assert len(slack.accepted) == 1
        later = replace(DOUBTFUL, created_at=SEEN + timedelta(hours=1))
        assert isinstance(send(slack, later), Sent)
        assert len(slack.accepted) == 2


def test_two_pages_of_history_are_read() -> None:
    with FakeSlack(lambda: next(TICKS), page=2) as slack:
        for key in (ALERT.key, "second", "third"):
            send(slack, replace(ALERT, key=AlertKey(key)))
        assert isinstance(send(slack, DOUBTFUL), Sent)
        assert len(slack.accepted) == 3
        assert slack.asked.count("conversations.history") == 2


def test_a_channel_by_name_is_looked_into_once_its_id_is_known(slack: FakeSlack) -> None:
    channel = open_channel(settings(slack.api, channel="security"), FakeClock())
    channel.send(ALERT)
    assert isinstance(channel.send(DOUBTFUL), Sent)
    assert len(slack.accepted) == 1


def unreadable(slack: FakeSlack, cause: str) -> dict[str, object]:
    """Make a history that cannot be read, for one of many causes; give the settings for it."""
    if cause == "scope":
        slack.scopes -= {"channels:history"}
    elif cause == "name":
        return {"channel": "security"}
    elif cause == "pages":
        slack._page = 1
        for number in range(3):
            send(slack, replace(ALERT, key=AlertKey(f"other-{number}")))
    else:
        slack.say["conversations.history"] = cause
    return {}


CAUSES = {
    "scope": "answered 200: missing_scope (needs channels:history)",
    "name": "the channel is given by its name, and its id is not known yet",
    "pages": "there are more than 400 messages since then",
    "not_in_channel": "answered 200: not_in_channel (invite the bot into the channel)",
    "who_knows": "answered 200: who_knows",
}


@pytest.mark.parametrize("cause", CAUSES)
def test_where_nobody_can_look_the_policy_decides(slack: FakeSlack, cause: str) -> None:
    changes = unreadable(slack, cause)
    before = len(slack.accepted)
    held = send(slack, DOUBTFUL, doubtful=Repeats.HOLD, **changes)
    told = f"it may have arrived, and nobody can look: {CAUSES[cause]}"
    assert held == Doubtful(reason=told, held=True)
    assert len(slack.accepted) == before
    assert isinstance(send(slack, DOUBTFUL, doubtful=Repeats.RESEND, **changes), Sent)
    assert len(slack.accepted) == before + 1


@pytest.mark.parametrize("trouble", [HANG, RESET, Reply(500, ""), Reply(503, "")])
def test_while_the_history_does_not_answer_the_alert_stays_doubtful(
    slack: FakeSlack, trouble: Behaviour
) -> None:
    slack.trouble["conversations.history"] = trouble
    outcome = send(slack, DOUBTFUL, timeout=timedelta(seconds=0.5))
    assert isinstance(outcome, Doubtful)
    assert outcome.reason.startswith("cannot look whether it arrived: ")
    assert slack.accepted == []


def test_a_throttled_look_throttles_the_channel(slack: FakeSlack) -> None:
    slack.trouble["conversations.history"] = Reply(429, "", {"Retry-After": "30"})
    outcome = send(slack, DOUBTFUL)
    assert outcome == TryLater(
        reason="answered 429", retry_after=timedelta(seconds=30), throttled=True
    )


def test_a_bot_tells_repeats_apart_and_a_webhook_goes_by_its_policy() -> None:
    bot = settings("https://slack.example/api", doubtful=Repeats.HOLD)
    assert repeats_of(bot) is Repeats.TOLD_APART
    hook = SlackSettings(name=ChannelName("hook"), url=Secret("https://hooks.example/x"))
    assert repeats_of(hook) is Repeats.RESEND
    assert repeats_of(replace(hook, doubtful=Repeats.HOLD)) is Repeats.HOLD


# --- what Slack answers


def no(word: str) -> Reply:
    return Reply(200, json.dumps({"ok": False, "error": word}))


def later(reason: str, seconds: int | None = None, *, throttled: bool = False) -> TryLater:
    pause = None if seconds is None else timedelta(seconds=seconds)
    return TryLater(reason=reason, retry_after=pause, throttled=throttled)


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (Reply(200, '{"ok": true, "channel": "C1", "ts": "1.2"}'), Sent(reference="C1 1.2")),
        (Reply(200, '{"ok": true}'), Sent()),
        (Reply(429, "", {"Retry-After": "7"}), later("answered 429", 7, throttled=True)),
        (no("ratelimited"), later("answered 200: ratelimited", throttled=True)),
        (no("rate_limited"), later("answered 200: rate_limited", throttled=True)),
        (Reply(500, ""), later("answered 500")),
        (Reply(503, "busy"), later("answered 503: busy")),
        *[
            (no(word), later(f"answered 200: {word}"))
            for word in (
                "service_unavailable",
                "request_timeout",
                "rollup_error",
                "message_limit_exceeded",
                "team_added_to_org",
            )
        ],
        *[
            (no(word), Doubtful(reason=f"answered 200: {word}"))
            for word in ("internal_error", "fatal_error")
        ],
        *[
            (no(word), Refused(reason=f"answered 200: {word}"))
            for word in (
                "invalid_auth",
                "not_authed",
                "token_revoked",
                "token_expired",
                "account_inactive",
                "restricted_action",
                "who_knows",
            )
        ],
        (
            Reply(200, '{"ok": false, "error": "missing_scope", "needed": "chat:write"}'),
            Refused(reason="answered 200: missing_scope (needs chat:write)"),
        ),
        (
            no("channel_not_found"),
            Refused(
                reason="answered 200: channel_not_found "
                "(is it the id, and is the bot in the channel?)",
                gone=True,
            ),
        ),
        (no("is_archived"), Refused(reason="answered 200: is_archived", gone=True)),
        (Reply(302, "", {"Location": "http://127.0.0.1:1/"}), Refused(reason="answered 302")),
        (Reply(404, "nothing here"), Refused(reason="answered 404: nothing here")),
        (Reply(200, "<p>Log in"), Refused(reason="answered 200: <p>Log in")),
    ],
    ids=repr,
)
def test_every_answer_has_its_outcome(behaviour: Behaviour, outcome: Outcome) -> None:
    with answering(behaviour) as receiver:
        assert asked(receiver) == outcome
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("trouble", [HANG, RESET, CLOSE, HALF])
def test_an_answer_that_is_lost_is_doubtful(trouble: Behaviour) -> None:
    with answering(trouble) as receiver:
        assert isinstance(asked(receiver, timeout=0.3), Doubtful)


def test_a_bot_knows_all_words_of_webhooks() -> None:
    assert set(WORDS) <= set(API_WORDS)


def test_a_wrong_token_is_not_shown(slack: FakeSlack) -> None:
    slack.say["chat.postMessage"] = f"what is {TOKEN}?"
    outcome = send(slack)
    assert outcome == Refused(reason="answered 200: what is ***?")


def test_a_throttled_bot_waits_as_long_as_slack_asks() -> None:
    clock = FakeClock()
    with FakeSlack(clock.now, burst=1) as slack:
        assert isinstance(send(slack), Sent)
        assert send(slack) == TryLater(
            reason="answered 429: ratelimited", retry_after=timedelta(seconds=1), throttled=True
        )


# --- settings


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"url": Secret("https://hooks.example/x")},
            "`url` is of an incoming webhook and `token` of a bot: give one of them",
        ),
        (
            {"token": None},
            "`url` (of an incoming webhook), or `token` and `channel` (of a bot), is missing",
        ),
        (
            {"token": Secret("https://hooks.slack.example/services/canary")},
            "`token` must be a bot's token; this is an address: call it `url`",
        ),
        (
            {"token": Secret("xapp-1-canary")},
            "`token` must be a bot's token (xoxb-…); this one is of an app",
        ),
        ({"token": Secret("canary\r\nX: y")}, "`token` must be a bot's token: xoxb-…"),
        (
            {"channel": ""},
            "`channel` is missing: the id (C0123456789) or name of the channel to post to",
        ),
        ({"channel": "@eve"}, "`channel` must be the id (C0123456789) or name of a channel"),
        ({"channel": "two words"}, "`channel` must be the id (C0123456789) or name of a channel"),
        (
            {"timeout": timedelta(seconds=21)},
            "`timeout` must be more than 0 s and at most 20 s",
        ),
    ],
)
def test_settings_that_cannot_work_are_the_operators_mistake(
    changes: dict[str, object], fault: str
) -> None:
    assert channel_faults(settings("https://slack.example/api", **changes)) == (fault,)


def test_a_webhook_has_no_channel_to_choose() -> None:
    hook = SlackSettings(
        name=ChannelName("hook"), url=Secret("https://hooks.example/x"), channel="security"
    )
    assert channel_faults(hook) == (
        "`channel` goes with a `token`; an incoming webhook has its channel in its address",
    )
