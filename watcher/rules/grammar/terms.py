"""The words of a term become its elements."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import re2

from watcher.rules.spec import BrokenExpression
from watcher.rules.tree import Element, Exact, Fuzzy, Gap, Plain, Regex, Stem, Term, Wildcard
from watcher.text.fold import folded
from watcher.text.markup import unmarked
from watcher.text.tokens import is_unspaced, is_word_character, tokens

MOST_ELEMENTS = 400  # of one term
_LEAST_WILDCARD = 3  # word characters
_LEAST_FUZZY = {1: 5, 2: 8}  # characters of the word, by distance
_FUZZY = re.compile(r"([^~]*)~([0-9]*)")
_FLAGS = frozenset("ims")
_SINGLE_BYTE = re.compile(r"(?:^|[^\\])(?:\\\\)*\\C")  # would match halves of characters


def term(text: str, written: str, start: int, *, bare: bool) -> Term:
    """Read a bare word or phrase; `text` is what it says, `written` the term with its quotes."""
    end = start + len(written)
    atoms = text.split()
    if not bare and "*" in (*atoms[:1], *atoms[-1:]):
        raise BrokenExpression("E106", "a lone * cannot begin or end a phrase", start, end)
    elements: list[Element] = []
    for atom in atoms:
        elements.extend(_elements(atom, start, end, lone_gap=len(atoms) > 1))
    _check(elements, start, end)
    return Term(elements=tuple(elements), written=written, start=start, end=end, bare=bare)


def _check(elements: list[Element], start: int, end: int) -> None:
    if not elements:
        raise BrokenExpression("E119", "there is no word in this term", start, end)
    if isinstance(elements[0], Gap) or isinstance(elements[-1], Gap):
        raise BrokenExpression("E106", "a lone * cannot begin or end a phrase", start, end)
    if len(elements) > MOST_ELEMENTS:
        message = f"a term has at most {MOST_ELEMENTS} words"
        raise BrokenExpression("E127", message, start, end)


def _elements(atom: str, start: int, end: int, *, lone_gap: bool) -> Iterator[Element]:
    if atom == "*" and lone_gap:
        yield Gap()
    elif "~" in atom:
        yield _fuzzy(atom, start, end)
    elif "*" in atom or "?" in atom:
        yield _wildcard(atom, start, end)
    else:
        for word in tokens(unmarked(atom)).words:
            yield Plain(word, is_unspaced(word[0]))


def _fuzzy(atom: str, start: int, end: int) -> Fuzzy:
    fuzzy = _FUZZY.fullmatch(atom)
    if fuzzy is None or "*" in fuzzy[1] or "?" in fuzzy[1]:
        message = "~ stands at the end of one word that has no * or ?"
        raise BrokenExpression("E107", message, start, end)
    words = tokens(unmarked(fuzzy[1])).words
    if len(words) != 1:
        raise BrokenExpression("E107", "~ stands at the end of one word", start, end)
    if fuzzy[2] not in ("", "1", "2"):
        raise BrokenExpression("E108", "~ allows 1 or 2 differences: ~1 or ~2", start, end)
    distance = int(fuzzy[2] or "1")
    if len(words[0]) < _LEAST_FUZZY[distance]:
        message = f"~{distance} needs a word of {_LEAST_FUZZY[distance]} characters or more"
        raise BrokenExpression("E108", message, start, end)
    return Fuzzy(words[0], distance)


def _is_wild(character: str) -> bool:
    return character in "*?"


def _wildcard(atom: str, start: int, end: int) -> Wildcard:
    pattern = unmarked(atom)
    while pattern and not (_is_wild(pattern[0]) or is_word_character(pattern[0])):
        pattern = pattern[1:]
    while pattern and not (_is_wild(pattern[-1]) or is_word_character(pattern[-1])):
        pattern = pattern[:-1]
    letters = [character for character in pattern if not _is_wild(character)]
    if not all(is_word_character(letter) and not is_unspaced(letter) for letter in letters):
        message = "* and ? stand in one word, of a script that has spaces"
        raise BrokenExpression("E107", message, start, end)
    if len(letters) < _LEAST_WILDCARD:
        message = f"a word with * or ? needs {_LEAST_WILDCARD} letters or more"
        raise BrokenExpression("E106", message, start, end)
    return Wildcard(folded(pattern))


def forms(words: Sequence[tuple[str, int, int]], written: str, start: int) -> Term:
    """Read `FORMS( )`; `words` are the bare words or the phrase in it, each with its place."""
    elements: list[Element] = []
    for text, first, last in words:
        if any(sign in text for sign in "*?~"):
            raise BrokenExpression("E107", "FORMS takes plain words only", first, last)
        for atom in text.split():
            elements.extend(Stem(word) for word in tokens(unmarked(atom)).words)
    _check(elements, words[0][1], words[-1][2])
    end = start + len(written)
    return Term(elements=tuple(elements), written=written, start=start, end=end)


def exact(text: str, written: str, start: int) -> Exact:
    """Read `=text`."""
    end = start + len(written)
    prepared = unmarked(text)
    if not any(is_word_character(character) for character in prepared):
        raise BrokenExpression("E119", "there is no word after =", start, end)
    return Exact(text=prepared, written=written, start=start, end=end)


def regex(pattern: str, flags: str, written: str, start: int) -> Regex:
    """Read `/pattern/flags`."""
    end = start + len(written)
    unknown = sorted(set(flags) - _FLAGS)
    if unknown:
        message = f"unknown regex flag {unknown[0]!r}; there are i, m and s"
        raise BrokenExpression("E117", message, start, end)
    if not pattern:
        raise BrokenExpression("E117", "an empty regex is found everywhere", start, end)
    full = f"(?{flags}){pattern}" if flags else pattern
    if trouble := _trouble(full):
        raise BrokenExpression("E117", f"this regex cannot be used: {trouble}", start, end)
    return Regex(pattern=full, written=written, start=start, end=end)


def _trouble(pattern: str) -> str:
    if _SINGLE_BYTE.search(pattern):
        return "\\C is not supported"
    try:
        compiled_regex(pattern)
    except UnicodeEncodeError:
        return "it holds half a character"
    except re2.error as error:
        told = error.args[0] if error.args else ""
        return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    return ""


@lru_cache(maxsize=1 << 12)
def compiled_regex(pattern: str) -> "re2._Regexp[str]":
    """Compile an RE2 pattern: time linear in the text, and nothing printed when it is bad."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)
