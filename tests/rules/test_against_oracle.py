"""The engine agrees with an evaluator that is obviously right, on rules and items made up."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.making import spec
from tests.rules.oracle import Tree, runs, tokenize, true
from watcher.model import FeedId, Item, ItemId
from watcher.rules import compile_rules

NOW = datetime(2015, 12, 1, tzinfo=UTC)
Written = tuple[str, Tree]

_WORDS = """back door doors backdoor e mail email don't dont agency agencies bus buses Café l'a
    O'Brien obrien Apple's apple intercept intercepted law BACK 黑 莓 黑莓 bux C++ a's t n n't x"""
WORDS = st.sampled_from(_WORDS.split())
BETWEEN = st.sampled_from([" ", " ", " ", "-", "'", ", ", "\n", "", "--", "/"])
texts = st.lists(st.tuples(WORDS, BETWEEN), max_size=9).map(
    lambda pieces: "".join(word + gap for word, gap in pieces).strip()
)


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {"title": draw(texts), "content": draw(st.just("") | texts)}
    made["author"] = draw(st.lists(texts, max_size=2))
    made["feed"] = draw(st.sampled_from(["tech-a", "tech-b", "law"]))
    made["lang"] = draw(st.sampled_from(["", "en", "en-GB", "de"]))
    made["link"] = draw(st.sampled_from(["", "https://A.example/Sponsored", "http://example/x"]))
    ages = st.none() | st.integers(-1, 3).map(lambda days: NOW - timedelta(days=days))
    made["published"] = draw(ages)
    return made


def as_item(made: dict[str, Any]) -> Item:
    return Item(
        id=ItemId("i"),
        feed=FeedId(made.get("feed", "")),
        title=made.get("title", ""),
        content=made.get("content", ""),
        authors=tuple(made.get("author", ())),
        language=made.get("lang", ""),
        link=made.get("link", ""),
        published=made.get("published"),
        seen_at=NOW,
    )


# --- rules, each as text and as what it means ----------------------------------------------------

ATOMS = WORDS | st.sampled_from(
    ["inter*", "d?or", "*door", "a*cy", "doors~", "bakdoor~1", "back-door", "intercpted~2", "doro?"]
)


@st.composite
def phrases(draw: st.DrawFn) -> Written:
    atoms = draw(st.lists(ATOMS, min_size=1, max_size=4))
    if len(atoms) > 2 and draw(st.booleans()):
        atoms[1] = "*"
    text = " ".join(atoms)
    return f'"{text}"', ("term", text)


bare = ATOMS.map(lambda word: (word, ("term", word)))
exacts = WORDS.map(lambda word: (f"={word}", ("exact", word))) | st.just(
    ('="back door"', ("exact", "back door"))
)
forms = st.sampled_from(["intercept", "law", "buses agency"]).map(
    lambda words: (f"FORMS({words})", ("forms", words))
)
terms: st.SearchStrategy[Written] = bare | phrases() | exacts | forms
regexes = st.sampled_from(
    [("/back.?door/i", ("regex", "back.?door", "i")), ("/^door/m", ("regex", "^door", "m"))]
)
tests = st.sampled_from(
    [
        ("feed:tech-*", ("feed", "tech-*")),
        ("lang:en", ("lang", "en")),
        ("domain:example", ("domain", "example")),
        ("link:sponsored", ("link", "sponsored")),
        ("age<=1d", ("age", "<=", 86_400)),
        ("age > 0s", ("age", ">", 0)),
        ("published>=2015-11-30", ("published", ">=", datetime(2015, 11, 30, tzinfo=UTC))),
        ("words<3", ("words", "<", 3)),
    ]
)


def joined(operator: str, members: list[Written]) -> Written:
    text = f" {operator} ".join(text for text, _ in members)
    return f"({text})", (operator.lower(), *(tree for _, tree in members))


operands = terms | st.lists(terms, min_size=2, max_size=2).map(lambda two: joined("OR", two))


@st.composite
def near(draw: st.DrawFn) -> Written:
    left, right = draw(operands), draw(operands)
    operator = draw(st.sampled_from(["NEAR", "ONEAR", "EXCEPT"]))
    if operator == "EXCEPT":
        return f"({left[0]} EXCEPT {right[0]})", ("except", left[1], right[1])
    n = draw(st.integers(0, 4))
    tree = ("near", n, operator == "ONEAR", left[1], right[1])
    return f"({left[0]} {operator}/{n} {right[0]})", tree


def compounds(inner: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    several = st.lists(inner, min_size=2, max_size=3)
    negated = inner.map(lambda one: (f"(NOT {one[0]})", ("not", one[1])))
    threshold = st.tuples(st.integers(1, 2), several, st.integers(-1, 2)).map(
        lambda made: (
            f"{made[0]} OF ({', '.join(text for text, _ in made[1])}^{made[2]}, zzz^5)",
            (
                *("of", made[0]),
                *((tree, 1) for _, tree in made[1][:-1]),
                *((made[1][-1][1], made[2]), (("term", "zzz"), 5)),
            ),
        )
    )
    return (
        several.map(lambda members: joined("AND", members))
        | several.map(lambda members: joined("OR", members))
        | negated
        | threshold
    )


worded = st.recursive(terms | regexes | near(), compounds, max_leaves=4)
in_field = st.tuples(st.sampled_from(["title", "content", "author", "text"]), worded).map(
    lambda made: (f"{made[0]}:({made[1][0]})", ("field", made[0], made[1][1]))
)
rules = st.recursive(terms | regexes | near() | tests | in_field, compounds, max_leaves=6)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rules, min_size=1, max_size=4), st.lists(items(), min_size=1, max_size=3))
def test_the_engine_agrees_with_the_oracle(written: list[Written], made: list[Any]) -> None:
    sound = []
    for number, (text, tree) in enumerate(written):
        errors = [f.code for f in compile_rules([spec(text)]).faults if not f.warning]
        assert errors == (["E120"] if true(tree, {}, NOW) else []), text
        if not errors:
            sound.append((f"r{number}", text, tree))
    compiled = compile_rules([spec(text, name) for name, text, _ in sound])
    assert compiled.ruleset is not None
    for one in made:
        hit = {str(hit.rule.id) for hit in compiled.ruleset.match(as_item(one), NOW)}
        assert hit == {name for name, _, tree in sound if true(tree, one, NOW)}


entries = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(entries, min_size=1, max_size=4), terms, items())
def test_a_list_is_the_or_of_its_entries(
    listed: list[str], term: Written, made: dict[str, Any]
) -> None:
    tree = ("or", *(("term", entry) for entry in listed))
    for text, meaning in (
        (f"$l AND {term[0]}", ("and", tree, term[1])),
        (f"$l NEAR/2 {term[0]}", ("near", 2, False, tree, term[1])),
        (f"{term[0]} EXCEPT $l", ("except", term[1], tree)),
        ("author:$l", ("field", "author", tree)),
    ):
        rule = spec(text, lists={"l": tuple(listed), "unused": ("title:x",)})
        compiled = compile_rules([rule])
        assert compiled.ruleset is not None, compiled.faults
        assert bool(compiled.ruleset.match(as_item(made), NOW)) == true(meaning, made, NOW)


@settings(max_examples=100, deadline=None)
@given(st.lists(terms, min_size=5, max_size=40), items())
def test_many_terms_in_one_trie_do_not_disturb_each_other(
    many: list[Written], made: dict[str, Any]
) -> None:
    compiled = compile_rules([spec(text, f"r{n}") for n, (text, _) in enumerate(many)])
    assert compiled.ruleset is not None, compiled.faults
    hit = {str(hit.rule.id) for hit in compiled.ruleset.match(as_item(made), NOW)}
    assert hit == {f"r{n}" for n, (_, tree) in enumerate(many) if true(tree, made, NOW)}


FEW = st.sampled_from(["a", "b", "c", "bc", "don", "t", "bay", "sh", "ies", "n"])


@st.composite
def alike(draw: st.DrawFn) -> tuple[list[Written], str]:
    """Terms and a text that are the same letters, divided and joined in different ways."""
    letters = draw(st.lists(FEW, min_size=1, max_size=4))

    def spelled(gaps: list[str]) -> str:
        return "".join(word + draw(st.sampled_from(gaps)) for word in letters).strip()

    made: list[Written] = []
    for _ in range(draw(st.integers(1, 4))):
        words = spelled(["", " ", "-"])
        exact = draw(st.integers(0, 3)) == 0
        text = f'="{words}"' if exact else f'"{words}"'
        made.append((text, ("exact" if exact else "term", words)))
    end = draw(st.sampled_from(["", "", "s", "es", "'s", "'t", "-a", " a"]))
    return made, spelled(["", "", "-", "-", " ", " ", "'", "\n"]) + end


@settings(max_examples=600, deadline=None)
@given(alike())
def test_terms_are_found_however_they_are_divided_and_joined(
    made: tuple[list[Written], str],
) -> None:
    many, text = made
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
