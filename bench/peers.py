"""What others would use to look for phrases in a text; each finds the numbers of the phrases.

All of them look for the phrase as it is written, in any case, between word boundaries (FTS5: as its
tokens). `ahocorasick_rs` and `hyperscan` come with the dependency group `bench`; without them
`peers` leaves them out.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Find = Callable[[str], set[int]]
_ALTERNATION = "re, one alternation"


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to find phrases."""

    name: str
    build: Callable[[Sequence[str]], Find]
    largest: int  # phrases that it is tried with: more would take minutes an item, or to build
    is_complete: bool = True  # False: it does not find all, by its nature


def peers() -> Iterator[Peer]:
    """Go through the peers that are installed."""
    yield Peer("re, a loop", loop, 100_000)
    yield Peer(_ALTERNATION, alternation, 10_000, is_complete=False)
    yield Peer("SQLite FTS5, a query a rule", full_text, 10_000)
    if find_spec("ahocorasick_rs"):
        yield Peer("ahocorasick-rs", aho_corasick, 100_000)
    if find_spec("hyperscan"):
        yield Peer("hyperscan literals", hyperscan, 100_000)


def missing() -> list[str]:
    """Name the optional peers that are not installed."""
    return [name for name in ("ahocorasick_rs", "hyperscan") if not find_spec(name)]


def loop(phrases: Sequence[str]) -> Find:
    """Search for one compiled pattern after the other."""
    searches = [re.compile(_bounded(phrase), re.IGNORECASE).search for phrase in phrases]

    def find(text: str) -> set[int]:
        return {number for number, search in enumerate(searches) if search(text)}

    return find


def alternation(phrases: Sequence[str]) -> Find:
    """Search for all at once; of phrases that overlap, one is found."""
    numbers = {phrase.lower(): number for number, phrase in enumerate(phrases)}
    longest_first = sorted(phrases, key=len, reverse=True)
    search = re.compile(rf"\b(?:{'|'.join(map(_spaced, longest_first))})\b", re.IGNORECASE)

    def find(text: str) -> set[int]:
        return {numbers[" ".join(found.lower().split())] for found in search.findall(text)}

    return find


def full_text(phrases: Sequence[str]) -> Find:
    """Put the text into an FTS5 table in memory, and ask it for every phrase."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute("CREATE VIRTUAL TABLE item USING fts5(text)")
    queries = [f'"{phrase}"' for phrase in phrases]

    def find(text: str) -> set[int]:
        database.execute("DELETE FROM item")
        database.execute("INSERT INTO item VALUES (?)", (text,))
        ask = database.execute
        return {
            number
            for number, query in enumerate(queries)
            if ask("SELECT 1 FROM item WHERE item MATCH ?", (query,)).fetchone()
        }

    return find


def aho_corasick(phrases: Sequence[str]) -> Find:
    """Find all literals in one pass over the text in lower case; then look at their bounds."""
    automaton: Any = import_module("ahocorasick_rs").AhoCorasick(
        [phrase.lower() for phrase in phrases]
    )

    def find(text: str) -> set[int]:
        plain = " ".join(text.lower().split())
        return {
            number
            for number, start, end in automaton.find_matches_as_indexes(plain, overlapping=True)
            if _is_bounded(plain, start, end)
        }

    return find


def hyperscan(phrases: Sequence[str]) -> Find:
    """Find all literals in one pass over the bytes of the text; then look at their bounds."""
    engine: Any = import_module("hyperscan")
    literals = [phrase.lower().encode() for phrase in phrases]
    database = engine.Database()
    database.compile(
        expressions=literals, ids=range(len(literals)), elements=len(literals), literal=True
    )

    def find(text: str) -> set[int]:
        plain = " ".join(text.lower().split()).encode()
        ends: list[tuple[int, int]] = []
        database.scan(plain, lambda number, _start, end, *_: ends.append((number, end)))
        return {n for n, end in ends if _is_bounded(plain, end - len(literals[n]), end)}

    return find


def _bounded(phrase: str) -> str:
    return rf"\b{_spaced(phrase)}\b"


def _spaced(phrase: str) -> str:
    return r"\s+".join(map(re.escape, phrase.split(" ")))


def _is_bounded(text: str | bytes, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else text[:0], text[end : end + 1]
    return not (before.isalnum() or after.isalnum())
