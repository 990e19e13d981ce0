"""A strict Slack: it answers an incoming webhook as Slack does, and is never kinder than Slack.

One judge is Slack's own SDK; the limits that the SDK does not know (and Slack's undocumented one
for all texts together) are judged here. One message a second is taken; a faster one gets a 429.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.channels.receivers import Receiver, Reply, Request

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


class FakeSlack:
    """Takes messages while it is open; `accepted` are their payloads, `refused` the words."""

    def __init__(self, now: Callable[[], datetime], *, blocks: bool = True) -> None:
        self.accepted: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self._now = now
        self._blocks = blocks  # whether this workspace knows our kind of blocks
        self._last = datetime.min.replace(tzinfo=now().tzinfo)
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

    def _decide(self, request: Request) -> Reply:
        word = self._word(request)
        if word:
            self.refused.append(word)
            return Reply(400, word)
        if self._now() - self._last < SECOND:
            return Reply(429, "rate_limited", {"Retry-After": "1"})
        self._last = self._now()
        self.accepted.append(json.loads(request.body))
        return Reply(200, "ok")

    def _word(self, request: Request) -> str:
        try:
            payload = json.loads(request.body)
        except ValueError:
            return "invalid_payload"
        if "blocks" in payload and not self._blocks:
            return "invalid_blocks"
        return next(faults(payload), "")


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
    try:
        for block in Block.parse_all(blocks):
            block.validate_json()
    except SlackObjectFormationError:
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
