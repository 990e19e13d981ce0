"""An alert as Slack's Block Kit.

Texts of feeds stand in `rich_text` elements, in which Slack reads no markup at all; the fallback
text is escaped. Lengths are counted as UTF-16 units, the strictest way to count that is in use.
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from watcher.alerts.render import as_text, headline, pieces, shortened, source_line, tidy, why
from watcher.alerts.render.phrases import evidence_opening, name_of, rule_line, title_of
from watcher.model import Alert, Cited, MatchedRule, Message, Quote

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


def in_blocks(alert: Alert) -> Node:
    """Tell an alert in blocks, within Slack's limits; the key is the first block's id."""
    fallback = escaped(headline(alert), FALLBACK)
    return {"text": fallback, "blocks": _blocks(alert, TOTAL - units(fallback)), **_QUIET}


def in_plain_text(alert: Alert) -> Node:
    """Tell an alert without blocks, for when Slack takes blocks for malformed."""
    return {"text": escaped(as_text(alert, width=FALLBACK), FALLBACK), **_QUIET}


def units(text: str) -> int:
    """Count a text as JavaScript does: characters beyond U+FFFF are two."""
    return len(text.encode("utf-16-le")) // 2


def escaped(text: str, most: int) -> str:
    """Escape what Slack reads as markup, in at most `most` units; never cut inside an entity."""
    told = _escape(text)
    while units(told) > most:
        text = shortened(text, min(most, len(text) * 7 // 8))
        told = _escape(text)
    return told


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _blocks(alert: Alert, room: int) -> list[Node]:
    message = tidy(alert.message)
    head, foot = _head(alert, message), _foot(alert)
    room -= _size(head) + _size(foot) + _PART // 10
    kept: list[Node] = []
    left_out = 0
    for part in _parts(message):
        if len(kept) < BLOCKS - _AROUND and _size(part) <= room:
            kept.append(part)
            room -= _size(part)
        else:
            left_out += 1
    more = [_block([_section([_text(f"… and {left_out} more parts")])])] if left_out else []
    return [head, *kept, *more, foot]


def _size(node: object) -> int:
    """Count the texts and links in a piece of a message."""
    if isinstance(node, Mapping):
        own = sum(units(str(node[key])) for key in ("text", "url") if key in node)
        return own + sum(_size(value) for value in node.values())
    return sum(_size(each) for each in node) if isinstance(node, list) else 0


def _head(alert: Alert, message: Message) -> Node:
    told = headline(alert)
    if message.lead is None:
        return _block([_section([_text(told, bold=True)])], alert.key)
    title = _link(message.lead.link, told, bold=True)
    return _block([_section([title, _text(f"\n{source_line(message.lead)}")])], alert.key)


def _foot(alert: Alert) -> Node:
    asked = [_text("Why: "), _text(why(alert), code=True)] if why(alert) else []
    return _block([_section([*asked, _text(f"  {alert.key}")])])


def _parts(message: Message) -> Iterator[Node]:
    """Give what may be left out where it does not fit, the most important first."""
    if message.body:
        yield _block([_section([_text(_fitted(message.body))])])
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


def _fitted(text: str) -> str:
    while units(text) > _PART:
        text = shortened(text, min(_PART, len(text) * 7 // 8))
    return text


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
    left_out = len(entries) - len(shown)
    more = [_section([_text(f"and {left_out} more")])] if left_out else []
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
