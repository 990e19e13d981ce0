"""What a copy adds to its story: names and numbers in a passage that no item before it had.

A passage, and not a word: spinners put "Vicar of Christ" for the pope and "American bison" for
Buffalo, but add no clause of their own.
"""

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Levenshtein

from watcher.model import Item
from watcher.stories.reading import BODY_WORDS, NO_BODY, Reading, read
from watcher.stories.words import Kind, Word

PASSAGE = 6  # words in a row; of 612 spun copies none adds so many with a name or number
COMPARABLE = 0.6  # of its length that one before must have: else that was a teaser of the same text
MOST_BEFORE = 100  # items of a story that one is compared with, besides the first: the latest


def new_facts(item: Item, before: Sequence[Item]) -> tuple[str, ...]:
    """Tell the names and numbers that a copy brings in passages that its story did not have.

    `before` are the other items of the story, the lead first, then oldest first. Empty also where
    none of these is long enough to be compared.
    """
    ours = read(item)
    words, _ = _whole(ours)
    others = [read(other) for other in (*before[:1], *before[1:][-MOST_BEFORE:])]
    new = _new_places(words, others)
    if not new:
        return ()
    known = ours.lower.union(*(_said(other) for other in others))
    told = (word.shown for place, word in enumerate(words) if place in new and _tells(word, known))
    return tuple(dict.fromkeys(told))


def _new_places(words: Sequence[Word], others: Sequence[Reading]) -> set[int]:
    """Find the words that stand in a passage which none of the others has."""
    new: set[int] | None = None
    for other in others:
        theirs, goes_on = _whole(other)
        if len(theirs) >= COMPARABLE * len(words):
            added = set(_added(theirs, words, goes_on=goes_on))
            new = added if new is None else new & added
    return new or set()


def _added(theirs: Sequence[Word], ours: Sequence[Word], *, goes_on: bool) -> Iterator[int]:
    """Yield the places of words in passages that only ours has.

    Where theirs goes on beyond what is read of it, the end of ours may stand there.
    """
    steps = Levenshtein.opcodes([word.key for word in theirs], [word.key for word in ours])
    for step in steps:
        at_the_end = step.dest_end == len(ours)
        long_enough = step.dest_end - step.dest_start >= PASSAGE
        if step.tag == "insert" and long_enough and not (goes_on and at_the_end):
            yield from range(step.dest_start, step.dest_end)


def _whole(reading: Reading) -> tuple[tuple[Word, ...], bool]:
    """Give the title and the longest text below it, and whether that goes on."""
    body = max(reading.bodies, key=lambda one: len(one.words), default=NO_BODY)
    goes_on = body.breaks_off or len(body.words) >= BODY_WORDS
    return reading.plain_title + body.words, goes_on


def _said(reading: Reading) -> frozenset[str]:
    """Give all that an item says, the parts of what is written with a hyphen too."""
    texts = (reading.title, reading.summary.words, reading.content.words)
    return frozenset(part for text in texts for word in text for part in _parts(word))


def _parts(word: Word) -> tuple[str, ...]:
    return (word.key, *word.key.split("-"))


def _tells(word: Word, known: frozenset[str]) -> bool:
    if word.kind not in (Kind.NAME, Kind.NUMBER):
        return False
    return word.key not in known and not known.issuperset(word.key.split("-"))
