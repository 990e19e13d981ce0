"""Where two texts differ: their words aligned, and what stands in the place of what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from rapidfuzz.distance import LCSseq, Levenshtein

from watcher.stories.lexicon import lexicon
from watcher.stories.reading import Kind, Reading, Word

LONG = 80  # words on both sides from which one change in place may be an accident of alignment


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A passage of an item that is compared: the first `title` of its words are the title."""

    words: tuple[Word, ...]
    title: int
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A word that stands where the other text has another one."""

    ours: str
    theirs: str
    in_title: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """What is the same and what differs between two texts; counts are in words."""

    lengths: tuple[int, int]  # without article-likes
    equal: int
    replaced: int  # words that have another one in their place
    changed: int  # words of either text that the other does not have in that place
    regular: int  # those of them in short blocks of equal length
    plain_swaps: int  # replaced words that are neither names nor numbers
    skeleton: tuple[int, int]  # function words that agree in order; of how many
    shared_names: int
    shared_numbers: int
    foreign_names: tuple[int, int]  # names that only the one, only the other text has
    foreign_numbers: tuple[int, int]
    name_changes: tuple[Change, ...]
    number_changes: tuple[Change, ...]
    capital_changes: tuple[Change, ...]  # perhaps names: a capital where any word has one
    antonyms: tuple[Change, ...]
    negated_title: bool  # one title denies, the other does not
    caseless: bool  # the script has no capitals: names cannot be told

    @property
    def alike(self) -> float:
        """Share of words in common: 1.0 for the same words in the same order."""
        return self.equal / max(1, *self.lengths)

    @property
    def contained(self) -> float:
        """Share of the shorter text's words that the longer one has in order."""
        return self.equal / max(1, min(self.lengths))

    @property
    def is_long(self) -> bool:
        """Whether both texts are long enough for accidents of alignment."""
        return min(self.lengths) >= LONG


def align(ours: Text, theirs: Text) -> Alignment:
    """Align two texts word by word, article-likes aside."""
    pair = _Pair(ours, theirs)
    blocks = pair.blocks()
    swaps = [swap for block in blocks for swap in pair.swaps(block)]
    names, other_names = pair.only(Kind.NAME)
    numbers, other_numbers = pair.only(Kind.NUMBER)
    replaces = [block for block in blocks if block.tag == "replace"]
    return Alignment(
        lengths=(len(pair.ours), len(pair.theirs)),
        equal=sum(block.size for block in blocks if block.tag == "equal"),
        replaced=sum(min(block.ours, block.theirs) for block in replaces),
        changed=sum(block.ours + block.theirs for block in blocks if block.tag != "equal"),
        regular=sum(b.ours + b.theirs for b in replaces if b.ours == b.theirs <= 4),
        plain_swaps=sum(pair.kinds_of(one, other).isdisjoint(_TELLING) for one, other in swaps),
        skeleton=pair.skeleton(),
        shared_names=pair.shared(Kind.NAME),
        shared_numbers=pair.shared(Kind.NUMBER),
        foreign_names=(len(names), len(other_names)),
        foreign_numbers=(len(numbers), len(other_numbers)),
        name_changes=pair.changes(swaps, Kind.NAME, Kind.NAME),
        number_changes=pair.changes(swaps, Kind.NUMBER, Kind.NUMBER),
        capital_changes=(
            *pair.changes(swaps, Kind.CAPITAL, Kind.CAPITAL),
            *pair.changes(swaps, Kind.CAPITAL, Kind.NAME),
            *pair.changes(swaps, Kind.NAME, Kind.CAPITAL),
        ),
        antonyms=pair.antonyms(replaces),
        negated_title=pair.title_negations(),
        caseless=pair.is_caseless(),
    )


_TELLING = frozenset({Kind.NAME, Kind.NUMBER})


@dataclass(frozen=True, slots=True)
class _Block:
    tag: str
    a: int
    b: int
    ours: int
    theirs: int

    @property
    def size(self) -> int:
        return max(self.ours, self.theirs)


class _Pair:
    """Two texts without their article-likes, and what each word proves beside the other text."""

    def __init__(self, ours: Text, theirs: Text) -> None:
        self.ours, self.title = _weighty(ours)
        self.theirs, self.other_title = _weighty(theirs)
        self._names = ours.reading.names | theirs.reading.names
        self._lower = ours.reading.lower | theirs.reading.lower
        self._all_ours = {word.key for word in self.ours}
        self._all_theirs = {word.key for word in self.theirs}

    def kind(self, word: Word) -> Kind:
        """Tell what a word proves, now that there are two texts to learn from."""
        if word.kind not in (Kind.NAME, Kind.CAPITAL):
            return word.kind
        if word.key in self._lower:
            return Kind.PLAIN
        return Kind.NAME if word.key in self._names else Kind.CAPITAL

    def kinds_of(self, one: int, other: int) -> set[Kind]:
        return {self.kind(self.ours[one]), self.kind(self.theirs[other])}

    def blocks(self) -> list[_Block]:
        """Align by numbers: hashes of words would differ from run to run."""
        ids: dict[str, int] = {}
        ours = [ids.setdefault(word.key, len(ids)) for word in self.ours]
        theirs = [ids.setdefault(word.key, len(ids)) for word in self.theirs]
        codes = Levenshtein.opcodes(ours, theirs).as_list()
        return [_Block(tag, a, b, a_end - a, b_end - b) for tag, a, a_end, b, b_end in codes]

    def swaps(self, block: _Block) -> Iterator[tuple[int, int]]:
        """Yield which word stands for which in a short block; in long ones nobody can tell."""
        if block.tag != "replace" or block.size > 6:
            return
        if block.ours == block.theirs:
            yield from zip(
                range(block.a, block.a + block.ours),
                range(block.b, block.b + block.theirs),
                strict=True,
            )
            return
        # Unequal blocks: the only name (or number) of each side stand for one another.
        for wanted in (Kind.NAME, Kind.NUMBER):
            one = [n for n in range(block.a, block.a + block.ours)
                   if self.kind(self.ours[n]) is wanted]  # fmt: skip
            other = [n for n in range(block.b, block.b + block.theirs)
                     if self.kind(self.theirs[n]) is wanted]  # fmt: skip
            if len(one) == len(other) == 1:
                yield one[0], other[0]

    def changes(
        self, swaps: Sequence[tuple[int, int]], ours: Kind, theirs: Kind
    ) -> tuple[Change, ...]:
        """List the swaps of these kinds where neither word is known to the other text."""
        return tuple(
            self._change(one, other)
            for one, other in swaps
            if self.kind(self.ours[one]) is ours
            and self.kind(self.theirs[other]) is theirs
            and self._are_foreign(self.ours[one].key, self.theirs[other].key)
        )

    def _are_foreign(self, one: str, other: str) -> bool:
        known = one in self._all_theirs or other in self._all_ours
        return not known and not same_stem(one, other)

    def _change(self, one: int, other: int) -> Change:
        in_title = one < self.title and other < self.other_title
        return Change(ours=self.ours[one].shown, theirs=self.theirs[other].shown, in_title=in_title)

    def antonyms(self, replaces: Sequence[_Block]) -> tuple[Change, ...]:
        """List what is turned round: within a changed place, or between the titles."""
        pairs = {
            pair
            for block in replaces
            if block.size <= 6
            for pair in product(
                range(block.a, block.a + block.ours), range(block.b, block.b + block.theirs)
            )
        }
        pairs |= set(product(self._only_in_title(), self._only_in_other_title()))
        found: dict[str, Change] = {}
        for one, other in sorted(pairs):
            if lexicon().are_antonyms(self.ours[one].key, self.theirs[other].key):
                found.setdefault(self.ours[one].key, self._change(one, other))
        return tuple(found.values())

    def _only_in_title(self) -> list[int]:
        known = {word.key for word in self.theirs[: self.other_title]}
        return [n for n, word in enumerate(self.ours[: self.title]) if word.key not in known]

    def _only_in_other_title(self) -> list[int]:
        known = {word.key for word in self.ours[: self.title]}
        others = self.theirs[: self.other_title]
        return [n for n, word in enumerate(others) if word.key not in known]

    def title_negations(self) -> bool:
        """Whether one title alone denies, though the other says much the same."""
        denials = lexicon().negations
        ours = any(word.key in denials for word in self.ours[: self.title])
        theirs = any(word.key in denials for word in self.theirs[: self.other_title])
        return ours != theirs and bool(self.title and self.other_title)

    def skeleton(self) -> tuple[int, int]:
        """Count function words that agree in their order, and those of the text with more."""
        ours = [word.key for word in self.ours if word.kind is Kind.FUNCTION]
        theirs = [word.key for word in self.theirs if word.kind is Kind.FUNCTION]
        ids: dict[str, int] = {}
        matched = LCSseq.similarity(
            [ids.setdefault(word, len(ids)) for word in ours],
            [ids.setdefault(word, len(ids)) for word in theirs],
        )
        return matched, max(len(ours), len(theirs))

    def shared(self, kind: Kind) -> int:
        return len(self._of(self.ours, kind) & self._of(self.theirs, kind))

    def only(self, kind: Kind) -> tuple[list[str], list[str]]:
        """List the names or numbers that each text has and the other does not."""
        ours, theirs = self._of(self.ours, kind), self._of(self.theirs, kind)
        return (
            [one for one in ours - self._all_theirs if not _has_stem(one, theirs)],
            [one for one in theirs - self._all_ours if not _has_stem(one, ours)],
        )

    def _of(self, words: Sequence[Word], kind: Kind) -> set[str]:
        return {word.key for word in words if self.kind(word) is kind}

    def is_caseless(self) -> bool:
        words = (*self.ours, *self.theirs)
        return sum(word.kind is Kind.CASELESS for word in words) > len(words) / 3


def _weighty(text: Text) -> tuple[list[Word], int]:
    """Leave out article-likes; the second value is where the title then ends."""
    words = [word for word in text.words if word.kind is not Kind.ARTICLE]
    title = [word for word in text.words[: text.title] if word.kind is not Kind.ARTICLE]
    return words, len(title)


def same_stem(one: str, other: str) -> bool:
    """Whether two names are forms of one, as Pakistan and Pakistani; Iran and Iraq are not."""
    if any(letter.isdigit() for letter in one + other):
        return one == other
    needed = max(4, max(len(one), len(other)) - 3)
    return len(one) >= needed and one[:needed] == other[:needed]


def _has_stem(one: str, others: set[str]) -> bool:
    return any(same_stem(one, other) for other in others)
