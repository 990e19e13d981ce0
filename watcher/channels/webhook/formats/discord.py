"""What Discord's webhooks take: one embed, in which nobody is mentioned.

Discord counts characters by UTF-16. https://docs.discord.com/developers/resources/webhook
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from watcher.alerts.render import headline, source_line, tidy
from watcher.channels.sending import (
    Answer,
    Meaning,
    fitted,
    lifeless,
    meaning_of,
    no_markdown,
    units,
)
from watcher.channels.sending.answers import LONGEST_PAUSE
from watcher.channels.webhook.formats.form import Form, object_in, told
from watcher.channels.webhook.formats.markdown import written
from watcher.channels.webhook.formats.runs import Part, closing, that_fit
from watcher.model import Alert, Message, Outcome, Sent, Severity

CONTENT = 2_000
TITLE = 256
DESCRIPTION = 4_000  # Discord takes 4,096
FOOTER = 300  # Discord takes 2,048, and 6,000 for all texts of an embed
_MORE = 200  # units, for what is said of what was left out
_COLOURS: Mapping[Severity, int] = {
    Severity.LOW: 0x9AA0A6,
    Severity.INFO: 0x1A73E8,
    Severity.HIGH: 0xF29900,
    Severity.CRITICAL: 0xD93025,
}


def escaped(text: str) -> str:
    """Give a text as what Discord shows as the same text."""
    quiet = no_markdown(lifeless(text))
    return "".join(f"\\{sign}" if sign in "<>@:" else sign for sign in quiet)


def _message(alert: Alert) -> Mapping[str, object]:
    message = tidy(alert.message)
    return {
        "content": fitted(headline(alert), CONTENT, escaped),
        "embeds": [_embed(alert, message)],
        "allowed_mentions": {"parse": []},
    }


def _embed(alert: Alert, message: Message) -> Mapping[str, object]:
    link = {"url": message.lead.link} if message.lead and message.lead.link else {}
    return {
        "title": fitted(headline(alert), TITLE, escaped),
        **link,
        "description": _description(message),
        "color": _COLOURS[message.severity],
        "footer": {"text": fitted(closing(alert), FOOTER, lifeless)},
    }


def _description(message: Message) -> str:
    source = [escaped(source_line(message.lead))] if message.lead else []
    room = DESCRIPTION - sum(map(units, source)) - _MORE
    shown = that_fit(message, room, lambda part: units(_part(part)) + 2)
    return "\n\n".join((*source, *map(_part, shown)))


def _part(part: Part) -> str:
    return written(part, escaped)


def _read(answer: Answer) -> Outcome:
    """Read an answer; with `wait=true` it is the message, and a 429 says how long to wait."""
    said, meaning = object_in(answer), meaning_of(answer.status)
    if meaning is Meaning.OK:
        return Sent(reference=str(said.get("id", ""))[:30])
    if answer.status == 404:
        meaning = Meaning.GONE  # the webhook was deleted
    pause = _pause(said.get("retry_after"))
    return told(answer if pause is None else replace(answer, retry_after=pause), meaning)


def _pause(asked: object) -> timedelta | None:
    """Read `retry_after`: seconds, with a fraction."""
    if not isinstance(asked, int | float) or not asked >= 0:
        return None
    return timedelta(seconds=min(asked, LONGEST_PAUSE.total_seconds()))


def _waiting(url: str) -> str:
    """Ask for the message as the answer: without that, Discord says yes before it looks."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if "wait" in dict(parse_qsl(parts.query)):
        return url
    query = "&".join(filter(None, (parts.query, "wait=true")))
    return urlunsplit(parts._replace(query=query))


FORM = Form(write=_message, read=_read, address=_waiting)
