"""German, French and Spanish: nothing that only looks alike is merged, what is a copy is found."""

from collections.abc import Sequence

import pytest

from tests.stories.languages.french import FRENCH
from tests.stories.languages.german import GERMAN
from tests.stories.languages.spanish import SPANISH
from tests.stories.languages.telling import Article, Language, Two
from tests.stories.telling import beside, item
from watcher.model import Verdict
from watcher.stories.comparing import longest_pairing

LANGUAGES = (GERMAN, FRENCH, SPANISH)


def named(language: Language, pairs: Sequence[Two]) -> list[object]:
    return [pytest.param(pair, id=f"{language.name}-{n}") for n, pair in enumerate(pairs, 1)]


@pytest.mark.parametrize(
    "pair", [pair for language in LANGUAGES for pair in named(language, language.lookalikes)]
)
def test_what_only_looks_alike_is_not_merged(pair: Two) -> None:
    earlier, later = pair.items
    for one, other in ((earlier, later), (later, earlier)):
        assert beside(one, other).verdict is not Verdict.COPY, beside(one, other).because


@pytest.mark.parametrize(
    ("article", "title", "summary"),
    [
        pytest.param(article, title, summary, id=f"{language.name}-{number}-{guise}")
        for language in LANGUAGES
        for number, article in enumerate(language.articles, 1)
        for guise, (title, summary) in language.in_guises(article).items()
    ],
)
def test_the_same_text_in_another_guise_is_a_copy(
    article: Article, title: str, summary: str
) -> None:
    original = item("original", title=article.title, summary=article.summary)
    placed = beside(item(title=title, summary=summary), original)
    assert placed.verdict is Verdict.COPY, placed.because


@pytest.mark.parametrize(
    "pair", [pair for language in LANGUAGES for pair in named(language, language.edited)]
)
def test_a_lightly_edited_text_is_a_copy(pair: Two) -> None:
    earlier, later = pair.items
    assert beside(later, earlier).verdict is Verdict.COPY, beside(later, earlier).because


def test_what_is_turned_round_in_the_text_alone_is_seen_in_its_own_language() -> None:
    told = "Der Umsatz der Werft in Lindhafen {} im zweiten Quartal um neun Prozent, sagte sie."
    one = item("one", title="Werft legt Zahlen vor", summary=told.format("steigt"))
    other = item("two", title="Werft legt Zahlen vor", summary=told.format("fällt"))
    pairing = longest_pairing(other, one)
    assert pairing is not None
    assert [(turned.ours, turned.theirs) for turned in pairing.whole.antonyms] == [
        ("fällt", "steigt")
    ]
