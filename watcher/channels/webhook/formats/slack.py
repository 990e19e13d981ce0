"""What servers take that read Slack's webhooks: Mattermost and Rocket.Chat.

They have no blocks, and Markdown of their own instead of Slack's: escaped are Slack's entities,
Markdown, and mentions by a bare @. To Slack itself belongs a channel of type `slack`.
https://developers.mattermost.com/integrate/webhooks/incoming/
"""

from collections.abc import Mapping

from watcher.alerts.render import tidy
from watcher.channels.sending import (
    Answer,
    Meaning,
    fitted,
    lifeless,
    meaning_of,
    no_markdown,
    units,
)
from watcher.channels.webhook.formats.form import Form, object_in, told
from watcher.channels.webhook.formats.markdown import written
from watcher.channels.webhook.formats.runs import Part, closing, opening, that_fit
from watcher.model import Alert, Outcome

TOTAL = 4_000  # units; Mattermost takes 16,383, Rocket.Chat 5,000 where nothing else is set
_PARTING = "\n\n"
_MORE = 200  # units, for what is said of what was left out


def escaped(text: str) -> str:
    """Give a text as what these servers show as the same text."""
    quiet = lifeless(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return no_markdown(quiet)


def _message(alert: Alert) -> Mapping[str, object]:
    message = tidy(alert.message)
    head, foot = _part(opening(alert, message)), fitted(closing(alert), 300, escaped)
    room = TOTAL - units(head) - units(foot) - 2 * len(_PARTING) - _MORE
    shown = that_fit(message, room, lambda part: units(_part(part)) + len(_PARTING))
    return {"text": _PARTING.join((head, *map(_part, shown), foot)), "parseUrls": False}


def _part(part: Part) -> str:
    return written(part, escaped)


def _read(answer: Answer) -> Outcome:
    said, meaning = object_in(answer), meaning_of(answer.status)
    if meaning is Meaning.OK and False in (said.get("success"), said.get("ok")):
        meaning = Meaning.PERMANENT
    return told(answer, meaning)


FORM = Form(write=_message, read=_read)
