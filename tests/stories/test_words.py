from hypothesis import given
from hypothesis import strategies as st

from tests.stories.telling import SPUN_SUMMARY, SPUN_TITLE, SUMMARY, TITLE, beside, item, original
from watcher.model import Verdict
from watcher.stories.indexing import words
from watcher.stories.reading import read
from watcher.stories.words import words_of


def test_names_and_numbers_come_first_and_function_words_never() -> None:
    found = words(original())
    assert found[:4] == ("northwind", "norway", "tromsoe", "university")
    assert {"40000", "tuesday"} <= set(found)
    assert not {"the", "of", "it", "that"} & set(found)
    assert len(found) <= 24


def test_a_spun_copy_shares_the_telling_words() -> None:
    spun = words(item(title=SPUN_TITLE, summary=SPUN_SUMMARY))
    assert set(words(original())[:6]) <= set(spun)


def test_capitals_of_a_headline_make_no_names() -> None:
    found = words(item(title="Police Find Money In River Near Hammerfest"))
    assert found[0] == "hammerfest"
    assert words(item(title="US and IT staff leave for the WHO"))[:3] == ("us", "it", "who")


def test_scripts_without_spaces_are_looked_up_by_pairs() -> None:
    assert words(item(title="東京の路線"))[:2] == ("東京", "京の")
    assert "الشبكات" in words(item(title="شركة الشبكات تسحب"))


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_gives_the_same_few_distinct_words_again(title: str, summary: str) -> None:
    found = words(item(title=title, summary=summary))
    assert found == words(item("other", title=title, summary=summary))
    assert len(found) == len(set(found)) <= 24
    assert all(0 < len(word) <= 64 for word in found)


def test_spelling_of_numbers_and_days_does_not_matter() -> None:
    one = item("one", title=TITLE, summary=SUMMARY)
    other = SUMMARY.replace("40,000", "40000").replace("Tuesday", "Tues.")
    assert beside(item(title=TITLE, summary=other), one).verdict is Verdict.COPY


def test_what_is_left_of_references_escaped_twice_is_read_as_it_was_meant() -> None:
    meant = read(
        item(title="Boats won't leave Bodoe", summary="Fish & chips, it's \u201chot\u201d")
    )
    left = read(item(title="Boats won #39;t leave Bodoe",
                     summary="Fish &amp; chips, it&#39;s quot;hot#8221;"))  # fmt: skip
    assert [word.key for word in left.title] == [word.key for word in meant.title]
    assert [word.key for word in left.summary.words] == [w.key for w in meant.summary.words]


def test_a_number_and_the_word_tied_to_it_are_two_words() -> None:
    found = words_of("A 14-year-old and 5-foot-9 F-16, 6-5 at 10:30am, Oslo,take U.S 1,200.5")
    assert [word.key for word in found] == [
        "a", "14", "year-old", "and", "5", "foot-9", "f-16", "6-5", "at", "10:30am", "oslo", "take",
        "us", "1200.5",
    ]  # fmt: skip


def test_a_spun_word_behind_a_number_makes_no_other_number_of_it() -> None:
    told = "A 14-{0} rule ends in Norway, where a 100-{1} quay and a 2-{2} ferry were the promise."
    one = item("one", title=TITLE, summary=told.format("year", "metre", "deck"))
    other = item(title=SPUN_TITLE, summary=told.format("twelvemonth", "measure", "pack"))
    assert beside(other, one).verdict is Verdict.COPY
