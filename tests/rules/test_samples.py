"""A rule's own tests: samples that it must and must not match."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.rules.making import ruleset, spec
from watcher.rules import RuleFault, RuleTests, Sample
from watcher.rules.samples import item_of


def failed(rule: str, *, match: tuple[Sample, ...] = (), no_match: tuple[Sample, ...] = (),
           **more: Any) -> tuple[RuleFault, ...]:  # fmt: skip
    tests = RuleTests(match=match, no_match=no_match)
    return ruleset(spec(rule, tests=tests, **more)).failed_tests()


def test_samples_that_the_rule_answers_rightly_are_silent() -> None:
    assert failed("BlackBerry", match=("A BlackBerry",), no_match=("A blueberry",)) == ()


def test_a_sample_that_is_not_matched_says_what_is_false() -> None:
    (fault,) = failed('"back door" AND x1', match=("x1", "back door x1", "the back of the door"))[
        :1
    ]
    assert (fault.code, fault.part, fault.warning) == ("T301", ("tests", "match", 0), False)
    assert '"back door" is false' in fault.message


def test_a_near_miss_is_told() -> None:
    (fault,) = failed('"back door"', match=("back of the door",))
    assert "with 2 words between" in fault.message


def test_a_sample_that_is_matched_and_must_not_be_says_by_what() -> None:
    (fault,) = failed("berry", no_match=("fine", "two berries"))
    assert fault.part == ("tests", "no_match", 1)
    assert "berries" in fault.message
    assert "must not match" in fault.message


def test_a_sample_is_an_item_with_all_its_fields() -> None:
    sample = {
        "title": "<b>A</b>&amp;B",
        "summary": "S",
        "content": "<p>C</p><p>D</p>",
        "author": "Ann",
        "tag": ["t1", "t2"],
        "link": "https://a.example/",
        "feed": "f",
        "lang": "en",
        "published": "2015-11-30",
        "now": "2015-12-01T12:00:00+01:00",
    }
    item, now = item_of(sample)
    assert (item.title, item.content) == ("A&B", "C\nD")
    assert (item.authors, item.tags) == (("Ann",), ("t1", "t2"))
    assert (item.feed, item.language, item.link) == ("f", "en", "https://a.example/")
    assert item.published == datetime(2015, 11, 30, tzinfo=UTC)
    assert now == datetime(2015, 12, 1, 11, tzinfo=UTC)


def test_without_now_a_sample_is_seen_when_it_is_published() -> None:
    assert failed("x1 AND age<1s", match=({"title": "x1", "published": "2015-11-30"},)) == ()


def test_a_sample_without_feed_is_of_a_feed_the_rule_is_for() -> None:
    samples = ("x1", {"title": "x1", "feed": "tech-ars"})
    assert failed("x1", match=samples, feeds=("tech-*",)) == ()
    assert failed("x1", no_match=({"title": "x1", "feed": "law"},), feeds=("tech-*",)) == ()


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ({"titel": "x1"}, "did you mean 'title'"),
        ({"colour": "x1"}, "there are title,"),
        ({"title": 7}, "'title' of a sample is a text"),
        ({"tag": [7]}, "'tag' of a sample"),
        ({"tag": 7}, "'tag' of a sample"),
        ({"title": "x1", "published": "soon"}, "'published' of a sample is a date"),
    ],
)
def test_a_sample_that_is_no_item_is_a_fault(sample: Sample, told: str) -> None:
    (fault,) = failed("x1", match=(sample,))
    assert fault.code == "T302"
    assert told in fault.message


def test_a_rule_out_of_service_is_tested_too() -> None:
    assert len(failed("x1", match=("y1",), enabled=False)) == 1
