"""Examples of what a term finds and what it does not, each tried on the term itself."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from watcher.model import FeedId, Item, ItemId, RuleId, RuleInfo
from watcher.rules.compiler import compile_rules
from watcher.rules.engine.spelling import plurals
from watcher.rules.spec import RuleSpec
from watcher.rules.tree import Element, Exact, Fuzzy, Gap, Plain, Regex, Stem, Term, Wildcard
from watcher.text.tokens import is_unspaced, is_word_character

_SHOWN_AT_MOST = 5
_SPARED_AT_MOST = 3
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_ENDINGS = ("", "s")  # what stands for `*`
_LETTERS = ("e", "a")  # what stands for `?`
_NO_NOUNS = ("s", "ed", "ful", "ing", "al", "ly")  # words whose plural would sound odd
_SHORT = 3  # letters of a word that is hardly a plural
_WRITTEN_OTHERWISE = frozenset('*?~"“”')


def examples(term: Term | Exact, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give texts that a term finds, and texts much like them that it does not."""
    likely = _of_exact(term) if isinstance(term, Exact) else _of_term(term)
    texts = tuple(dict.fromkeys(filter(None, likely)))
    found = _found(term.written, texts, language)
    spared = tuple(text for text in texts if text not in found)
    return tuple(t for t in texts if t in found)[:_SHOWN_AT_MOST], spared[:_SPARED_AT_MOST]


def _found(written: str, texts: Iterable[str], language: str) -> frozenset[str]:
    """Try a term on texts."""
    info = RuleInfo(id=RuleId("term"))
    rules = compile_rules([RuleSpec(info=info, any=(written,), language=language)]).ruleset
    assert rules is not None
    return frozenset(text for text in texts if rules.match(_item(text), _LONG_AGO))


def _item(text: str) -> Item:
    return Item(id=ItemId("text"), feed=FeedId(""), title=text, seen_at=_LONG_AGO)


# --- likely texts ---------------------------------------------------------------------------------


def _of_exact(exact: Exact) -> Iterator[str]:
    text = exact.text
    yield text
    if is_word_character(text[-1]):
        yield from (f"{text}’s", f"{text}-based")
    yield from (text.lower(), text.upper(), text.title())
    if is_word_character(text[-1]):
        yield f"{text}s"


def _of_term(term: Term) -> Iterator[str]:
    rows = [tuple(_said(element)) for element in term.elements]
    words = [row[0] for row in rows]
    if all(isinstance(element, Stem) for element in term.elements):
        yield _line(words)
        return
    if not _WRITTEN_OTHERWISE.intersection(written := term.written.strip('"“”')):
        yield written
    yield _line(words)
    yield from _joined(term.elements)
    yield from _plural(term.elements, words)
    for at, row in enumerate(rows):
        yield from (_line(_with(words, at, other)) for other in row[1:])
    yield from _disturbed(term.elements, words)


def _with(words: Sequence[str], at: int, other: str) -> list[str]:
    return [*words[:at], other, *words[at + 1 :]]


def _line(words: Sequence[str]) -> str:
    """Write words side by side, as their scripts do."""
    line = words[0]
    for word in words[1:]:
        line += word if is_unspaced(line[-1]) and is_unspaced(word[0]) else f" {word}"
    return line


def _said(element: Element) -> Iterator[str]:
    """Give words that an element may be, the plainest first; and some that it may not."""
    match element:
        case Plain() | Stem():
            yield element.word
        case Gap():
            yield "and"
        case Wildcard():
            yield from _wild(element.pattern)
        case Fuzzy():
            yield from _misspelt(element.word)


def _wild(pattern: str) -> Iterator[str]:
    for ending in _ENDINGS if "*" in pattern else ("",):
        for letter in _LETTERS[: None if "*" not in pattern else 1]:
            yield pattern.replace("*", ending).replace("?", letter)
    yield pattern.replace("*", "").replace("?", "")
    yield f"un{pattern.replace('*', '').replace('?', 'e')}"


def _misspelt(word: str) -> Iterator[str]:
    middle = len(word) // 2
    yield word
    yield word[:middle] + word[middle + 1 :]
    yield word[:middle] + word[middle + 1 : middle + 2] + word[middle] + word[middle + 2 :]
    yield word[:middle] + word[middle] * 2 + word[middle + 1 :]
    yield word[1:]
    yield word[:2] + word[4:]
    yield word[:2] + word[5:]


def _joined(elements: Sequence[Element]) -> Iterator[str]:
    words = [e.word for e in elements if isinstance(e, Plain) and not e.unspaced]
    if len(words) == len(elements) > 1:
        yield "-".join(words)
        yield "".join(words)


def _plural(elements: Sequence[Element], words: Sequence[str]) -> Iterator[str]:
    """Add the plural of the last word and of the first, and the singular of the last."""
    for at in (len(words) - 1, 0):
        sounds = words[at].endswith(("ss", "us")) or not words[at].endswith(_NO_NOUNS)
        if sounds and isinstance(elements[at], Plain) and (several := plurals(words[at])):
            yield _line(_with(words, at, several[-1]))
    if isinstance(elements[-1], Plain):
        yield _line((*words[:-1], _singular(words[-1])))


def _singular(word: str) -> str:
    """Give what is likely the singular; the word itself where it is none."""
    if len(word) > _SHORT and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > _SHORT and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _disturbed(elements: Sequence[Element], words: Sequence[str]) -> Iterator[str]:
    """Give a longer word; words with another between them, and in another order."""
    first = elements[0]
    if isinstance(first, Plain) and first.unspaced:
        return
    if len(words) > 1:
        yield _line((words[0], "the", *words[1:]))
        yield _line(words[::-1])
    elif isinstance(first, Plain):
        yield f"super{words[0]}"


# --- patterns -------------------------------------------------------------------------------------

_PIECES = re.compile(  # of a pattern: class, group mark, escape, count, any other character
    r"(?P<class>\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\])|(?P<group>\((?:\?[^():]*:?)?|\))"
    r"|\\(?P<escape>[pP](?:\{[^}]*\}|.)|x(?:\{[^}]*\}|..)|[0-7]{1,3}|.)"
    r"|(?P<count>[*?]|\{[\d,]*\})\??|(?P<other>.)",
    re.DOTALL,
)


def needed(regex: Regex) -> str:
    """Give the longest run of characters that stands in everything a pattern finds; or nothing.

    Only what is sure is given: not what stands in groups, and nothing where there are alternatives.
    """
    if r"\Q" in regex.pattern:
        return ""
    runs = [""]
    depth = 0
    for piece in _PIECES.finditer(regex.pattern):
        if piece["group"]:
            depth += -1 if piece["group"] == ")" else 1
        if piece["other"] == "|" and depth == 0:
            return ""
        if piece["count"]:
            runs[-1] = runs[-1][:-1]  # the last character may be missing
        literal = _literal(piece) if depth == 0 else ""
        if literal:
            runs[-1] += literal
        else:
            runs.append("")
    return max(runs, key=len)


def _literal(piece: re.Match[str]) -> str:
    """Give the character that a piece stands for; empty if it may be several or none."""
    if piece["escape"]:
        return piece["escape"] if not piece["escape"][0].isalnum() else ""
    other = piece["other"] or ""
    return "" if other in "^$.+|" else other
