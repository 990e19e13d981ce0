"""Which of many patterns may be found in a text: those whose letters are there.

RE2 itself tells which letters a pattern cannot do without (`re2.Filter`), and looks for all of them
in one pass. The patterns that are left are tried one by one.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import re2

_GROUP = 1_000  # patterns in one filter: its automaton must fit into RE2's memory
# RE2 does not tell an automaton that does not fit from a text without a match: this one must match
_CANARY = "a canary\u2603that sings"


class Patterns:
    """Tells of patterns which of them may be in a text."""

    def __init__(self, patterns: Iterable[tuple[int, str]]) -> None:
        self._groups: list[tuple[re2.Filter, list[int]]] = []
        self._unfiltered: list[int] = []
        rest = iter(patterns)
        while group := list(islice(rest, _GROUP)):
            self._add([number for number, _ in group], [pattern for _, pattern in group])

    def _add(self, numbers: list[int], patterns: list[str]) -> None:
        made = _filter([*patterns, _CANARY])
        if made is None:
            self._unfiltered += numbers
        else:
            self._groups.append((made, numbers))

    def perhaps_in(self, text: str) -> Iterator[int]:
        """List the numbers of patterns that may be found; no other one is in the text."""
        yield from self._unfiltered
        for group, numbers in self._groups:
            yield from (numbers[at] for at in group.Match(text, potential=True) or ())


def _filter(patterns: list[str]) -> re2.Filter | None:
    """Make a filter of which the last pattern is the canary; None if it does not sing."""
    options = re2.Options()
    options.log_errors = False
    made = re2.Filter()
    for pattern in patterns:
        made.Add(pattern, options)
    try:
        made.Compile()
    except re2.error:
        return None
    return made if len(patterns) - 1 in (made.Match(_CANARY, potential=True) or ()) else None
