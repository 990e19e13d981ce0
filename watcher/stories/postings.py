"""Which texts have a word: an inverted index that takes little memory."""

from array import array
from bisect import bisect_left

_FEW = 8  # places that are kept as bytes: as an array, most of their memory would be its head
_SIZE = array("I").itemsize


class Postings:
    """Ascending places of texts for each word, by its key.

    Half of all words stand in one text only, and most others in a few: those few are bytes, which
    are copied when one is added, all others are arrays.
    """

    def __init__(self) -> None:
        self._places: dict[int, bytes | array[int]] = {}

    def add(self, keys: tuple[int, ...], place: int) -> None:
        """Note that a text has these words; its place is beyond all others."""
        known = self._places
        packed = array("I", (place,)).tobytes()
        for key in keys:
            places = known.get(key)
            if places is None:
                known[key] = packed
            elif isinstance(places, array):
                places.append(place)
            elif len(places) < _FEW * _SIZE:
                known[key] = places + packed
            else:
                known[key] = array("I", places + packed)

    def count(self, key: int) -> int:
        """Count the texts that have a word."""
        places = self._places.get(key, b"")
        return len(places) if isinstance(places, array) else len(places) // _SIZE

    def of(self, key: int) -> "array[int]":
        """Give the places of the texts that have a word, not to be changed."""
        places = self._places.get(key, b"")
        return places if isinstance(places, array) else array("I", places)

    def take_back(self, keys: tuple[int, ...], place: int) -> None:
        """Forget that a text has these words, which it has."""
        for key in keys:
            places = self.of(key)
            del places[bisect_left(places, place)]
            self._keep(key, places)

    def forget_before(self, place: int) -> None:
        """Forget all texts before a place."""
        for key in list(self._places):
            places = self.of(key)
            gone = bisect_left(places, place)
            if gone:
                self._keep(key, places[gone:])

    def _keep(self, key: int, places: "array[int]") -> None:
        if len(places) > _FEW:
            self._places[key] = places
        elif places:
            self._places[key] = places.tobytes()
        else:
            del self._places[key]
