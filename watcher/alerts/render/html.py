"""An alert as HTML for mail: every text escaped, nothing loaded from anywhere.

What stands first is what mail programs show beside the subject: how much it matters, and why.
"""

from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

from watcher.alerts.render.dress import dressed, pill, style_sheet
from watcher.alerts.render.linking import linked
from watcher.alerts.render.phrases import (
    evidence_opening,
    headline,
    left_out,
    moment,
    more_sources,
    name_of,
    title_of,
    why,
)
from watcher.alerts.render.plain import COPIES_SHOWN
from watcher.alerts.render.tidy import SENTENCE, one_line, pieces, tidy
from watcher.model import Alert, AlertKind, Cited, Entry, MatchedRule, Message, Quote, Severity

_KINDS = {
    AlertKind.UPDATE: "Update",
    AlertKind.DIGEST: "Digest",
    AlertKind.FEED: "Notice",
    AlertKind.RULE: "Notice",
    AlertKind.CHANNEL: "Notice",
    AlertKind.SERVICE: "Notice",
    AlertKind.TEST: "Test",
}
_SEPARATOR = " · "


def as_html(alert: Alert) -> str:
    """Tell an alert as an HTML document; what feeds wrote is text in it, never markup."""
    message = tidy(alert.message)
    parts = [
        *_head(alert, message),
        *_body(message),
        *_entries(message),
        *_rules(message),
        *_relatives(message),
        *_foot(alert),
    ]
    told = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(headline(alert))}</title><style>{style_sheet()}</style></head>\n"
        f'<body style="margin:0;padding:0"><div {dressed("page")}><div {dressed("card")}>\n'
        f"{told}\n</div></div></body></html>\n"
    )


def _head(alert: Alert, message: Message) -> Iterator[str]:
    about = (_KINDS.get(alert.kind, ""), ", ".join(rule.title or rule.id for rule in message.rules))
    told = escape(_SEPARATOR.join(filter(None, about)))
    yield f"<p {dressed('top')}>{_pill(message.severity)}&nbsp; {told}</p>"
    title = _link(message.lead.link if message.lead else "", message.headline or "(no title)")
    yield f"<h1 {dressed('title')}>{title}</h1>"
    if message.lead:
        yield f"<p {dressed('source')}>{escape(_source(message.lead))}</p>"


def _pill(severity: Severity) -> str:
    return f"<span {pill(severity)}>{severity.word.upper()}</span>"


def _source(item: Cited) -> str:
    """Say where an item is from, also to which host its link leads, and when that was."""
    host = urlsplit(item.link).hostname or ""
    published = f"published {moment(item.published)}" if item.published else "no date given"
    name = f"{name_of(item)} ({host})" if host else name_of(item)
    return _SEPARATOR.join((name, published, f"seen {moment(item.seen_at)}"))


def _link(url: str, words: str) -> str:
    if not url:
        return escape(words)
    where = f'href="{escape(url)}" rel="noopener noreferrer nofollow"'
    return f"<a {where} {dressed('link')}>{escape(words)}</a>"


def _body(message: Message) -> Iterator[str]:
    lines = ("".join(_link(url, words) for words, url in line) for line in linked(message))
    told = "<br>".join(lines)
    if message.entries and told:
        yield f"<p {dressed('source')}>{told}</p>"  # what the digest is about
    elif told:
        yield _part(told)


def _part(told: str) -> str:
    return f"<div {dressed('part')}>{told}</div>"


def _label(told: str) -> str:
    return f"<p {dressed('label')}>{told}</p>"


def _entries(message: Message) -> Iterator[str]:
    yield from map(_entry, message.entries)
    if message.entries_left_out:
        yield _part(escape(left_out(message.entries_left_out)))


def _entry(entry: Entry) -> str:
    title = _link(entry.lead.link if entry.lead else "", entry.headline or "(no title)")
    about = _SEPARATOR.join(filter(None, _about(entry)))
    told = f"<br><span {dressed('aside')}>{escape(about)}</span>" if about else ""
    return _part(f"{_pill(entry.severity)}&nbsp; <b>{title}</b>{told}")


def _about(entry: Entry) -> Iterator[str]:
    """Say as much of an entry as fits below its title: where, when, which rules, who else."""
    if entry.lead:
        yield from (name_of(entry.lead), moment(entry.lead.published or entry.lead.seen_at))
    yield ", ".join(entry.rules)
    yield more_sources(entry)


def _rules(message: Message) -> Iterator[str]:
    for rule in message.rules:
        known_as = f"{rule.id}{_SEPARATOR}{rule.severity.word}"
        told = f"{escape(rule.title or rule.id)} <span {dressed('aside')}>{escape(known_as)}</span>"
        yield _part(_label(told) + _quotes(rule))


def _quotes(rule: MatchedRule) -> str:
    return "".join(
        f"<blockquote {dressed('quote')}>"
        f"<span {dressed('aside')}>{escape(quote.field)}</span> {_marked(quote)}</blockquote>"
        for quote in rule.quotes
    )


def _marked(quote: Quote) -> str:
    return "".join(
        f"<b {dressed('mark')}>{escape(text)}</b>" if marked else escape(text)
        for text, marked in pieces(quote)
    )


def _relatives(message: Message) -> Iterator[str]:
    if message.original:
        original = _link(message.original, message.original)
        yield _part(_label("Names as its original") + f"<p {dressed('small')}>{original}</p>")
    if message.copies:
        yield _part(_label("Also at") + _list(_copies(message)))
    if message.evidence:
        opening = _label(escape(evidence_opening(message)))
        yield _part(opening + _list(map(escape, message.evidence)))


def _list(entries: Iterator[str]) -> str:
    told = "".join(f"<li {dressed('small')}>{entry}</li>" for entry in entries)
    return f"<ul {dressed('list')}>{told}</ul>"


def _copies(message: Message) -> Iterator[str]:
    yield from map(_copy, message.copies[:COPIES_SHOWN])
    if len(message.copies) > COPIES_SHOWN:
        yield f"and {len(message.copies) - COPIES_SHOWN} more"


def _copy(copy: Cited) -> str:
    name = f"<span {dressed('aside')}>{escape(name_of(copy))}</span>"
    return f"{_link(copy.link, title_of(copy))} {name}"


def _foot(alert: Alert) -> Iterator[str]:
    because = escape(one_line(alert.because, SENTENCE))
    command = f"Why: <code {dressed('code')}>{escape(why(alert))}</code>" if why(alert) else ""
    if told := "<br>".join(filter(None, (command, because))):
        yield f"<p {dressed('foot')}>{told}</p>"
