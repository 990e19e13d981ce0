"""What a format is: how an alert is written, and how its receiver's answers are read."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from watcher.channels.sending import Answer, Meaning, meaning_of, outcome
from watcher.model import Alert, Outcome

JSON = "application/json; charset=utf-8"
_EXCERPT = 200  # characters of an answer that are shown


def by_status(answer: Answer) -> Outcome:
    """Read an answer whose status tells it all."""
    return told(answer, meaning_of(answer.status))


def told(answer: Answer, meaning: Meaning) -> Outcome:
    """Give what came of a post, with what the receiver said."""
    said = " ".join(answer.text.split())[:_EXCERPT]
    reason = f"the receiver answered {answer.status}{f': {said}' if said else ''}"
    return outcome(meaning, reason, answer.retry_after)


def object_in(answer: Answer) -> Mapping[str, Any]:
    """Give the JSON object that an answer is; an empty one where it is none."""
    try:
        read = json.loads(answer.text)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


class Form(NamedTuple):
    """One format."""

    write: Callable[[Alert], Mapping[str, object]]
    read: Callable[[Answer], Outcome] = by_status
    media_type: str = JSON
    keyed: bool = False  # the receiver compares ids and checks signatures: Standard Webhooks
    address: Callable[[str], str] = str  # where to post to, made of the configured address
