"""Two items compared: each sensible pairing of their texts, by the rules for one source or two."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from watcher.model import Item
from watcher.stories import headlines, verdict
from watcher.stories.alignment import Alignment, Text, align
from watcher.stories.lexicon import lexicon
from watcher.stories.reading import NO_BODY, Body, Reading, read
from watcher.stories.rearranging import rearranged
from watcher.stories.verdict import FEW_WORDS, Finding, Likeness
from watcher.stories.words import Kind, Word
from watcher.text.links import host


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """How far apart, by our clock, two items may have been seen to be copies by their text."""

    across: timedelta = timedelta(days=14)  # between two sources
    within: timedelta = timedelta(days=3)  # within one: a series comes back every week

    def begin(self, now: datetime) -> datetime:
        """Give the moment from which on an item seen now may have been told before."""
        earliest = datetime.min.replace(tzinfo=UTC)
        return now - min(self.across, now - earliest)

    def holds(self, one: Item, other: Item) -> bool:
        """Whether both were seen within the window that applies to them."""
        apart = abs(one.seen_at - other.seen_at)
        return apart <= (self.within if same_source(one, other) else self.across)


def same_source(one: Item, other: Item) -> bool:
    """Whether two items come from one publisher: one feed or, where that is not known, one host."""
    if one.feed and other.feed:
        return one.feed == other.feed
    ours = host(one.link)
    return bool(ours) and ours == host(other.link)


UNLIKE = -10.0  # the score of texts that are not looked at closely
WORTH_A_LOOK = 0.15  # share of words in common, below which hardly anything was ever a copy
SAME_BODY = 9  # words from which the very same ones are no accident, under whatever title
LIKE_BODIES = 0.7  # share of words in common from which titles over bodies must not contradict
UNLIKE_TITLES = 0.25  # share of words in common below which one title is no version of the other
SAME_TITLE = 0.5  # share of a title's words that one source's copies have in common

APART = Finding(likeness=Likeness.APART, score=0.0, alike=0.0)


def compare(item: Item, earlier: Item) -> Finding | None:
    """Judge two items by their texts; None when they have next to no word in common.

    Each pairing of texts is judged: article with article, summary with summary, and a summary with
    the beginning of an article. Whole articles that differ outweigh summaries that agree.
    """
    ours, theirs = read(item), read(earlier)
    if not _may_be_alike(ours, theirs):
        return None
    judge = _within if same_source(item, earlier) else _across
    findings = [_passing(found) or judge(found) for found in _pairings(ours, theirs)]
    if not any(finding.likeness is Likeness.COPY for finding in findings):
        again = [judge(found) for found in _rearranged_pairings(ours, theirs)]
        if again and again[0].alike > findings[0].alike:
            findings[0] = again[0]
    best = max(findings, key=lambda finding: (finding.likeness, finding.score))
    vetoed = next((finding for finding in findings if finding.veto and finding.alike > 0.5), None)
    if vetoed and best.likeness:
        return replace(best, likeness=Likeness.APART, veto=vetoed.veto)
    longest = findings[0]
    if best.likeness is Likeness.COPY and not longest.likeness and longest.score < 0:
        return replace(
            best, likeness=Likeness.RELATED, same="the summaries agree, the articles do not"
        )
    return best


def longest_pairing(item: Item, earlier: Item) -> "Pairing | None":
    """Give the longest texts of two items, as they are compared; None where nothing is shared."""
    ours, theirs = read(item), read(earlier)
    return next(_pairings(ours, theirs)) if _may_be_alike(ours, theirs) else None


# --- which texts to compare -----------------------------------------------------------------------


def _may_be_alike(ours: Reading, theirs: Reading) -> bool:
    """Whether enough words are shared that a closer look may pay."""
    one, other = ours.open_words, theirs.open_words
    return len(one & other) >= max(1, min(2, len(one), len(other)), min(len(one), len(other)) // 8)


_Words = tuple[Word, ...]
_Two = tuple[_Words, _Words]


class Pairing:
    """One text of each item, aligned where it is asked for: that is what comparing costs."""

    def __init__(self, ours: Reading, body: Body, theirs: Reading, other_body: Body) -> None:
        body, other_body = _with_title(body, other_body), _with_title(other_body, body)
        shorter = min(body, other_body, key=lambda one: len(one.words))
        self.readings = ours, theirs
        self._bodies = _beginning(body, shorter), _beginning(other_body, shorter)
        self._titles = _titles(ours, theirs)
        self._has_bodies = bool(shorter.words)
        self._cut = sum(map(len, self._bodies)) < len(body.words) + len(other_body.words)

    @property
    def alike(self) -> float:
        """About the share of words that stand in the same order, cheaply."""
        one, other = (
            [word.key for word in (*title, *body) if word.kind is not Kind.ARTICLE]
            for title, body in zip(self._titles, self._bodies, strict=True)
        )
        return Levenshtein.normalized_similarity(one, other)

    def words_of_bodies(self) -> frozenset[str]:
        """Give the keys of the words below both titles."""
        return frozenset(word.key for body in self._bodies for word in body)

    @cached_property
    def whole(self) -> Alignment:
        """Titles and bodies."""
        return self._aligned(self._titles, self._bodies, cut=self._cut)

    @cached_property
    def titles(self) -> Alignment:
        """The titles alone."""
        return self._aligned(self._titles, ((), ()), cut=False)

    @cached_property
    def bodies(self) -> Alignment | None:
        """The bodies alone; None where one of the items is a title only."""
        return self._aligned(((), ()), self._bodies, cut=self._cut) if self._has_bodies else None

    def _aligned(self, titles: _Two, bodies: _Two, *, cut: bool) -> Alignment:
        one, other = (
            Text(words=title + body, title=len(title), reading=reading)
            for title, body, reading in zip(titles, bodies, self.readings, strict=True)
        )
        return align(one, other, cut=cut)


def _pairings(ours: Reading, theirs: Reading) -> Iterator[Pairing]:
    """Yield what can be compared, longest texts first."""
    one, other = list(ours.bodies), list(theirs.bodies)
    if not one or not other:
        yield Pairing(ours, NO_BODY, theirs, NO_BODY)
        return
    yield Pairing(ours, one[-1], theirs, other[-1])
    if len(one) > 1 and len(other) > 1:
        yield Pairing(ours, one[0], theirs, other[0])
    elif len(one) > 1:
        yield Pairing(ours, one[0], theirs, other[-1])
    elif len(other) > 1:
        yield Pairing(ours, one[-1], theirs, other[0])


def _rearranged_pairings(ours: Reading, theirs: Reading) -> Iterator[Pairing]:
    """Yield the longest texts once more, the sentences of one in the order of the other."""
    if not ours.bodies or not theirs.bodies:
        return
    bodies = ours.bodies[-1], theirs.bodies[-1]
    found = rearranged(bodies[0].words, bodies[1].words)
    if found is not None:
        one, other = (body._replace(words=words) for body, words in zip(bodies, found, strict=True))
        yield Pairing(ours, one, theirs, other)


def _with_title(body: Body, other: Body) -> Body:
    """Give back the title to a body that repeats it, where the other text begins with it too.

    The words are a title here and the text's first words there.
    """
    words = [word.key for word in body.title]
    if not words or words != [word.key for word in other.words[: len(words)]]:
        return body
    return body._replace(words=body.title + body.words, title=())


def _beginning(body: Body, shorter: Body) -> tuple[Word, ...]:
    """Cut a body that goes on beyond the shorter one: at once where that one breaks off."""
    words, length = body.words, len(shorter.words)
    if shorter.breaks_off:
        return words[: length + 1]
    return words if len(words) <= 1.5 * length + 4 else words[: length + length // 8 + 2]


def _titles(ours: Reading, theirs: Reading) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Give both titles as they are where they end alike, else without the sites' names."""
    if ours.title[-1:] == theirs.title[-1:]:
        return ours.title, theirs.title
    return ours.plain_title, theirs.plain_title


# --- the rules ------------------------------------------------------------------------------------


def _passing(pairing: Pairing) -> Finding | None:
    """Judge what is so unlike that it takes no closer look: half of a spun copy's words stand."""
    alike = pairing.alike
    if alike >= WORTH_A_LOOK:
        return None
    return Finding(likeness=Likeness.APART, score=UNLIKE, alike=alike)


def _across(pairing: Pairing) -> Finding:
    """Judge texts of two sources: the score, or a text that was not even spun."""
    whole = pairing.whole
    finding = _finding(pairing)
    if not finding.veto or _is_retitled(pairing):
        finding = replace(finding, veto=_headlines_veto(pairing))
    if finding.veto:
        return finding
    if pairing.bodies is None:
        return _by_title(pairing, finding)
    if whole.caseless:
        return replace(finding, likeness=_caseless(whole))
    if _is_unspun(pairing):
        return replace(finding, likeness=Likeness.COPY, only_body=pairing.titles.alike < SAME_TITLE)
    weigh = lexicon().weights
    if finding.score >= weigh["copy"] and not verdict.is_told_apart(whole):
        return replace(finding, likeness=Likeness.COPY)
    return replace(
        finding,
        likeness=Likeness.RELATED if finding.score >= weigh["related"] else Likeness.APART,
    )


def _is_retitled(pairing: Pairing) -> bool:
    """Whether the very same text stands under titles of which no word answers another.

    What stands in one title where the other has something else is no change then.
    """
    bodies = pairing.bodies
    return (
        bodies is not None
        and bodies.alike == 1
        and min(bodies.lengths) >= FEW_WORDS
        and pairing.titles.alike < UNLIKE_TITLES
    )


def _headlines_veto(pairing: Pairing) -> str:
    """Say how the titles of like bodies tell of different things; "" where they do not."""
    bodies = pairing.bodies
    if bodies is None or bodies.alike < LIKE_BODIES:
        return ""
    return headlines.tell_apart(*pairing.readings, pairing.words_of_bodies())


def _finding(pairing: Pairing) -> Finding:
    whole = pairing.whole
    return Finding(
        likeness=Likeness.APART,
        score=verdict.score(whole),
        alike=whole.alike,
        veto=verdict.veto(whole, lambda: pairing.bodies),
        same=f"same sentences as {{}} {verdict.told(whole)}",
    )


def _by_title(pairing: Pairing, finding: Finding) -> Finding:
    """Judge where one item has no more than a title: it relates, unless it is the same title."""
    if verdict.is_near_identical(pairing.titles):
        return replace(finding, likeness=Likeness.COPY, same="same title as {}")
    related = verdict.score(pairing.titles) >= lexicon().weights["related"]
    return replace(finding, likeness=Likeness.RELATED if related else Likeness.APART)


def _caseless(whole: Alignment) -> Likeness:
    """Judge a script where names cannot be told: not one word may have another in its place."""
    same = whole.alike >= 0.85 and not whole.replaced and min(whole.lengths) >= FEW_WORDS
    return Likeness.COPY if same else Likeness.APART


def _is_unspun(pairing: Pairing) -> bool:
    """Whether the same body stands under whatever title: cut or lightly edited, but not spun."""
    bodies, whole = pairing.bodies, pairing.whole
    if whole.alike == 1 and min(whole.lengths) >= FEW_WORDS:
        return True
    if bodies is None or bodies.antonyms:
        return False
    words = min(bodies.lengths)
    if bodies.alike == 1 and words >= SAME_BODY:
        return True
    telling = words >= FEW_WORDS or bodies.shared_names + bodies.shared_numbers >= 2
    agreeing = not min(bodies.foreign_numbers) and min(whole.foreign_names) <= 1
    return telling and agreeing and not whole.negated_title and words >= 7 and bodies.alike >= 0.8


def _within(pairing: Pairing) -> Finding:
    """Judge texts of one source, where a series repeats itself: only the same text will do."""
    finding = _finding(pairing)
    titles, bodies = pairing.titles, pairing.bodies
    if finding.veto or bodies is None or min(pairing.whole.lengths) < FEW_WORDS:
        return finding
    same_titles = not any((*titles.foreign_names, *titles.foreign_numbers, *titles.antonyms))
    if pairing.whole.alike == 1 or (
        same_titles
        and titles.alike >= SAME_TITLE  # under one channel's boilerplate all videos are alike
        and not titles.capital_changes
        and not titles.negated_title
        and bodies.alike >= 0.9
        and not bodies.number_changes
        and not bodies.name_changes
    ):
        return replace(finding, likeness=Likeness.COPY)
    return finding
