"""The words that Slack answers with, and what each means.

The word decides, since Slack sends one word with several statuses: alone in the body of a webhook's
answer, under `error` in the Web API's.
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
https://docs.slack.dev/reference/methods/chat.postMessage
"""

import json
from collections.abc import Mapping
from typing import Any

from watcher.channels.sending import Answer, Meaning, meaning_of, outcome
from watcher.model import Outcome

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
API_WORDS: Mapping[str, Meaning] = {
    **WORDS,
    # of these two Slack says that a part of the work may have been done; we can look
    "internal_error": Meaning.DOUBTFUL,
    "fatal_error": Meaning.DOUBTFUL,
    "message_limit_exceeded": Meaning.RETRY,
    "team_added_to_org": Meaning.RETRY,
    "token_expired": Meaning.PERMANENT,
    "is_archived": Meaning.GONE,
}
_EXCERPT = 80  # characters of an answer that are shown
_HINTS: Mapping[str, str] = {
    "not_in_channel": "invite the bot into the channel",
    "channel_not_found": "is it the id, and is the bot in the channel?",
}


def word_of(answer: Answer) -> str:
    """Give the word that the answer is about; the whole text where it is none we know."""
    text = answer.text.strip().strip('"')
    told = json_of(answer)
    if told is None:
        return text
    if told.get("ok") is True or told.get("success") is True:
        return "ok"
    return str(told.get("error", text))


def json_of(answer: Answer) -> Mapping[str, Any] | None:
    """Give the object that the answer is; None where it is none."""
    try:
        told = json.loads(answer.text)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def outcome_of(answer: Answer) -> Outcome:
    """Give what came of a post to a webhook that was answered like this."""
    word = word_of(answer)
    said = f": {word[:_EXCERPT]}" if word else ""
    meaning = _meaning(answer, WORDS)
    return outcome(meaning, f"answered {answer.status}{said}", answer.retry_after)


def api_outcome_of(answer: Answer) -> Outcome:
    """Give what came of a call of the Web API that was answered like this."""
    word = word_of(answer)
    scope = str((json_of(answer) or {}).get("needed", ""))[:_EXCERPT]
    hint = f"needs {scope}" if scope else _HINTS.get(word, "")
    said = f": {word[:_EXCERPT]}{f' ({hint})' if hint else ''}" if word else ""
    meaning = _meaning(answer, API_WORDS)
    return outcome(meaning, f"answered {answer.status}{said}", answer.retry_after)


def _meaning(answer: Answer, words: Mapping[str, Meaning]) -> Meaning:
    by_status, word = meaning_of(answer.status), word_of(answer)
    if 300 <= answer.status < 400:  # a token pasted as an address is sent on to a manual page
        return by_status
    if by_status is not Meaning.OK:
        known = words.get(word, Meaning.OK)
        return by_status if known is Meaning.OK else known
    if not answer.whole:
        return Meaning.DOUBTFUL
    return words.get(word, Meaning.PERMANENT)  # a page of something that is not Slack
