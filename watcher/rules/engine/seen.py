"""The words of an item's texts, looked up by how they look: for telling near misses.

Built when a near miss is sought, and only then: matching has its own ways.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from watcher.rules.engine.align import divisions
from watcher.rules.engine.kinds import Kinds
from watcher.rules.engine.spelling import Piece, Words, plurals, spellings
from watcher.rules.engine.view import View
from watcher.rules.tree import Gap, Plain

Place = tuple[int, int, int]  # value of the view, first token, token after the last
_LONGEST = 60  # characters of a word put together from parts


class Seen:
    """The words of the fields of a scope."""

    def __init__(self, view: View, scope: int, kinds: Kinds) -> None:
        self.view = view
        self.kinds = kinds
        self._numbers = [n for n, value in enumerate(view.values) if value.bit & scope]
        self.words: defaultdict[str, list[Place]] = defaultdict(list)
        for number in self._numbers:
            for at, word in enumerate(view.values[number].tokens.words):
                self.words[word].append((number, at, at + 1))

    # --- by piece -------------------------------------------------------------------------------

    def places(self, words: Words, at: int) -> list[Place]:
        """List where piece `at` of a term stands, whatever is around it; not for a gap."""
        piece = words.pieces[at]
        if isinstance(piece, Plain):
            accepted = spellings(words, at)
            found = [place for word in accepted for place in self.words.get(word, ())]
            if not piece.unspaced:
                found += [place for word in accepted for place in self._divided.get(word, ())]
        else:
            found = [place for word in self.accepted(piece) for place in self.words[word]]
        return sorted(set(found))

    def accepted(self, piece: Piece) -> list[str]:
        """List the words seen that a wildcard, fuzzy word or stem accepts."""
        if isinstance(piece, Plain | Gap):
            return []
        kind = self.kinds.number_of(piece)
        return [word for word in self.words if kind in self.kinds.of(word)]

    @cached_property
    def _divided(self) -> defaultdict[str, list[Place]]:
        """Words put together from the parts of one chunk."""
        found: defaultdict[str, list[Place]] = defaultdict(list)
        for number in self._numbers:
            cut = self.view.values[number].tokens
            for at in range(len(cut) - 1):
                if cut.chunks[at] == cut.chunks[at + 1]:
                    for end, joined in divisions(cut, at, _LONGEST):
                        found[joined].append((number, at, end))
        return found

    # --- by likeness ----------------------------------------------------------------------------

    @cached_property
    def singulars(self) -> dict[str, str]:
        """The words seen, by their plurals."""
        return {plural: word for word in self.words for plural in plurals(word)}

    @cached_property
    def pairs(self) -> dict[str, tuple[str, str]]:
        """Two words that stand side by side, by what they are when written as one."""
        found: dict[str, tuple[str, str]] = {}
        for number in self._numbers:
            cut = self.view.values[number].tokens
            for at in range(len(cut) - 1):
                if cut.positions[at] + 1 == cut.positions[at + 1]:
                    pair = cut.words[at], cut.words[at + 1]
                    found.setdefault("".join(pair), pair)
        return found

    def of_stem(self, word: str, language: str) -> list[str]:
        """List the words seen that share a word's stem."""
        return self._stems(language).get(self.kinds.stem_of(word, language), [])

    def _stems(self, language: str) -> dict[str, list[str]]:
        if language not in self._by_stem:
            stems: defaultdict[str, list[str]] = defaultdict(list)
            for word in self.words:
                stems[self.kinds.stem_of(word, language)].append(word)
            self._by_stem[language] = stems
        return self._by_stem[language]

    @cached_property
    def _by_stem(self) -> dict[str, dict[str, list[str]]]:
        return {}

    def beginning_with(self, beginning: str) -> list[str]:
        """List the words seen that begin like this, and go on."""
        found: list[str] = []
        for word in self._sorted[bisect_left(self._sorted, beginning) :]:
            if not word.startswith(beginning):
                break
            found.append(word)
        return [word for word in found if word != beginning]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.words)

    def spelled_like(self, word: str, differences: int) -> tuple[str, int] | None:
        """Give the word seen with the fewest spelling differences, and their number."""
        found = process.extractOne(
            word, self._sorted, scorer=OSA.distance, score_cutoff=differences
        )
        return None if found is None else (found[0], int(found[1]))

    # --- side by side ---------------------------------------------------------------------------

    def run(self, accepted: Sequence[Collection[str]]) -> Place | None:
        """Find the first place where one word of each collection follows the other."""
        for word in accepted[0]:
            for place in self.words.get(word, ()):
                if self._goes_on(place, accepted):
                    return place[0], place[1], place[1] + len(accepted)
        return None

    def _goes_on(self, place: Place, accepted: Sequence[Collection[str]]) -> bool:
        number, start, _ = place
        cut = self.view.values[number].tokens
        if start + len(accepted) > len(cut):
            return False
        return all(
            cut.words[start + n] in words and cut.positions[start + n] == cut.positions[start] + n
            for n, words in enumerate(accepted)
        )

    def characters(self, place: Place) -> tuple[int, int]:
        """Give where the tokens of a place begin and end in their text."""
        number, first, stop = place
        cut = self.view.values[number].tokens
        return cut.starts[first], cut.ends[stop - 1]

    def shown(self, place: Place) -> str:
        """Give what stands at a place, as written there."""
        start, end = self.characters(place)
        return self.view.values[place[0]].text[start:end]

    def blocks_between(self, place: Place, other: Place) -> bool:
        """Tell whether a break stands between two places of one text, the first one before."""
        cut = self.view.values[place[0]].tokens
        return cut.positions[other[1]] - cut.positions[place[1]] != other[1] - place[1]

    def texts_with(self, characters: str) -> Iterator[tuple[int, int]]:
        """Give the texts that hold these characters anywhere, and where they first do."""
        for number in self._numbers:
            start = self.view.values[number].text.find(characters)
            if start >= 0:
                yield number, start
