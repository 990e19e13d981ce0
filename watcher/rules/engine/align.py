"""Laying the pieces of one term along the tokens of a text: section 4.2, word for word.

The trie finds most occurrences; this decides the rare ones that it cannot (long terms, divided
words) and tells of each how it was found.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from watcher.rules.engine.kinds import GAP, Kinds, distance
from watcher.rules.engine.spelling import Piece, Stemmed, Words, joins, spellings
from watcher.rules.tree import Fuzzy, Gap, Plain, Wildcard
from watcher.text.tokens import Tokens

# how, from strict to loose; the loosest piece of the strictest way names an occurrence
How = tuple[int, str]
PLAIN: How = (0, "plain")
PLURAL: How = (1, "plural")
JOINED: How = (2, "joined")
DIVIDED: How = (3, "divided")
WILDCARD: How = (4, "wildcard")
STEM: How = (5, "stem")


@dataclass(frozen=True, slots=True)
class _Step:
    """The pieces up to `piece` may take the tokens up to `token`."""

    piece: int
    token: int
    how: How


def endings(words: Words, tokens: Tokens, start: int, kinds: Kinds) -> dict[int, How]:
    """Find where an occurrence that starts at token `start` may end (exclusive), and how."""
    reached: list[dict[int, How]] = [{} for _ in range(len(words.pieces) + 1)]
    reached[0][start] = PLAIN
    for piece in range(len(words.pieces)):
        for token, how in reached[piece].items():
            if token >= len(tokens) or (piece and not _adjacent(tokens, token)):
                continue
            for step in _steps(words, piece, tokens, token, kinds):
                loosest = max(how, step.how)
                before = reached[step.piece].get(step.token)
                reached[step.piece][step.token] = min(before, loosest) if before else loosest
    return reached[-1]


def _adjacent(tokens: Tokens, token: int) -> bool:
    return tokens.positions[token] == tokens.positions[token - 1] + 1


def _steps(words: Words, at: int, tokens: Tokens, token: int, kinds: Kinds) -> Iterator[_Step]:
    piece = words.pieces[at]
    word = tokens.words[token]
    if not isinstance(piece, Plain):
        if (how := _how(piece, word, kinds)) is not None:
            yield _Step(at + 1, token + 1, how)
        return
    accepted = spellings(words, at)
    if word in accepted:
        yield _Step(at + 1, token + 1, PLAIN if word == piece.word else PLURAL)
    if joins(piece):
        for end, joined in divisions(tokens, token, max(map(len, accepted))):
            if joined in accepted:
                yield _Step(at + 1, end, DIVIDED)
        yield from _joined(words, at, word, token)


def _how(piece: Piece, word: str, kinds: Kinds) -> How | None:
    if isinstance(piece, Gap):
        return WILDCARD
    assert isinstance(piece, Wildcard | Fuzzy | Stemmed)
    if kinds.number_of(piece) not in kinds.of(word):
        return None
    if isinstance(piece, Fuzzy):
        errors = distance(piece, word)
        return (6 + errors, f"fuzzy:{errors}")
    return WILDCARD if isinstance(piece, Wildcard) else STEM


def divisions(tokens: Tokens, token: int, longest: int) -> Iterator[tuple[int, str]]:
    """Join a token with the parts after it in its chunk; give where each ends, and the word.

    Words longer than `longest` are not made.
    """
    joined = tokens.words[token]
    chunk = tokens.chunks[token]
    end = token + 1
    while end < len(tokens) and tokens.chunks[end] == chunk and len(joined) < longest:
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
            yield _Step(end + 1, token + 1, JOINED)
        joined += piece.word


def labels(words: Words, kinds: Kinds, at: int) -> Iterator[tuple[str | int, int]]:
    """List what one token may be for the pieces from `at` on, and the piece that comes next.

    A label is a word, or the number of a kind of words.
    """
    piece = words.pieces[at]
    if not isinstance(piece, Plain):
        yield GAP if isinstance(piece, Gap) else kinds.number_of(piece), at + 1
        return
    joined = ""
    for end in range(at, len(words.pieces)):
        last = words.pieces[end]
        if not isinstance(last, Plain) or (end > at and not (joins(piece) and joins(last))):
            return
        for ending in spellings(words, end):
            yield joined + ending, end + 1
        joined += last.word
