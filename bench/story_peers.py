"""What others use to recognise copies; each says which earlier texts it holds for the same.

`datasketch` and `simhash` come with the dependency group `bench`; the other two are one-liners that
readers of feeds ship: RapidFuzz's `token_set_ratio`, and pg_trgm's similarity of titles.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import datasketch
import simhash
from rapidfuzz import fuzz, process

from tools.spinning import Text


class Index(Protocol):
    """Texts, each with a number."""

    def add(self, number: int, text: Text) -> None:
        """Hold one text more."""
        ...

    def same(self, text: Text) -> set[int]:
        """Find the texts that are held to be the same."""
        ...


@dataclass(frozen=True)
class Peer:
    """A way to find copies."""

    name: str
    index: Callable[[], Index]
    asked: int  # copies of a kind that it is asked about: the slow ones fewer


def _words(text: Text) -> list[str]:
    return f"{text.title} {text.summary}".lower().split()


class MinHash:
    """datasketch's MinHashLSH over words, Jaccard 0.8, 128 permutations."""

    def __init__(self) -> None:
        self._index = datasketch.MinHashLSH(threshold=0.8, num_perm=128)

    def add(self, number: int, text: Text) -> None:
        """Hold one text more."""
        self._index.insert(number, self._hash(text))

    def same(self, text: Text) -> set[int]:
        """Find the texts in a bucket with this one."""
        return set(self._index.query(self._hash(text)))

    def _hash(self, text: Text) -> datasketch.MinHash:
        made = datasketch.MinHash(num_perm=128)
        made.update_batch([word.encode() for word in set(_words(text))])
        return made


class SimHash:
    """64 bits over words, at most 3 of them different."""

    def __init__(self) -> None:
        self._index = simhash.SimhashIndex([], k=3, log=_Silent())

    def add(self, number: int, text: Text) -> None:
        """Hold one text more."""
        self._index.add(str(number), simhash.Simhash(_words(text)))

    def same(self, text: Text) -> set[int]:
        """Find the texts near this one."""
        return {int(one) for one in self._index.get_near_dups(simhash.Simhash(_words(text)))}


class _Silent:
    def debug(self, *_: object) -> None: ...
    def info(self, *_: object) -> None: ...
    def warning(self, *_: object) -> None: ...


class TokenSet:
    """RapidFuzz's token_set_ratio of title and summary, 85 or more."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def add(self, number: int, text: Text) -> None:
        """Hold one text more."""
        self._texts[number] = " ".join(_words(text))

    def same(self, text: Text) -> set[int]:
        """Compare with every text."""
        told = " ".join(_words(text))
        near = process.extract(
            told, self._texts, scorer=fuzz.token_set_ratio, score_cutoff=85, limit=None
        )
        return {number for _, _, number in near}


class Trigrams:
    """pg_trgm's similarity of titles, 0.75 or more, as Tiny Tiny RSS has it."""

    def __init__(self) -> None:
        self._titles: list[tuple[int, frozenset[str]]] = []

    def add(self, number: int, text: Text) -> None:
        """Hold one text more."""
        self._titles.append((number, _trigrams(text.title)))

    def same(self, text: Text) -> set[int]:
        """Compare with every title."""
        ours = _trigrams(text.title)
        return {
            number
            for number, theirs in self._titles
            if 0.75 * len(theirs) <= len(ours) <= len(theirs) / 0.75
            and len(ours & theirs) >= 0.75 * len(ours | theirs) > 0
        }


def _trigrams(title: str) -> frozenset[str]:
    padded = (f"  {word} " for word in title.lower().split())
    return frozenset(word[n : n + 3] for word in padded for n in range(len(word) - 2))


PEERS = (
    Peer("MinHashLSH 0.8", MinHash, 10**9),
    Peer("simhash k=3", SimHash, 10**9),
    Peer("token_set_ratio 85", TokenSet, 60),
    Peer("title trigrams 0.75", Trigrams, 60),
)
