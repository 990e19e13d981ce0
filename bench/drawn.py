"""What a drawn rule is: a small tree of phrases, and how the watch language writes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never


@dataclass(frozen=True, slots=True)
class Phrase:
    """One to three words side by side (a compound such as `anti-virus` is one), all ASCII."""

    words: str
    text: int  # number of a text of the corpus that says it


@dataclass(frozen=True, slots=True)
class Prefix:
    """A wildcard, such as `intercept*`."""

    stem: str
    word: str  # one that begins so


@dataclass(frozen=True, slots=True)
class Either:
    """One of some phrases: `a OR b OR c`."""

    parts: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """A phrase and one of some others: `a AND (b OR c)`."""

    left: Phrase
    right: Either


@dataclass(frozen=True, slots=True)
class Without:
    """A phrase where another is not: `a NOT b`."""

    wanted: Phrase
    unwanted: Phrase


@dataclass(frozen=True, slots=True)
class Near:
    """Two phrases with so many words between them at the most: `a NEAR/n b`."""

    left: Phrase
    right: Phrase
    distance: int


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Some of these phrases: `n OF (a, b, c)`."""

    number: int
    parts: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class InTitle:
    """A phrase in the title: `title:a`."""

    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Except:
    """A phrase that is no part of a longer one: `a EXCEPT b`."""

    wanted: Phrase
    unwanted: Phrase


Leaf = Phrase | Prefix
Drawn = Leaf | Either | Both | Without | Near | AtLeast | InTitle | Except


def written(rule: Drawn) -> str:
    """Write a rule as an expression of the watch language."""
    match rule:
        case Phrase() | Prefix():
            return _term(rule)
        case Either() | AtLeast():
            return _group(rule)
        case Both():
            return f"{_term(rule.left)} AND ({_group(rule.right)})"
        case Near():
            return f"{_term(rule.left)} NEAR/{rule.distance} {_term(rule.right)}"
        case Without():
            return f"{_term(rule.wanted)} NOT {_term(rule.unwanted)}"
        case Except():
            return f"{_term(rule.wanted)} EXCEPT {_term(rule.unwanted)}"
        case InTitle():
            return f"title:{_term(rule.phrase)}"
        case _:
            assert_never(rule)


def _term(leaf: Leaf) -> str:
    if isinstance(leaf, Prefix):
        return f"{leaf.stem}*"
    return f'"{leaf.words}"' if " " in leaf.words else leaf.words


def _group(rule: Either | AtLeast) -> str:
    if isinstance(rule, Either):
        return " OR ".join(map(_term, rule.parts))
    return f"{rule.number} OF ({', '.join(map(_term, rule.parts))})"


def leaves(rule: Drawn) -> Iterator[Leaf]:
    """Go through the phrases and prefixes of a rule."""
    match rule:
        case Phrase() | Prefix():
            yield rule
        case Either() | AtLeast():
            yield from rule.parts
        case Both():
            yield from (rule.left, *rule.right.parts)
        case Near():
            yield from (rule.left, rule.right)
        case Without() | Except():
            yield from (rule.wanted, rule.unwanted)
        case InTitle():
            yield rule.phrase
        case _:
            assert_never(rule)


def sample(rule: Drawn) -> str:
    """Write a title that the rule is true of."""
    match rule:
        case Phrase():
            return rule.words
        case Prefix():
            return rule.word
        case Either():
            return rule.parts[0].words
        case Both():
            return f"{rule.left.words} and {rule.right.parts[0].words}"
        case Near():
            return f"{rule.left.words} and {rule.right.words}"
        case AtLeast():
            return " and ".join(part.words for part in rule.parts[: rule.number])
        case InTitle():
            return rule.phrase.words
        case Without() | Except():
            return rule.wanted.words
        case _:
            assert_never(rule)
