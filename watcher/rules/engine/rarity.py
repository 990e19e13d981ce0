"""How common a word is in texts, roughly: it decides by which of its words a term is looked up.

A wrong guess costs time, and nothing else.
"""

from functools import cache
from importlib.resources import files

_OF_ANOTHER = 0.005  # of a word that is not listed, and has one letter


def commonness(word: str) -> float:
    """Guess the share of texts that a folded word is in, for news in English.

    A word that is not listed is taken for the rarer the longer it is.
    """
    return _listed().get(word) or _OF_ANOTHER / max(len(word), 1)


@cache
def _listed() -> dict[str, float]:
    """Read the list: the commonest words of news texts, the commonest first.

    Their shares follow their ranks closely enough (measured: 82 % for the first word, 4 % for the
    hundredth, 0.6 % for the last).
    """
    listed = files(__package__).joinpath("common_words.txt").read_text(encoding="utf-8").split()
    return {word: 0.8 / (rank + 1) ** 0.7 for rank, word in enumerate(listed)}
