"""An alert as Slack's Block Kit.

Texts of feeds stand in `rich_text` elements, in which Slack reads no markup at all; the fallback
text is escaped. Lengths are counted as UTF-16 units, the strictest way to count that is in use.
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from watcher.alerts.render import as_text, headline, linked, pieces, source_line, tidy, why
from watcher.alerts.render.phrases import (
    entry_about,
    entry_title,
    evidence_opening,
    left_out,
    name_of,
    rule_line,
    title_of,
)
from watcher.channels.sending import fitted, units
from watcher.model import Alert, Cited, Entry, MatchedRule, Message, Quote

Node = dict[str, object]

BLOCKS = 45  # Slack takes 50
TOTAL = 10_000  # all texts and links; Slack refuses somewhere above 11,000 and does not say where
FALLBACK = 2_900  # the `text` of a message
_PART = 2_900  # one block
_AROUND = 3  # blocks that are always there: head, what was left out, foot
_QUIET: Mapping[str, object] = {
    "unfurl_links": False,
    "unfurl_media": False,
    "mrkdwn": False,
    "parse": "none",
    "link_names": 0,
}


class _Part(NamedTuple):
    """A block that may be left out where it does not fit."""

    block: Node
    entry: bool = False  # whether it is an alert of a digest


def in_blocks(alert: Alert, note: str = "") -> Node:
    """Tell an alert in blocks, within Slack's limits; the key is the first block's id.

    A note of ours stands below the headline: what became of the story since.
    """
    fallback = escaped(headline(alert), FALLBACK)
    return {"text": fallback, "blocks": _blocks(alert, TOTAL - units(fallback), note), **_QUIET}


def in_plain_text(alert: Alert) -> Node:
    """Tell an alert without blocks, for when Slack takes blocks for malformed."""
    return {"text": escaped(as_text(alert, width=FALLBACK), FALLBACK), **_QUIET}


def escaped(text: str, most: int) -> str:
    """Escape what Slack reads as markup, in at most `most` units; never cut inside an entity."""
    return fitted(text, most, _escape)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _blocks(alert: Alert, room: int, note: str) -> list[Node]:
    message = tidy(alert.message)
    head, foot = _head(alert, message, note), _foot(alert)
    room -= _size(head) + _size(foot) + _PART // 10
    kept: list[Node] = []
    parts, entries = 0, message.entries_left_out  # what is left out
    for part in _parts(message):
        if len(kept) < BLOCKS - _AROUND and _size(part.block) <= room:
            kept.append(part.block)
            room -= _size(part.block)
        else:
            parts, entries = parts + (not part.entry), entries + part.entry
    return [head, *kept, *_more(parts, entries), foot]


def _more(parts: int, entries: int) -> list[Node]:
    """Say what was left out."""
    told = (left_out(entries) if entries else "", f"… and {parts} more parts" if parts else "")
    said = "\n".join(filter(None, told))
    return [_block([_section([_text(said)])])] if said else []


def _size(node: object) -> int:
    """Count the texts and links in a piece of a message."""
    if isinstance(node, Mapping):
        own = sum(units(str(node[key])) for key in ("text", "url") if key in node)
        return own + sum(_size(value) for value in node.values())
    return sum(_size(each) for each in node) if isinstance(node, list) else 0


def _head(alert: Alert, message: Message, note: str) -> Node:
    told = headline(alert)
    noted = [_text(f"\n{note}", italic=True)] if note else []
    if message.lead is None:
        return _block([_section([_text(told, bold=True), *noted])], alert.key)
    title = _link(message.lead.link, told, bold=True)
    source = _text(f"\n{source_line(message.lead)}")
    return _block([_section([title, source, *noted])], alert.key)


def _foot(alert: Alert) -> Node:
    asked = [_text("Why: "), _text(why(alert), code=True), _text("  ")] if why(alert) else []
    return _block([_section([*asked, _text(f"Key: {alert.key}")])])


def _parts(message: Message) -> Iterator[_Part]:
    """Give what may be left out where it does not fit, the most important first."""
    if message.body:
        yield _Part(_block([_section(_body(message))]))
    yield from (_Part(_entry(entry), entry=True) for entry in message.entries)
    yield from map(_Part, _of_story(message))


def _body(message: Message) -> list[Node]:
    """Give as much of the text as a block takes; an address is a link or left out, never cut."""
    if not message.links:
        return [_text(fitted(message.body, _PART))]
    room, told = _PART, list[Node]()
    for number, line in enumerate(linked(message)):
        for words, url in ((("\n", ""),) if number else ()) + line:
            node = _link(url, words) if url else _text(fitted(words, room))
            room -= _size(node)
            if room < 1:
                return told
            told.append(node)
    return told


def _entry(entry: Entry) -> Node:
    """Tell of one alert of a digest."""
    title = _link(entry.lead.link if entry.lead else "", entry_title(entry), bold=True)
    about = entry_about(entry)
    return _block([_section([title, *([_text(f"\n{about}")] if about else [])])])


def _of_story(message: Message) -> Iterator[Node]:
    for rule in message.rules:
        yield _rule(rule)
    if message.original:
        original = _link(message.original, message.original)
        yield _block([_section([_text("Names as its original: "), original])])
    if message.copies:
        yield _list("Also at:", [_copy(copy) for copy in message.copies])
    if message.evidence:
        reasons = [_section([_text(reason)]) for reason in message.evidence]
        yield _list(f"{evidence_opening(message)}:", reasons)


def _rule(rule: MatchedRule) -> Node:
    title = _section([_text(f"Rule {rule_line(rule)}", bold=True)])
    return _block([title, *(_quote(quote) for quote in rule.quotes)])


def _quote(quote: Quote) -> Node:
    words = [_text(text, bold=marked) for text, marked in pieces(quote)]
    return {"type": "rich_text_quote", "elements": words}


def _copy(copy: Cited) -> Node:
    return _section([_link(copy.link, title_of(copy)), _text(f" ({name_of(copy)})")])


def _list(title: str, entries: Sequence[Node]) -> Node:
    """Make a list under a title of as many entries as one block should hold, one at least."""
    shown = list(_within(entries, _PART))
    hidden = len(entries) - len(shown)
    more = [_section([_text(f"and {hidden} more")])] if hidden else []
    bullets: Node = {"type": "rich_text_list", "style": "bullet", "elements": [*shown, *more]}
    return _block([_section([_text(title)]), bullets])


def _within(entries: Iterable[Node], room: int) -> Iterator[Node]:
    for number, entry in enumerate(entries):
        room -= _size(entry)
        if room < 0 and number:
            return
        yield entry


def _block(elements: Sequence[Node], key: str = "") -> Node:
    named = {"block_id": f"watcher-{key}"} if key else {}
    return {"type": "rich_text", **named, "elements": list(elements)}


def _section(elements: Sequence[Node]) -> Node:
    return {"type": "rich_text_section", "elements": list(elements)}


def _text(text: str, **style: bool) -> Node:
    return {"type": "text", "text": text, **_style(style)}


def _link(url: str, text: str, **style: bool) -> Node:
    """Link a text, or leave it a text where there is no address."""
    if not url:
        return _text(text, **style)
    return {"type": "link", "url": url, "text": text, **_style(style)}


def _style(style: Mapping[str, bool]) -> Node:
    wanted = {name: True for name, on in style.items() if on}
    return {"style": wanted} if wanted else {}
