"""What else copies do to a text: cut it, move its sentences, put boilerplate around it."""

import re
from collections.abc import Callable
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
    " Sign up for our morning letter to get the news before breakfast.",
    " © Daily Copy. All rights reserved.",
    " Have a tip? Write to the desk at news@copy.example.",
)
_BETWEEN = (
    "Advertisement.",
    "Story continues below.",
    "Read also: what our readers liked this week.",
    "Photo: Daily Copy.",
    "Sign up for our morning letter.",
)
HEADLINE = 9  # words
_TITLES = (
    "What you need to know today",
    "The story everyone is talking about",
    "Here is what happened",
    "In brief: the latest",
)


def cut(text: Text, _rng: Random, share: float = 0.6) -> Text:
    """Keep the beginning of the summary and of the content, as a feed does that breaks them off."""
    return _in_both(text, lambda part: _beginning(part, share))


def _in_both(text: Text, change: Callable[[str], str]) -> Text:
    """Change the summary and the content, those that there are."""
    summary, content = (change(part) if part else "" for part in (text.summary, text.content))
    return replace(text, summary=summary, content=content)


def _beginning(part: str, share: float) -> str:
    words = part.split()
    kept = words[: max(4, round(share * len(words)))]
    return " ".join(kept) + ("…" if len(kept) < len(words) else "")


def rotated(text: Text, rng: Random) -> Text:
    """Begin with another sentence, where there are several."""
    return _in_both(text, lambda part: _turned(part, rng))


def _turned(part: str, rng: Random) -> str:
    sentences = _SENTENCE.split(part)
    if len(sentences) < 2:
        return part
    start = rng.randrange(1, len(sentences))
    return " ".join((*sentences[start:], *sentences[:start]))


def boiled(text: Text, rng: Random) -> Text:
    """Put a site's path before the title and its closing line behind the text."""
    end = rng.choice(_ENDS).format(n=rng.randrange(10_000), title=text.title)
    ended = _in_both(text, lambda part: part + end)
    return replace(ended, title=rng.choice(_CRUMBS) + text.title)


def framed(text: Text, rng: Random) -> Text:
    """Put boilerplate around, and between sentences too: one line for every four of them."""
    return boiled(_in_both(text, lambda part: _interrupted(part, rng)), rng)


def _interrupted(part: str, rng: Random) -> str:
    sentences = _SENTENCE.split(part)
    for place in range(len(sentences) - len(sentences) % 4, 0, -4):
        sentences.insert(place, rng.choice(_BETWEEN))
    return " ".join(sentences)


def retitled(text: Text, rng: Random) -> Text:
    """Give it another title that says nothing of the story."""
    return replace(text, title=rng.choice(_TITLES))


def headlined(text: Text, rng: Random) -> Text:
    """Give it another headline, of words that stand side by side in its text."""
    words = (text.summary or text.content).split()
    start = rng.randrange(max(1, len(words) - HEADLINE))
    told = " ".join(words[start : start + HEADLINE]).strip(" ,.;:–-")
    return replace(text, title=told[:1].upper() + told[1:])


def edited(text: Text, rng: Random) -> Text:
    """Edit it lightly: up to two words of each text left out, the site's name behind the title."""
    shorter = _in_both(text, lambda part: _thinned(part, rng))
    return replace(shorter, title=f"{text.title} - Daily Copy")


def _thinned(part: str, rng: Random) -> str:
    words = part.split()
    for _ in range(min(2, len(words) // 12)):
        place = rng.randrange(len(words))
        if words[place].islower():
            del words[place]
    return " ".join(words)


def shouted(text: Text, _rng: Random) -> Text:
    """Put the title in capitals."""
    return replace(text, title=text.title.upper())
