"""Titles over like texts that tell of different things: parts of a series, boilerplate of a feed.

A copy's title may be another one, but a title that was spun keeps its shape, and one that an editor
wrote anew is about what the text is about.
"""

from collections.abc import Collection, Sequence

from watcher.stories.alignment import same_stem
from watcher.stories.lexicon import lexicon
from watcher.stories.reading import Reading
from watcher.stories.words import Kind, Word

FEW = 2  # words that a title has to have to tell of something


def tell_apart(ours: Reading, theirs: Reading, bodies: Collection[str]) -> str:
    """Say how two titles tell of different things; "" where they do not.

    `bodies` are the keys of the words below both.
    """
    if ours.kicker and theirs.kicker:
        return _parts_of_a_series(ours, theirs)
    one, other = _telling(ours.plain_title), _telling(theirs.plain_title)
    if not _have_nothing_in_common(ours.plain_title, theirs.plain_title):
        return ""
    if one <= lexicon(ours.language).title_words or other <= lexicon(theirs.language).title_words:
        return ""  # "What you need to know today" fits any story
    if _any_known(one, {*other, *bodies}) or _any_known(other, bodies):
        return ""
    return f"“{_shown(ours.plain_title)}” and its title tell of different things"


def _parts_of_a_series(ours: Reading, theirs: Reading) -> str:
    """Judge "X: one" and "X: two", and the same of two countries: "X: one" and "Y: two"."""
    head, other_head = ours.plain_title[: ours.kicker], theirs.plain_title[: theirs.kicker]
    rest, other_rest = ours.plain_title[ours.kicker :], theirs.plain_title[theirs.kicker :]
    if _telling(head) == _telling(other_head):
        if _have_nothing_in_common(rest, other_rest):
            return f"“{_shown(rest)}” stands under the same heading as “{_shown(other_rest)}”"
        return ""
    named = _is_name(head, ours.language) and _is_name(other_head, theirs.language)
    if named and not _any_known(_telling(head), _telling(other_head)):
        return f"it is headed “{_shown(head)}”, not “{_shown(other_head)}”"
    return ""


def _have_nothing_in_common(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether no word is the same, nor the shape: spinners swap word for word."""
    weighty, other_weighty = (
        [word for word in words if word.kind is not Kind.ARTICLE] for words in (one, other)
    )
    if len(weighty) == len(other_weighty):
        return False
    if min(len(_telling(one)), len(_telling(other))) < FEW:
        return False
    return not {word.key for word in weighty} & {word.key for word in other_weighty}


def _any_known(some: Collection[str], others: Collection[str]) -> bool:
    return any(one in others or any(same_stem(one, other) for other in others) for one in some)


def _telling(words: Sequence[Word]) -> frozenset[str]:
    return frozenset(word.key for word in words if word.kind > Kind.FUNCTION)


def _is_name(words: Sequence[Word], language: str) -> bool:
    """Whether it names something: some word of it is in no dictionary."""
    is_word = lexicon(language).is_word
    return any(word.kind in (Kind.NAME, Kind.CAPITAL) and not is_word(word.key) for word in words)


def _shown(words: Sequence[Word]) -> str:
    return " ".join(word.shown for word in words)
