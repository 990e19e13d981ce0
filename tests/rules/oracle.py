"""A slow evaluator, written straight from the standard's text, to compare the engine with.

It shares no code with the engine and knows no tricks: every run of tokens is tried. Rules come
as trees of tuples, so that whoever makes a rule's text says what it means:

    ("term", text)  ("exact", text)  ("regex", pattern, flags)  ("forms", text)
    ("field", name, tree)  ("and", *trees)  ("or", *trees)  ("not", tree)
    ("of", n, (tree, weight), ...)  ("near", n, ordered, left, right)  ("except", kept, unwanted)
    ("link", v)  ("link", v, flags), a regex  ("domain", v)  ("feed", v)  ("lang", v)
    ("age", sign, seconds)  ("published", sign, instant)  ("words", sign, number)
"""

import operator
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import snowballstemmer

Tree = tuple[Any, ...]
Fields = Mapping[str, Any]
Run = tuple[int, int]  # first token, token after the last

APOSTROPHES = "'’ʼ"
HYPHENS = "-‐"
_RANGES = """0E00–0EFF 1000–109F 1100–11FF 3130–318F AC00–D7AF 1780–17FF 2E80–2FDF 3005–3007
    3021–3029 3400–4DBF 4E00–9FFF F900–FAFF 20000–3FFFF 3041–30FF 31F0–31FF"""
RANGES = _RANGES.split()
SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
TEXT = ("title", "summary", "content")


# --- section 2, but for markup ------------------------------------------------------------------


def prepared(text: str) -> str:
    text = "".join(c for c in text if c not in "\u00ad\u200b\u200c\u200d\u2060\ufeff")
    return " ".join(unicodedata.normalize("NFKC", text).split())


# --- section 3 ----------------------------------------------------------------------------------


def word_character(c: str) -> bool:
    return unicodedata.category(c)[0] in "LMN" and c != "ʼ"


def unspaced(c: str) -> bool:
    return any(int(a, 16) <= ord(c) <= int(b, 16) for a, b in (r.split("–") for r in RANGES))


def fold(word: str) -> str:
    word = unicodedata.normalize("NFD", word.casefold())
    word = "".join(c for c in word if not 0x300 <= ord(c) <= 0x36F)
    plainer = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i"}
    plainer |= {"æ": "ae", "œ": "oe", "þ": "th"}
    return unicodedata.normalize("NFC", "".join(plainer.get(c, c) for c in word))


@dataclass(frozen=True)
class Token:
    word: str
    start: int
    end: int
    position: int
    chunk: int
    unspaced: bool = False


def tokenize(text: str) -> list[Token]:  # noqa: C901 - the standard's rules, one after another
    found: list[Token] = []
    position = at = chunk = 0

    def add(start: int, end: int, of_unspaced: bool = False) -> None:
        nonlocal position
        word = "".join(c for c in text[start:end] if c not in APOSTROPHES)
        if fold(word):
            found.append(Token(fold(word), start, end, position, chunk, of_unspaced))
            position += 1

    def part_end(start: int) -> int:
        end = start
        while end < len(text) and word_character(text[end]) and not unspaced(text[end]):
            end += 1
        return end

    while at < len(text):
        chunk += 1
        if text[at] == "\n":
            position += 100
            at += 1
        elif unspaced(text[at]) and unicodedata.category(text[at])[0] in "LN":
            end = at + 1
            while end < len(text) and unicodedata.category(text[end])[0] == "M":
                end += 1
            add(at, end, True)
            at = end
        elif part_end(at) > at:
            parts = [(at, part_end(at))]
            end = parts[-1][1]
            while (
                end < len(text)
                and text[end] in APOSTROPHES + HYPHENS
                and part_end(end + 1) > end + 1
            ):
                parts.append((end + 1, part_end(end + 1)))
                end = parts[-1][1]
            at = end
            if len(parts) > 1 and text[parts[-1][0] - 1] in APOSTROPHES:
                last = fold(text[slice(*parts[-1])])
                if last in ("s", "d", "m", "ll", "re", "ve"):
                    parts.pop()
                elif last == "t" and fold(text[slice(*parts[-2])]).endswith("n"):
                    parts[-2:] = [(parts[-2][0], parts[-1][1])]
            for part in parts:
                add(*part)
        else:
            at += 1
    return found


# --- section 4 ----------------------------------------------------------------------------------


def elements(text: str) -> list[Tree]:
    found: list[Tree] = []
    for atom in text.split():
        fuzzy = re.fullmatch(r"(.*)~([12]?)", atom)
        if atom == "*":
            found.append(("gap",))
        elif fuzzy:
            found.append(("fuzzy", tokenize(prepared(fuzzy[1]))[0].word, int(fuzzy[2] or 1)))
        elif "*" in atom or "?" in atom:
            found.append(("wild", fold(without_ends(prepared(atom)))))
        else:
            found += [("plain", t.word, t.unspaced) for t in tokenize(prepared(atom))]
    return found


def without_ends(pattern: str) -> str:
    """A wildcard without the punctuation at its ends."""
    kept = [n for n, c in enumerate(pattern) if word_character(c) or c in "*?"]
    return pattern[kept[0] : kept[-1] + 1]


def with_plural(word: str) -> list[str]:
    if not re.fullmatch("[a-z]{3,}", word):
        return [word]
    same = [word, word + "s"]
    if re.search("(s|x|z|ch|sh)$", word):
        same.append(word + "es")
    if re.search("[^aeiou]y$", word):
        same.append(word[:-1] + "ies")
    return same


def distance(a: str, b: str) -> int:
    """Optimal string alignment, by its recurrence."""
    table = {(i, -1): i + 1 for i in range(-1, len(a))} | {(-1, j): j + 1 for j in range(len(b))}
    for i in range(len(a)):
        for j in range(len(b)):
            cost = 0 if a[i] == b[j] else 1
            ways = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + cost]
            if i and j and a[i] == b[j - 1] and a[i - 1] == b[j]:
                ways.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(ways)
    return table[len(a) - 1, len(b) - 1]


def wild(pattern: str, word: str) -> bool:
    if not pattern:
        return not word
    if pattern[0] == "*":
        return wild(pattern[1:], word) or (word != "" and wild(pattern, word[1:]))
    return word != "" and pattern[0] in ("?", word[0]) and wild(pattern[1:], word[1:])


def one_token(element: Tree, word: str) -> bool:
    match element:
        case ("gap",):
            return True
        case ("wild", pattern):
            return wild(pattern, word)
        case ("fuzzy", fuzzy, n):
            return bool(word[0] == fuzzy[0] and distance(fuzzy, word) <= n)
        case ("stem", language, stem):
            return bool(snowballstemmer.stemmer(language).stemWord(word) == stem)
    raise AssertionError(element)


def lies(pieces: list[Tree], tokens: list[Token]) -> bool:
    """Whether the pieces can be laid along exactly these tokens."""
    if not pieces or not tokens:
        return not pieces and not tokens
    for used in range(1, len(pieces) + 1):
        for taken in range(1, len(tokens) + 1):
            rest = tokens[taken:]
            if rest and rest[0].position != tokens[taken - 1].position + 1:
                continue
            last = used == len(pieces)
            if piece(pieces[:used], tokens[:taken], last) and lies(pieces[used:], rest):
                return True
    return False


def piece(pieces: list[Tree], tokens: list[Token], last: bool) -> bool:
    if len(pieces) > 1 and len(tokens) > 1:
        return False
    if any(p[0] != "plain" for p in pieces):
        return len(pieces) == len(tokens) == 1 and one_token(pieces[0], tokens[0].word)
    if (len(pieces) > 1 or len(tokens) > 1) and any(p[2] for p in pieces):
        return False
    if any(t.chunk != tokens[0].chunk for t in tokens):
        return False
    ending = pieces[-1][1]
    endings = with_plural(ending) if last and not pieces[-1][2] else [ending]
    concatenated = "".join(t.word for t in tokens)
    return any("".join(p[1] for p in pieces[:-1]) + e == concatenated for e in endings)


def runs(tree: Tree, text: str, language: str) -> Iterator[Run]:
    """The runs of tokens at which a term (or an OR of terms) occurs in a text."""
    tokens = tokenize(text)
    if tree[0] == "or":
        for child in tree[1:]:
            yield from runs(child, text, language)
    elif tree[0] == "exact":
        sought = prepared(tree[1])
        for start in exact(sought, text):
            end = start + len(sought)
            overlapped = [n for n, t in enumerate(tokens) if t.start < end and t.end > start]
            yield (overlapped[0], overlapped[-1] + 1) if overlapped else (-1, -1)
    else:
        pieces = elements(tree[1])
        if tree[0] == "forms":
            stemmer = snowballstemmer.stemmer(language)
            pieces = [("stem", language, stemmer.stemWord(p[1])) for p in pieces]
        for first in range(len(tokens)):
            for stop in range(first + 1, len(tokens) + 1):
                if lies(pieces, tokens[first:stop]):
                    yield first, stop


def exact(sought: str, text: str) -> Iterator[int]:
    for start in range(len(text)):
        before, after = text[:start][-1:], text[start + len(sought) :][:1]
        if (
            text.startswith(sought, start)
            and not (word_character(sought[0]) and before and word_character(before))
            and not (word_character(sought[-1]) and after and word_character(after))
        ):
            yield start


# --- section 5 ----------------------------------------------------------------------------------


def overlap(a: Run, b: Run) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def near(tree: Tree, text: str, language: str) -> bool:
    _, n, ordered, left, right = tree
    at = [token.position for token in tokenize(text)]

    def follows(a: Run, b: Run) -> bool:
        return 0 <= at[b[0]] - at[a[1] - 1] - 1 <= int(n)

    return any(
        a != (-1, -1) and b != (-1, -1) and not overlap(a, b)
        and (follows(a, b) or (not ordered and follows(b, a)))
        for a in set(runs(left, text, language))
        for b in set(runs(right, text, language))
    )  # fmt: skip


def glob(pattern: str, text: str) -> bool:
    return wild(pattern.casefold(), text.casefold())


def searched(pattern: str, flags: str, text: str) -> bool:
    """Whether a regex is found, as far as Python's and RE2's mean the same."""
    known = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
    return re.search(pattern, text, sum(known[f] for f in set(flags)) | re.ASCII) is not None


def ascii_lower(text: str) -> str:
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def values(item: Fields, scope: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for name in scope:
        value = item.get(name, "")
        found += [value] if isinstance(value, str) else value
    return [value for value in found if value]


def compare(tree: Tree, item: Fields, now: datetime) -> bool:
    name, sign, literal = tree
    published: datetime | None = item.get("published")
    if name == "words":
        text: str = item.get("content") or item.get("summary") or ""
        return bool(text) and bool(SIGNS[sign](len(tokenize(text)), literal))
    if published is None:
        return False
    if name == "age":
        return bool(SIGNS[sign](now - published, timedelta(seconds=literal)))
    return bool(SIGNS[sign](published, literal))


def host(link: str) -> str:
    found = re.match(r"\w+://(?:[^/?#]*@)?([^/:?#]+)", link)
    return found[1].lower() if found else ""


def true(  # noqa: C901, PLR0911 - one case for each kind of tree
    tree: Tree,
    item: Fields,
    now: datetime,
    language: str = "english",
    scope: tuple[str, ...] = TEXT,
) -> bool:
    """Whether an expression is true of an item whose texts are plain already."""

    def also(child: Tree) -> bool:
        return true(child, item, now, language, scope)

    texts = values(item, scope)
    match tree[0]:
        case "and":
            return all(map(also, tree[1:]))
        case "or":
            return any(map(also, tree[1:]))
        case "not":
            return not also(tree[1])
        case "of":
            return bool(sum(weight for child, weight in tree[2:] if also(child)) >= tree[1])
        case "field":
            return true(tree[2], item, now, language, TEXT if tree[1] == "text" else (tree[1],))
        case "near":
            return any(near(tree, text, language) for text in texts)
        case "except":
            return any(
                not any(overlap(a, b) and a != (-1, -1) for b in runs(tree[2], text, language))
                for text in texts
                for a in runs(tree[1], text, language)
            )
        case "regex":
            return any(searched(tree[1], tree[2], text) for text in texts)
        case "link" if len(tree) > 2:
            return bool(item.get("link")) and searched(tree[1], tree[2], item["link"])
        case "link":
            return ascii_lower(tree[1]) in ascii_lower(item.get("link", ""))
        case "domain":
            name = host(item.get("link", ""))
            return name == tree[1].lower() or name.endswith(f".{tree[1].lower()}")
        case "feed":
            return item.get("feed", "") != "" and glob(tree[1], item["feed"])
        case "lang":
            tag: str = item.get("lang", "").lower()
            return tag == tree[1].lower() or tag.startswith(f"{tree[1].lower()}-")
        case "age" | "published" | "words":
            return compare(tree, item, now)
    return any(True for text in texts for _ in runs(tree, text, language))
