"""An alert as HTML for mail: every text escaped, styles inline, nothing loaded from anywhere."""

from collections.abc import Iterator
from html import escape

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
from watcher.alerts.render.plain import COPIES_SHOWN
from watcher.alerts.render.tidy import pieces, tidy
from watcher.model import Alert, Cited, Entry, MatchedRule, Message, Quote

_PAGE = "font-family:sans-serif;font-size:15px;line-height:1.45;color:#1a1a1a;max-width:44em"
_FAINT = "color:#5f6368;margin:0 0 1em"
_QUOTE = "margin:.3em 0 .3em .5em;padding-left:.7em;border-left:3px solid #c8ccd0"
_MARK = "background:#fff3b0;color:#1a1a1a"


def as_html(alert: Alert) -> str:
    """Tell an alert as an HTML document; what feeds wrote is text in it, never markup."""
    message = tidy(alert.message)
    parts = [
        _head(alert, message),
        *_body(message),
        *_entries(message),
        *_rules(message),
        *_relatives(message),
    ]
    if command := why(alert):
        parts.append(f'<p style="{_FAINT}">Why: <code>{escape(command)}</code></p>')
    told = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
        f"<title>{escape(headline(alert))}</title></head>\n"
        f'<body style="{_PAGE}">\n{told}\n</body></html>\n'
    )


def _head(alert: Alert, message: Message) -> str:
    title = f'<h1 style="font-size:19px;margin:0 0 .3em">{escape(headline(alert))}</h1>'
    if not message.lead:
        return title
    link = f"<p>{_link(message.lead.link, message.lead.link)}</p>" if message.lead.link else ""
    return f'{title}{link}<p style="{_FAINT}">{escape(source_line(message.lead))}</p>'


def _link(url: str, words: str) -> str:
    if not url:
        return escape(words)
    return f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{escape(words)}</a>'


def _body(message: Message) -> Iterator[str]:
    if message.body:
        yield f"<p>{escape(message.body).replace(chr(10), '<br>')}</p>"


def _entries(message: Message) -> Iterator[str]:
    if message.entries:
        yield f"<ul>{''.join(map(_entry, message.entries))}</ul>"
    if message.entries_left_out:
        yield f"<p>{escape(left_out(message.entries_left_out))}</p>"


def _entry(entry: Entry) -> str:
    title = _link(entry.lead.link if entry.lead else "", entry_title(entry))
    about = entry_about(entry)
    return f"<li>{title}{f'<br><span>{escape(about)}</span>' if about else ''}</li>"


def _rules(message: Message) -> Iterator[str]:
    for rule in message.rules:
        yield f"<p><b>Rule {escape(rule_line(rule))}</b></p>{_quotes(rule)}"


def _quotes(rule: MatchedRule) -> str:
    return "".join(
        f'<blockquote style="{_QUOTE}">{_marked(quote)}'
        f' <span style="color:#5f6368">({escape(quote.field)})</span></blockquote>'
        for quote in rule.quotes
    )


def _marked(quote: Quote) -> str:
    return "".join(
        f'<b style="{_MARK}">{escape(text)}</b>' if marked else escape(text)
        for text, marked in pieces(quote)
    )


def _relatives(message: Message) -> Iterator[str]:
    if message.original:
        yield f"<p>Names as its original: {_link(message.original, message.original)}</p>"
    if message.copies:
        yield f"<p>Also at:</p><ul>{_copies(message)}</ul>"
    if message.evidence:
        reasons = "".join(f"<li>{escape(reason)}</li>" for reason in message.evidence)
        yield f"<p>{evidence_opening(message)}:</p><ul>{reasons}</ul>"


def _copies(message: Message) -> str:
    shown = "".join(f"<li>{_copy(copy)}</li>" for copy in message.copies[:COPIES_SHOWN])
    left_out = len(message.copies) - COPIES_SHOWN
    return shown + (f"<li>and {left_out} more</li>" if left_out > 0 else "")


def _copy(copy: Cited) -> str:
    return f"{_link(copy.link, title_of(copy))} ({escape(name_of(copy))})"
