"""A strict Slack: it answers webhooks and the Web API as Slack does, and is never kinder than it.

Its judges are three libraries (`slack_judges`); the limits that they do not know (and Slack's
undocumented one for all texts together) are judged here. One message a second is taken, with short
bursts; a faster one gets a 429.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from tests.channels.receivers import Behaviour, Receiver, Reply, Request
from tests.channels.slack_judges import objections

SECOND = timedelta(seconds=1)
ELEMENTS = {
    "rich_text": {"rich_text_section", "rich_text_quote", "rich_text_list"},
    "rich_text_list": {"rich_text_section"},
    "rich_text_section": {"text", "link"},
    "rich_text_quote": {"text", "link"},
}
KEYS = {
    "rich_text": {"type", "block_id", "elements"},
    "rich_text_list": {"type", "style", "elements"},
    "rich_text_section": {"type", "elements"},
    "rich_text_quote": {"type", "elements"},
    "text": {"type", "text", "style"},
    "link": {"type", "url", "text", "style"},
}
MARKUP = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
TOKEN = "xoxb-0000-canary456"
CHANNEL = "C0SECURITY"
NEEDED = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
}
READING = ("conversations.history", "conversations.replies")


@dataclass
class Posted:
    """A message that stands in the channel."""

    ts: str
    payload: dict[str, Any]
    thread: str = ""
    edits: list[dict[str, Any]] = field(default_factory=list)


class FakeSlack:
    """Takes messages while it is open; `accepted` are their payloads, `refused` the words.

    `say` gives the word to answer a method with; `trouble` is done once instead of answering a
    method that was carried out.
    """

    def __init__(
        self, now: Callable[[], datetime], *, blocks: bool = True, burst: int = 3, page: int = 200
    ) -> None:
        self.accepted: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.messages: dict[str, Posted] = {}
        self.asked: list[str] = []
        self.say: dict[str, str] = {}
        self.trouble: dict[str, Behaviour] = {}
        self.scopes = set(NEEDED.values())
        self._now = now
        self._blocks = blocks  # whether this workspace knows our kind of blocks
        self._burst = burst
        self._page = page
        self._tokens = float(burst)
        self._last = now()
        self.receiver = Receiver(decide=self._decide, path="/services/T0SECRET/B0SECRET/canary123")

    def __enter__(self) -> Self:
        self.receiver.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.receiver.close()

    @property
    def api(self) -> str:
        """Where its Web API is."""
        return self.receiver.url.partition("/services/")[0] + "/api"

    def _decide(self, request: Request) -> Behaviour:
        path = request.line.split()[1]
        if path.startswith("/api/"):
            return self._call(path.removeprefix("/api/"), request)
        word = self._word(request)
        if word:
            self.refused.append(word)
            return Reply(400, word)
        if not self._has_room():
            return Reply(429, "rate_limited", {"Retry-After": "1"})
        self.accepted.append(json.loads(request.body))
        return Reply(200, "ok")

    def _has_room(self) -> bool:
        """Take a message a second on the average, and a few at once."""
        now = self._now()
        self._tokens = min(self._burst, self._tokens + (now - self._last) / SECOND)
        self._last = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _word(self, request: Request) -> str:
        try:
            payload = json.loads(request.body)
        except ValueError:
            return "invalid_payload"
        if "blocks" in payload and not self._blocks:
            return "invalid_blocks"
        return next(faults(payload), "")

    # --- the Web API

    def _call(self, method: str, request: Request) -> Behaviour:
        self.asked.append(method)
        read = method in READING
        form = "application/x-www-form-urlencoded" if read else "application/json; charset=utf-8"
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return self._no("invalid_auth")
        if request.headers["content-type"] != form:
            return self._no("invalid_form_data" if read else "invalid_json")
        if NEEDED[method] not in self.scopes:
            return self._no("missing_scope", needed=NEEDED[method])
        if method in self.say:
            return self._no(self.say[method])
        if read:
            asked = {key: value for key, [value] in parse_qs(request.body.decode()).items()}
            answer: Behaviour = self._history(asked, thread=method == READING[1])
        elif method == "chat.update":
            answer = self._update(json.loads(request.body))
        else:
            answer = self._post(request)
        return self.trouble.pop(method, answer)

    def _no(self, word: str, **more: str) -> Reply:
        self.refused.append(word)
        return Reply(200, json.dumps({"ok": False, "error": word, **more}))

    def _post(self, request: Request) -> Reply:
        payload = json.loads(request.body)
        if payload["channel"] not in {CHANNEL, "security", "#security"}:
            return self._no("channel_not_found")
        thread = payload.get("thread_ts", "")
        if thread and (thread not in self.messages or self.messages[thread].thread):
            return self._no("thread_not_found")
        if word := self._word(request):
            return self._no(word)
        if not self._has_room():
            told = json.dumps({"ok": False, "error": "ratelimited"})
            return Reply(429, told, {"Retry-After": "1"})
        ts = f"{self._now().timestamp() + len(self.messages) / 1_000:.6f}"
        self.messages[ts] = Posted(ts, payload, thread)
        self.accepted.append(payload)
        message = {"type": "message", "ts": ts, "blocks": payload.get("blocks", [])}
        told = json.dumps({"ok": True, "channel": CHANNEL, "ts": ts, "message": message})
        return Reply(200, told)

    def _update(self, payload: dict[str, Any]) -> Reply:
        if payload["channel"] != CHANNEL:
            return self._no("channel_not_found")
        if payload["ts"] not in self.messages:
            return self._no("message_not_found")
        if word := next(faults(payload), ""):
            return self._no(word)
        self.messages[payload["ts"]].edits.append(payload)
        return Reply(200, json.dumps({"ok": True, "channel": CHANNEL, "ts": payload["ts"]}))

    def _history(self, asked: Mapping[str, str], *, thread: bool) -> Reply:
        if asked["channel"] != CHANNEL:  # its name will not do here
            return self._no("channel_not_found")
        if thread and asked["ts"] not in self.messages:
            return self._no("thread_not_found")
        shown = [
            posted
            for posted in self.messages.values()
            if ((posted.thread or posted.ts) == asked["ts"] if thread else not posted.thread)
            if float(posted.ts) > float(asked["oldest"])
        ]
        shown.sort(key=lambda posted: posted.ts, reverse=not thread)
        start, most = int(asked.get("cursor") or 0), min(int(asked["limit"]), self._page)
        more = str(start + most) if len(shown) > start + most else ""
        with_metadata = asked.get("include_all_metadata") == "true"
        told = {
            "ok": True,
            "messages": [
                {
                    "type": "message",
                    "ts": posted.ts,
                    "text": posted.payload["text"],
                    **({"metadata": posted.payload.get("metadata")} if with_metadata else {}),
                }
                for posted in shown[start : start + most]
            ],
            "has_more": bool(more),
            "response_metadata": {"next_cursor": more},
        }
        return Reply(200, json.dumps(told))


def faults(payload: dict[str, Any]) -> Iterator[str]:
    """Go through all that Slack would not take, by the words that it uses."""
    text, blocks = payload.get("text", ""), payload.get("blocks", [])
    if not text:
        yield "no_text"
    if units(text) > 4_000:
        yield "msg_too_long"
    if len(blocks) > 50 or sum(map(units, _texts(payload))) > 10_000:
        yield "msg_blocks_too_long"
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(names)) < len(names) or any(len(name) > 255 for name in names):
        yield "invalid_blocks"
    metadata = payload.get("metadata")
    if metadata is not None and (
        set(metadata) != {"event_type", "event_payload"}
        or not re.fullmatch(r"[a-z0-9_]+", metadata["event_type"])
    ):
        yield "invalid_metadata_format"
    if any(objections(payload)):
        yield "invalid_blocks"
    for block in blocks:
        yield from _node_faults(block)


def _node_faults(node: dict[str, Any]) -> Iterator[str]:
    kind = node.get("type", "")
    if set(node) - KEYS.get(kind, set()):
        yield "invalid_blocks"
    if kind in {"text", "link"}:
        if not node["text"] or units(node["text"]) > 3_000:
            yield "invalid_blocks"
        if kind == "link" and not re.fullmatch(r"https?://[^\s<>|]{1,2990}", node["url"]):
            yield "invalid_blocks"
        return
    if not node.get("elements"):
        yield "invalid_blocks"
    for element in node.get("elements", []):
        if element.get("type") not in ELEMENTS.get(kind, set()):
            yield "invalid_blocks"
        yield from _node_faults(element)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"text", "url"} and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def said(payload: dict[str, Any]) -> str:
    """Everything that a reader of the message sees."""
    return "".join(_texts(payload.get("blocks", []))) or payload["text"]
