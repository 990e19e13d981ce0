"""Items that nobody writes in good faith, and scripts that nobody here can read: no surprise.

Copies are found, the same sentence about something else is none, nothing raises, and nothing takes
more than its share of memory and time.
"""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.rules.bounded import bounded
from tests.stories.languages.scripts import SCRIPTS
from tests.stories.languages.telling import CHOICE, Two
from tests.stories.telling import SUMMARY, THEN, TITLE, beside, item, told
from watcher.model import Item, Verdict
from watcher.stories import claims, place, sketch
from watcher.stories.reading import BODY_WORDS, TITLE_WORDS, read
from watcher.stories.words import Kind

# --- scripts --------------------------------------------------------------------------------------

EACH_SCRIPT = [pytest.param(text, id=name) for name, text in SCRIPTS.items()]


@pytest.mark.parametrize("text", EACH_SCRIPT)
def test_in_every_script_the_same_text_is_a_copy(text: Two) -> None:
    earlier, _ = text.items
    title, summary = earlier.title, earlier.summary
    for copied in (
        item(title=title, summary=summary),
        item(title=f"{title} | Daily", summary=summary),
        item(title=f"  {title}\n", summary=summary),
        item(title=title.upper(), summary=summary),
        item(title=title, summary=f"{summary} http://other.example/1"),
        item(title=title, content=summary),
    ):
        assert beside(copied, earlier).verdict is Verdict.COPY, copied


def one_difference(text: Two) -> list[Two]:
    """Give the text once for each of its choices, with all others made alike for both items."""
    choices = sorted({found[0] for found in CHOICE.finditer(text.title + text.summary)})
    return [Two(*(_with_only(choice, part) for part in text)) for choice in choices]


def _with_only(choice: str, text: str) -> str:
    return CHOICE.sub(lambda found: choice if found[0] == choice else found[1], text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(one, id=f"{name}-{number}")
        for name, text in SCRIPTS.items()
        for number, one in enumerate(one_difference(text), 1)
    ],
)
def test_in_every_script_another_name_number_or_day_is_another_story(text: Two) -> None:
    earlier, later = text.items
    assert (earlier.title, earlier.summary) != (later.title, later.summary)
    assert beside(later, earlier).verdict is not Verdict.COPY, beside(later, earlier).because


# --- any text -------------------------------------------------------------------------------------

LETTERS = "".join(text.title + text.summary for text in SCRIPTS.values())
ANY_TEXT = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=st.sampled_from(LETTERS + " .…\n\x00\ud800<&;"), max_size=200),
    st.sampled_from([text.items[0].summary for text in SCRIPTS.values()]),
)
ANY_ITEM = st.builds(
    lambda title, summary, content, days: (title, summary, content, days),
    ANY_TEXT, ANY_TEXT, ANY_TEXT, st.integers(-1000, 1000),
)  # fmt: skip


def made(number: str, texts: tuple[str, str, str, int]) -> Item:
    title, summary, content, days = texts
    return item(number, title=title, summary=summary, content=content, days=days)


@given(ANY_ITEM, ANY_ITEM)
def test_any_two_items_get_a_verdict_with_a_reason(
    one: tuple[str, str, str, int], other: tuple[str, str, str, int]
) -> None:
    placed = beside(made("two", other), made("one", one))
    assert placed.because
    assert all(placed.because)
    assert (placed.verdict is Verdict.NEW) == (placed.of is None)


@given(st.lists(ANY_ITEM, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_candidates_does_not_matter(
    texts: list[tuple[str, str, str, int]], luck: object
) -> None:
    first, *others = [made(str(number), text) for number, text in enumerate(texts)]
    candidates = [told(other) for other in others]
    shuffled = list(candidates)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    assert place(first, (), (), candidates) == place(first, (), (), shuffled)


WORDS = sorted({word for text in SCRIPTS.values() for word in text.items[0].summary.split()})
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=12, max_size=40).map(" ".join)


@given(st.one_of(st.just(""), SENTENCE), SENTENCE)
@example("", "Monday Monday Monday Monday Monday Monday Monday ήξερε ήξερε ήξερε ήξερε ήξερε")
def test_what_equals_an_earlier_item_is_a_copy(title: str, summary: str) -> None:
    earlier = item("earlier", title=title, summary=summary)
    words = read(earlier).summary.words
    assume(sum(word.kind is not Kind.ARTICLE for word in words) >= 12)  # articles prove nothing
    placed = beside(item("later", title=title, summary=summary), earlier)
    assert (placed.verdict, placed.of) == (Verdict.COPY, "earlier"), placed.because


NAMES = ("Norway", "Tromsoe", "Northwind", "University")
OTHERS = st.sampled_from(["Zzyzx", "Ghent", "Okafor", "Lübeck", "Škoda", "Nuuk", "QVC"])


@given(st.sampled_from(NAMES), OTHERS, st.booleans())
def test_another_name_in_the_place_of_one_never_makes_a_copy(
    name: str, other: str, in_title: bool
) -> None:
    earlier = item("earlier", title=TITLE if in_title else "Routers recalled", summary=SUMMARY)
    later = item(
        "later",
        title=earlier.title.replace(name, other),
        summary=SUMMARY.replace(name, other),
    )
    assert beside(later, earlier).verdict is not Verdict.COPY


# --- soup -----------------------------------------------------------------------------------------

SOUP = '<p class="a"><b>%s</i></p><br/><script>x()</script>&amp;nbsp;<img src=x onerror=1><!-- '


def test_markup_that_was_left_in_a_text_is_told_without_a_fuss() -> None:
    soup = item("soup", title=f"<b>{TITLE}", summary=SOUP % SUMMARY, content="<" * 5_000)
    again = replace(soup, id="again", feed="other")  # type: ignore[arg-type]
    assert beside(again, soup).verdict is Verdict.COPY
    assert beside(item("plain", title=TITLE, summary=SUMMARY), soup).because


@pytest.mark.parametrize("title", ["", " ", "\x00", "\ud800", "…", "- | -", "<b></b>"])
def test_without_a_title_the_text_decides(title: str) -> None:
    earlier = item("earlier", title=TITLE, summary=SUMMARY)
    assert beside(item("later", title=title, summary=SUMMARY), earlier).verdict is Verdict.COPY
    assert beside(item("later", title=title), earlier).verdict is Verdict.NEW


@pytest.mark.parametrize("year", [1, 1970, 9999])
def test_dates_of_any_year_are_compared(year: int) -> None:
    then = datetime(year, 6, 1, tzinfo=UTC)
    now = item("now", title=TITLE, summary=SUMMARY)
    odd = replace(item("odd", title=TITLE, summary=SUMMARY), seen_at=then)
    assert beside(now, odd).verdict is Verdict.NEW
    assert beside(odd, now).verdict is Verdict.NEW
    next_day = replace(now, seen_at=then + timedelta(days=1))
    assert beside(next_day, odd).verdict is Verdict.COPY


def test_a_date_of_publication_says_nothing_about_copies() -> None:
    dated = replace(item("dated", title=TITLE, summary=SUMMARY),
                    published=datetime(9999, 12, 31, tzinfo=UTC))  # fmt: skip
    assert beside(item(title=TITLE, summary=SUMMARY), dated).verdict is Verdict.COPY


def test_time_that_goes_backwards_is_no_obstacle() -> None:
    late = item("late", title=TITLE, summary=SUMMARY, days=2)
    assert beside(item("early", title=TITLE, summary=SUMMARY), late).verdict is Verdict.COPY
    assert late.seen_at > THEN


# --- masses ---------------------------------------------------------------------------------------


def masses() -> dict[str, str]:
    """Give ten megabytes of this and that."""
    return {
        "prose": SUMMARY * 40_000,
        "identical sentences": "the same sentence again. " * 400_000,
        "one word": "x" * 10_000_000,
        "one capital word": "X" * 10_000_000,
        "surrogates": "\ud800 “(" * 2_500_000,
        "closing lines": "the post appeared first on the post " * 300_000,
        "addresses": "http://" * 1_400_000,
        "attributions": "Article source: " * 650_000,
        "sources": " via http://a.example/b-1 " * 400_000,
        "ellipses": "…" * 10_000_000,
        "breadcrumbs": "a > b / " * 1_250_000,
        "dashes": "A - " * 2_500_000,
        "datelines": "OSLO (" * 1_600_000,
        "elisions": "l'" * 5_000_000,
        "references": "&#39" * 2_500_000,
        "markup": "<p><b>" * 1_600_000,
        "accents": "a" + "\u0301" * 5_000_000,
        "han": "路由器" * 3_300_000,
        "digits": "1," * 5_000_000,
        "dotted thousands": "1.234" * 2_000_000 + " der die und",
        "spaces": " " * 10_000_000,
        "zeros": "\x00" * 10_000_000,
        "line feeds": "\n" * 10_000_000,
    }


PLACES_MASSES = """
from tests.stories.test_bad_input import place_all_masses
place_all_masses()
"""


def place_all_masses() -> None:
    for text in masses().values():
        one = item("one", title=text, summary=text, content=text)
        two = item("two", title=text, summary=text, content=text[5:])
        reading = read(one)
        assert len(reading.title) <= TITLE_WORDS
        assert max(len(reading.summary.words), len(reading.content.words)) <= BODY_WORDS
        sketch(one)
        claims(one)
        assert beside(two, one).because


def test_ten_megabytes_take_no_more_than_their_share_of_memory_and_time() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PLACES_MASSES],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
        preexec_fn=bounded,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
