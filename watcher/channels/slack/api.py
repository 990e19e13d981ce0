"""Slack's Web API: posting, editing, and looking for what was posted before; each asked once.

https://docs.slack.dev/reference/methods
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from watcher.channels.sending import Answer, Failed, Poster
from watcher.channels.slack.blocks import Node
from watcher.channels.slack.settings import SlackSettings
from watcher.channels.slack.words import api_outcome_of, json_of, word_of
from watcher.model import Outcome, Secret, TryLater
from watcher.ports import Clock

EVENT = "watcher_alert"
_PAGES = 2  # of history that are read
_PAGE = 200  # messages
_ANSWER = 100_000  # bytes; it repeats what was posted
_HISTORY = 8_000_000
_SKEW = timedelta(minutes=2)  # between Slack's clock and ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a message is, or goes to; `ts` names a message, or the thread that it heads."""

    channel: str
    ts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknowable:
    """Nobody can tell whether a message is there."""

    reason: str


class Api:
    """Asks Slack as a bot. The word of the last answer decides, as with webhooks."""

    def __init__(self, settings: SlackSettings, token: Secret, clock: Clock) -> None:
        self._settings = settings
        self._token = token
        self._clock = clock

    def post(self, payload: Node, to: Place) -> tuple[str, Outcome, Place]:
        """Post a message, as a reply where `to` is a thread; give Slack's word and the place."""
        thread: Node = {"thread_ts": to.ts} if to.ts else {}
        return self._write("chat.postMessage", {**payload, "channel": to.channel, **thread})

    def edit(self, payload: Node, at: Place) -> Outcome:
        """Let a message say something else."""
        changed = {**payload, "channel": at.channel, "ts": at.ts}
        return self._write("chat.update", changed)[1]

    def _write(self, method: str, payload: Node) -> tuple[str, Outcome, Place]:
        body = json.dumps(payload, ensure_ascii=False).encode()
        answer = self._ask(method, body, "application/json; charset=utf-8", _ANSWER)
        if not isinstance(answer, Answer):
            return "", answer, Place(channel="")
        told = json_of(answer) or {}
        place = Place(channel=str(told.get("channel", "")), ts=str(told.get("ts", "")))
        return word_of(answer), api_outcome_of(answer), place

    def find(self, key: str, since: datetime, where: Place) -> Place | Unknowable | Failed | None:
        """Look for a message by the key in its metadata; None: it is not there."""
        method = "conversations.replies" if where.ts else "conversations.history"
        asked = {
            "channel": where.channel,
            "oldest": f"{(since - _SKEW).timestamp():.6f}",
            "include_all_metadata": "true",
            "limit": str(_PAGE),
            **({"ts": where.ts} if where.ts else {}),
        }
        cursor = ""
        for _ in range(_PAGES):
            page = self._page(method, {**asked, **({"cursor": cursor} if cursor else {})})
            if not isinstance(page, Mapping):
                return page
            for message in page.get("messages") or ():
                if _key(message) == key:
                    return Place(channel=where.channel, ts=str(message.get("ts", "")))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        return Unknowable(reason=f"there are more than {_PAGE * _PAGES} messages since then")

    def _page(
        self, method: str, asked: Mapping[str, str]
    ) -> Mapping[str, Any] | Unknowable | Failed:
        form = "application/x-www-form-urlencoded"
        answer = self._ask(method, urlencode(asked).encode(), form, _HISTORY)
        if not isinstance(answer, Answer):
            return TryLater(reason=answer.reason)  # nothing was written
        told = json_of(answer)
        if told is not None and told.get("ok") is True:
            return told
        outcome = api_outcome_of(answer)
        if isinstance(outcome, TryLater):
            return outcome
        return Unknowable(reason=getattr(outcome, "reason", "the history is no JSON"))

    def _ask(self, method: str, body: bytes, form: str, most: int) -> Answer | Failed:
        poster = Poster(
            f"{self._settings.api}/{method}",
            self._clock,
            timeout=self._settings.timeout,
            ca_file=self._settings.ca_file,
            secrets=(self._token,),
            read_at_most=most,
        )
        token = {"Authorization": f"Bearer {self._token.reveal()}"}
        return poster.post(body, {"Content-Type": form, **token})


def labelled(payload: Node, key: str) -> Node:
    """Add the key to a message where readers do not see it and programs find it."""
    return {**payload, "metadata": {"event_type": EVENT, "event_payload": {"key": key}}}


def _key(message: Any) -> object:  # noqa: ANN401 - a piece of JSON
    try:
        return message["metadata"]["event_payload"]["key"]
    except (KeyError, TypeError):
        return None
