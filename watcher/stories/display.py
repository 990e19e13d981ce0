"""The difference of two texts, for people who want to see what was changed."""

from rapidfuzz.distance import Levenshtein

from watcher.stories.reading import BODY_CHARACTERS, BODY_WORDS
from watcher.stories.words import words_of

Piece = tuple[str, tuple[str, ...], tuple[str, ...]]


def difference(ours: str, theirs: str) -> tuple[Piece, ...]:
    """Give two texts as pieces (kind, words of the one, words of the other), in order.

    Kind is equal, replace, delete (only the first has it) or insert (only the second). Words are
    as written. Of long texts the first 300 words are compared.
    """
    one = words_of(ours[:BODY_CHARACTERS])[:BODY_WORDS]
    other = words_of(theirs[:BODY_CHARACTERS])[:BODY_WORDS]
    ids: dict[str, int] = {}
    codes = Levenshtein.opcodes(
        [ids.setdefault(word.key, len(ids)) for word in one],
        [ids.setdefault(word.key, len(ids)) for word in other],
    )
    return tuple(
        (
            code.tag,
            tuple(word.shown for word in one[code.src_start : code.src_end]),
            tuple(word.shown for word in other[code.dest_start : code.dest_end]),
        )
        for code in codes
    )
