"""Value fields and comparisons become tests of an item."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from watcher.rules.engine.view import View
from watcher.rules.grammar.terms import compiled_regex
from watcher.rules.tree import Compare, Comparison, Regex, ValueTest
from watcher.text.links import host

Test = Callable[[View], bool]
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNITS_SHOWN = 2
_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def value_test(node: ValueTest) -> Test:
    """Compile `link:`, `domain:`, `feed:` or `lang:`; true if any of its values holds."""
    tests = [_one_value(node.field, value) for value in node.values]
    return tests[0] if len(tests) == 1 else lambda view: any(test(view) for test in tests)


def _one_value(field: str, value: str | Regex) -> Test:
    if isinstance(value, Regex):
        return _link_pattern(value)
    return {"link": _link, "domain": _domain, "feed": _feed, "lang": _language}[field](value)


def _link_pattern(regex: Regex) -> Test:
    def holds(view: View) -> bool:
        link = _SURROGATE.sub("\ufffd", view.item.link)
        return bool(link) and compiled_regex(regex.pattern).search(link) is not None

    return holds


def _link(value: str) -> Test:
    sought = value.translate(_ASCII_LOWER)
    return lambda view: sought in view.item.link.translate(_ASCII_LOWER)


def _domain(value: str) -> Test:
    sought = value.lower()

    def holds(view: View) -> bool:
        name = host(view.item.link)
        return name != "" and (name == sought or name.endswith("." + sought))

    return holds


def _feed(value: str) -> Test:
    named = names_feed((value,))
    return lambda view: named(view.item.feed)


def _language(value: str) -> Test:
    sought = value.lower()

    def holds(view: View) -> bool:
        tag = view.item.language.lower()
        return tag != "" and (tag == sought or tag.startswith(sought + "-"))

    return holds


def names_feed(globs: Iterable[str]) -> Callable[[str], bool]:
    """Tell whether a feed's id is one of these, case ignored, `*` and `?` as wildcards."""
    patterns = [_glob(glob.casefold()) for glob in globs]
    return lambda feed: feed != "" and any(p.fullmatch(feed.casefold()) for p in patterns)


def _glob(glob: str) -> re.Pattern[str]:
    signs = {"*": ".*", "?": "."}
    short = re.sub(r"\*+", "*", glob)
    return re.compile("".join(signs.get(c, re.escape(c)) for c in short), re.DOTALL)


def comparison_test(node: Compare) -> Test:
    """Compile `age<7d`, `published>2015-11-30` or `words>=100`; unknown is false."""
    comparison, literal = node.comparison, node.literal
    if isinstance(literal, datetime):
        return lambda view: _published(view, comparison, literal)
    if node.field == "age":
        return lambda view: _age(view, comparison, literal)
    return lambda view: _words(view, comparison, literal)


def _published(view: View, comparison: Comparison, literal: datetime) -> bool:
    published = view.item.published
    return published is not None and _compared(
        (published - literal) // timedelta(microseconds=1), comparison, 0
    )


def _age(view: View, comparison: Comparison, seconds: int) -> bool:
    published = view.item.published
    if published is None:
        return False
    age = (view.now - published) // timedelta(microseconds=1)
    return _compared(age, comparison, seconds * 1_000_000)


def _words(view: View, comparison: Comparison, literal: int) -> bool:
    count = view.word_count()
    return count is not None and _compared(count, comparison, literal)


def _compared(value: int, comparison: Comparison, literal: int) -> bool:
    if value == literal:
        return "=" in comparison
    return (value < literal) == comparison.startswith("<")


# --- for people -----------------------------------------------------------------------------------


def actual(field: str) -> Callable[[View], str]:
    """Compile what tells a field's value."""
    return lambda view: f"{field} is {_shown(field, view) or 'not known'}"


def _shown(field: str, view: View) -> str:
    item = view.item
    published = item.published
    count = view.word_count()
    return {
        "link": item.link,
        "domain": host(item.link),
        "feed": item.feed,
        "lang": item.language,
        "published": published.isoformat() if published else "",
        "age": _lasting(view.now - published) if published else "",
        "words": "" if count is None else str(count),
    }[field]


def _lasting(time: timedelta) -> str:
    """Write a duration as rules do, in its two largest units: `30d 2h`; `-5m` lies ahead."""
    seconds = abs(time) // timedelta(seconds=1)
    said: list[str] = []
    for letter, length in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        if seconds >= length and len(said) < _UNITS_SHOWN:
            said.append(f"{seconds // length}{letter}")
            seconds %= length
    return ("-" if time < timedelta() else "") + (" ".join(said) or "0s")
