"""Writes the table of answers in docs/delivery.md from the tests of the channels.

python tools/write_answers.py          writes it
python tools/write_answers.py --check  exit 1 when it is out of date

The cells are the very cases that the tests below try, sorted by the outcome that they expect.
"""

import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.channels.receivers import Reply, Trouble  # noqa: E402
from watcher.model import Doubtful, Refused, Sent, TryLater  # noqa: E402

PAGE = ROOT / "docs" / "delivery.md"
MARKS = re.compile(r"(<!-- answers -->\n).*?(<!-- end -->)", re.DOTALL)
EVERY, LOST = "test_every_answer_has_its_outcome", "test_an_answer_that_is_lost_is_doubtful"
MALFORMED = "test_what_is_malformed_even_as_plain_text_is_refused"
CHANNELS: Mapping[str, tuple[str, Sequence[str]]] = {
    "slack, incoming webhook": ("test_slack", (EVERY, LOST, MALFORMED)),
    "slack, bot": ("test_slack_bot", (EVERY, LOST, MALFORMED)),
    "webhook, `watcher`": ("test_webhook", (EVERY, LOST)),
    "webhook, `cloudevents`": (
        "test_webhook_formats",
        ("test_every_answer_to_a_cloud_event_has_its_outcome", LOST),
    ),
    "webhook, `slack`": (
        "test_webhook_formats",
        ("test_every_answer_of_mattermost_has_its_outcome", LOST),
    ),
    "webhook, `discord`": (
        "test_webhook_formats",
        ("test_every_answer_of_discord_has_its_outcome", LOST),
    ),
    "webhook, `teams`": (
        "test_webhook_formats",
        ("test_every_answer_of_teams_has_its_outcome", LOST),
    ),
    "webhook, `custom`": (
        "test_webhook_formats",
        ("test_every_answer_to_json_of_ones_own_has_its_outcome", LOST),
    ),
    "email": ("test_email", ("test_a_refusal_is_for_now_or_for_ever",)),
    "apprise": ("test_apprise", (EVERY,)),
}


class Class(Enum):
    """What an answer may come to; the value is the title of a column."""

    OK = "sent"
    RETRY = "tried later"
    THROTTLE = "the channel waits"
    DOUBTFUL = "doubtful"
    PERMANENT = "dead letter"
    GONE = "dead letter, receiver gone"


TROUBLES = {
    Trouble.HANG: "no answer in time",
    Trouble.RESET: "connection reset",
    Trouble.CLOSE: "connection closed",
    Trouble.HALF: "answer broken off",
}


def class_of(outcome: Any) -> Class:  # noqa: ANN401 - an outcome, or its type
    """Tell the class of an outcome that a test expects."""
    match outcome:
        case Sent():
            return Class.OK
        case TryLater(throttled=True):
            return Class.THROTTLE
        case TryLater():
            return Class.RETRY
        case Doubtful():
            return Class.DOUBTFUL
        case Refused(gone=True):
            return Class.GONE
        case Refused():
            return Class.PERMANENT
    kinds = {TryLater: Class.RETRY, Refused: Class.PERMANENT}
    return kinds[outcome]


def told(answer: Any) -> str:  # noqa: ANN401 - whatever a test calls an answer
    """Write an answer in a few words."""
    if isinstance(answer, Trouble):
        return TROUBLES[answer]
    if not isinstance(answer, Reply):
        return f"`{answer}`"
    word = _word(answer.text)
    after = " with Retry-After" if "Retry-After" in answer.headers else ""
    return f"{answer.status}{f' `{word}`' if word else ''}{after}"


def _word(text: str) -> str:
    """Give what an answer says: of Slack's JSON the word, else its beginning."""
    try:
        read = json.loads(text)
    except ValueError:
        return text[:40]
    return str(read.get("error", text)) if isinstance(read, dict) and "ok" in read else text[:40]


def cases(module: str, tests: Sequence[str]) -> Iterator[tuple[str, Class]]:
    """Give the answers that these tests try, with the class that they expect."""
    loaded = importlib.import_module(f"tests.channels.{module}")
    for name in tests:
        for names, values in _parameters(getattr(loaded, name)):
            if names in {("behaviour", "outcome"), ("answer", "kind")}:
                yield from ((told(answer), class_of(outcome)) for answer, outcome in values)
            elif names == ("trouble",):
                yield from ((told(trouble), Class.DOUBTFUL) for trouble in values)
            elif names == ("word",):
                yield from ((f"`{word}`, twice", Class.PERMANENT) for word in values)


def _parameters(test: Callable[..., None]) -> Iterator[tuple[tuple[str, ...], Sequence[Any]]]:
    marks: Sequence[Any] = getattr(test, "pytestmark", ())
    for mark in marks:
        names, values = mark.args
        yield (names,) if isinstance(names, str) else tuple(names), values


def table() -> str:
    """Write a row for every channel."""
    rows = [
        f"| channel | {' | '.join(each.value for each in Class)} |",
        "|---" * (len(Class) + 1) + "|",
    ]
    for channel, (module, tests) in CHANNELS.items():
        found: dict[Class, dict[str, None]] = {each: {} for each in Class}
        for answer, kind in cases(module, tests):
            found[kind][answer] = None
        rows.append(f"| {channel} | {' | '.join('<br>'.join(found[each]) for each in Class)} |")
    return "\n".join(rows) + "\n"


def filled(page: str) -> str:
    """Put the table where it belongs."""
    page, found = MARKS.subn(lambda marks: marks[1] + table() + marks[2], page)
    if found != 1:
        sys.exit("docs/delivery.md has no place for the table")
    return page


def main() -> None:
    old = PAGE.read_text(encoding="utf-8")
    new = filled(old)
    if "--check" in sys.argv and new != old:
        sys.exit("docs/delivery.md is out of date: run python tools/write_answers.py")
    PAGE.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
