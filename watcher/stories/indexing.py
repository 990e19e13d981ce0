"""The words that an item is looked up by, and what is kept of its text to find it."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise

from watcher.model import Item, Sketch
from watcher.stories.lexicon import lexicon
from watcher.stories.reading import read
from watcher.stories.recall import key_of_word
from watcher.stories.words import Kind, Word

LIMIT = 24
_NAMES, _NUMBERS, _PAIRS = 12, 4, 12
_BEGINNING = 120  # words of the text that are looked at: what copies that are cut still have


def words(item: Item) -> tuple[str, ...]:
    """Give up to 24 words by which copies of the item can be found, folded, most telling first.

    Names, then numbers, then words that are not everyday ones, then long ones; spinners leave the
    first two alone. In scripts without spaces or capitals, pairs of neighbours stand for words.
    """
    reading = read(item)
    body = reading.summary.words or reading.content.words
    text = (*reading.plain_title, *body[:_BEGINNING])
    each = tuple(dict.fromkeys(text))
    names = reading.names - reading.lower
    picked = chain(
        islice(_distinct(w.key for w in each if _is_name(w, names, reading.lower)), _NAMES),
        islice(_distinct(w.key for w in each if _is_telling_number(w)), _NUMBERS),
        islice(_distinct(_neighbours(text)), _PAIRS),
        (w.key for w in each if _is_rare(w)),
        (w.key for w in each if w.kind > Kind.FUNCTION and len(w.key) > 2),
    )
    return tuple(islice(_distinct(word[:64] for word in picked), LIMIT))


def sketch(item: Item) -> Sketch:
    """Make what is kept in memory of an item: keys of its telling words, and bits of all."""
    reading = read(item)
    body = (
        reading.content
        if len(reading.content.words) > len(reading.summary.words)
        else (reading.summary)
    )
    text = (word.key for word in (*reading.plain_title, *body.words) if word.kind > Kind.FUNCTION)
    return Sketch(
        words=tuple(key_of_word(word) for word in words(item)),
        text=tuple(key_of_word(word) & 0xFFFF for word in text),
    )


def _is_name(word: Word, names: frozenset[str], lower: frozenset[str]) -> bool:
    return word.key in names or (word.kind is Kind.CAPITAL and word.key not in lower)


def _is_telling_number(word: Word) -> bool:
    return word.kind is Kind.NUMBER and (len(word.key) > 1)


def _is_rare(word: Word) -> bool:
    return word.kind is Kind.PLAIN and len(word.key) > 3 and not lexicon().is_common(word.key)


def _neighbours(text: Iterable[Word]) -> Iterator[str]:
    for one, other in pairwise(text):
        if one.kind is other.kind is Kind.CASELESS:
            short = len(one.key) == len(other.key) == 1
            yield one.key + other.key if short else other.key


def _distinct(words_: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(words_))
