"""What was told lately, in memory: which items share the most telling words with a new one."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from math import log

from watcher.model import Sketch
from watcher.stories.postings import Postings

COMMON = 2_000  # a word that more texts have is passed over, unless an item has no others
POSTINGS = 2_500  # how many (word, text) pairs are weighed at most, rarest words first
LOOKED_AT = 32  # texts whose words are compared with the item's, the weightiest first
SHARED = (
    0.15  # of the shorter text's words: what a closer look needs; spun copies share 0.2 and more
)
FIRST = 48  # words of the shorter text that are looked at for that
_NONE = -1  # the item of a text that was taken back
_DAY = timedelta(days=1)
_DAWN = datetime.min.replace(tzinfo=UTC)  # earlier than that is no date
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Recall:
    """An inverted index over the texts of a window of time; grows and forgets with it.

    A text has a number, and numbers ascend; the texts of one item (it was edited) have one `item`.
    What is found depends on the texts held and their order alone, so an index that was built anew
    finds the same. About 300 bytes a text. Not safe between threads: callers take turns.
    """

    def __init__(self) -> None:
        self._texts_with = Postings()
        self._base = 0  # the place of the first text that is held
        self._numbers = array("q")
        self._items = array("q")
        self._seen = array("q")  # seconds
        self._ends = array("I")  # where each text's words end in `_words`
        self._words = array("H")
        self._gone = 0

    def __len__(self) -> int:
        """Count the texts that can be found."""
        return len(self._numbers) - self._gone

    @property
    def last(self) -> int:
        """The highest number held; 0 when there is none."""
        return self._numbers[-1] if self._numbers else 0

    def holds(self, number: int) -> bool:
        """Whether the text with this number is held, or was and is forgotten."""
        index = bisect_left(self._numbers, number)
        if index == len(self._numbers):
            return False
        return index == 0 or self._numbers[index] == number

    def add(self, number: int, item: int, seen_at: datetime, sketch: Sketch) -> None:
        """Hold one text more; its number must be higher than all others (`ValueError`)."""
        if number <= self.last:
            raise ValueError(f"text {number} comes after text {self.last}")
        place = self._base + len(self._numbers)
        self._numbers.append(number)
        self._items.append(item)
        self._seen.append(_seconds(seen_at))
        self._words.extend(sketch.text)
        self._ends.append(len(self._words))
        self._texts_with.add(sketch.words, place)

    def take_back(self, number: int, sketch: Sketch) -> None:
        """Forget a text that was added and never came to be; unknown numbers are none."""
        index = bisect_left(self._numbers, number)
        if index == len(self._numbers) or self._numbers[index] != number:
            return
        self._texts_with.take_back(sketch.words, self._base + index)
        self._items[index] = _NONE
        self._gone += 1
        while self._items and self._items[-1] == _NONE:  # its number may be given again
            for column in (self._numbers, self._items, self._seen, self._ends):
                column.pop()
            del self._words[self._ends[-1] if self._ends else 0 :]
            self._gone -= 1

    def forget_before(self, seen_at: datetime) -> None:
        """Forget the oldest texts, up to the first that was seen at that time or later."""
        oldest = _seconds(seen_at)
        count = next((n for n, seen in enumerate(self._seen) if seen >= oldest), len(self._seen))
        if not count:
            return
        self._base += count
        self._gone -= self._items[:count].count(_NONE)
        end = self._ends[count - 1]
        del self._words[:end]
        self._ends = array("I", (other - end for other in self._ends[count:]))
        for column in (self._numbers, self._items, self._seen):
            del column[:count]
        self._texts_with.forget_before(self._base)

    def like(self, sketch: Sketch, since: datetime, limit: int) -> list[int]:
        """Find the items, seen since then, that share the most with this text, best first.

        A word weighs log(1 + N/df), N texts being held and df of them having it. Among equals the
        newest comes first, and then the lower number. Of the weightiest, those are left out that
        have hardly a word in common where it counts (`SHARED`).
        """
        weights = self._weigh(sketch)
        earliest, ours = _seconds(since), _Ours(sketch.text)
        found: dict[int, None] = {}
        for place in self._weightiest(weights):
            index = place - self._base
            if self._seen[index] < earliest or not ours.share_enough(self._text(index)):
                continue
            found.setdefault(self._items[index])
            if len(found) == limit:
                break
        return list(found)

    def _weigh(self, sketch: Sketch) -> dict[int, int]:
        total, count = len(self), self._texts_with.count
        having = sorted((having, key) for key in set(sketch.words) if (having := count(key)))
        telling = [one for one in having if one[0] <= COMMON] or having
        weights: dict[int, int] = {}
        postings = 0
        for frequency, key in telling:
            postings += frequency
            if weights and postings > POSTINGS:
                break
            weight = round(1_000 * log(1 + total / frequency))
            for place in self._texts_with.of(key):
                weights[place] = weights.get(place, 0) + weight
        return weights

    def _weightiest(self, weights: dict[int, int]) -> Iterator[int]:
        """Yield the places of the weightiest texts; ties at the end of the list are all in it."""
        if not weights:
            return iter(())
        least = sorted(weights.values())[-LOOKED_AT:][0]  # quicker than a heap: long equal runs
        some = [(-weight, place) for place, weight in weights.items() if weight >= least]
        some.sort(key=lambda one: (one[0], -self._seen[one[1] - self._base], one[1]))
        return (place for _, place in some)

    def _text(self, index: int) -> "array[int]":
        return self._words[self._ends[index - 1] if index else 0 : self._ends[index]]


class _Ours:
    """The words of the text that copies are looked for of."""

    def __init__(self, text: tuple[int, ...]) -> None:
        self._length = len(text)
        self._whole, self._beginning = frozenset(text), frozenset(text[:FIRST])

    def share_enough(self, theirs: "array[int]") -> bool:
        """Whether the beginning of the shorter text is found in the longer one; True if unknown."""
        if not self._length or not theirs:
            return True
        if len(theirs) < self._length:
            beginning = theirs[:FIRST]
            return len(self._whole.intersection(beginning)) >= SHARED * len(beginning)
        return len(self._beginning.intersection(theirs)) >= SHARED * len(self._beginning)


def held_since(since: datetime) -> datetime:
    """Tell from when on texts are held for a window that begins then: so they go once a day."""
    before = since - min(_DAY, since - _DAWN)
    return before.replace(hour=0, minute=0, second=0, microsecond=0)


@lru_cache(maxsize=1 << 16)
def key_of_word(word: str) -> int:
    """Make the 32-bit key that a word is looked up by: the low half of its 64-bit BLAKE2b."""
    digest = blake2b(b"word\n" + word.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest[4:], "big")


def _seconds(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds())
