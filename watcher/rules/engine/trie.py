"""All terms of all rules in one trie of words, and one walk along a text that finds them all.

The trie begins with the anchors of the terms (see `paths`), so that a walk begins only where a
rare word of some term stands. From there it goes to the right, and then to the left. Where a term
is complete is a *mark*: its number, and how it was found.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import compress

from watcher.rules.engine import how
from watcher.rules.engine.align import divisions, endings
from watcher.rules.engine.kinds import GAP, Kinds
from watcher.rules.engine.paths import Label, Path, Step, long_anchors, paths
from watcher.rules.engine.spelling import Words
from watcher.rules.tree import Plain
from watcher.text.tokens import Tokens

# --- marks: a number for each way to say a term ---------------------------------------------------

HOW = 0b111
_DIVISIBLE = 0b1000  # the last label may be laid on parts of a chunk
_TRUE = 0b10000  # so that no mark is zero
NUMBER = 5  # bits before the number of the term


def mark(number: int, way: int, *, divisible: bool = False) -> int:
    """Make the mark of a term."""
    return number << NUMBER | _TRUE | (_DIVISIBLE if divisible else 0) | way


Found = tuple[int, int, int]  # a mark, the first token, the token after the last


# --- the trie -------------------------------------------------------------------------------------


class _Branch:
    """What may follow to the right, and to the left, of the labels so far."""

    __slots__ = ("divisible", "kinds", "left", "right")

    def __init__(self, *, divisible: bool) -> None:
        self.divisible = divisible  # the last label may be laid on parts of a chunk
        self.kinds = False  # some labels that follow are kinds of words
        self.right: dict[Label, _Child] | None = None
        self.left: dict[Label, _Child] | None = None


class _Long:
    """A term with too many spellings to list, of which one piece or some joined ones are here."""

    __slots__ = ("before", "divisible", "number")

    def __init__(self, number: int, before: int, *, divisible: bool) -> None:
        self.number = number
        self.before = before  # the most tokens that the pieces before may take
        self.divisible = divisible


_Single = int | _Branch | _Long
_Child = _Single | tuple[_Single, ...]
_Walk = tuple[_Child, int, int, bool]  # what was reached, first token, after the last, divided


class Trie:
    """Finds where any of many terms of words occurs in a text."""

    def __init__(self, terms: Iterable[tuple[int, Words]], kinds: Kinds) -> None:
        self._terms: dict[int, Words] = {}
        self._kinds = kinds
        self._root: dict[Label, _Child] = {}
        self._longest = 0  # word that may be divided: nothing longer is worth joining
        for number, words in terms:
            self._add(number, words)
        kinded = any(isinstance(label, int) for label in self._root)
        self._entry: Callable[[str], _Child | None] = (
            _Learning(self._root, kinds).__getitem__ if kinded else self._root.get
        )

    def guard(self, word: str, number: int) -> None:
        """Tell of a term that is no term of words wherever this word stands."""
        _put(self._root, word, mark(number, how.EXACT))

    def _add(self, number: int, words: Words) -> None:
        ways = paths(words, self._kinds)
        if ways is None:
            self._terms[number] = words
            for step, first in long_anchors(words, self._kinds):
                self._note_length(step)
                before = _most_tokens(words, first)
                _put(self._root, step.label, _Long(number, before, divisible=step.divisible))
        for path in ways or ():
            if path.how >= how.FUZZY:
                self._terms[number] = words
            self._add_path(number, path)

    def _add_path(self, number: int, path: Path) -> None:
        children, step = self._root, path.anchor
        self._note_length(step)
        way = path.how
        for following, sideways in ((path.right, "right"), (path.left, "left")):
            for after in following:
                children = _grown(children, step, sideways, after)
                step = after
                self._note_length(step)
        _put(children, step.label, mark(number, way, divisible=step.divisible))

    def _note_length(self, step: Step) -> None:
        if step.divisible:
            self._longest = max(self._longest, len(str(step.label)))

    # --- finding --------------------------------------------------------------------------------

    def find(self, cut: Tokens) -> list[Found]:  # noqa: C901 - one loop, the hottest
        """Find all occurrences of all terms in a text; one may be given twice, in two ways."""
        found: list[Found] = []
        entries = list(map(self._entry, cut.words))
        breaks = cut.breaks
        near_links = {near for at in cut.links for near in (at - 2, at + 1)}
        words = (*cut.words, "")  # no label is empty: there is nothing beyond either end
        for at in compress(range(len(entries)), entries):
            entry = entries[at]
            if type(entry) is int:
                found.append((entry, at, at + 1))
                continue
            assert entry is not None
            for child in entry if isinstance(entry, tuple) else (entry,):
                if type(child) is int:
                    found.append((child, at, at + 1))
                elif not isinstance(child, _Branch) or child.kinds or at in near_links:
                    self._walk([(child, at, at + 1, False)], cut, found)
                else:  # most walks are over after one look to either side
                    after = child.right
                    if after is not None and words[at + 1] in after and at + 1 not in breaks:
                        self._walk([(after[words[at + 1]], at, at + 2, False)], cut, found)
                    after = child.left
                    if after is not None and words[at - 1] in after and at not in breaks:
                        self._walk([(after[words[at - 1]], at - 1, at + 1, False)], cut, found)
        for at in cut.links:
            for stop, joined in divisions(cut, at - 1, self._longest):
                if joined in self._root:
                    self._walk(_divided(self._root[joined], at - 1, stop), cut, found)
        return found

    def _walk(self, walks: list[_Walk], cut: Tokens, found: list[Found]) -> None:
        while walks:
            walk = child, first, stop, divided = walks.pop()
            if type(child) is int:
                found.append((_as_divided(child) if divided else child, first, stop))
            elif isinstance(child, _Branch):
                if child.right is not None and stop < len(cut) and stop not in cut.breaks:
                    walks += self._to_the_right(child, child.right, walk, cut)
                if child.left is not None and first and first not in cut.breaks:
                    walks += self._to_the_left(child, child.left, walk, cut)
            elif isinstance(child, _Long):
                found += self._lay(child, first, cut)
            elif isinstance(child, tuple):
                walks += [(one, first, stop, divided) for one in child]

    def _to_the_right(
        self, branch: _Branch, after: dict[Label, _Child], walk: _Walk, cut: Tokens
    ) -> Iterator[_Walk]:
        _, first, stop, divided = walk
        for label in self._labels(cut.words[stop], kinds=branch.kinds):
            if label in after:
                yield after[label], first, stop + 1, divided
        for end, joined in divisions(cut, stop, self._longest):
            if joined in after:
                yield from _divided(after[joined], first, end)

    def _to_the_left(
        self, branch: _Branch, after: dict[Label, _Child], walk: _Walk, cut: Tokens
    ) -> Iterator[_Walk]:
        _, first, stop, divided = walk
        at = first - 1
        for label in self._labels(cut.words[at], kinds=branch.kinds):
            if label in after:
                yield after[label], at, stop, divided
        joined = cut.words[at]
        while at in cut.links and len(joined) < self._longest:
            at -= 1
            joined = cut.words[at] + joined
            if joined in after:
                yield from _divided(after[joined], at, stop)

    def _labels(self, word: str, *, kinds: bool) -> tuple[Label, ...]:
        return (word, GAP, *self._kinds.of(word)) if kinds else (word,)

    def _lay(self, long: _Long, first: int, cut: Tokens) -> Iterator[Found]:
        """Lay a long term along the text from wherever it may begin."""
        words = self._terms[long.number]
        for start in range(first, max(first - long.before, 0) - 1, -1):
            for stop, way in endings(words, cut, start, self._kinds).items():
                yield mark(long.number, min(way, how.FUZZY)), start, stop
            if start in cut.breaks:
                return

    def differences(self, number: int, cut: Tokens, first: int, stop: int) -> int:
        """Give how a term with fuzzy words was found, with its spelling differences."""
        return endings(self._terms[number], cut, first, self._kinds)[stop]


def _most_tokens(words: Words, first: int) -> int:
    """Count the tokens that the pieces before may take: a plain one may be cut into its letters."""
    return sum(len(p.word) if isinstance(p, Plain) else 1 for p in words.pieces[:first])


def _as_divided(found: int) -> int:
    return found if found & HOW > how.DIVIDED else found & ~HOW | how.DIVIDED


def _divided(child: _Child, first: int, stop: int) -> list[_Walk]:
    """Go on from parts of a chunk that together are the last label, where that may be divided."""
    several = child if isinstance(child, tuple) else (child,)
    return [(one, first, stop, True) for one in several if _is_divisible(one)]


def _is_divisible(child: _Single) -> bool:
    return bool(child & _DIVISIBLE) if isinstance(child, int) else child.divisible


# --- growing --------------------------------------------------------------------------------------


def _put(children: dict[Label, _Child], label: Label, child: int | _Branch | _Long) -> None:
    there = children.get(label)
    if there is None:
        children[label] = child
    elif not isinstance(there, tuple):
        if there != child:
            children[label] = (there, child)
    elif child not in there:
        children[label] = (*there, child)


def _grown(
    children: dict[Label, _Child], step: Step, sideways: str, after: Step
) -> dict[Label, _Child]:
    """Give what follows a label on one side, for something to be put there."""
    branch = _branch(children, step)
    if isinstance(after.label, int):
        branch.kinds = True
    following: dict[Label, _Child] | None = getattr(branch, sideways)
    if following is None:
        following = {}
        setattr(branch, sideways, following)
    return following


def _branch(children: dict[Label, _Child], step: Step) -> _Branch:
    there = children.get(step.label)
    several: tuple[object, ...] = there if isinstance(there, tuple) else (there,)
    for one in several:
        if isinstance(one, _Branch) and one.divisible == step.divisible:
            return one
    branch = _Branch(divisible=step.divisible)
    _put(children, step.label, branch)
    return branch


# --- kinds of words at the root -------------------------------------------------------------------

_MOST_LEARNT = 1 << 15  # words
_LONGEST_LEARNT = 40  # characters


class _Learning(dict[str, _Child | None]):
    """The root by word, kinds of words included; learns as it is asked, and forgets all when full.

    Two threads may learn the same at once: they learn the same.
    """

    def __init__(self, root: dict[Label, _Child], kinds: Kinds) -> None:
        self._root = root
        self._kinds = kinds

    def __missing__(self, word: str) -> _Child | None:
        found: list[_Single] = []
        labels: tuple[Label, ...] = (word, *self._kinds.of(word))
        for label in labels:
            child = self._root.get(label)
            if child is not None:
                found += child if isinstance(child, tuple) else (child,)
        entry = found[0] if len(found) == 1 else tuple(found) or None
        if len(word) <= _LONGEST_LEARNT:
            if len(self) >= _MOST_LEARNT:
                self.clear()
            self[word] = entry
        return entry
