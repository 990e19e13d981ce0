"""The door between what feeds wrote and what leaves: everything clean, on one line, bounded.

Feeds are cleaned when they are read; this is the second lock. Afterwards no text has a control
character, a line break (but for a notice's body), a bidi override or a lone surrogate, every link
is http or https, and the whole stays below half a megabyte, as a letter with two bodies too,
whatever the world sent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote, urlsplit

from watcher.alerts.render.cut import grapheme_edge, shortened
from watcher.model import Cited, Entry, FeedId, ItemId, MatchedRule, Message, Quote, RuleId
from watcher.text.markup import door_clean

HEADLINE = 300  # characters
NAME = 120
LINK = 2_000
SUMMARY = 500
QUOTE = 500
SENTENCE = 400
BODY = 4_000
RULES = 50
QUOTES = 3
QUOTED = 10  # rules whose words are shown in context; of others the name will do
COPIES = 100
ENTRIES = 60  # of a digest; the others are counted
ENTRY = 200  # characters of an entry's headline
NAMED = 10  # rules of an entry
EVIDENCE = 20
_LOOKED_AT = 8  # times as much as may remain: a megabyte of title costs no more than a page
_UNSAFE_IN_LINKS = frozenset('<>"|\\^`{}')


def one_line(text: str, most: int = HEADLINE) -> str:
    """Make a text clean and put it on one line of at most `most` characters."""
    beginning = text[: most * _LOOKED_AT]
    return shortened(" ".join(door_clean(beginning).split()), most)


def web_link(url: str) -> str:
    """Give the address if it is a plain http or https one, made safe to be put in brackets."""
    address = door_clean(url[: LINK * _LOOKED_AT]).strip()
    if len(address) > LINK or not _is_web(address):
        return ""
    safe = "".join(quote(c) if c in _UNSAFE_IN_LINKS or c.isspace() else c for c in address)
    return safe if len(safe) <= LINK else ""


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # a bracket in the host
        return False


def tidy(message: Message) -> Message:
    """Give the message as it may leave; doing it again changes nothing."""
    return replace(
        message,
        headline=one_line(message.headline),
        lead=message.lead and _tidy_cited(message.lead),
        rules=tuple(
            _tidy_rule(rule if place < QUOTED else replace(rule, quotes=()))
            for place, rule in enumerate(message.rules[:RULES])
        ),
        copies=tuple(_tidy_cited(copy) for copy in message.copies[:COPIES]),
        original=web_link(message.original),
        evidence=tuple(_tidy_reasons(message.evidence[:EVIDENCE])),
        body=_tidy_body(message.body),
        subject=one_line(message.subject),
        links=tuple(filter(None, map(web_link, message.links))),
        entries=tuple(_tidy_entry(entry) for entry in message.entries[:ENTRIES]),
        entries_left_out=message.entries_left_out + max(0, len(message.entries) - ENTRIES),
    )


def _tidy_entry(entry: Entry) -> Entry:
    lead = entry.lead and replace(_tidy_cited(entry.lead), summary="")
    return replace(
        entry,
        headline=one_line(entry.headline, ENTRY),
        lead=lead,
        rules=tuple(RuleId(one_line(rule, NAME)) for rule in entry.rules[:NAMED]),
    )


def _tidy_body(body: str) -> str:
    lines = (one_line(line, BODY) for line in body[: BODY * _LOOKED_AT].splitlines())
    return shortened("\n".join(lines).strip(), BODY)


def _tidy_reasons(reasons: Iterable[str]) -> Iterator[str]:
    return filter(None, (one_line(reason, SENTENCE) for reason in reasons))


def _tidy_cited(item: Cited) -> Cited:
    return replace(
        item,
        item=ItemId(one_line(item.item, NAME)),
        title=one_line(item.title),
        link=web_link(item.link),
        feed=FeedId(one_line(item.feed, NAME)),
        feed_title=one_line(item.feed_title, NAME),
        summary=one_line(item.summary, SUMMARY),
    )


def _tidy_rule(rule: MatchedRule) -> MatchedRule:
    return replace(
        rule,
        id=RuleId(one_line(rule.id, NAME)),
        title=one_line(rule.title, NAME),
        quotes=tuple(quote for quote in map(_tidy_quote, rule.quotes[:QUOTES]) if quote.text),
    )


def _tidy_quote(quote: Quote) -> Quote:
    """Clean a quote piece by piece, so that its marks still lie on the matched words."""
    text, marks = "", []
    for piece, marked in pieces(quote):
        clean = _spaced(piece)
        clean = clean[: grapheme_edge(clean, QUOTE - len(text))]
        if marked and clean:
            marks.append((len(text), len(text) + len(clean)))
        text += clean
    return Quote(field=one_line(quote.field, NAME), text=text, marks=tuple(marks))


def _spaced(piece: str) -> str:
    """Turn white space into single spaces, at the ends of a piece too."""
    clean = door_clean(piece[: QUOTE * _LOOKED_AT])
    inner = " ".join(clean.split())
    if not inner:
        return " " if clean else ""
    return f"{' ' * clean[0].isspace()}{inner}{' ' * clean[-1].isspace()}"


def pieces(quote: Quote) -> tuple[tuple[str, bool], ...]:
    """Take a quote apart into what is marked (True) and what is not, in order, nothing lost.

    Marks that overlap are one; what lies outside the text is left out.
    """
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(quote.marks):
        begin, stop = max(at, start), min(end, len(quote.text))
        if begin < stop:
            parts += [(quote.text[at:begin], False), (quote.text[begin:stop], True)]
            at = stop
    parts.append((quote.text[at:], False))
    return tuple(part for part in parts if part[0])
