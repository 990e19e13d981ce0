"""All terms of all rules, ready to be found in a text: words, exact characters, patterns."""

from collections.abc import Iterable, Iterator

from watcher.rules.engine.exact import exact_spans, guards
from watcher.rules.engine.kinds import Kinds
from watcher.rules.engine.rarity import commonness
from watcher.rules.engine.spelling import Characters, Meaning, Pattern, Words
from watcher.rules.engine.trie import Found, Trie
from watcher.rules.tree import Plain
from watcher.text.tokens import Tokens

_COMMON_KIND = 0.5  # a term of wildcards, fuzzy words or stems only


class Finder:
    """Finds where any of many terms occurs in a text. Patterns are not its business."""

    def __init__(self, terms: Iterable[Meaning], kinds: Kinds) -> None:
        self._characters: dict[int, str] = {}
        self.unguarded: list[int] = []  # exact terms that have to be sought in every text
        self._commonness: list[float] = []
        numbered = list(enumerate(terms))
        self._trie = Trie(
            ((number, term) for number, term in numbered if isinstance(term, Words)), kinds
        )
        for number, term in numbered:
            self._commonness.append(_commonness(term))
            if isinstance(term, Characters):
                self._add_characters(number, term.text)

    def _add_characters(self, number: int, text: str) -> None:
        self._characters[number] = text
        words = guards(text)
        if not words:
            self.unguarded.append(number)
        for word in words:
            self._trie.guard(word, number)

    def commonness(self, number: int) -> float:
        """Guess the share of texts in which a term is found, at most; of a pattern it is 2."""
        return self._commonness[number]

    def find(self, cut: Tokens) -> list[Found]:
        """Find all occurrences of all terms of words in a text; one may be given in two ways.

        How an exact term was found is EXACT: it may be anywhere in the text, see `exact`.
        """
        return self._trie.find(cut)

    def exact(self, guarded: Iterable[int], text: str) -> Iterator[tuple[int, int, int]]:
        """Find the exact terms whose guards were found: term, first character, after the last."""
        for number in {*guarded, *self.unguarded}:
            for start, end in exact_spans(self._characters[number], text):
                yield number, start, end

    def differences(self, number: int, cut: Tokens, first: int, stop: int) -> int:
        """Give how a term with fuzzy words was found, with its spelling differences."""
        return self._trie.differences(number, cut, first, stop)


def _commonness(term: Meaning) -> float:
    match term:
        case Words():
            plain = [commonness(piece.word) for piece in term.pieces if isinstance(piece, Plain)]
            return min(plain, default=_COMMON_KIND)
        case Characters():
            return min(map(commonness, guards(term.text)), default=1.0)
        case Pattern():
            return 2.0
