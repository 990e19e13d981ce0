"""An alert as plain text: for the console, for mail, and where a receiver takes nothing else."""

import textwrap
from collections.abc import Iterator

from watcher.alerts.render.phrases import (
    entry_about,
    entry_title,
    evidence_opening,
    headline,
    left_out,
    name_of,
    rule_line,
    source_line,
    title_of,
    why,
)
from watcher.alerts.render.tidy import pieces, tidy
from watcher.model import Alert, Cited, MatchedRule, Message, Quote

COPIES_SHOWN = 20
ASTERISKS = ("*", "*")


def as_text(alert: Alert, *, width: int = 100, signs: tuple[str, str] = ASTERISKS) -> str:
    """Tell an alert in plain text, ending without a line break.

    The first line is whole and can stand alone as a notification. The others are wrapped at
    `width` characters (links never are); matched words stand between the two signs.
    """
    message = tidy(alert.message)
    paragraphs = [headline(alert), *_told(message, signs), *_asked(alert)]
    return "\n".join(_wrapped(paragraphs, width))


def _told(message: Message, signs: tuple[str, str]) -> Iterator[str]:
    if message.lead:
        yield from filter(None, (message.lead.link, source_line(message.lead)))
    if message.body:
        yield ""
        yield from message.body.split("\n")
    yield from _entries(message)
    for rule in message.rules:
        yield ""
        yield from _rule(rule, signs)
    yield from _relatives(message)


def _entries(message: Message) -> Iterator[str]:
    """Tell a digest's alerts, each with its link."""
    for entry in message.entries:
        yield ""
        yield entry_title(entry)
        told = (entry.lead.link if entry.lead else "", entry_about(entry))
        yield from (f"  {line}" for line in told if line)
    if message.entries_left_out:
        yield from ("", left_out(message.entries_left_out))


def _rule(rule: MatchedRule, signs: tuple[str, str]) -> Iterator[str]:
    yield f"Rule {rule_line(rule)}"
    for quote in rule.quotes:
        yield f"  {quote.field}: {_signed(quote, signs)}"


def _signed(quote: Quote, signs: tuple[str, str]) -> str:
    return "".join(text.join(signs) if marked else text for text, marked in pieces(quote))


def _relatives(message: Message) -> Iterator[str]:
    """Tell of the copies, of the original, and why we hold them to be that."""
    if message.original:
        yield from ("", f"Names as its original: {message.original}")
    if message.copies:
        yield from ("", "Also at:")
        yield from (_copy(copy) for copy in message.copies[:COPIES_SHOWN])
    if len(message.copies) > COPIES_SHOWN:
        yield f"  and {len(message.copies) - COPIES_SHOWN} more"
    if message.evidence:
        yield from ("", f"{evidence_opening(message)}:")
        yield from (f"  - {reason}" for reason in message.evidence)


def _copy(copy: Cited) -> str:
    return f"  {copy.link or title_of(copy)} ({name_of(copy)})"


def _asked(alert: Alert) -> Iterator[str]:
    if command := why(alert):
        yield from ("", f"Why: {command}")


def _wrapped(paragraphs: list[str], width: int) -> Iterator[str]:
    yield paragraphs[0]
    for paragraph in paragraphs[1:]:
        indent = len(paragraph) - len(paragraph.lstrip(" "))
        yield from _folded(paragraph, width, " " * (indent + 2)) or [""]


def _folded(paragraph: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        paragraph,
        max(width, 40),
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
