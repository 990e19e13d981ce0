"""German, French and Spanish: nothing that only looks alike is merged, what is a copy is found."""

from collections.abc import Sequence

import pytest

from tests.stories.languages.french import FRENCH
from tests.stories.languages.german import GERMAN
from tests.stories.languages.spanish import SPANISH
from tests.stories.languages.telling import Article, Language, Two
from tests.stories.telling import beside, item
from watcher.model import Verdict

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
