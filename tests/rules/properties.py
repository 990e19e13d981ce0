"""What holds for any rule and any item; run a little in the suite, and long by `make fuzz-rules`.

Each property is a function that fails by an AssertionError, and a strategy for its arguments.
"""

from typing import Any

from hypothesis import strategies as st

from tests.rules.made import (
    NOW,
    Entries,
    anything,
    as_item,
    entries,
    expressions,
    items,
    lists,
    meetings,
    resolved,
)
from tests.rules.making import spec
from tests.rules.oracle import Tree, true
from tests.rules.reading import tree_of, tree_of_rule
from watcher.rules import compile_rules
from watcher.rules.grammar import parse
from watcher.rules.spec import BrokenExpression

Made = tuple[dict[str, Any], Tree]
LANGUAGES = st.sampled_from(["english", "english", "french"])

AGREE = st.tuples(meetings(), LANGUAGES)


def agree(met: tuple[list[Made], Entries, list[dict[str, Any]]], language: str) -> tuple[int, int]:
    """The engine hits what the oracle hits; E120 is told of what is true of nothing, and else no
    error. Gives how many pairs of a rule and an item were tried, and how many hit.
    """
    written, named, several = met
    more: dict[str, Any] = {"lists": _texts(named), "language": language}
    sound = {}
    for number, (parts, tree) in enumerate(written):
        meaning = resolved(tree, named)
        errors = [f.code for f in compile_rules([spec(parts, **more)]).faults if not f.warning]
        assert errors == (["E120"] if true(meaning, {}, NOW, language) else []), parts
        if not errors:
            sound[f"r{number}"] = parts, meaning
    specs = [spec(parts, name, **more) for name, (parts, _) in sound.items()]
    compiled = compile_rules(specs)
    assert compiled.ruleset is not None
    hits = 0
    for one in several:
        hit = {str(hit.rule.id) for hit in compiled.ruleset.match(as_item(one), NOW)}
        expected = {name for name, (_, m) in sound.items() if true(m, one, NOW, language)}
        assert hit == expected
        hits += len(hit)
    return len(sound) * len(several), hits


def _texts(named: Entries) -> dict[str, tuple[str, ...]]:
    return {name: tuple(text for text, _ in written) for name, written in named.items()}


READ = st.tuples(
    st.tuples(expressions, st.just(False)) | st.tuples(entries, st.just(True)), lists(), items()
)


def read(written: tuple[tuple[str, Tree], bool], named: Entries, item: dict[str, Any]) -> None:
    """What the parser read means what the expression was made to mean."""
    (text, tree), entry = written
    found = tree_of(text, _texts(named), entry=entry)
    for fields in (item, {}):
        assert true(found, fields, NOW) == true(resolved(tree, named), fields, NOW)


UNHARMED = st.tuples(anything, lists(), items())


def unharmed(text: str, named: Entries, item: dict[str, Any]) -> bool:
    """Any text is a rule, or has a fault with a place in it; whether it is a rule.

    As an entry it is read too; and what is a rule means the same to the oracle.
    """
    for entry in (False, True):
        if (broken := _broken(text, entry)) is not None:
            assert 0 <= broken.start <= len(text)
            assert broken.start < broken.end <= max(len(text), broken.start + 1)
    compiled = compile_rules([spec(text, "when", lists=_texts(named))])
    for fault in compiled.faults:
        assert 1 <= fault.column <= len(text) + 1, fault
        assert fault.message
        assert 1 <= fault.width <= max(1, len(fault.expression) - fault.column + 1), fault
    if compiled.ruleset is None:
        return False
    hit = compiled.ruleset.match(as_item(item), NOW)
    tree = tree_of_rule({"when": text}, _texts(named))
    assert bool(hit) == true(tree, item, NOW)
    return True


def _broken(text: str, entry: bool) -> BrokenExpression | None:
    try:
        parse(text, entry=entry)
    except BrokenExpression as broken:
        return broken
    return None
