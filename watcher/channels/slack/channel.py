"""Posting to a Slack incoming webhook.

The word in the answer's body decides, since Slack sends one word with several statuses.
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from watcher.alerts.render import web_link
from watcher.channels.sending import (
    Answer,
    Failed,
    Meaning,
    Poster,
    meaning_of,
    outcome,
    timeout_faults,
)
from watcher.channels.slack.blocks import Node, in_blocks, in_plain_text
from watcher.model import Alert, ChannelName, Outcome, Secret
from watcher.ports import Clock

MALFORMED = frozenset(
    (
        "invalid_payload",
        "no_text",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_too_long",
        "msg_blocks_too_long",
        "too_many_attachments",
    )
)
WORDS: Mapping[str, Meaning] = {
    "ok": Meaning.OK,
    "": Meaning.OK,  # of servers that speak Slack's language
    "ratelimited": Meaning.THROTTLE,
    "rate_limited": Meaning.THROTTLE,
    "rollup_error": Meaning.RETRY,
    "internal_error": Meaning.RETRY,
    "fatal_error": Meaning.RETRY,
    "service_unavailable": Meaning.RETRY,
    "request_timeout": Meaning.RETRY,
    **dict.fromkeys(MALFORMED, Meaning.PERMANENT),
    "action_prohibited": Meaning.PERMANENT,
    "posting_to_general_channel_denied": Meaning.PERMANENT,
    "invalid_token": Meaning.PERMANENT,
    "invalid_auth": Meaning.PERMANENT,
    "not_authed": Meaning.PERMANENT,
    "account_inactive": Meaning.PERMANENT,
    "token_revoked": Meaning.PERMANENT,
    "missing_scope": Meaning.PERMANENT,
    "not_in_channel": Meaning.PERMANENT,
    "no_service": Meaning.GONE,
    "no_active_hooks": Meaning.GONE,
    "no_team": Meaning.GONE,
    "team_disabled": Meaning.GONE,
    "channel_not_found": Meaning.GONE,
    "user_not_found": Meaning.GONE,
    "channel_is_archived": Meaning.GONE,
}
_EXCERPT = 80  # characters of an answer that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """Which incoming webhook to post to; its address is a secret as a whole."""

    name: ChannelName
    url: Secret
    timeout: timedelta = timedelta(seconds=20)  # for each of at most two conversations
    ca_file: str = ""  # certificates to trust instead of the public ones


def faults(settings: SlackSettings) -> tuple[str, ...]:
    """Tell what is wrong with the settings, without showing the address."""
    address = settings.url.reveal()
    if address.startswith("xox"):
        return ("`url` must be the address of an incoming webhook; this is a token",)
    if not web_link(address):
        return ("`url` must be a whole http or https URL",)
    return timeout_faults(settings.timeout, conversations=2)


class SlackChannel:
    """Posts alerts in blocks; once more as plain text if Slack takes the blocks for malformed."""

    def __init__(self, settings: SlackSettings, clock: Clock) -> None:
        self._settings = settings
        self._poster = Poster(
            settings.url, clock, timeout=settings.timeout, ca_file=settings.ca_file
        )

    @property
    def name(self) -> ChannelName:
        """The name that the configuration gives it."""
        return self._settings.name

    def send(self, alert: Alert) -> Outcome:
        """Post the alert; what was malformed was not accepted, so a second try repeats nothing."""
        answer = self._post(in_blocks(alert))
        if isinstance(answer, Answer) and _word(answer) in MALFORMED:
            answer = self._post(in_plain_text(alert))
        return _read(answer) if isinstance(answer, Answer) else answer

    def _post(self, payload: Node) -> Answer | Failed:
        body = json.dumps(payload, ensure_ascii=False).encode()
        return self._poster.post(body, {"Content-Type": "application/json; charset=utf-8"})


def _read(answer: Answer) -> Outcome:
    word = _word(answer)
    said = f": {word[:_EXCERPT]}" if word else ""
    return outcome(_meaning(answer, word), f"answered {answer.status}{said}", answer.retry_after)


def _meaning(answer: Answer, word: str) -> Meaning:
    by_status = meaning_of(answer.status)
    if 300 <= answer.status < 400:  # a token pasted as an address is sent on to a manual page
        return by_status
    if by_status is not Meaning.OK:
        known = WORDS.get(word, Meaning.OK)
        return by_status if known is Meaning.OK else known
    if not answer.whole:
        return Meaning.DOUBTFUL
    return WORDS.get(word, Meaning.PERMANENT)  # a page of something that is not Slack


def _word(answer: Answer) -> str:
    """Give the word that the answer is about; the whole text where it is none we know."""
    text = answer.text.strip().strip('"')
    if not text.startswith("{"):
        return text
    try:
        told = json.loads(text)
    except ValueError:
        return text
    if told.get("ok") is True or told.get("success") is True:
        return "ok"
    return str(told.get("error", text))
