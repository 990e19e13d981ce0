"""Finding exact terms: characters as they are, section 4.5.

A text is searched for them only if a *guard* stands in it: a token that is in every text which the
characters occur in.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from unicodedata import category

from watcher.rules.engine.rarity import commonness
from watcher.text.fold import folded
from watcher.text.tokens import Tokens, is_unspaced, is_word_character, tokens


def exact_spans(sought: str, text: str) -> Iterator[tuple[int, int]]:
    """Find these characters in a text, not inside a longer word."""
    guarded_before = is_word_character(sought[0])
    guarded_after = is_word_character(sought[-1])
    start = text.find(sought)
    while start >= 0:
        end = start + len(sought)
        inside = (guarded_before and start > 0 and is_word_character(text[start - 1])) or (
            guarded_after and end < len(text) and is_word_character(text[end])
        )
        if not inside:
            yield start, end
        start = text.find(sought, start + 1)


def tokens_overlapped(cut: Tokens, start: int, end: int) -> tuple[int, int]:
    """Give the first token that these characters overlap, and the one after the last."""
    first = bisect_right(cut.ends, start)
    return first, max(first, bisect_left(cut.starts, end))


def guards(sought: str) -> tuple[str, ...]:
    """List tokens of which one is in any text that these characters occur in.

    Empty when there is no such list: then every text has to be searched.
    """
    sure = [words for part in _parts(sought) if (words := _words_of(part))]
    return min(sure, key=lambda words: commonness(words[0]), default=())


def _parts(sought: str) -> Iterator[str]:
    """Give the parts and the unspaced characters of an exact term, but those with doubtful marks.

    A mark belongs to an unspaced character before it, whatever script it is of.
    """
    if not any(map(is_unspaced, sought)):
        runs = "".join(c if is_word_character(c) else " " for c in sought).split()
        yield from (run for run in runs if category(run[0])[0] != "M")
    elif not any(category(character)[0] == "M" for character in sought):
        spaced = "".join(
            f" {c} " if is_unspaced(c) else c if is_word_character(c) else " " for c in sought
        )
        yield from spaced.split()


def _words_of(part: str) -> tuple[str, ...]:
    """List the tokens that a part is in a text; none if it is sometimes no token of its own.

    It may be a dropped English ending, or the beginning of one token with the `t` of `n't`.
    """
    word = folded(part)
    if not word or tokens(part).words != (word,):
        return ()
    if not is_unspaced(part[0]):
        if tokens(f"x'{part}").words != ("x", word) or tokens(f"n'{part}").words != ("n", word):
            return ()
        if word.endswith("n"):
            return word, f"{word}t"
    return (word,)
