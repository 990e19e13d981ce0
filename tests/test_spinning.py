"""The spinners of the evaluation do what spinners do, and nothing else."""

import io
import json
from collections.abc import Callable
from random import Random

import pytest

from tests.stories.telling import SUMMARY, TITLE
from tools.spinning import (
    Spinner,
    Text,
    boiled,
    cut,
    edited,
    framed,
    headlined,
    house_list,
    retitled,
    rotated,
    shouted,
)
from tools.spinning.__main__ import main
from tools.spinning.structure import HEADLINE

Step = Callable[[Text, Random], Text]

ORIGINAL = Text(TITLE, SUMMARY)
SPUN = Spinner(house_list(), 0.3, articles=0.9).spin(ORIGINAL)


def words(text: Text) -> list[str]:
    return f"{text.title} {text.summary}".split()


def test_words_are_swapped_in_their_places() -> None:
    assert len(words(SPUN)) == len(words(ORIGINAL))
    changed = sum(one != other for one, other in zip(words(SPUN), words(ORIGINAL), strict=True))
    assert 0.1 <= changed / len(words(ORIGINAL)) <= 0.35


def test_names_and_numbers_stand() -> None:
    for kept in ("Northwind", "Norway", "Tromsoe", "University", "40,000", "Tuesday"):
        assert kept in SPUN.summary


def test_the_same_seed_spins_alike_and_another_does_not() -> None:
    spinner = Spinner(house_list(), 0.3, articles=0.9)
    assert spinner.spin(ORIGINAL) == SPUN
    assert Spinner(house_list(), 0.3, articles=0.9, seed=2).spin(ORIGINAL) != SPUN


def test_nothing_is_spun_to_degree_zero() -> None:
    assert Spinner(house_list(), 0.0).spin(ORIGINAL) == ORIGINAL


def test_a_word_keeps_its_form_and_its_capital() -> None:
    spinner = Spinner({"recall": ("remember",), "send": ("dispatch",), "marry": ("wed",)}, 1.0)
    spun = spinner.spin(Text("Recalls ended as they married sending", "She marries recalling"))
    assert spun == Text("Remembers ended as they weded dispatching", "She weds remembering")


def test_what_else_copies_do() -> None:
    rng = Random(1)
    assert rotated(ORIGINAL, rng).summary.startswith("The company asked")
    assert cut(ORIGINAL, rng).summary.endswith("…")
    assert len(cut(ORIGINAL, rng).summary) < 0.7 * len(SUMMARY)
    assert SUMMARY in boiled(ORIGINAL, rng).summary
    assert retitled(ORIGINAL, rng).summary == SUMMARY
    assert retitled(ORIGINAL, rng).title != TITLE
    assert edited(ORIGINAL, rng).title == f"{TITLE} - Daily Copy"
    assert shouted(ORIGINAL, rng).title == TITLE.upper()


def test_a_stream_of_items_is_spun_line_by_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = json.dumps({"id": "a", "title": TITLE, "summary": SUMMARY})
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{line}\n{line}\n"))
    monkeypatch.setattr("sys.argv", ["spinning", "--degree", "0.3", "--then", "shouted"])
    assert main() == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == second
    assert first == {"of": "a", "title": SPUN.title.upper(), "summary": SPUN.summary,
                     "content": ""}  # fmt: skip


def test_an_article_is_spun_with_its_summary_and_in_the_same_words() -> None:
    spinner = Spinner({"recall": ("remember",), "box": ("carton",)}, 1.0)
    spun = spinner.spin(Text("Firm recalls", "It recalls a box", "The firm recalls each box."))
    assert spun == Text(
        "Firm remembers", "It remembers a carton", "The firm remembers each carton."
    )


LONG = " ".join(f"Sentence number {number} ends here." for number in range(12))
ARTICLE = Text(TITLE, SUMMARY, LONG)


@pytest.mark.parametrize("step", [cut, rotated, boiled, framed, edited])
def test_what_is_done_to_a_summary_is_done_to_the_article_too(step: Step) -> None:
    copied = step(ARTICLE, Random(1))
    assert copied.summary != SUMMARY
    assert copied.content != LONG
    assert step(ORIGINAL, Random(1)).content == ""


def test_boilerplate_stands_around_and_between_the_sentences() -> None:
    framed_ = framed(ARTICLE, Random(3))
    assert TITLE in framed_.title
    assert framed_.title != TITLE
    assert LONG not in framed_.content
    added = framed_.content
    for sentence in LONG.split(". "):
        assert sentence in framed_.content
        added = added.replace(sentence, "")
    assert len(added.split()) > 5


def test_another_headline_is_made_of_the_words_of_the_text() -> None:
    told = headlined(ORIGINAL, Random(1)).title
    assert told != TITLE
    assert told.lower() in SUMMARY.lower()
    assert len(told.split()) == HEADLINE
    assert headlined(Text("", "", ""), Random(1)).title == ""


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("degree", "met"),
    [(0.1, 0.1), (0.25, 0.25), (0.4, 0.4), (0.5, 0.41)],  # names and function words stand
)
def test_any_degree_is_met_that_names_and_function_words_leave(
    degree: float, met: float, seed: int
) -> None:
    everything = {word: (f"x{word}",) for word in ORIGINAL.summary.lower().split()}
    spun = Spinner(everything, degree, seed=seed).spin(Text("", SUMMARY))
    changed = sum(a != b for a, b in zip(words(spun), words(Text("", SUMMARY)), strict=True))
    assert changed / len(SUMMARY.split()) == pytest.approx(met, abs=0.05)
