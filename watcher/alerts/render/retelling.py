"""A message whose texts have another form: for receivers that nobody can escape exactly for."""

from collections.abc import Callable
from dataclasses import replace

from watcher.alerts.render.tidy import pieces, tidy
from watcher.model import Cited, Entry, FeedId, MatchedRule, Message, Quote


def retold(message: Message, form: Callable[[str], str]) -> Message:
    """Give the tidy message with this done to each of its texts; links and ids stay."""
    told = tidy(message)
    return replace(
        told,
        headline=form(told.headline),
        lead=told.lead and _cited(told.lead, form),
        rules=tuple(_rule(rule, form) for rule in told.rules),
        copies=tuple(_cited(copy, form) for copy in told.copies),
        evidence=tuple(map(form, told.evidence)),
        body="\n".join(map(form, told.body.split("\n"))),
        subject=form(told.subject),
        entries=tuple(_entry(entry, form) for entry in told.entries),
    )


def _cited(item: Cited, form: Callable[[str], str]) -> Cited:
    return replace(
        item,
        title=form(item.title),
        feed=FeedId(form(item.feed)),
        feed_title=form(item.feed_title),
        summary=form(item.summary),
    )


def _rule(rule: MatchedRule, form: Callable[[str], str]) -> MatchedRule:
    quotes = tuple(_quote(quote, form) for quote in rule.quotes)
    return replace(rule, title=form(rule.title), quotes=quotes)


def _quote(quote: Quote, form: Callable[[str], str]) -> Quote:
    text, marks = "", []
    for piece, marked in pieces(quote):
        told = form(piece)
        if marked:
            marks.append((len(text), len(text) + len(told)))
        text += told
    return replace(quote, text=text, marks=tuple(marks))


def _entry(entry: Entry, form: Callable[[str], str]) -> Entry:
    lead = entry.lead and _cited(entry.lead, form)
    return replace(entry, headline=form(entry.headline), lead=lead)
