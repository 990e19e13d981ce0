"""Two items compared: each sensible pairing of their texts, by the rules for one source or two."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from watcher.model import Item
from watcher.stories import verdict
from watcher.stories.alignment import Alignment, Text, align
from watcher.stories.lexicon import lexicon
from watcher.stories.reading import Body, Kind, Reading, Word, read
from watcher.stories.rearranging import rearranged
from watcher.stories.verdict import FEW_WORDS, Finding, Likeness
from watcher.text.links import host


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """How far apart, by our clock, two items may have been seen to be copies by their text."""

    across: timedelta = timedelta(days=14)  # between two sources
    within: timedelta = timedelta(days=3)  # within one: a series comes back every week

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
    findings = [judge(found) for found in _pairings(ours, theirs)]
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


# --- which texts to compare -----------------------------------------------------------------------


def _may_be_alike(ours: Reading, theirs: Reading) -> bool:
    """Whether enough words are shared that a closer look may pay."""
    one, other = _open_words(ours), _open_words(theirs)
    return len(one & other) >= max(1, min(2, len(one), len(other)), min(len(one), len(other)) // 8)


def _open_words(reading: Reading) -> set[str]:
    words = (*reading.title, *reading.summary.words, *reading.content.words)
    return {word.key for word in words if word.kind > Kind.FUNCTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairing:
    """One text of each item, aligned; the bodies without the titles too."""

    whole: Alignment
    titles: Alignment
    bodies: Alignment | None  # None where one of the items is a title only


_NO_BODY = Body((), breaks_off=False)


def _pairings(ours: Reading, theirs: Reading) -> Iterator[_Pairing]:
    """Yield what can be compared, longest texts first."""
    one, other = list(ours.bodies), list(theirs.bodies)
    if not one or not other:
        yield _pairing(ours, _NO_BODY, theirs, _NO_BODY)
        return
    yield _pairing(ours, one[-1], theirs, other[-1])
    if len(one) > 1 and len(other) > 1:
        yield _pairing(ours, one[0], theirs, other[0])
    elif len(one) > 1:
        yield _pairing(ours, one[0], theirs, other[-1])
    elif len(other) > 1:
        yield _pairing(ours, one[-1], theirs, other[0])


def _rearranged_pairings(ours: Reading, theirs: Reading) -> Iterator[_Pairing]:
    """Yield the longest texts once more, the sentences of one in the order of the other."""
    if not ours.bodies or not theirs.bodies:
        return
    bodies = ours.bodies[-1], theirs.bodies[-1]
    found = rearranged(bodies[0].words, bodies[1].words)
    if found is not None:
        one, other = (body._replace(words=words) for body, words in zip(bodies, found, strict=True))
        yield _pairing(ours, one, theirs, other)


def _pairing(ours: Reading, body: Body, theirs: Reading, other_body: Body) -> _Pairing:
    """Align two texts, the longer body cut to about the length of the shorter one."""
    shorter = min(body, other_body, key=lambda one: len(one.words))
    first, second = _beginning(body, shorter), _beginning(other_body, shorter)
    cut = len(first) + len(second) < len(body.words) + len(other_body.words)
    title, other_title = _titles(ours, theirs)
    return _Pairing(
        whole=align(_text(ours, title, first), _text(theirs, other_title, second), cut=cut),
        titles=align(_text(ours, title, ()), _text(theirs, other_title, ())),
        bodies=align(_text(ours, (), first), _text(theirs, (), second), cut=cut)
        if shorter.words
        else None,
    )


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


def _text(reading: Reading, title: tuple[Word, ...], body: tuple[Word, ...]) -> Text:
    return Text(words=title + body, title=len(title), reading=reading)


# --- the rules ------------------------------------------------------------------------------------


def _across(pairing: _Pairing) -> Finding:
    """Judge texts of two sources: the score, or a text that was not even spun."""
    whole = pairing.whole
    finding = _finding(pairing)
    if finding.veto:
        return finding
    if pairing.bodies is None:
        return _by_title(pairing, finding)
    if whole.caseless:
        return replace(finding, likeness=_caseless(whole))
    if _is_unspun(pairing):
        return replace(finding, likeness=Likeness.COPY)
    weigh = lexicon().weights
    if finding.score >= weigh["copy"] and not verdict.is_told_apart(whole):
        return replace(finding, likeness=Likeness.COPY)
    return replace(
        finding,
        likeness=Likeness.RELATED if finding.score >= weigh["related"] else Likeness.APART,
    )


def _finding(pairing: _Pairing) -> Finding:
    whole = pairing.whole
    return Finding(
        likeness=Likeness.APART,
        score=verdict.score(whole),
        alike=whole.alike,
        veto=verdict.veto(whole, pairing.bodies),
        same=f"same sentences as {{}} {verdict.told(whole)}",
    )


def _by_title(pairing: _Pairing, finding: Finding) -> Finding:
    """Judge where one item has no more than a title: it relates, unless it is the same title."""
    if verdict.is_near_identical(pairing.titles):
        return replace(finding, likeness=Likeness.COPY, same="same title as {}")
    related = verdict.score(pairing.titles) >= lexicon().weights["copy"]
    return replace(finding, likeness=Likeness.RELATED if related else Likeness.APART)


def _caseless(whole: Alignment) -> Likeness:
    """Judge a script where names cannot be told: not one word may have another in its place."""
    same = whole.alike >= 0.85 and not whole.replaced and min(whole.lengths) >= FEW_WORDS
    return Likeness.COPY if same else Likeness.APART


def _is_unspun(pairing: _Pairing) -> bool:
    """Whether the same body stands under whatever title: cut or lightly edited, but not spun."""
    bodies, whole = pairing.bodies, pairing.whole
    if whole.alike == 1 and min(whole.lengths) >= FEW_WORDS:
        return True
    if bodies is None or bodies.antonyms or whole.negated_title:
        return False
    telling = min(bodies.lengths) >= FEW_WORDS or bodies.shared_names + bodies.shared_numbers >= 2
    agreeing = not min(bodies.foreign_numbers) and min(whole.foreign_names) <= 1
    return telling and agreeing and min(bodies.lengths) >= 7 and bodies.alike >= 0.8


def _within(pairing: _Pairing) -> Finding:
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
