"""Rules and items made up by Hypothesis, so that rules often hit: few words, written in many ways.

A rule is made as text together with what it means, as a tree for the oracle. `("list", name)`
stands in trees for a named list, until `resolved` puts its entries in.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.rules.oracle import Tree, prepared
from watcher.model import FeedId, Item, ItemId

NOW = datetime(2015, 12, 1, tzinfo=UTC)
Written = tuple[str, Tree]
Entries = dict[str, list[Written]]

# --- items ----------------------------------------------------------------------------------------

# families of words that can be mistaken for each other, and looser terms for them after the bar
_FAMILIES = """
    sea port ports seaport sea-port SEA Sea | sea* *port p?rt por?* seport~1
    back door doors backdoor back-doors | *door do?r doo* bakdoor~ backdoord~2
    e-mail email e mail mails | *ail emai* emial~
    don't dont don t n't n don'ts | don* wouldn't~
    Ann's ann anns ann-s s Ann’s | ann* *nns
    bus buses bu-ses city cities ci-ties | bus* c*ies citis~ ?ities
    intercept intercepted intercepts law lawful laws | inter* intercpted~2 lawfull~
    Café cafe cafés straße strasse STRASSE | caf? straß* stra??e strase~
    黑 莓 黑莓 x黑 กี่ ก ガ カ 한국 | abc*
    O’Brien obrien o brien l'eau leau eau | *brien obrein~ lea?
    C++ c C# AT&T at t .net | at?t*
    o'clock's oclock clock clocks ain't-so aint so | *lock o'clock
    5G 5 g 5g 5-G ²5 x1 | ab1*
"""
_SPLIT = [[half.split() for half in line.split("|")] for line in _FAMILIES.strip().splitlines()]
# an example knows few words, so that its rules hit its items
_KNOWN = st.shared(
    st.lists(st.sampled_from(_SPLIT), min_size=1, max_size=2, unique_by=str), key="families"
)


def _each(known: list[list[list[str]]], half: int) -> st.SearchStrategy[str]:
    return st.sampled_from([word for family in known for word in family[half]])


WORDS = _KNOWN.flatmap(lambda known: _each(known, 0))
LOOSE = _KNOWN.flatmap(lambda known: _each(known, 1))
_GAPS = [" "] * 9 + ["-", "-", "'", "’", "‐", "ʼ", "", ", ", ". ", "\n", "\n", "--", "/", "_"]
GAPS = st.sampled_from([*_GAPS, " … ", "\u0301", " \u0301 ", "-'", "s ", "s-", "es "])


def plain(text: str) -> str:
    """Give a text as it is after its preparation: lines are blocks."""
    lines = (prepared(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


texts = st.lists(st.tuples(WORDS, GAPS), max_size=8).map(
    lambda pieces: plain("".join(word + gap for word, gap in pieces))
)


def echoes(of: str) -> st.SearchStrategy[str]:
    """Give texts that repeat words of a rule, in its order, with other gaps between them."""
    words = [word for word in re.findall(r"\w[\w'’+.-]*", of) if not word.isupper()] or ["x"]
    runs = st.tuples(st.integers(0, len(words) - 1), st.integers(1, 4)).map(
        lambda run: words[run[0] : run[0] + run[1]]
    )
    pieces = st.lists(runs | st.lists(WORDS, min_size=1, max_size=2), max_size=3).map(
        lambda made: [word for piece in made for word in piece]
    )
    return st.tuples(pieces, st.lists(GAPS, min_size=12, max_size=12)).map(
        lambda made: plain("".join(map("".join, zip(*made, strict=False))))
    )


@st.composite
def items(draw: st.DrawFn, of: str = "") -> dict[str, Any]:
    """Give an item's fields, perhaps of words that a rule has; texts are plain already."""
    alike = echoes(of) if of else texts
    made: dict[str, Any] = {"title": draw(alike)}
    for name in ("summary", "content"):
        made[name] = draw(st.just("") | texts | alike)
    for name in ("author", "tag"):
        made[name] = draw(st.lists(texts | alike, max_size=2))
    made["feed"] = draw(st.sampled_from(["", "tech-a", "Tech-b", "law"]))
    made["lang"] = draw(st.sampled_from(["", "en", "en-GB", "de"]))
    links = ["", "https://A.example:80/Sea", "http://u@b.a.example/port?É", "http://example/x"]
    made["link"] = draw(st.sampled_from(links))
    ages = st.none() | st.integers(-1, 3).map(lambda days: NOW - timedelta(days=days))
    made["published"] = draw(ages)
    return made


def as_item(made: dict[str, Any]) -> Item:
    """Make an item of such fields."""
    return Item(
        id=ItemId("i"),
        feed=FeedId(made.get("feed", "")),
        title=made.get("title", ""),
        summary=made.get("summary", ""),
        content=made.get("content", ""),
        authors=tuple(made.get("author", ())),
        tags=tuple(made.get("tag", ())),
        language=made.get("lang", ""),
        link=made.get("link", ""),
        published=made.get("published"),
        seen_at=NOW,
    )


# --- terms ----------------------------------------------------------------------------------------

ATOMS = WORDS | WORDS | WORDS | LOOSE


@st.composite
def phrases(draw: st.DrawFn) -> Written:
    """Give a quoted phrase, perhaps with a gap in it."""
    atoms = draw(st.lists(ATOMS, min_size=1, max_size=4))
    if len(atoms) > 2 and draw(st.integers(0, 2)) == 0:
        atoms[1] = "*"
    signs = any(atom == "*" or "~" in atom for atom in atoms)  # nothing may touch these
    text = (" " if signs else draw(st.sampled_from([" ", "  ", ", "]))).join(atoms)
    opening, closing = draw(st.sampled_from([('"', '"'), ("“", "”"), ("”", "“"), ('"', "”")]))
    return f"{opening}{text}{closing}", ("term", text)


@st.composite
def exacts(draw: st.DrawFn) -> Written:
    """Give an exact term, bare or quoted."""
    words = draw(st.lists(WORDS | st.sampled_from(["-", "+", "AT&T"]), min_size=1, max_size=3))
    text = draw(st.sampled_from([" ", "", "-", "'"])).join(words)
    if not any(c.isalnum() for c in text):
        text += "x"
    quoted = " " in text or draw(st.booleans())
    return (f'="{text}"' if quoted else f"={text}"), ("exact", text)


STEMS = st.sampled_from(["intercept", "laws", "bus", "ports", "sea", "e-mail", "Cafés"])


@st.composite
def forms(draw: st.DrawFn) -> Written:
    """Give a FORMS of one or two words, as a phrase or as bare words."""
    text = " ".join(draw(st.lists(STEMS, min_size=1, max_size=2)))
    return draw(st.sampled_from([f"FORMS({text})", f'FORMS( "{text}" )'])), ("forms", text)


bare = ATOMS.map(lambda word: (word, ("term", word)))
terms: st.SearchStrategy[Written] = bare | phrases() | exacts() | forms()
_REGEXES = [(r"sea.?port", "i"), ("^port", "m"), ("port$", ""), (r"\bsea\b", ""), (r"\d\w", "")]
_REGEXES += [("a.b|a.x", "s"), ("(law|bus)(ful|es)?", ""), ("É|é", "")]
regexes = st.sampled_from(_REGEXES).map(
    lambda made: (f"/{made[0]}/{made[1]}", ("regex", made[0], made[1]))
)
tests: st.SearchStrategy[Written] = st.sampled_from(
    [
        ("feed:tech-*", ("feed", "tech-*")),
        ("feed:(law OR ?ech-b)", ("or", ("feed", "law"), ("feed", "?ech-b"))),
        ("lang:EN", ("lang", "EN")),
        ("domain:a.example", ("domain", "a.example")),
        ('domain:("b.a.example" OR ample)', ("or", ("domain", "b.a.example"), ("domain", "ample"))),
        ("link:SEA", ("link", "SEA")),
        ("link:http://u", ("link", "http://u")),
        ("link:é", ("link", "é")),
        ("link:/[sS]ea$/", ("link", "[sS]ea$", "")),
        ("age<=1d", ("age", "<=", 86_400)),
        ("age > 0s", ("age", ">", 0)),
        ("age<48h", ("age", "<", 172_800)),
        ("published>=2015-11-30", ("published", ">=", datetime(2015, 11, 30, tzinfo=UTC))),
        (
            "published<2015-11-30T01:00:00+01:00",
            ("published", "<", datetime(2015, 11, 30, tzinfo=UTC)),
        ),
        ("words<3", ("words", "<", 3)),
        ("words >= 4", ("words", ">=", 4)),
    ]
)

# --- what joins them ------------------------------------------------------------------------------

SPACES = st.sampled_from([" ", " ", " ", "  ", "\n", "\t"])


def in_parentheses(made: Written) -> Written:
    """Put parentheses around an expression."""
    return f"({made[0]})", made[1]


@st.composite
def chains(draw: st.DrawFn, inner: st.SearchStrategy[Written]) -> Written:
    """Join operands on one level: by OR, or by AND and NOT."""
    kind = draw(st.sampled_from(["OR", "AND"]))
    written, trees = "", []
    for number in range(draw(st.integers(2, 4))):
        text, tree = draw(inner)
        operator = ""
        if number:
            operator = kind if kind == "OR" else draw(st.sampled_from(["AND", "AND", "NOT"]))
        if draw(st.integers(0, 5)) == 0:
            text, tree = f"NOT{draw(SPACES)}{text}", ("not", tree)
        if operator:
            written += f"{draw(SPACES)}{operator}{draw(SPACES)}"
        written += text
        trees.append(("not", tree) if operator == "NOT" else tree)
    return in_parentheses((written, (kind.lower(), *trees)))


@st.composite
def thresholds(draw: st.DrawFn, inner: st.SearchStrategy[Written]) -> Written:
    """Give an `n OF ( )` that its weights can reach."""
    members = draw(st.lists(st.tuples(inner, st.integers(-2, 3)), min_size=1, max_size=4))
    if not any(weight > 0 for _, weight in members):
        members[0] = (members[0][0], 1)
    least = draw(st.integers(1, sum(weight for _, weight in members if weight > 0)))
    told = [
        text if weight == 1 and draw(st.booleans()) else f"{text}^{weight}"
        for (text, _), weight in members
    ]
    tree = ("of", least, *((tree, weight) for (_, tree), weight in members))
    return f"{least} OF ({', '.join(told)})", tree


NAMED = st.sampled_from(["l", "m"]).map(lambda name: (f"${name}", ("list", name)))
ors = st.lists(terms | NAMED, min_size=2, max_size=3).map(
    lambda made: (f"({' OR '.join(text for text, _ in made)})", ("or", *(tree for _, tree in made)))
)
operands = terms | terms | NAMED | ors | terms.map(in_parentheses)


@st.composite
def near(draw: st.DrawFn) -> Written:
    """Join two operands by NEAR, ONEAR or EXCEPT."""
    left, right = draw(operands), draw(operands)
    operator = draw(st.sampled_from(["NEAR", "ONEAR", "EXCEPT"]))
    if operator == "EXCEPT":
        return f"({left[0]} EXCEPT {right[0]})", ("except", left[1], right[1])
    n = draw(st.integers(0, 4) | st.just(50))
    tree = ("near", n, operator == "ONEAR", left[1], right[1])
    return f"({left[0]} {operator}/{n} {right[0]})", tree


def compounds(inner: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    """Join expressions in any of the ways there are."""
    negated = inner.map(lambda made: (f"(NOT {made[0]})", ("not", made[1])))
    return chains(inner) | chains(inner) | thresholds(inner) | negated


worded = st.recursive(terms | regexes | near() | NAMED, compounds, max_leaves=4)
FIELDS = st.sampled_from(["title", "summary", "content", "author", "tag", "text"])
in_field = st.tuples(FIELDS, terms | regexes | NAMED | worded.map(in_parentheses)).map(
    lambda made: (f"{made[0]}:{made[1][0]}", ("field", made[0], made[1][1]))
)
expressions = st.recursive(
    terms | regexes | near() | tests | in_field | NAMED, compounds, max_leaves=6
)

# one term or NEAR alone shows more than a large expression, where others decide
plainly = (
    terms
    | near()
    | st.tuples(FIELDS, terms | near().map(in_parentheses)).map(
        lambda made: (f"{made[0]}:{made[1][0]}", ("field", made[0], made[1][1]))
    )
)
whens = plainly | plainly | near() | expressions
alone = expressions.filter(lambda made: "$" not in made[0])  # expressions without lists

# --- rules ----------------------------------------------------------------------------------------

side_by_side = st.lists(ATOMS, min_size=1, max_size=3).map(
    lambda words: (" ".join(words), ("term", " ".join(words)))
)
entries = side_by_side | expressions


@st.composite
def lists(draw: st.DrawFn) -> Entries:
    """Give the lists `l` and `m`, fit for every place: they hold terms only."""
    made = {name: draw(st.lists(side_by_side | exacts(), min_size=1, max_size=3)) for name in "lm"}
    if draw(st.booleans()):
        made["m"].append(("$l", ("list", "l")))
    return made


KINDS = st.sampled_from(
    ["when", "when", "when", "when", "any", "all", "when any", "any none", "all none"]
)


@st.composite
def rules(draw: st.DrawFn) -> tuple[dict[str, Any], Tree]:
    """Give a rule object and what it means."""
    parts: dict[str, Any] = {}
    trees: list[Tree] = []
    kinds = draw(
        st.sampled_from(["when", "when", "any", "all", "when any", "any none", "all none"])
    )
    for key in kinds.split():
        made = draw(st.lists(entries, min_size=1, max_size=3)) if key != "when" else []
        if key == "when":
            parts[key], tree = draw(whens)
            trees.append(tree)
            continue
        parts[key] = tuple(text for text, _ in made)
        each = [tree for _, tree in made]
        if key == "any":
            trees.append(("or", *each))
        else:
            trees += each if key == "all" else [("not", tree) for tree in each]
    return parts, ("and", *trees)


@st.composite
def meetings(draw: st.DrawFn) -> tuple[list[Any], Entries, list[dict[str, Any]]]:
    """Give rules, lists, and items that repeat words of the rules."""
    written = draw(st.lists(rules(), min_size=1, max_size=5))
    of = " ".join(str(part) for parts, _ in written for part in parts.values())
    return written, draw(lists()), draw(st.lists(items(of), min_size=1, max_size=3))


def resolved(tree: Any, named: Entries) -> Any:
    """Put the entries of lists in."""
    if isinstance(tree, tuple) and tree[:1] == ("list",):
        return ("or", *(resolved(entry, named) for _, entry in named[tree[1]]))
    return tuple(resolved(one, named) for one in tree) if isinstance(tree, tuple) else tree


# --- what may be no rule at all -------------------------------------------------------------------

_PIECES = """sea port * ab* se* sea~ port~2 "sea port" "sea" “ ” " ( ) ( ) , ^ ^2 ^-1 ^x = =C++
    /s.a/ /( / /sea/i $ $l $m $none AND OR NOT AND OR NOT NEAR NEAR/3 ONEAR/2 EXCEPT NEAR/99 FORMS
    FORMS( OF 2 1 0 title: author: foo: link: link:sea domain:a.b feed:( age age<7d age< age<x
    words>2 words published>2015-01-01 -x +x ! && || & 'sea' ' ‘ … _ ~ ? \\ \\" 黑莓 :"""
soup = st.lists(
    st.tuples(st.sampled_from(_PIECES.split()), st.sampled_from([" ", " ", "", "\n"])), max_size=9
).map(lambda pieces: "".join(piece + gap for piece, gap in pieces))
anything = soup | soup | soup | st.text(max_size=30)
