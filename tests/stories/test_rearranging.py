import pytest

from tests.stories.telling import SPUN_TITLE, SUMMARY, TITLE, beside, item, original
from watcher.model import Verdict
from watcher.stories.rearranging import MOST, rearranged
from watcher.stories.words import Word, words_of

SENTENCES = (
    "Network maker Northwind said on Tuesday it would take back 40,000 home routers.",
    "An engineer at Tromsoe University found that anyone who knew one word could listen.",
    "The company asked its customers in Norway to unplug the boxes at once.",
)
SPUN = (
    "Network builder Northwind said on Tuesday it would carry back 40,000 house routers.",
    "A technician at Tromsoe University discovered that anyone who knew one term could listen.",
    "A firm asked its clients in Norway to disconnect the cartons at once.",
)
OTHERS = (
    "Shops in Bergen sold out of candles on Saturday after a storm had cut the power lines.",
    "Ola Berg promised fishermen from Hammerfest that their quotas would not shrink before May.",
)


def put_in_order(one: str, other: str) -> tuple[str, str] | None:
    found = rearranged(words_of(one), words_of(other))
    return None if found is None else (shown(found[0]), shown(found[1]))


def shown(words: tuple[Word, ...]) -> str:
    return " ".join(word.shown for word in words)


@pytest.mark.parametrize("order", [(1, 2, 0), (2, 0, 1), (2, 1, 0), (0, 2, 1)])
def test_a_spun_copy_with_its_sentences_moved_folds(order: tuple[int, ...]) -> None:
    moved = " ".join(SPUN[number] for number in order)
    first = original(summary=" ".join(SENTENCES))
    placed = beside(item(title=SPUN_TITLE, summary=moved), first)
    assert (placed.verdict, placed.of) == (Verdict.COPY, "original")


def test_two_reports_that_share_a_sentence_stay_two() -> None:
    one = original(title="Routers recalled", summary=" ".join((*SENTENCES[:2], SENTENCES[2])))
    other = item(title="Storm over Bergen", summary=" ".join((SENTENCES[2], *OTHERS)))
    assert beside(other, one).verdict is Verdict.NEW


def test_a_moved_sentence_with_another_name_stays_another_story() -> None:
    moved = " ".join((SENTENCES[2], SENTENCES[0], SENTENCES[1]))
    elsewhere = moved.replace("Northwind", "Southgate").replace("Norway", "Finland")
    first = original(title=TITLE, summary=" ".join(SENTENCES))
    title = TITLE.replace("Northwind", "Southgate").replace("Norway", "Finland")
    assert beside(item(title=title, summary=elsewhere), first).verdict is not Verdict.COPY


def test_one_text_is_put_into_the_order_of_the_other() -> None:
    a, b, c = SENTENCES
    found = put_in_order(f"{c} {a} {b}", f"{a} {b} {c}")
    assert found is not None
    assert found[0] == found[1] == shown(tuple(words_of(f"{a} {b} {c}")))


def test_texts_in_one_order_and_texts_that_share_too_little_are_left_alone() -> None:
    a, b, c = SENTENCES
    assert put_in_order(f"{a} {b} {c}", f"{a} {b} {c}") is None
    assert put_in_order(a, f"{b} {a}") is None  # one sentence has no order
    assert put_in_order(f"{b} {a} {OTHERS[0]}", f"{a} {b} {OTHERS[1]}") is None
    assert put_in_order("", SUMMARY) is None


def test_a_text_of_very_many_sentences_is_left_alone() -> None:
    many = [f"Router number {number} of {number} went back to shop {number}." for number in
            range(2, MOST + 3)]  # fmt: skip
    assert put_in_order(" ".join(many), " ".join(many[1:] + many[:1])) is None
    few = many[:MOST]
    assert put_in_order(" ".join(few), " ".join(few[1:] + few[:1])) is not None
