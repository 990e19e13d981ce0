"""Near misses in spelling: what is there looks like the term, and another term would find it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from watcher.rules.engine.misses import Found, Miss, found_at, said_as
from watcher.rules.engine.seen import Seen
from watcher.rules.engine.spelling import Characters, Pattern, Stemmed, Words, spellings
from watcher.rules.engine.view import View
from watcher.rules.grammar.terms import compiled_regex
from watcher.rules.tree import Fuzzy, Gap, Plain, Wildcard
from watcher.text.tokens import is_unspaced, is_word_character, tokens

_LEAST_BEGINNING = 4  # letters of a word that may be the beginning of a longer one
_LEAST_INSIDE = 5  # letters of a word that may be any part of a longer one
_LEAST_FUZZY = (5, 8)  # letters of a word for one difference, for two
_LEAST_STEM = 4
_LONGER = "it is part of a longer word"
_OPERATORS = frozenset(("AND", "OR", "NOT", "NEAR", "ONEAR", "EXCEPT", "OF", "FORMS"))


def spelled_otherwise(words: Words, seen: Seen, language: str) -> Miss | None:
    """Tell of the first thing there that differs from a term in spelling or form only."""
    if any(isinstance(piece, Plain) and piece.unspaced for piece in words.pieces):
        return None
    for way in _Looser(words, seen, language).ways():
        place = seen.run(way.accepted) if all(way.accepted) else None
        if place is not None:
            found = found_at(seen, place, way.would, way.how)
            return Miss(kind="spelling", why=way.why, would=way.would, found=(found,))
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """A term a little looser than the one that was not found."""

    accepted: list[Collection[str]]  # words, for each piece
    would: str
    how: str
    why: str


class _Looser:
    """Ways to loosen one term, the nearest ones first."""

    def __init__(self, words: Words, seen: Seen, language: str) -> None:
        self._words = words
        self._pieces = words.pieces
        self._seen = seen
        self._language = language

    def ways(self) -> Iterator[_Way]:
        yield from self._singular()
        if all(isinstance(piece, Plain) for piece in self._pieces):
            yield from self._written_apart()
            yield from self._same_stems()
        lacking = [n for n in range(len(self._pieces)) if not self._is_there(n)]
        if len(lacking) == 1:
            yield from self._loosened(lacking[0])

    def _is_there(self, at: int) -> bool:
        return isinstance(self._pieces[at], Gap) or bool(self._seen.places(self._words, at))

    def _with(self, at: int, accepted: Collection[str], instead: str, how: str, why: str) -> _Way:
        """Give the term with one piece replaced."""
        said = [instead if n == at else said_as(piece) for n, piece in enumerate(self._pieces)]
        would = said[0] if len(said) == 1 else f'"{" ".join(said)}"'
        rows = [accepted if n == at else self._accepted(n) for n in range(len(said))]
        return _Way(accepted=rows, would=would if all(said) else "", how=how, why=why)

    def _accepted(self, at: int) -> Collection[str]:
        piece = self._pieces[at]
        if isinstance(piece, Plain):
            return spellings(self._words, at)
        return self._seen.words if isinstance(piece, Gap) else self._seen.accepted(piece)

    # --- forms ----------------------------------------------------------------------------------

    def _singular(self) -> Iterator[_Way]:
        at = len(self._pieces) - 1
        last = self._pieces[at]
        singular = self._seen.singulars.get(last.word) if isinstance(last, Plain) else None
        if singular is not None:
            why = f"the singular is there; {singular} finds both"
            yield self._with(at, (singular,), singular, "plain", why)

    def _written_apart(self) -> Iterator[_Way]:
        if len(self._pieces) > 1:
            return
        for word in spellings(self._words, 0):
            if pair := self._seen.pairs.get(word):
                yield _Way(
                    accepted=[(pair[0],), (pair[1],)],
                    would=f'"{" ".join(pair)}"',
                    how="plain",
                    why="it is written as two words",
                )

    def _same_stems(self) -> Iterator[_Way]:
        said = [piece.word for piece in self._pieces if isinstance(piece, Plain)]
        yield _Way(
            accepted=[self._seen.of_stem(word, self._language) for word in said],
            would=f"FORMS({' '.join(said)})",
            how="stem",
            why="another form of it is there",
        )

    # --- one piece looser -----------------------------------------------------------------------

    def _loosened(self, at: int) -> Iterator[_Way]:
        piece = self._pieces[at]
        if isinstance(piece, Plain):
            yield from self._misspelt(at, piece.word, 0, most=1)
            yield from self._longer(at, piece.word)
            yield from self._misspelt(at, piece.word, 1)
            yield from self._inside(at, piece.word)
        elif isinstance(piece, Fuzzy):
            yield from self._misspelt(at, piece.word, piece.distance)
        elif isinstance(piece, Wildcard):
            yield from self._wilder(at, piece.pattern)
        elif isinstance(piece, Stemmed) and len(piece.stem) >= _LEAST_STEM:
            longer = self._seen.beginning_with(piece.stem)
            why = "a word with the same beginning is there, but of another stem"
            yield self._with(at, longer, f"{piece.stem}*", "wildcard", why)

    def _misspelt(self, at: int, word: str, forgiven: int, most: int = 2) -> Iterator[_Way]:
        allowed = min(most, sum(len(word) >= least for least in _LEAST_FUZZY))
        if allowed <= forgiven:
            return
        like = self._seen.spelled_like(word, allowed)
        if like is not None and like[0][0] == word[0]:
            found, differences = like
            why = f"it is spelled {'a little ' if differences == 1 else ''}differently"
            would = f"{word}~{differences}"
            yield self._with(at, (found,), would, f"fuzzy:{differences}", why)

    def _longer(self, at: int, word: str) -> Iterator[_Way]:
        if len(word) >= _LEAST_BEGINNING:
            longer = self._seen.beginning_with(word)
            yield self._with(at, longer, f"{word}*", "wildcard", _LONGER)

    def _inside(self, at: int, word: str) -> Iterator[_Way]:
        if len(word) >= _LEAST_INSIDE:
            around = [other for other in self._seen.words if word in other and other != word]
            yield self._with(at, around, f"*{word}*", "wildcard", _LONGER)

    def _wilder(self, at: int, pattern: str) -> Iterator[_Way]:
        if not pattern.endswith("*"):
            longer = [word for word in self._seen.words if _matches(f"{pattern}*", word)]
            yield self._with(at, longer, f"{pattern}*", "wildcard", "a longer word is there")


def _matches(pattern: str, word: str) -> bool:
    signs = {"*": ".*", "?": "."}
    regex = "".join(signs.get(character, character) for character in pattern)
    return compiled_regex(f"(?s){regex}").fullmatch(word) is not None


# --- exact characters, and patterns ---------------------------------------------------------------


def written_otherwise(characters: Characters, seen: Seen) -> Miss | None:
    """Tell where these characters stand in another case, with other accents, or inside a word."""
    cut = tokens(characters.text)
    words = Words(tuple(Plain(word, is_unspaced(word[0])) for word in cut.words))
    accepted: list[Collection[str]] = [spellings(words, n) for n in range(len(words.pieces))]
    place = seen.run(accepted) if accepted else None
    if place is not None:
        shown = seen.shown(place)
        why = _difference(characters.text, shown)
        found = found_at(seen, place, "", "plain")
        return Miss(kind="spelling", why=why, would=_as_plain(characters.text), found=(found,))
    return _inside_a_word(characters.text, seen)


def _difference(sought: str, shown: str) -> str:
    if sought.casefold() == shown.casefold():
        return "it is there in another case; = takes characters as they are"
    return "it is there, written otherwise; = takes characters as they are"


def _as_plain(sought: str) -> str:
    if all(map(is_word_character, sought)) and sought not in _OPERATORS:
        return sought
    escaped = sought.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _inside_a_word(sought: str, seen: Seen) -> Miss | None:
    for number, start in seen.texts_with(sought):
        first, end = start, start + len(sought)
        text = seen.view.values[number].text
        while first and is_word_character(text[first - 1]):
            first -= 1
        while end < len(text) and is_word_character(text[end]):
            end += 1
        found = Found(value=number, start=first, end=end, term=text[first:end], how="exact")
        return Miss(kind="spelling", why=_LONGER, found=(found,))
    return None


def in_another_case(pattern: Pattern, written: str, view: View, scope: int) -> Miss | None:
    """Tell where a pattern is found when case is ignored."""
    loose = Pattern(f"(?i){pattern.pattern}")
    place = next(iter(view.pattern_spans(loose, scope)), None)
    if place is None:
        return None
    number, start, end = place
    term = f"{written}i"
    found = Found(value=number, start=start, end=end, term=term, how="regex")
    why = "it is there in another case; the flag i ignores case"
    return Miss(kind="spelling", why=why, would=term, found=(found,))
