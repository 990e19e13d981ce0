"""What else copies do to a text: cut it, move its sentences, put boilerplate around it."""

import re
from dataclasses import replace
from random import Random

from tools.spinning.spinner import Text

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
_CRUMBS = ("Home / News / ", "News » ", "Technology | ", "Home > World > ")
_ENDS = (
    " Read more at our site.",
    " Article source: https://first.example/news/{n}",
    " The post {title} appeared first on Daily Copy.",
    " Continue reading …",
    " Share this story with your friends.",
)
_TITLES = (
    "What you need to know today",
    "The story everyone is talking about",
    "Here is what happened",
    "In brief: the latest",
)


def cut(text: Text, _rng: Random, share: float = 0.6) -> Text:
    """Keep the beginning of the summary, as a feed does that breaks it off."""
    words = text.summary.split()
    kept = words[: max(4, round(share * len(words)))]
    return replace(text, summary=" ".join(kept) + ("…" if len(kept) < len(words) else ""))


def rotated(text: Text, rng: Random) -> Text:
    """Begin with another sentence, or where there is only one, with another part of it."""
    parts = _SENTENCE.split(text.summary)
    if len(parts) < 2:
        return text
    start = rng.randrange(1, len(parts))
    return replace(text, summary=" ".join((*parts[start:], *parts[:start])))


def boiled(text: Text, rng: Random) -> Text:
    """Put a site's path before the title and its closing line behind the summary."""
    end = rng.choice(_ENDS).format(n=rng.randrange(10_000), title=text.title)
    return Text(title=rng.choice(_CRUMBS) + text.title, summary=text.summary + end)


def retitled(text: Text, rng: Random) -> Text:
    """Give it another title that says nothing of the story."""
    return replace(text, title=rng.choice(_TITLES))


def edited(text: Text, rng: Random) -> Text:
    """Edit it lightly: two words of the summary left out, a word said before it."""
    words = text.summary.split()
    for _ in range(min(2, len(words) // 12)):
        place = rng.randrange(len(words))
        if words[place].islower():
            del words[place]
    return replace(text, summary=" ".join(words), title=f"{text.title} - Daily Copy")


def shouted(text: Text, _rng: Random) -> Text:
    """Put the title in capitals."""
    return replace(text, title=text.title.upper())
