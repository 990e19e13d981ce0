"""All terms of all rules in one trie of words, and one walk along a text that finds them all."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from unicodedata import category

from watcher.rules.engine.align import divisions, endings, labels
from watcher.rules.engine.kinds import GAP, Kinds
from watcher.rules.engine.spelling import Characters, Meaning, Words
from watcher.text.fold import folded
from watcher.text.tokens import Tokens, is_unspaced, is_word_character, tokens

_MOST_PATHS = 32  # of one term; one with more is found by its beginning and then laid along

Span = tuple[
    int, int, int, int
]  # first token, token after the last; first character, after the last


@dataclass(slots=True)
class _Branch:
    """What may follow the words so far."""

    words: "dict[str, _Branch]" = field(default_factory=dict)
    kinds: "dict[int, _Branch]" = field(default_factory=dict)
    ends: list[int] = field(default_factory=list)  # numbers of the terms that are complete here
    begins: list[int] = field(default_factory=list)  # of long terms of which this is the beginning

    def grown(self, label: str | int) -> "_Branch":
        if isinstance(label, str):
            return self.words.setdefault(label, _Branch())
        return self.kinds.setdefault(label, _Branch())


class Trie:
    """Finds where any of many terms occurs in a text. Patterns are not its business."""

    def __init__(self, meanings: Iterable[Meaning], kinds: Kinds) -> None:
        self._meanings = tuple(meanings)
        self._kinds = kinds
        self._root = _Branch()
        self._anchors: defaultdict[str, list[int]] = defaultdict(list)
        self._unanchored: list[int] = []
        self._longest = 0  # word of any term: no longer one is worth joining
        for number, meaning in enumerate(self._meanings):
            if isinstance(meaning, Words):
                self._add_words(number, meaning)
            elif isinstance(meaning, Characters):
                self._add_characters(number, meaning)

    def _add_words(self, number: int, words: Words) -> None:
        paths = list(self._paths(words))
        if len(paths) > _MOST_PATHS:
            for label, _ in labels(words, self._kinds, 0):
                self._note_length(label)
                self._root.grown(label).begins.append(number)
            return
        for path in paths:
            branch = self._root
            for label in path:
                self._note_length(label)
                branch = branch.grown(label)
            if number not in branch.ends:
                branch.ends.append(number)

    def _note_length(self, label: str | int) -> None:
        if isinstance(label, str):
            self._longest = max(self._longest, len(label))

    def _paths(self, words: Words) -> Iterator[tuple[str | int, ...]]:
        """List the ways to say a term; stops soon after there are too many."""
        unfinished: list[tuple[int, tuple[str | int, ...]]] = [(0, ())]
        found = 0
        while unfinished and found <= _MOST_PATHS:
            at, path = unfinished.pop()
            if at == len(words.pieces):
                found += 1
                yield path
                continue
            for label, after in labels(words, self._kinds, at):
                unfinished.append((after, (*path, label)))

    def _add_characters(self, number: int, characters: Characters) -> None:
        anchors = _anchors(characters.text)
        if not anchors:
            self._unanchored.append(number)
        for anchor in anchors:
            self._anchors[anchor].append(number)

    # --- finding --------------------------------------------------------------------------------

    def find(self, text: str, cut: Tokens) -> dict[int, set[Span]]:
        """Find all occurrences of all terms in a text, by the number of the term."""
        found: dict[int, set[Span]] = {}
        exacts = set(self._unanchored)
        root = self._root
        for start, word in enumerate(cut.words):
            if word in self._anchors:
                exacts.update(self._anchors[word])
            if (
                word in root.words
                or (root.kinds and self._kinds.of(word))
                or (start + 1 < len(cut) and cut.chunks[start] == cut.chunks[start + 1])
            ):
                for number, stop in self._from(start, cut):
                    span = (start, stop, cut.starts[start], cut.ends[stop - 1])
                    found.setdefault(number, set()).add(span)
        for number in exacts:
            meaning = self._meanings[number]
            assert isinstance(meaning, Characters)
            if spans := set(exact_spans(meaning.text, text, cut)):
                found[number] = spans
        return found

    def _from(self, start: int, cut: Tokens) -> Iterator[tuple[int, int]]:
        """Find the terms that occur from token `start` on, each with the token after its last."""
        walks = list(self._steps(self._root, start, cut, divided=False))
        while walks:
            branch, at, divided = walks.pop()
            for number in branch.ends:
                if not divided or at in self._endings(number, cut, start):
                    yield number, at
            for number in branch.begins:
                for stop in self._endings(number, cut, start):
                    yield number, stop
            if at < len(cut) and cut.positions[at] == cut.positions[at - 1] + 1:
                walks += self._steps(branch, at, cut, divided=divided)

    def _steps(
        self, branch: _Branch, at: int, cut: Tokens, *, divided: bool
    ) -> Iterator[tuple[_Branch, int, bool]]:
        word = cut.words[at]
        if branch.words:
            if word in branch.words:
                yield branch.words[word], at + 1, divided
            for end, joined in divisions(cut, at, self._longest):
                if joined in branch.words:
                    yield branch.words[joined], end, True
        if branch.kinds:
            if GAP in branch.kinds:
                yield branch.kinds[GAP], at + 1, divided
            for kind in self._kinds.of(word):
                if kind in branch.kinds:
                    yield branch.kinds[kind], at + 1, divided

    def _endings(self, number: int, cut: Tokens, start: int) -> Iterable[int]:
        meaning = self._meanings[number]
        assert isinstance(meaning, Words)
        return endings(meaning, cut, start, self._kinds)


def exact_spans(sought: str, text: str, cut: Tokens) -> Iterator[Span]:
    """Find these characters in a text, not inside a longer word; section 4.5."""
    guarded_before = is_word_character(sought[0])
    guarded_after = is_word_character(sought[-1])
    start = text.find(sought)
    while start >= 0:
        end = start + len(sought)
        inside = (guarded_before and start > 0 and is_word_character(text[start - 1])) or (
            guarded_after and end < len(text) and is_word_character(text[end])
        )
        if not inside:
            first, stop = bisect_right(cut.ends, start), bisect_left(cut.starts, end)
            yield first, max(first, stop), start, end
        start = text.find(sought, start + 1)


def _anchors(sought: str) -> frozenset[str]:
    """List tokens of which one must be in any text that these characters occur in.

    Empty when there is no such list: the text has to be searched then. The longest part of the
    characters stands in the text as a part too, but that part may be a dropped English ending,
    or the beginning of one token with the `t` of `n't`.
    """
    parts = [sought[start:end] for start, end in _parts(sought)]
    part = folded(max(parts, key=len, default=""))
    if not part or any(category(character)[0] == "M" for character in sought):
        return frozenset()
    if tokens(f"x'{part}").words != ("x", part) or tokens(f"n'{part}").words != ("n", part):
        return frozenset()
    return frozenset((part, f"{part}t") if part.endswith("n") else (part,))


def _parts(sought: str) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for at, character in enumerate(sought + " "):
        inside = is_word_character(character) and not is_unspaced(character)
        if inside and start is None:
            start = at
        elif not inside and start is not None:
            yield start, at
            start = None
