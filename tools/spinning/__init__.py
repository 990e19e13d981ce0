"""Machine-spun copies of items, made afresh from any dictionary, seed and degree.

A spinner swaps words for near-synonyms and leaves names, numbers and most function words alone, so
that a search engine takes the copy for a text of its own. What is made here is for measuring how
many such copies are recognised (`bench/stories.py`), and for nothing else.

A copy is spun with a dictionary (our own list, MyThes, WordNet, WordNet with broader words), to a
degree (the share of all words that become others, articles among them), from a seed; and it may be
changed further: `cut`, `rotated` (sentences moved), `boiled` (a site's path and closing line),
`framed` (boilerplate between the sentences too), `retitled` (a title that says nothing),
`headlined` (a title of words from the text), `edited`, `shouted`. Title, summary and content are
all copied.
`python -m tools.spinning --help` does it line by line; the kinds that are measured, with the share
that is wanted of each, are `KINDS` in `bench/story_data.py`.
"""

from tools.spinning.dictionaries import Dictionary, house_list, mythes, wordnet
from tools.spinning.spinner import Spinner, Text
from tools.spinning.structure import (
    boiled,
    cut,
    edited,
    framed,
    headlined,
    retitled,
    rotated,
    shouted,
)

__all__ = [
    "Dictionary",
    "Spinner",
    "Text",
    "boiled",
    "cut",
    "edited",
    "framed",
    "headlined",
    "house_list",
    "mythes",
    "retitled",
    "rotated",
    "shouted",
    "wordnet",
]
