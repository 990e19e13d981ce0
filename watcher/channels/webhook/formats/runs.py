"""An alert as lines of runs: words that are bold or linked; each chat gives them its dress."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from watcher.alerts.render import headline, linked, pieces, source_line, why
from watcher.alerts.render.phrases import (
    entry_about,
    entry_title,
    evidence_opening,
    left_out,
    name_of,
    rule_line,
    title_of,
)
from watcher.model import Alert, Cited, Entry, MatchedRule, Message, Quote

_SHOWN = 20  # copies, and reasons


class Run(NamedTuple):
    """Words of one kind. Only `url` may be a link: text never is."""

    text: str
    bold: bool = False
    url: str = ""


Line = tuple[Run, ...]


class Part(NamedTuple):
    """Lines that are shown together, or left out together where they do not fit."""

    lines: tuple[Line, ...]
    entry: bool = False  # whether it is an alert of a digest


def opening(alert: Alert, message: Message) -> Part:
    """Give the first lines: the headline, and where it is from."""
    first = (Run(headline(alert), bold=True, url=message.lead.link if message.lead else ""),)
    return Part((first, (Run(source_line(message.lead)),)) if message.lead else (first,))


def closing(alert: Alert) -> str:
    """Give the last line: how to ask why, and the key."""
    asked = f"Why: {why(alert)}  " if why(alert) else ""
    return f"{asked}Key: {alert.key}"


def parts(message: Message) -> Iterator[Part]:
    """Give all that stands between, the most important first."""
    if message.body:
        yield from _paragraphs(message)
    yield from map(_entry, message.entries)
    yield from map(_rule, message.rules)
    if message.original:
        yield Part(((Run("Names as its original: "), Run(message.original, url=message.original)),))
    if message.copies:
        yield _list("Also at:", [_copy(copy) for copy in message.copies])
    if message.evidence:
        reasons: list[Line] = [(Run(f"- {reason}"),) for reason in message.evidence]
        yield _list(f"{evidence_opening(message)}:", reasons)


def _paragraphs(message: Message) -> Iterator[Part]:
    """Give the text paragraph by paragraph, so that of a long one the beginning is shown."""
    lines: list[Line] = []
    for line in (*linked(message), ()):
        if line:
            lines.append(tuple(Run(words, url=url) for words, url in line))
        elif lines:
            yield Part(tuple(lines))
            lines = []


def that_fit(
    message: Message, room: int, cost: Callable[[Part], int], most: int = 1_000
) -> list[Part]:
    """Choose the parts for which there is room, and say what was left out."""
    kept: list[Part] = []
    others, entries = 0, message.entries_left_out
    for part in parts(message):
        price = cost(part)
        if price <= room and len(kept) < most:
            kept.append(part)
            room -= price
        else:
            others, entries = others + (not part.entry), entries + part.entry
    return [*kept, *_more(others, entries)]


def _more(others: int, entries: int) -> Iterator[Part]:
    if entries:
        yield Part(((Run(left_out(entries)),),))
    if others:
        yield Part(((Run(f"… and {others} more parts"),),))


def _entry(entry: Entry) -> Part:
    link = entry.lead.link if entry.lead else ""
    about = entry_about(entry)
    first = (Run(entry_title(entry), bold=True, url=link),)
    return Part((first, (Run(about),)) if about else (first,), entry=True)


def _rule(rule: MatchedRule) -> Part:
    title = (Run(f"Rule {rule_line(rule)}", bold=True),)
    return Part((title, *map(_quote, rule.quotes)))


def _quote(quote: Quote) -> Line:
    words = (Run(text, bold=marked) for text, marked in pieces(quote))
    return (Run(f"{quote.field}: "), *words)


def _copy(copy: Cited) -> Line:
    return (Run("- "), Run(title_of(copy), url=copy.link), Run(f" ({name_of(copy)})"))


def _list(title: str, entries: Sequence[Line]) -> Part:
    left = len(entries) - _SHOWN
    more: Iterable[Line] = [(Run(f"and {left} more"),)] if left > 0 else []
    return Part(((Run(title),), *entries[:_SHOWN], *more))
