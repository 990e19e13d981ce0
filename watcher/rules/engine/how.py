"""How a term was found, as small numbers from strict to loose.

Of one way to lay a term along a text, the loosest piece names it; of several ways the strictest.
"""

PLAIN = 0
PLURAL = 1
JOINED = 2
DIVIDED = 3
WILDCARD = 4
STEM = 5
FUZZY = 6  # the differences are counted when somebody asks for them
EXACT = 7  # never compared with the others: characters are found in one way only
COUNTED = 8  # and beyond: COUNTED + the number of differences

_NAMES = ("plain", "plural", "joined", "divided", "wildcard", "stem", "fuzzy", "exact")


def named(how: int) -> str:
    """Give the word for it that people see."""
    return _NAMES[how] if how < COUNTED else f"fuzzy:{how - COUNTED}"
