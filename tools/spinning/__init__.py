"""Machine-spun copies of items, made afresh from any dictionary, seed and degree.

A spinner swaps words for near-synonyms and leaves names, numbers and most function words alone, so
that a search engine takes the copy for a text of its own. What is made here is for measuring how
many such copies are recognised (`bench/stories.py`), and for nothing else.
"""

from tools.spinning.dictionaries import Dictionary, house_list, mythes, wordnet
from tools.spinning.spinner import Spinner, Text
from tools.spinning.structure import boiled, cut, edited, retitled, rotated, shouted

__all__ = [
    "Dictionary",
    "Spinner",
    "Text",
    "boiled",
    "cut",
    "edited",
    "house_list",
    "mythes",
    "retitled",
    "rotated",
    "shouted",
    "wordnet",
]
