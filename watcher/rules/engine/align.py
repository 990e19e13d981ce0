"""Laying the pieces of one term along the tokens of a text: section 4.2, word for word.

The trie finds most occurrences by itself; this finds those of long terms, which have too many
spellings to list, and counts the differences of fuzzy words.
"""

from collections.abc import Iterator
from typing import NamedTuple

from watcher.rules.engine import how
from watcher.rules.engine.kinds import Kinds, distance
from watcher.rules.engine.spelling import Piece, Stemmed, Words, joins, spellings
from watcher.rules.tree import Fuzzy, Gap, Plain, Wildcard
from watcher.text.tokens import Tokens


class _Step(NamedTuple):
    """The pieces up to `piece` may take the tokens up to `token`."""

    piece: int
    token: int
    how: int


def endings(words: Words, tokens: Tokens, start: int, kinds: Kinds) -> dict[int, int]:
    """Find where an occurrence that starts at token `start` may end (exclusive), and how."""
    reached: dict[int, dict[int, int]] = {0: {start: how.PLAIN}}
    for piece in range(len(words.pieces)):
        for token, loosest in reached.pop(piece, {}).items():
            if token >= len(tokens) or (piece and token in tokens.breaks):
                continue
            for step in _steps(words, piece, tokens, token, kinds):
                there = reached.setdefault(step.piece, {})
                way = max(loosest, step.how)
                there[step.token] = min(there.get(step.token, way), way)
    return reached.get(len(words.pieces), {})


def _steps(words: Words, at: int, tokens: Tokens, token: int, kinds: Kinds) -> Iterator[_Step]:
    piece = words.pieces[at]
    word = tokens.words[token]
    if not isinstance(piece, Plain):
        if (way := _way(piece, word, kinds)) is not None:
            yield _Step(at + 1, token + 1, way)
        return
    accepted = spellings(words, at)
    if word in accepted:
        yield _Step(at + 1, token + 1, how.PLAIN if word == piece.word else how.PLURAL)
    if joins(piece):
        for end, joined in divisions(tokens, token, max(map(len, accepted))):
            if joined in accepted:
                yield _Step(at + 1, end, how.DIVIDED)
        yield from _joined(words, at, word, token)


def _way(piece: Piece, word: str, kinds: Kinds) -> int | None:
    if isinstance(piece, Gap):
        return how.WILDCARD
    assert isinstance(piece, Wildcard | Fuzzy | Stemmed)
    if kinds.number_of(piece) not in kinds.of(word):
        return None
    if isinstance(piece, Fuzzy):
        return how.COUNTED + distance(piece, word)
    return how.WILDCARD if isinstance(piece, Wildcard) else how.STEM


def divisions(tokens: Tokens, token: int, longest: int) -> Iterator[tuple[int, str]]:
    """Join a token with the parts after it in its chunk; give where each ends, and the word.

    Words longer than `longest` are not made.
    """
    joined = tokens.words[token]
    end = token + 1
    while end in tokens.links and len(joined) < longest:
        joined += tokens.words[end]
        end += 1
        yield end, joined


def _joined(words: Words, at: int, word: str, token: int) -> Iterator[_Step]:
    joined = ""
    for end in range(at, len(words.pieces)):
        piece = words.pieces[end]
        if not (isinstance(piece, Plain) and joins(piece) and word.startswith(joined)):
            return
        if end > at and any(word == joined + ending for ending in spellings(words, end)):
            yield _Step(end + 1, token + 1, how.JOINED)
        joined += piece.word
