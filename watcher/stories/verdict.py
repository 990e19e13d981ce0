"""What two aligned texts are to each other: a score, vetoes, and the reasons in words.

Spinners change words everywhere, but keep their order, the function words, names and numbers.
Templates and follow-ups keep the words and change exactly a name, a number, a day, or turn the
sense round. So a score alone never decides: a veto is a change of that second kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from watcher.stories.alignment import LONG, Alignment, Change
from watcher.stories.lexicon import lexicon

FEW_WORDS = 12  # fewer in a body prove little


class Likeness(IntEnum):
    """How much two texts are one, weakest first."""

    APART = 0
    RELATED = 1
    COPY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict on a pair of texts."""

    likeness: Likeness
    score: float
    alike: float  # share of words in common
    only_body: bool = False  # the bodies agree, the titles say other things
    veto: str = ""  # "the name India stands where it had Pakistan"
    same: str = ""  # "same sentences … with 31 of 122 words replaced one for one"


def score(found: Alignment) -> float:
    """Add up the evidence, S of the fitted model: 2.5 and more is a copy."""
    weigh = lexicon().weights
    total = sum(weigh[name] * value for name, value in features(found).items())
    return round(total, 3)


def features(found: Alignment) -> dict[str, float]:
    """Measure the evidence that the model weighs, by the names of the weights."""
    weigh = lexicon().weights
    matched, function_words = found.skeleton
    name, number = weigh["name_idf"], weigh["number_idf"]
    # An article of 300 words may well have a name more; the weights are those of short texts.
    thin = min(1.0, LONG / max(1, *found.lengths))
    overlap = (found.equal + found.replaced) / max(1, *found.lengths)
    return {
        "constant": 1.0,
        "contained": found.contained,
        "skeleton": matched / (function_words + 2),
        "regular": found.regular / found.changed if found.changed else 1.0,
        "overlap": max(0.0, overlap - 0.7) / 0.3,
        "shared": min(60.0, name * found.shared_names + number * found.shared_numbers) / 10,
        "foreign_names": min(30.0, thin * name * min(found.foreign_names)) / 10,
        "foreign_numbers": min(2.0, thin * min(found.foreign_numbers)),
        "number_changes": min(2, len(found.number_changes)),
        "antonyms": len(found.antonyms),
        "negated_title": float(found.negated_title),
    }


def veto(found: Alignment, bodies: Callable[[], Alignment | None]) -> str:
    """Say what makes it another story however alike the words are; "" when nothing does.

    Capitals in a headline prove little where the `bodies` below it agree.
    """
    telling = _telling(found.number_changes, "the number or day {0} stands where it had {1}", found)
    telling = telling or _telling(found.name_changes, "the name {0} stands where it had {1}", found)
    if telling:
        return telling
    if found.title_number:
        return f"only one of the two like titles says {found.title_number}"
    if found.title_denial and not _are_the_same(bodies()):
        return f"only one of the two like titles says “{found.title_denial}”"
    turned = [change for change in found.antonyms if change.in_title]
    if turned:
        return f"“{turned[0].ours}” stands where its title had “{turned[0].theirs}”"
    if found.unlisted_changes and not _agree(bodies()):
        change = found.unlisted_changes[0]
        return f"“{change.ours}” stands where it had “{change.theirs}”, which is no word but a name"
    if found.capital_changes and _is_hardly_spun(found) and not _agree(bodies()):
        change = found.capital_changes[0]
        return (
            f"“{change.ours}” stands where it had “{change.theirs}”, and hardly a word else changed"
        )
    return ""


def _telling(changes: tuple[Change, ...], words: str, found: Alignment) -> str:
    """Tell a change that counts: any in a title or a short text, two in a long one."""
    if not changes or (found.is_long and len(changes) < 2 and not changes[0].in_title):
        return ""
    return words.format(changes[0].ours, changes[0].theirs)


def _agree(bodies: Alignment | None) -> bool:
    """Whether the bodies are the same text, with names or numbers that say so."""
    return (
        bodies is not None
        and bodies.alike >= 0.9
        and bodies.shared_names + bodies.shared_numbers > 0
        and not bodies.capital_changes
    )


def _are_the_same(bodies: Alignment | None) -> bool:
    return bodies is not None and bodies.alike >= 0.95


def _is_hardly_spun(found: Alignment) -> bool:
    """Whether so few plain words were swapped that a changed capital must be a name's."""
    return found.word_swaps - len(found.capital_changes) < 0.08 * min(found.lengths)


def told(found: Alignment) -> str:
    """Say what is the same, in words for people."""
    words = min(found.lengths)
    names, numbers = found.shared_names, found.shared_numbers
    replaced = found.replaced
    how = f"with {replaced} of {words} words replaced one for one" if replaced else "word for word"
    if found.alike < 1 and not replaced:
        how = f"with {found.equal} of {max(found.lengths)} words the same and in order"
    return f"{how}; {_agreeing(names, found.foreign_names, 'name')} and " + (
        f"{_agreeing(numbers, found.foreign_numbers, 'number')} agree"
    )


def _agreeing(shared: int, foreign: tuple[int, int], noun: str) -> str:
    total = shared + min(foreign)
    noun = noun if total == 1 else noun + "s"
    if shared == total:
        return f"all {total} {noun}" if total > 1 else f"{total or 'no'} {noun}"
    return f"{shared} of {total} {noun}"


def is_near_identical(found: Alignment) -> bool:
    """Whether no word but function words and endings differs: enough even for titles alone."""
    return (
        not found.replaced
        and found.alike >= 0.85
        and min(found.lengths) >= 6
        and not found.negated_title
        and not any(found.foreign_names)
        and not any(found.foreign_numbers)
    )


def is_told_apart(found: Alignment) -> bool:
    """Whether long texts have too little in order: two reports of one event share names enough."""
    return found.is_long and found.contained < 0.5
