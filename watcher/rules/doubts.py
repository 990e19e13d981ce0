"""Warnings: rules that are right, and yet may not do what was meant."""

from collections.abc import Iterator, Sequence
from unicodedata import category

import snowballstemmer

from watcher.rules.engine.spelling import plurals
from watcher.rules.spec import BrokenExpression
from watcher.rules.tree import (
    And,
    AtLeast,
    Exact,
    Except,
    InField,
    ListName,
    Near,
    Node,
    Not,
    Or,
    Plain,
    Regex,
    Stem,
    Term,
)

_SYMBOLS = "&@#%"
_SHORT = 2  # letters of a term that finds too much
_SHORT_CAPITALS = 3
_LEAST_PLURAL = 4
_WORDS_IN_S = """
    news series species always perhaps towards afterwards windows customs means thanks james
    jones williams davies hughes reuters siemens hermes mercedes athens brussels wales naples
    cannes netherlands philippines maldives seychelles emirates sachs
    sometimes besides overseas headquarters crossroads
"""
_NO_PLURALS = frozenset(_WORDS_IN_S.split())
_NO_PLURAL_ENDINGS = ("ss", "us", "is", "as", "os", "ics")
_COMMON_WORDS = """
    a about after all also an and any are as at be been but by can could do for from had
    has have he her his how i if in into is it its just like may more most new no not
    now of on one only or other our out over said she so some such than that the their
    them then there these they this to up us was we were what when which who will with
    would you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_COLLIDING = (  # common words that share a stem in English, and little else
    *(("law", "lawful"), ("author", "authority"), ("custom", "customer", "customs")),
    *(("private", "privation"), ("experience", "experiment"), ("import", "important")),
    *(("sever", "several", "severe"), ("operate", "operative"), ("special", "specialize")),
    *(("communication", "communicative"), ("execute", "executive")),
)


def doubts(node: Node, language: str) -> Iterator[BrokenExpression]:
    """Go through what is doubtful in an expression: not broken, but told of in the same form."""
    for term in _terms(node):
        yield from _of_term(term, language)
    for joined in _ors(node):
        yield from (doubt for _, doubt in repeated(joined.children))


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case And() | Or():
            return node.children
        case Not():
            return (node.child,)
        case InField():
            return (node.inner,)
        case AtLeast():
            return tuple(member for member, _ in node.members)
        case Near():
            return (node.left, node.right)
        case Except():
            return (node.kept, node.unwanted)
        case _:
            return ()


def _terms(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    for child in _children(node):
        yield from _terms(child)


def _ors(node: Node) -> Iterator[Or]:
    if isinstance(node, Or):
        yield node
    for child in _children(node):
        yield from _ors(child)


# --- terms ----------------------------------------------------------------------------------------


def _doubt(code: str, message: str, term: Term, *suggestions: str) -> BrokenExpression:
    return BrokenExpression(code, message, term.start, term.start + len(term.written), suggestions)


def _of_term(term: Term, language: str) -> Iterator[BrokenExpression]:
    if any(isinstance(element, Stem) for element in term.elements):
        yield from _joined_by_stem(term, language)
        return
    if symbols := _symbols(term):
        exact = f"={term.written}" if not term.bare or " " not in term.written else ""
        message = f"{symbols} is ignored in {term.written}; = takes characters as they are"
        yield _doubt("W201", message, term, *filter(None, (exact,)))
    elif term.bare and _is_short(term) and (others := _other_cases(term.written)):
        message = f"{term.written} also finds {' and '.join(others)}"
        yield _doubt("W202", message, term, f"={term.written}")
    words = [element.word for element in term.elements if isinstance(element, Plain)]
    if len(words) == len(term.elements) and _COMMON.issuperset(words):
        yield _doubt("W203", f"{term.written} is made of very common words only", term)
    if term.elements and (singular := _singular(term)):
        message = f"{term.written} does not find {singular}, while {singular} finds both"
        yield _doubt("W205", message, term)


def _symbols(term: Term) -> str:
    found = [c for c in term.written if c in _SYMBOLS or (category(c)[0] == "S" and c != "~")]
    return " ".join(dict.fromkeys(found))


def _other_cases(written: str) -> list[str]:
    """List how else a word may be written; a number can be written in one way only."""
    cases = (written.lower(), written.upper(), written.capitalize())
    return [each for each in dict.fromkeys(cases) if each != written]


def _is_short(term: Term) -> bool:
    if len(term.elements) != 1 or not isinstance(term.elements[0], Plain):
        return False
    if not term.written.isalpha() or term.elements[0].unspaced:
        return False
    most = _SHORT_CAPITALS if term.written.isupper() else _SHORT
    return len(term.written) <= most


def _singular(term: Term) -> str:
    """Give the singular of a last word that is a plural; empty if it is none, or not surely."""
    last = term.elements[-1]
    if not isinstance(last, Plain) or len(last.word) < _LEAST_PLURAL:
        return ""
    word = last.word
    if not word.endswith("s") or word.endswith(_NO_PLURAL_ENDINGS) or word in _NO_PLURALS:
        return ""
    likely = (word[:-3] + "y", word[:-2], word[:-1])
    return next((one for one in likely if word in plurals(one) and not _odd(one, word)), "")


def _odd(singular: str, plural: str) -> bool:
    """Tell whether a plural in `-es` was taken apart wrongly: `phones` is not `phon` + `es`."""
    return plural == singular + "es" and not singular.endswith(("s", "x", "z", "ch", "sh"))


def _joined_by_stem(term: Term, language: str) -> Iterator[BrokenExpression]:
    if language != "english":
        return
    stemmer = snowballstemmer.stemmer(language)
    for element in term.elements:
        if isinstance(element, Stem):
            stem = stemmer.stemWord(element.word)
            for words in _COLLIDING:
                others = [w for w in words if w != element.word and stemmer.stemWord(w) == stem]
                if others:
                    message = f"FORMS of {element.word} also finds {', '.join(others)}"
                    yield _doubt("W206", message, term)


# --- terms in one OR ------------------------------------------------------------------------------


def repeated(nodes: Sequence[Node]) -> Iterator[tuple[int, BrokenExpression]]:
    """Go through the terms that another one of the same OR makes superfluous, by their numbers.

    The entries of a list, and of `any`, are an OR too.
    """
    finders: dict[tuple[object, ...], int] = {}
    for number, node in enumerate(nodes):
        for meaning in _found_by(node):
            finders.setdefault(meaning, number)
    for number, node in enumerate(nodes):
        if not isinstance(node, Term | Exact | Regex | ListName):
            continue
        finder = finders.get(_meaning(node), number)
        if finder != number:
            other = nodes[finder]
            assert isinstance(other, Term | Exact | Regex | ListName)
            message = f"{other.written} finds all that {node.written} finds"
            end = node.start + len(node.written)
            yield number, BrokenExpression("W204", message, node.start, end)


def _meaning(node: Term | Exact | Regex | ListName) -> tuple[object, ...]:
    """Give what two terms that mean the same have in common."""
    match node:
        case Term():
            return node.elements
        case Exact():
            return ("=", node.text)
        case Regex():
            return ("/", node.pattern)
        case ListName():
            return ("$", node.name)


def _found_by(node: Node) -> Iterator[tuple[object, ...]]:
    """List the terms that this one makes superfluous, itself first."""
    if not isinstance(node, Term | Exact | Regex | ListName):
        return
    yield _meaning(node)
    if isinstance(node, Term) and all(isinstance(element, Plain) for element in node.elements):
        words = [element for element in node.elements if isinstance(element, Plain)]
        before, last = words[:-1], words[-1]
        for one in (last.word, *(() if last.unspaced else plurals(last.word))):
            yield (*before, Plain(one, last.unspaced))
            if not any(word.unspaced for word in words):
                yield (Plain("".join(word.word for word in before) + one),)
