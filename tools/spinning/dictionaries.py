"""Where spinners take their near-synonyms from; each knows base forms, in lower case."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

Dictionary = Mapping[str, tuple[str, ...]]

WORDNET = Path("/usr/share/wordnet")  # Debian: wordnet-base
MYTHES = Path("/usr/share/mythes/th_en_US_v2.dat")  # Debian: mythes-en-us
HOUSE = Path(__file__).with_name("house-list.txt")
_PARTS = ("noun", "verb", "adj", "adv")
_PART_OF = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
_NEAR = ("@", "&")  # broader; similar
_PLAIN = re.compile(r"[a-z][a-z' -]*[a-z]")


def wordnet(folder: Path = WORDNET, *, senses: int = 1, related: bool = False) -> Dictionary:
    """Read the synonyms of each word's first senses from WordNet; OSError if it is not there.

    `related` takes broader words and what is similar too, as careless spinners do.
    """
    synsets = {(part, key): synset for part in _PARTS for key, synset in _synsets(folder, part)}
    found: dict[str, dict[str, None]] = {}
    for part in _PARTS:
        for line in _lines(folder / f"index.{part}"):
            fields = line.split()
            for offset in fields[-int(fields[2]) :][:senses]:
                words, near = synsets[part, offset]
                more = [synsets[one][0] for one in near if related and one in synsets]
                _put(found, fields[0].replace("_", " "), chain(words, *more))
    return _made(found)


_Synset = tuple[list[str], list[tuple[str, str]]]  # its words; part and offset of what is near


def _synsets(folder: Path, part: str) -> Iterator[tuple[str, _Synset]]:
    for line in _lines(folder / f"data.{part}"):
        fields = line.split(" ")
        end = 4 + 2 * int(fields[3], 16)
        words = [word.partition("(")[0].replace("_", " ") for word in fields[4:end:2]]
        pointers = fields[end + 1 :]  # symbol, offset, part and what it is between, for each
        near = [
            (_PART_OF[pointers[n + 2]], pointers[n + 1])
            for n in range(0, 4 * int(fields[end]), 4)
            if pointers[n] in _NEAR
        ]
        yield fields[0], (words, near)


def mythes(path: Path = MYTHES) -> Dictionary:
    """Read the thesaurus of LibreOffice, antonyms left out; OSError if it is not there."""
    found: dict[str, dict[str, None]] = {}
    word = ""
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        if not line.startswith("("):
            word = line.partition("|")[0]
            continue
        meanings = [one for one in line.split("|")[1:] if "(antonym)" not in one]
        _put(found, word, [one.partition(" (")[0] for one in meanings])
    return _made(found)


def house_list(path: Path = HOUSE) -> Dictionary:
    """Read our own list, groups of words that crude spinners swap, a line a group."""
    found: dict[str, dict[str, None]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            group = [word.strip() for word in line.split(",")]
            for word in group:
                _put(found, word, group)
    return _made(found)


def _lines(path: Path) -> Iterable[str]:
    with path.open(encoding="ascii") as lines:
        yield from (line for line in lines if not line.startswith(" "))


def _put(found: dict[str, dict[str, None]], word: str, others: Iterable[str]) -> None:
    if _PLAIN.fullmatch(word) and " " not in word:
        some = found.setdefault(word, {})
        for other in others:
            if _PLAIN.fullmatch(other) and other != word and other.count(" ") <= 2:
                some.setdefault(other)


def _made(found: dict[str, dict[str, None]]) -> Dictionary:
    return {word: tuple(others) for word, others in found.items() if others}
