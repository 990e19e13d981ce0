"""Where two texts differ: their words aligned, and what stands in the place of what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, product

from rapidfuzz.distance import Levenshtein

from watcher.stories.lexicon import ENGLISH, lexicon
from watcher.stories.reading import Reading
from watcher.stories.words import Kind, Word, fold

HARDLY_SPUN = 0.3  # share of words with another one in their place, below which all were edited
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
    word_swaps: int  # replaced words that are no numbers and no change of names
    skeleton: tuple[int, int]  # function words that agree in order; of how many
    shared_names: int
    shared_numbers: int
    foreign_names: tuple[int, int]  # names that only the one, only the other text has
    foreign_numbers: tuple[int, int]
    name_changes: tuple[Change, ...]
    number_changes: tuple[Change, ...]
    capital_changes: tuple[Change, ...]  # perhaps names: a capital where any word has one
    unlisted_changes: tuple[Change, ...]  # of those, what stands for a word of no dictionary
    antonyms: tuple[Change, ...]
    title_number: str  # a number that one title has, the other text nowhere, in like titles
    negated_title: bool  # one title denies, the other does not
    title_denial: str  # "not": a word that one of two like titles has, and the other none like it
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


def align(ours: Text, theirs: Text, *, cut: bool = False) -> Alignment:
    """Align two texts word by word, article-likes aside.

    Where one was `cut` to about the length of the other, what hangs over its end does not count.
    """
    pair = _Pair(ours, theirs)
    blocks = pair.blocks()
    if cut:
        blocks = pair.without_overhang(blocks)
    places = list(_places(blocks))
    swaps = [swap for place in places for swap in pair.swaps(place)]
    name_changes = pair.changes(swaps, Kind.NAME, Kind.NAME)
    capital_changes = pair.capital_changes(swaps)
    names_changed = tuple(change for change in name_changes if not pair.is_of_words(change))
    names, numbers = pair.keys_of(Kind.NAME), pair.keys_of(Kind.NUMBER)
    replaces = [block for block in blocks if block.tag == "replace"]
    return Alignment(
        lengths=(len(pair.ours), len(pair.theirs)),
        equal=sum(block.size for block in blocks if block.tag == "equal"),
        replaced=sum(min(block.ours, block.theirs) for block in replaces),
        changed=sum(block.ours + block.theirs for block in blocks if block.tag != "equal"),
        regular=sum(b.ours + b.theirs for b in replaces if b.ours == b.theirs <= 4),
        word_swaps=sum(Kind.NUMBER not in pair.kinds_of(*swap) for swap in swaps)
        - len(names_changed),
        skeleton=pair.skeleton(blocks),
        shared_names=len(names[0] & names[1]),
        shared_numbers=len(numbers[0] & numbers[1]),
        foreign_names=pair.foreign(*names),
        foreign_numbers=pair.foreign(*numbers),
        name_changes=names_changed,
        number_changes=pair.changes(swaps, Kind.NUMBER, Kind.NUMBER),
        capital_changes=(
            *(change for change in name_changes if pair.is_of_words(change)),
            *capital_changes,
        ),
        unlisted_changes=tuple(one for one in capital_changes if not pair.is_listed(one)),
        antonyms=pair.antonyms(replaces) or pair.swapped_throughout(places),
        title_number=pair.title_number(),
        negated_title=pair.title_negations(),
        title_denial=pair.title_denial(),
        caseless=pair.is_caseless(),
    )


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


def _places(blocks: Sequence[_Block]) -> Iterator[_Block]:
    """Yield the places where the texts differ: blocks of changes without an equal word between."""
    for equal, group in groupby(blocks, lambda block: block.tag == "equal"):
        if not equal:
            parts = list(group)
            ours, theirs = sum(part.ours for part in parts), sum(part.theirs for part in parts)
            yield _Block("replace", parts[0].a, parts[0].b, ours, theirs)


class _Pair:
    """Two texts without their article-likes, and what each word proves beside the other text."""

    def __init__(self, ours: Text, theirs: Text) -> None:
        self.ours, self.title = _weighty(ours)
        self.theirs, self.other_title = _weighty(theirs)
        self._names = ours.reading.names | theirs.reading.names
        self._lower = ours.reading.lower | theirs.reading.lower
        self._all_ours = {word.key for word in self.ours}
        self._all_theirs = {word.key for word in self.theirs}
        languages = {ours.reading.language, theirs.reading.language} - {ENGLISH}
        self._known = lexicon(min(languages, default=ENGLISH))

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
        return [
            _Block(
                code.tag,
                code.src_start,
                code.dest_start,
                code.src_end - code.src_start,
                code.dest_end - code.dest_start,
            )
            for code in Levenshtein.opcodes(ours, theirs)
        ]

    def without_overhang(self, blocks: list[_Block]) -> list[_Block]:
        """Forget the words of one text that stand behind the end of the other."""
        if not blocks or blocks[-1].tag not in ("insert", "delete"):
            return blocks
        last = blocks[-1]
        self.ours, self.theirs = self.ours[: last.a], self.theirs[: last.b]
        return blocks[:-1]

    def swaps(self, block: _Block) -> Iterator[tuple[int, int]]:
        """Yield which word stands for which in a short place; in long ones nobody can tell."""
        if block.tag == "equal" or block.size > 6:
            return
        if block.ours == block.theirs:
            yield from zip(
                range(block.a, block.a + block.ours),
                range(block.b, block.b + block.theirs),
                strict=True,
            )
            return
        # Unequal places: the only name (or number) of each side stand for one another.
        for wanted in (Kind.NAME, Kind.NUMBER):
            one = [n for n in range(block.a, block.a + block.ours)
                   if self.kind(self.ours[n]) is wanted]  # fmt: skip
            other = [n for n in range(block.b, block.b + block.theirs)
                     if self.kind(self.theirs[n]) is wanted]  # fmt: skip
            if len(one) == len(other) == 1:
                yield one[0], other[0]
        yield from self._capital_swap(block)

    def _capital_swap(self, block: _Block) -> Iterator[tuple[int, int]]:
        """Yield the only two words with a capital of an unequal place."""
        ours, theirs = (
            {words[n].key: n for n in range(start, start + count) if self._may_be_name(words[n])}
            for words, start, count in (
                (self.ours, block.a, block.ours),
                (self.theirs, block.b, block.theirs),
            )
        )
        if len(ours) == len(theirs) == 1:
            yield ours.popitem()[1], theirs.popitem()[1]

    def _may_be_name(self, word: Word) -> bool:
        return self.kind(word) in (Kind.NAME, Kind.CAPITAL)

    def changes(
        self, swaps: Sequence[tuple[int, int]], ours: Kind, theirs: Kind
    ) -> tuple[Change, ...]:
        """List the swaps of these kinds; of names, those that neither text knows of the other."""
        return tuple(
            self._change(one, other)
            for one, other in swaps
            if self.kind(self.ours[one]) is ours
            and self.kind(self.theirs[other]) is theirs
            and (ours is Kind.NUMBER or self._are_foreign(one, other))
        )

    def capital_changes(self, swaps: Sequence[tuple[int, int]]) -> tuple[Change, ...]:
        """List the swaps of what may be a name for what may be one, where not both surely are."""
        return (
            *self.changes(swaps, Kind.CAPITAL, Kind.CAPITAL),
            *self.changes(swaps, Kind.CAPITAL, Kind.NAME),
            *self.changes(swaps, Kind.NAME, Kind.CAPITAL),
        )

    def _are_foreign(self, place: int, other_place: int) -> bool:
        one, other = self.ours[place].key, self.theirs[other_place].key
        known = one in self._all_theirs or other in self._all_ours
        return not known and not same_stem(one, other)

    def is_of_words(self, change: Change) -> bool:
        """Whether both are words of the dictionary: spinners make Hidden Vale of Hidden Valley."""
        is_word = self._known.is_word
        return is_word(fold(change.ours)) and is_word(fold(change.theirs))

    def is_listed(self, change: Change) -> bool:
        """Whether a spinner may have swapped it: a dictionary has the word that was there."""
        return not self._known.dictionary or self._known.is_word(fold(change.theirs))

    def _change(self, one: int, other: int) -> Change:
        in_title = one < self.title and other < self.other_title
        return Change(ours=self.ours[one].shown, theirs=self.theirs[other].shown, in_title=in_title)

    def antonyms(self, replaces: Sequence[_Block]) -> tuple[Change, ...]:
        """List what is turned round: within a changed place, or between the titles."""
        listed = self._known.sides
        pairs = {
            (one, other)
            for block in replaces
            if block.size <= 6
            for one in range(block.a, block.a + block.ours)
            if self.ours[one].key in listed
            for other in range(block.b, block.b + block.theirs)
        }
        pairs |= {
            (one, other)
            for one, other in product(self._only_in_title(), self._only_in_other_title())
            if abs(one - other) <= 3
        }
        found: dict[str, Change] = {}
        for one, other in sorted(pairs):
            if self._known.are_antonyms(self.ours[one].key, self.theirs[other].key):
                found.setdefault(self.ours[one].key, self._change(one, other))
        return tuple(found.values())

    def swapped_throughout(self, places: Sequence[_Block]) -> tuple[Change, ...]:
        """List what stands for what in title and text alike, where little else was changed.

        For languages whose antonyms are hardly listed: who edits a text does not do that, a
        follow-up that keeps the words of the first report does.
        """
        if self._known.language == ENGLISH:
            return ()
        replaced = sum(min(place.ours, place.theirs) for place in places)
        if replaced >= HARDLY_SPUN * min(len(self.ours), len(self.theirs)):
            return ()
        titles: dict[tuple[str, str], Change] = {}
        bodies: set[tuple[str, str]] = set()
        for one, other in self._plain_pairs(places):
            keys = self.ours[one].key, self.theirs[other].key
            change = self._change(one, other)
            if change.in_title:
                titles.setdefault(keys, change)
            elif one >= self.title and other >= self.other_title:
                bodies.add(keys)
        return tuple(change for keys, change in titles.items() if keys in bodies)

    def _plain_pairs(self, places: Sequence[_Block]) -> Iterator[tuple[int, int]]:
        """Yield which plain words may stand for which: each for each, in a short place."""
        for place in places:
            if place.size > 6:
                continue
            for one, other in product(
                range(place.a, place.a + place.ours), range(place.b, place.b + place.theirs)
            ):
                plain = {self.kind(self.ours[one]), self.kind(self.theirs[other])} == {Kind.PLAIN}
                if plain and self._are_foreign(one, other):
                    yield one, other

    def _only_in_title(self) -> list[int]:
        known = {word.key for word in self.theirs[: self.other_title]}
        return [n for n, word in enumerate(self.ours[: self.title]) if word.key not in known]

    def _only_in_other_title(self) -> list[int]:
        known = {word.key for word in self.ours[: self.title]}
        others = self.theirs[: self.other_title]
        return [n for n, word in enumerate(others) if word.key not in known]

    def title_number(self) -> str:
        """Give a number that only one of two titles has, though they are much alike."""
        ours, theirs = self._titles()
        if not self._are_titles_alike():
            return ""
        for words, others in ((ours, self._all_theirs), (theirs, self._all_ours)):
            for word in words:
                if _is_plainly_number(word) and word.key not in others:
                    return word.shown
        return ""

    def title_denial(self) -> str:
        """Give the "not" of one of two like titles, where the other has nothing of the kind."""
        is_denial = self._known.is_denial
        ours, theirs = (
            [word.shown for word in title if is_denial(word.key)] for title in self._titles()
        )
        if bool(ours) == bool(theirs) or not self._are_titles_alike():
            return ""
        return (ours or theirs)[0]

    def _titles(self) -> tuple[list[Word], list[Word]]:
        return self.ours[: self.title], self.theirs[: self.other_title]

    def _are_titles_alike(self) -> bool:
        """Whether half of the words of the longer title are in the other one."""
        ours, theirs = self._titles()
        shared = {word.key for word in ours} & {word.key for word in theirs}
        return 2 * len(shared) >= max(len(ours), len(theirs))

    def title_negations(self) -> bool:
        """Whether one title alone denies, though the other says much the same."""
        denials = self._known.negations
        ours, theirs = (any(word.key in denials for word in title) for title in self._titles())
        return ours != theirs and bool(self.title and self.other_title)

    def skeleton(self, blocks: Sequence[_Block]) -> tuple[int, int]:
        """Count function words that stand in the same place, and those of the text with more."""
        matched = sum(
            word.kind is Kind.FUNCTION
            for block in blocks
            if block.tag == "equal"
            for word in self.ours[block.a : block.a + block.ours]
        )
        ours, theirs = (
            sum(word.kind is Kind.FUNCTION for word in words) for words in (self.ours, self.theirs)
        )
        return matched, max(ours, theirs)

    def keys_of(self, kind: Kind) -> tuple[set[str], set[str]]:
        """Give the names or numbers of each text."""
        kinds = (Kind.NAME, Kind.CAPITAL) if kind is Kind.NAME else (kind,)
        ours, theirs = (
            {word.key for word in words if word.kind in kinds and self.kind(word) is kind}
            for words in (self.ours, self.theirs)
        )
        return ours, theirs

    def foreign(self, ours: set[str], theirs: set[str]) -> tuple[int, int]:
        """Count those that one text has and the other does not, in no form."""
        return (
            sum(not _has_stem(one, theirs) for one in ours - self._all_theirs),
            sum(not _has_stem(one, ours) for one in theirs - self._all_ours),
        )

    def is_caseless(self) -> bool:
        words = (*self.ours, *self.theirs)
        return sum(word.kind is Kind.CASELESS for word in words) > len(words) / 3


def _weighty(text: Text) -> tuple[list[Word], int]:
    """Leave out article-likes; the second value is where the title then ends."""
    words = [word for word in text.words if word.kind is not Kind.ARTICLE]
    title = [word for word in text.words[: text.title] if word.kind is not Kind.ARTICLE]
    return words, len(title)


def _is_plainly_number(word: Word) -> bool:
    """Whether it is written in digits, or a day's or month's full name: nothing a spinner makes."""
    if word.kind is not Kind.NUMBER:
        return False
    return word.shown.isdecimal() or (word.key.isalpha() and len(word.shown) > 4)


def same_stem(one: str, other: str) -> bool:
    """Whether two names are forms of one, as Pakistan and Pakistani; Iran and Iraq are not."""
    if one[:1] != other[:1] and "-" not in one and "-" not in other:
        return False  # as nearly always: the rest need not be looked at
    if any(letter.isdigit() for letter in one + other):
        return one == other
    if one in other.split("-") or other in one.split("-"):
        return True
    needed = max(4, max(len(one), len(other)) - 3)
    return len(one) >= needed and one[:needed] == other[:needed]


def _has_stem(one: str, others: set[str]) -> bool:
    return any(same_stem(one, other) for other in others)
