"""A copy beside its lead: what is compared, and what is said of it."""

from collections import Counter
from html.parser import HTMLParser

import pytest

from tests.stories.telling import item
from tests.web.scene import Scene
from watcher.text.difference import LONGEST
from watcher.web import WebSettings
from watcher.web.beside import beside
from watcher.web.desk import Desk

LONG = "The river rose all night. " * 5_000
HOSTILE = '"><script>alert(1)</script></ins></details><img src=x onerror=alert(2)> '


def test_a_copy_word_for_word_says_so() -> None:
    found = beside(
        item(title="A flood", summary="It rose."), item(title="A Flood", summary="it rose")
    )
    assert found.is_verbatim
    assert found.told == "word for word as the lead"
    assert found.swaps == ()


def test_texts_are_compared_and_not_a_teaser_with_an_article() -> None:
    article = "The river rose all night and took the bridge. Nobody was hurt. It fell by noon."
    lead = item(title="A flood", summary="The river rose", content=article)
    copy = item(title="A flood", summary=article.replace("night", "day"))
    assert beside(lead, copy).swaps == (("night", "day"),)
    assert beside(copy, lead).swaps == (("day", "night"),)


def test_many_swaps_are_counted() -> None:
    ours = " ".join(f"same word{n}" for n in range(30))
    theirs = " ".join(f"same other{n}" for n in range(30))
    found = beside(item(summary=ours), item(summary=theirs))
    assert len(found.swaps) == 12
    assert found.more_swaps == 18


def test_what_was_not_compared_is_no_copy_word_for_word() -> None:
    found = beside(item(summary=LONG), item(summary=LONG))
    assert found.is_cut
    assert not found.is_verbatim
    assert found.text.left_off[0] >= len(LONG) - LONGEST


class Reader(HTMLParser):
    """Tells what a browser makes of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.starts: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.told: list[str] = []

    @property
    def tags(self) -> set[str]:
        return {*self.starts, *self.ends}

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.starts[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        self.ends[tag] += 1

    def handle_data(self, data: str) -> None:
        self.told.append(data)


@pytest.mark.parametrize("copied", [HOSTILE, HOSTILE * 200, "</p>" * 50, "\u202e<b>"])
def test_no_text_becomes_markup(played: Scene, copied: str) -> None:
    desk = Desk(played.given(WebSettings()))
    found = beside(item(title="A flood", summary="It rose."), item(title=copied, summary=copied))
    text = desk.piece("beside", found=found, open=True)
    read = Reader()
    read.feed(text)
    assert read.tags <= {"p", "ul", "li", "del", "ins", "details", "summary", "div", "span", "bdi"}
    assert read.ends == read.starts
    assert copied.strip() in "".join(read.told)
