"""Words in their context: from where a rule matched to what a reader is shown of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from watcher.alerts.render.cut import ELLIPSIS, grapheme_edge, word_edge_after, word_edge_before
from watcher.alerts.render.tidy import one_line
from watcher.model import Cited, Feed, Item, Occurrence, Quote

CONTEXT = 160  # characters of a quote, ellipses not counted
QUOTES_AT_MOST = 3
SUMMARY = 300
_FIELDS = ("title", "summary", "content", "author", "tag")


def cited(item: Item, feed: Feed) -> Cited:
    """Cite an item as alerts do, with the beginning of what it says."""
    return Cited(
        item=item.id,
        title=item.title,
        link=item.link,
        feed=feed.id,
        feed_title=feed.title,
        published=item.published,
        seen_at=item.seen_at,
        summary=one_line(item.summary or item.content, SUMMARY),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """Occurrences of one text that are near enough to be shown together."""

    rank: int  # of its field: title first
    field: str
    text: str
    marks: tuple[tuple[int, int], ...]
    terms: frozenset[str]


def quotes(item: Item, occurrences: Iterable[Occurrence]) -> tuple[Quote, ...]:
    """Quote an item around the words that made a rule match: at most three quotes, title first.

    A quote is about 160 characters, cut between words. Where there is more to show than three
    quotes hold, those come first that show a term which none before them showed.
    """
    by_text: dict[tuple[str, int], list[Occurrence]] = {}
    for found in occurrences:
        by_text.setdefault((found.field, found.value), []).append(found)
    windows = [
        window
        for (field, value), group in by_text.items()
        for window in _windows(field, text_of(item, field, value), group)
    ]
    return tuple(_quoted(window) for window in _most_telling(windows))


def text_of(item: Item, field: str, value: int) -> str:
    """Give the text that an occurrence's offsets count in; empty where there is none (any more)."""
    values: dict[str, Sequence[str]] = {
        "title": (item.title,),
        "summary": (item.summary,),
        "content": (item.content,),
        "author": item.authors,
        "tag": item.tags,
    }
    texts = values.get(field, ())
    return texts[value] if 0 <= value < len(texts) else ""


def _windows(field: str, text: str, group: Sequence[Occurrence]) -> list[_Window]:
    """Gather a text's occurrences into windows, each no wider than a quote."""
    rank = _FIELDS.index(field) if field in _FIELDS else len(_FIELDS)
    windows: list[_Window] = []
    for found in sorted(group, key=lambda each: (each.start, each.end)):
        if not 0 <= found.start < found.end <= len(text):
            windows.append(_alone(rank, found))
        elif windows and windows[-1].text == text and _fits(windows[-1], found):
            windows[-1] = _with(windows[-1], found)
        else:
            marks, terms = ((found.start, found.end),), frozenset((found.term,))
            windows.append(_Window(rank=rank, field=field, text=text, marks=marks, terms=terms))
    return windows


def _alone(rank: int, found: Occurrence) -> _Window:
    """Show only the matched characters: a field of another kind, or a text that is gone."""
    return _Window(
        rank=rank,
        field=found.field,
        text=found.text,
        marks=((0, len(found.text)),),
        terms=frozenset((found.term,)),
    )


def _fits(window: _Window, found: Occurrence) -> bool:
    first, last = window.marks[0], window.marks[-1]
    return max(found.end, last[1]) - first[0] <= CONTEXT or found.start < last[1]


def _with(window: _Window, found: Occurrence) -> _Window:
    """Add an occurrence to a window, as one mark with the last where they overlap."""
    *before, (start, end) = window.marks
    marks = [(start, max(end, found.end))] if found.start < end else [(start, end), _span(found)]
    return _Window(
        rank=window.rank,
        field=window.field,
        text=window.text,
        marks=(*before, *marks),
        terms=window.terms | {found.term},
    )


def _span(found: Occurrence) -> tuple[int, int]:
    return found.start, found.end


def _most_telling(windows: Sequence[_Window]) -> list[_Window]:
    """Choose windows that show as many different terms as can be, in the order of reading."""
    left = sorted(windows, key=lambda window: (window.rank, window.marks))
    chosen: list[_Window] = []
    shown: frozenset[str] = frozenset()
    while left and len(chosen) < QUOTES_AT_MOST:
        best = max(left, key=lambda window: len(window.terms - shown))  # the first of equals
        left = [window for window in left if window is not best]
        if not _shown_already(best, chosen):
            chosen.append(best)
            shown |= best.terms
    return sorted(chosen, key=lambda window: (window.rank, window.marks))


def _shown_already(window: _Window, chosen: Iterable[_Window]) -> bool:
    """Tell whether the same words were chosen from another field: summaries repeat contents."""
    words = _quoted(window).text.strip(ELLIPSIS)
    return any(words in _quoted(other).text for other in chosen)


def _quoted(window: _Window) -> Quote:
    start, end = _bounds(window)
    before = ELLIPSIS if start > 0 else ""
    after = ELLIPSIS if end < len(window.text) else ""
    shift = len(before) - start
    marks = ((begin + shift, min(stop, end) + shift) for begin, stop in window.marks)
    return Quote(
        field=window.field,
        text=before + window.text[start:end].replace("\n", " ") + after,
        marks=tuple((begin, stop) for begin, stop in marks if begin < stop),
    )


def _bounds(window: _Window) -> tuple[int, int]:
    """Spread what context there is evenly around the marks; never cut into the first of them."""
    text, first, last = window.text, window.marks[0][0], window.marks[-1][1]
    if last - first >= CONTEXT:
        return first, max(first + 1, grapheme_edge(text, first + CONTEXT))
    spare = CONTEXT - (last - first)
    right = min(len(text) - last, max(spare // 2, spare - first))
    left = min(first, spare - right)
    start = min(first, word_edge_after(text, first - left))
    return start, max(last, word_edge_before(text, last + right))
