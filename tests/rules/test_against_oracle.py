"""The engine agrees with an evaluator that is obviously right, on rules and items made up."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules import made, properties
from tests.rules.made import NOW, Written, as_item
from tests.rules.making import spec
from tests.rules.oracle import runs, tokenize, true
from watcher.rules import compile_rules

few = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # `make fuzz-rules` runs many more


@few
@given(properties.AGREE)
def test_the_engine_agrees_with_the_oracle(drawn: Any) -> None:
    properties.agree(*drawn)


@few
@given(properties.READ)
def test_a_rule_is_read_as_what_it_was_made_of(drawn: Any) -> None:
    properties.read(*drawn)


@few
@given(properties.UNHARMED)
def test_any_text_is_a_rule_or_a_fault_with_a_place_in_it(drawn: Any) -> None:
    properties.unharmed(*drawn)


@settings(max_examples=100, deadline=None)
@given(st.lists(made.terms, min_size=5, max_size=40), made.items())
def test_many_terms_in_one_trie_do_not_disturb_each_other(
    many: list[Written], item: dict[str, Any]
) -> None:
    compiled = compile_rules([spec(text, f"r{n}") for n, (text, _) in enumerate(many)])
    assert compiled.ruleset is not None, compiled.faults
    hit = {str(hit.rule.id) for hit in compiled.ruleset.match(as_item(item), NOW)}
    assert hit == {f"r{n}" for n, (_, tree) in enumerate(many) if true(tree, item, NOW)}


FEW = st.sampled_from(["a", "b", "c", "bc", "don", "t", "bay", "sh", "ies", "n"])


@st.composite
def alike(draw: st.DrawFn) -> tuple[list[Written], str]:
    """Terms and a text that are the same letters, divided and joined in different ways."""
    letters = draw(st.lists(FEW, min_size=1, max_size=4))

    def spelled(gaps: list[str]) -> str:
        return "".join(word + draw(st.sampled_from(gaps)) for word in letters).strip()

    terms: list[Written] = []
    for _ in range(draw(st.integers(1, 4))):
        words = spelled(["", " ", "-"])
        exact = draw(st.integers(0, 3)) == 0
        text = f'="{words}"' if exact else f'"{words}"'
        terms.append((text, ("exact" if exact else "term", words)))
    end = draw(st.sampled_from(["", "", "s", "es", "'s", "'t", "-a", " a"]))
    return terms, spelled(["", "", "-", "-", " ", " ", "'", "\n"]) + end


@settings(max_examples=600, deadline=None)
@given(alike())
def test_terms_are_found_however_they_are_divided_and_joined(
    terms: tuple[list[Written], str],
) -> None:
    many, text = terms
    compiled = compile_rules([spec(written, f"r{n}") for n, (written, _) in enumerate(many)])
    assert compiled.ruleset is not None
    item = {"title": text}
    hit = {str(hit.rule.id): hit for hit in compiled.ruleset.match(as_item(item), NOW)}
    assert set(hit) == {f"r{n}" for n, (_, tree) in enumerate(many) if true(tree, item, NOW)}
    tokens = tokenize(text)
    for name, one in hit.items():
        tree = many[int(name[1:])][1]
        if tree[0] == "term":
            expected = {
                (tokens[first].start, tokens[stop - 1].end)
                for first, stop in runs(tree, text, "english")
            }
            assert {(o.start, o.end) for o in one.occurrences} == expected
