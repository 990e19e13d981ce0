"""What an item says, ready to be compared; noise that copies gain or lose is gone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from typing import NamedTuple

from watcher.model import Item
from watcher.stories.lexicon import ENGLISH, Lexicon, language_of, lexicon
from watcher.stories.words import Kind, Word, words_of

TITLE_CHARACTERS = 1_000  # of a text, no more than this is ever looked at
BODY_CHARACTERS = 6_000
TITLE_CASE = 0.75  # share of words with a capital that makes a title a headline
TITLE_WORDS = 60
BODY_WORDS = 300
READINGS = 2_048  # how many are remembered: an item is a candidate again and again


class Body(NamedTuple):
    """The words of a summary or content."""

    words: tuple[Word, ...]
    breaks_off: bool  # it ends in "…": the text goes on elsewhere
    title: tuple[Word, ...] = ()  # what it repeats of the title at its start; not in `words`


NO_BODY = Body((), breaks_off=False)


@dataclass(frozen=True, kw_only=True)  # no slots: what is asked for once is kept
class Reading:
    """What an item says, ready to be compared. Texts beyond the caps are left out."""

    title: tuple[Word, ...]
    plain_title: tuple[Word, ...]  # the title without what looks like the site's name at its end
    kicker: int  # words of the plain title before a colon: "Ecuador: …", "Your Money: …"
    summary: Body
    content: Body
    language: str = ENGLISH

    @cached_property
    def names(self) -> frozenset[str]:
        """Words that are names where they stand."""
        return frozenset(word.key for word in self._all if word.kind is Kind.NAME)

    @cached_property
    def lower(self) -> frozenset[str]:
        """Words seen in lower case."""
        return frozenset(word.key for word in self._all if word.kind is Kind.PLAIN)

    @cached_property
    def open_words(self) -> frozenset[str]:
        """All but function words."""
        return frozenset(word.key for word in self._all if word.kind > Kind.FUNCTION)

    @property
    def _all(self) -> tuple[Word, ...]:
        return self.title + self.summary.words + self.content.words

    @cached_property
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
    """Read an item; texts that were read lately are not read again."""
    return _read(
        item.title[:TITLE_CHARACTERS],
        item.summary[:BODY_CHARACTERS],
        item.content[:BODY_CHARACTERS],
    )


@lru_cache(maxsize=READINGS)
def _read(title: str, summary: str, content: str) -> Reading:
    known = lexicon(language_of(title, summary, content))
    title = _last_crumb(_unescaped(title))
    bare = _without_site(title, known)
    whole = words_of(title, TITLE_CASE, known)[:TITLE_WORDS]
    plain = whole if bare == title else words_of(bare, TITLE_CASE, known)[:TITLE_WORDS]
    return Reading(
        title=tuple(whole),
        plain_title=tuple(plain),
        kicker=_kicker(bare, known),
        summary=_body(_unescaped(summary), plain, known),
        content=_body(_unescaped(content), plain, known),
        language=known.language,
    )


def _body(text: str, title: list[Word], known: Lexicon) -> Body:
    """Read a summary or content; where it breaks off, the last word may be half a word."""
    if not text:
        return NO_BODY
    end = text[-200:]
    ellipsis = _ELLIPSIS.search(end)
    whole = words_of(_without_frame(text), known=known)
    found = _without_title(whole, title)
    repeated = whole[: len(whole) - len(found)]
    if ellipsis and not end[: ellipsis.start()].endswith((" ", "\n")):
        found = found[:-1]
    return Body(tuple(found[:BODY_WORDS]), ellipsis is not None, tuple(repeated))


# --- what copies gain or lose ---------------------------------------------------------------------

_CRUMB = re.compile(r"\s(?:/|>|»|›|→)\s")
_SITE = re.compile(r"\s[|\-–—:·]{1,2}\s+(?P<site>[^|–—\d]{2,40})$")
_KICKER = re.compile(r"([^:|]{2,50}?)\s?[:|]\s")
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


def _kicker(title: str, known: Lexicon) -> int:
    """Count the words before a colon or bar near the beginning."""
    found = _KICKER.match(title)
    return len(words_of(found[1], known=known)) if found else 0


def _without_frame(text: str) -> str:
    """Leave out addresses, a dateline's agency and the closing lines that sites add."""
    text = text.strip()
    if "://" in text or "www." in text.casefold():
        text = _URL.sub(" ", text)
    text = _without_dateline(text)
    for _ in range(3):  # "… Read more. The post X appeared first on Y."
        end, gone = _TAIL.subn("", text[-_TAIL_CHARACTERS:])
        if not gone:
            break
        text = text[:-_TAIL_CHARACTERS] + end
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
