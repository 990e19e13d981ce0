"""What a Teams workflow takes ("when a Teams webhook request is received"): an Adaptive Card.

Texts stand in text runs, in which Teams reads no Markdown. A card may have 28 KB, of which Teams
needs some for itself. https://adaptivecards.io/explorer/RichTextBlock.html
"""

import json
from collections.abc import Mapping

from watcher.alerts.render import headline, tidy
from watcher.channels.sending import Answer, Meaning, lifeless, meaning_of, size
from watcher.channels.webhook.formats.form import Form, object_in, told
from watcher.channels.webhook.formats.runs import Line, Part, Run, closing, opening, that_fit
from watcher.model import Alert, Outcome

TOTAL = 21_000  # bytes of the whole
_MORE = 1_000  # of these, for what was left out and for brackets
_PARTS = 60
_GONE = frozenset(("WorkflowNotFound", "WorkflowTriggerIsNotEnabled"))


def _message(alert: Alert) -> Mapping[str, object]:
    message = tidy(alert.message)
    summary = lifeless(headline(alert))
    head, foot = opening(alert, message), Part(((Run(closing(alert)),),))
    room = TOTAL - _MORE - _cost(head) - _cost(foot) - _json_size(summary)
    card = _card([head, *that_fit(message, room, _cost, _PARTS), foot])
    kind = "application/vnd.microsoft.card.adaptive"
    return {
        "type": "message",
        "summary": summary,
        "attachments": [{"contentType": kind, "contentUrl": None, "content": card}],
    }


def _card(parts: list[Part]) -> Mapping[str, object]:
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [block for part in parts for block in _blocks(part)],
    }


def _blocks(part: Part) -> list[Mapping[str, object]]:
    return [_block(line, first=not place) for place, line in enumerate(part.lines)]


def _block(line: Line, *, first: bool) -> Mapping[str, object]:
    spacing = "medium" if first else "none"
    runs = [_run(run) for run in line if run.text] or [_run(Run(" "))]
    return {"type": "RichTextBlock", "spacing": spacing, "inlines": runs}


def _run(run: Run) -> Mapping[str, object]:
    weight = {"weight": "bolder"} if run.bold else {}
    link = {"selectAction": {"type": "Action.OpenUrl", "url": run.url}} if run.url else {}
    return {"type": "TextRun", "text": lifeless(run.text), **weight, **link}


def _cost(part: Part) -> int:
    return _json_size(_blocks(part)) + 2


def _json_size(value: object) -> int:
    return size(json.dumps(value, ensure_ascii=False))


def _read(answer: Answer) -> Outcome:
    """Read an answer: the flow of somebody who left the company is gone."""
    error = object_in(answer).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    meaning = Meaning.GONE if code in _GONE else meaning_of(answer.status)
    return told(answer, meaning)


FORM = Form(write=_message, read=_read)
