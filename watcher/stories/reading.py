"""An item's text as words, each with what it can prove; noise that copies gain or lose is gone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from watcher.model import Item
from watcher.stories.lexicon import ENGLISH, Lexicon, language_of, lexicon
from watcher.text.fold import folded
from watcher.text.tokens import is_unspaced, is_word_character

TITLE_CHARACTERS = 1_000  # of a text, no more than this is ever looked at
BODY_CHARACTERS = 6_000
TITLE_CASE = 0.75  # share of words with a capital that makes a title a headline
TITLE_WORDS = 60
BODY_WORDS = 300


class Kind(IntEnum):
    """What a word can prove."""

    ARTICLE = 0  # nothing: spinners swap them
    FUNCTION = 1  # the skeleton that spinners leave standing
    NUMBER = 2  # a number, weekday or month
    NAME = 3  # capitals inside a sentence, an acronym, MixedCase
    CAPITAL = 4  # a capital where any word has one: perhaps a name
    CASELESS = 5  # a word of a script without capitals, or whose small words we do not know
    PLAIN = 6


class Word(NamedTuple):
    """One word of a text; a tuple, as thousands are made for each item."""

    key: str  # for comparison: folded; of numbers and days the value
    shown: str  # as written
    kind: Kind
    opens: bool = False  # a sentence begins with it


class Body(NamedTuple):
    """The words of a summary or content."""

    words: tuple[Word, ...]
    breaks_off: bool  # it ends in "…": the text goes on elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an item says, ready to be compared. Texts beyond the caps are left out."""

    title: tuple[Word, ...]
    plain_title: tuple[Word, ...]  # the title without what looks like the site's name at its end
    summary: Body
    content: Body
    names: frozenset[str]
    lower: frozenset[str]  # words seen in lower case
    language: str = ENGLISH

    @property
    def bodies(self) -> tuple[Body, ...]:
        """The summary and the content, those that there are, without repetition."""
        found = [body for body in (self.summary, self.content) if len(body.words) >= 3]
        if len(found) < 2:
            return tuple(found)
        brief, full = _keys(self.summary.words), _keys(self.content.words)
        if len(full) <= len(brief):
            return (self.summary,)
        return (self.content,) if full[: len(brief)] == brief else tuple(found)


def read(item: Item) -> Reading:
    """Read an item; the same texts are not read twice in a row."""
    return _read(
        item.title[:TITLE_CHARACTERS],
        item.summary[:BODY_CHARACTERS],
        item.content[:BODY_CHARACTERS],
    )


@lru_cache(maxsize=256)
def _read(title: str, summary: str, content: str) -> Reading:
    known = lexicon(language_of(title, summary, content))
    title = _unescaped(title)
    whole = words_of(_last_crumb(title), TITLE_CASE, known)[:TITLE_WORDS]
    plain = words_of(_without_site(_last_crumb(title), known), TITLE_CASE, known)[:TITLE_WORDS]
    bodies = [_body(_unescaped(text), plain, known) for text in (summary, content)]
    everything = [*whole, *bodies[0].words, *bodies[1].words]
    return Reading(
        title=tuple(whole),
        plain_title=tuple(plain),
        summary=bodies[0],
        content=bodies[1],
        names=frozenset(word.key for word in everything if word.kind is Kind.NAME),
        lower=frozenset(word.key for word in everything if word.kind is Kind.PLAIN),
        language=known.language,
    )


def _body(text: str, title: list[Word], known: Lexicon) -> Body:
    """Read a summary or content; where it breaks off, the last word may be half a word."""
    end = text[-200:]
    ellipsis = _ELLIPSIS.search(end)
    found = _without_title(words_of(_without_frame(text), known=known), title)
    if ellipsis and not end[: ellipsis.start()].endswith((" ", "\n")):
        found = found[:-1]
    return Body(tuple(found[:BODY_WORDS]), breaks_off=ellipsis is not None)


# --- what copies gain or lose ---------------------------------------------------------------------

_CRUMB = re.compile(r"\s(?:/|>|»|›|→)\s")
_SITE = re.compile(r"\s[|\-–—:·]{1,2}\s+(?P<site>[^|–—\d]{2,40})$")
_AGENCY = re.compile(r"\s\((?:[A-Z]{2,5}|Reuters|[\w-]+\.com|Update)\)$")
_PLACE = r"[A-Z][A-Z.'’ /-]{3,40}(?:,\s[A-Z][\w.]{1,12})?"
_DAY = r"(?:,?\s(?P<{}>(?:[A-Z][a-z]{{2,8}}\.?\s\d{{1,2}}|\d{{1,2}}\s[A-Z][a-z]{{2,8}}\.?)))?"
_WIRES = r"AP|AFP|CP|UPI|DPA|dpa|PTI|IANS|Reuters|Xinhua(?:net)?|Agencies|[\w-]+\.com"
_DATELINE = re.compile(
    rf"^(?:(?:By\s[^()\n]{{3,80}}?\s)?(?:{_PLACE}|[A-Z][\w.,'’ /]{{0,50}}?)?{_DAY.format('wired')}"
    rf"\s*\((?:{_WIRES})\)|{_PLACE}{_DAY.format('local')}\s*\([A-Z]{{2,6}}\)"
    rf"|{_WIRES})\s*[-–—:]{{1,2}}\s+"
)
_BARE_DATELINE = re.compile(rf"^{_PLACE}{_DAY.format('day')}\s*(?:[-–—]{{1,2}}|:)\s+")
_BARE_FROM = 120  # characters of a text from which a place in capitals is not what it is about
_ELLIPSIS = re.compile(
    r"\[?(?:…|\.\.\.|&hellip;)\]?\W*(?:(?:read|keep|continue)\b.{0,40})?$", re.IGNORECASE
)
_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_TAIL = re.compile(
    r"\s*(?:\[?(?:…|\.\.\.)\]?"
    r"|\[?(?:read|keep|continue)\s(?:more|reading|on\s?reading)"
    r"|read\sthe\s(?:full|whole)\s\w+"
    r"|the\spost\s.{1,200}\s(?:appeared\sfirst|first\sappeared)\son\s.{1,80}"
    r"|article\ssource:?|scroll\sto\stop)[\s.»→\]]*$",
    re.IGNORECASE,
)
_TAIL_CHARACTERS = 400


_LABEL = re.compile(r"^(?:update|updated|corrected|breaking|exclusive)\s*\d*\s*:\s+", re.IGNORECASE)


_RESIDUE = re.compile(r"\s?&?#(39|8216|8217);|&?#(\d{2,5});|&?\b(quot|amp|lt|gt|apos|nbsp);")


def _unescaped(text: str) -> str:
    """Read "won #39;t", the rest of a reference that was escaped twice, as it was meant."""
    return _RESIDUE.sub(_meant, text) if ";" in text else text


def _meant(residue: re.Match[str]) -> str:
    apostrophe, number, name = residue.groups()
    return "'" if apostrophe else unescape(f"&#{number};" if number else f"&{name};")


def _last_crumb(title: str) -> str:
    """Leave out the path in "Home / Technology / Title", and "Update 2: "."""
    title = _LABEL.sub("", title.strip())
    parts = _CRUMB.split(title)
    return parts[-1] if len(parts) >= 3 or len(parts[-1]) > 4 * len(parts[0]) else title


def _without_site(title: str, known: Lexicon) -> str:
    """Leave out " - Site" and "(AP)" at the end; a number or day there is part of the title."""
    title = _AGENCY.sub("", title)
    found = _SITE.search(title)
    if not found:
        return title
    site = words_of(found["site"], known=known)
    rest = title[: found.start()]
    telling = any(word.kind in (Kind.NUMBER, Kind.PLAIN) for word in site)
    return title if telling or len(site) > 4 or len(rest.split()) < 5 else rest


def _without_frame(text: str) -> str:
    """Leave out addresses, a dateline's agency and the closing lines that sites add."""
    text = _without_dateline(_URL.sub(" ", text.strip()))
    for _ in range(3):  # "… Read more. The post X appeared first on Y."
        text = text[:-_TAIL_CHARACTERS] + _TAIL.sub("", text[-_TAIL_CHARACTERS:])
    return text


def _without_dateline(text: str) -> str:
    """Leave out where and by which agency it was written; the day tells instalments apart."""
    found = _DATELINE.match(text)
    if found is None and len(text) >= _BARE_FROM:
        found = _BARE_DATELINE.match(text)
    if found is None:
        return text
    day = next((part for part in found.groupdict().values() if part), "")
    return f"{day} {text[found.end() :]}".strip()


def _without_title(body: list[Word], title: list[Word]) -> list[Word]:
    """Leave out the title where the text repeats it at its start, even behind breadcrumbs.

    Not where it is part of a sentence: that one belongs to the text.
    """
    wanted = _keys(title)
    if len(wanted) < 4:
        return body
    for _ in range(3):
        start = next((n for n in range(9) if _keys(body[n : n + len(wanted)]) == wanted), None)
        if start is None or len(body) - start - len(wanted) < 3:
            break
        rest = body[start + len(wanted) :]
        within = body[start].shown.islower() and not title[0].shown.islower()
        if within or rest[0].shown.islower():
            break
        body = rest
    return body


def _keys(words: Sequence[Word]) -> list[str]:
    return [word.key for word in words]


# --- words ----------------------------------------------------------------------------------------


class _Kinds(dict[int, str]):
    """What each character is to a word; learns as it is asked, for `str.translate`."""

    def __missing__(self, point: int) -> str:
        letter = chr(point)
        kind = "."
        if letter in "'’.,:-":
            kind = "j"
        elif is_word_character(letter):
            kind = "u" if is_unspaced(letter) else "w"
        self[point] = kind
        return kind


_KINDS = _Kinds()
# Scripts without spaces: each character alone. Times, decimals and U.S stay in one piece.
_WORD = re.compile(r"u|w+(?:jw+)*")
_STARTS = frozenset('.!?:…\n“„"([—–|«»/•-‘')
_ENDS = frozenset(".!?\n")
_CAPITAL_PRONOUNS = frozenset({"us", "it", "who"})  # US, IT, WHO


_ELISION = re.compile(r"\b([cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)


def words_of(text: str, headline_from: float = 0.9, known: Lexicon | None = None) -> list[Word]:
    """Cut a text into words and tell what each can prove, from its letters and its place.

    Where that share of words has a capital, it is a headline, and capitals prove nothing. The words
    are English, unless the word lists of another language are given.
    """
    known = known or lexicon()
    if known.elides:
        text = _ELISION.sub(r"\1 ", text)
    found = list(_WORD.finditer(text.translate(_KINDS)))
    shown = [text[match.start() : match.end()] for match in found]
    headline = _is_headline(shown, headline_from, known)
    shouted = _is_shouted(shown)
    end = 0
    before = ""
    words = []
    for match, word in zip(found, shown, strict=True):
        between = text[end : match.start()]
        starts = end == 0 or not _STARTS.isdisjoint(between)
        key = fold(word)
        if key in _SPELT and known.language == ENGLISH and before not in known.counted:
            key = _SPELT[key]
        kind = _kind(word, key, starts or headline, shouted, known)
        if kind is Kind.NUMBER:
            key = number_value(word, key, known) or key
        opens = starts and (end == 0 or (not _ENDS.isdisjoint(between) and not word.islower()))
        words.append(Word(key, word, kind, opens))
        end, before = match.end(), key
    return words


def _kind(shown: str, key: str, proves_nothing: bool, shouted: bool, known: Lexicon) -> Kind:
    upper = shown.isupper() and len(key) > 1 and not shouted
    if key in known.article_likes:
        return Kind.ARTICLE
    if key in known.function_words and not (upper and key in _CAPITAL_PRONOUNS):
        capital_may_count = key == "may" and shown[0].isupper() and not proves_nothing
        return Kind.NUMBER if capital_may_count else Kind.FUNCTION
    if number_value(shown, key, known):
        return Kind.NUMBER
    if shown.islower():
        return Kind.PLAIN if _is_latin(shown[0]) else Kind.CASELESS
    if not shown[0].isupper() and not any(letter.isupper() for letter in shown):
        return Kind.CASELESS
    if upper or (not shouted and any(letter.isupper() for letter in shown.split("-")[0][1:])):
        return Kind.PLAIN if proves_nothing and known.is_common(key) else Kind.NAME
    proves_nothing = proves_nothing or shouted
    if (proves_nothing or known.every_noun_has_a_capital) and known.is_common(key):
        return Kind.PLAIN
    return Kind.CAPITAL if proves_nothing else Kind.NAME


def _is_latin(letter: str) -> bool:
    return letter < "\u0370" or "\u1e00" <= letter < "\u1f00"


def number_value(shown: str, key: str, known: Lexicon) -> str:
    """Give what a number, weekday or month says, in one form; "" for any other word."""
    value = known.numbers.get(key, "")
    if value:
        return value.lower() if value.islower() or value.isdigit() or shown[0].isupper() else ""
    if any(letter.isdigit() for letter in key):
        if known.decimal_comma:
            return key.replace(".", "") if _THOUSANDS.fullmatch(key) else key
        return _ORDINAL.sub(r"\1", key.replace(",", "")).rstrip("%")
    return ""


# Spinners write these either way. "one" is hardly ever a number: Day 1 is.
_SPELT = {"1": "one", "1st": "first", "1000000": "million", "1,000,000": "million"}
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th|s)$")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")  # where the comma is the decimal point


def _is_headline(shown: Sequence[str], share: float, known: Lexicon) -> bool:
    """Whether capitals prove nothing here, because nearly all words have one."""
    if known.every_noun_has_a_capital:
        return False
    closed = known.closed_words
    open_words = [word for word in shown if word[0].isalpha() and word.lower() not in closed]
    capitals = sum(word[0].isupper() for word in open_words)
    return len(open_words) >= 3 and capitals >= share * len(open_words)


def _is_shouted(shown: Sequence[str]) -> bool:
    letters = [word for word in shown if word[0].isalpha()]
    return len(letters) >= 3 and sum(w.isupper() for w in letters) > 0.6 * len(letters)


def fold(word: str) -> str:
    """Fold case, accents and a possessive ending; the dots of an acronym go too."""
    word = folded(word).replace("’", "'").removesuffix("'s")
    if "." in word and not any(letter.isdigit() for letter in word):
        return word.replace(".", "")
    return word
