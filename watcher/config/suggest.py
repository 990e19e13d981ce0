"""Finds the word that was probably meant."""

from collections.abc import Iterable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract


def did_you_mean(word: str, known: Iterable[str], limit: int = 1) -> tuple[str, ...]:
    """List the known words that a slip of the fingers would turn into this one, likeliest first.

    A third of the letters may be wrong (optimal string alignment, at least one); case is ignored.
    """
    allowed = max(1, len(word) // 3)
    found = extract(
        word,
        list(known),
        processor=str.casefold,
        scorer=OSA.distance,
        score_cutoff=allowed,
        limit=limit,
    )
    return tuple(choice for choice, _distance, _place in found)


def question(word: str, known: Iterable[str]) -> str:
    """Give ` - did you mean "…"?` where a known word is near, else nothing."""
    near = did_you_mean(word, known)
    return f' - did you mean "{near[0]}"?' if near else ""


def listing(words: Iterable[str]) -> str:
    """Give words as people list them: `a, b or c`."""
    *most, last = list(words)
    return f"{', '.join(most)} or {last}" if most else last
