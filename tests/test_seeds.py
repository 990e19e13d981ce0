"""The shipped newsroom is what its README says: well-formed, complete, and in our own words."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from rapidfuzz.distance import Levenshtein

from watcher.config import load
from watcher.demo import find_seeds, read_newsroom
from watcher.demo.playing import ALERTS_AT, FEEDS_AT, SECRET, SECRET_NAME
from watcher.model import (
    Document,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    Fetched,
    Item,
)
from watcher.parse import read
from watcher.stories import claims

SEEDS = find_seeds()
NEWSROOM = read_newsroom(SEEDS)
FOUNDING = (SEEDS / "blackberry-pakistan-spun-repost.txt").read_text("utf-8")
DOCUMENTS = [
    (edition, name, body)
    for edition in NEWSROOM.editions
    for name, body in edition.documents.items()
]
ORIGINAL = "http://mashable.com/2015/11/30/blackberry-pakistan-exit/"
SYNDICATED = "https://metro-courier.example/business/privacy-dispute"
SPUN = "https://techno-echo.example/p/1193"
FOUNDING_REPOST = "https://gadget-mirror.example/technology/blackberry-to-exit-pakistan"
INDEPENDENT = "https://harbour-wire.example/2015/11/30/pakistan-corporate-mail"
FOLLOW_UP = "https://harbour-wire.example/2015/12/31/blackberry-remains"
REVIEW = "https://circuit-monthly.example/blackberry-priv-month"
KINDS = {
    "mashable-tech": "rss20",
    "harbour-wire": "atom10",
    "karachi-ledger": "rss10",
    "circuit-monthly": "json11",
    "metro-courier": "rss20",
    "techno-echo": "atom10",
    "gadget-mirror": "rss20",
}


def parsed(name: str, body: bytes, moment: datetime) -> Document:
    feed = Feed(id=FeedId(Path(name).stem), url=f"{FEEDS_AT}/{name}")
    due = DueFeed(feed=feed, memory=FeedMemory(feed=feed.id, due_at=moment))
    document = read(due, Fetched(status=200, url=feed.url, body=body), moment)
    assert isinstance(document, Document), f"{name}: {document}"
    return document


@pytest.fixture(scope="module")
def items() -> Mapping[str, Item]:
    """Every item of every edition, by its link."""
    return {
        item.link: item
        for edition, name, body in DOCUMENTS
        for item in parsed(name, body, edition.moment).items
    }


def words(item: Item) -> list[str]:
    return re.findall(r"\w+", item.content.casefold())


def changed(one: Item, other: Item) -> float:
    """The share of words by which two texts differ."""
    return Levenshtein.normalized_distance(words(one), words(other))


# --- the documents ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edition", "name", "body"),
    DOCUMENTS,
    ids=[f"{edition.moment:%m-%d-%H}-{name}" for edition, name, _ in DOCUMENTS],
)
def test_every_document_is_well_formed_and_of_its_format(
    edition: object, name: str, body: bytes
) -> None:
    if name.endswith(".json"):
        assert json.loads(body)["version"] == "https://jsonfeed.org/version/1.1"
    else:
        root = ElementTree.fromstring(body)
        assert root.tag.rpartition("}")[2] in {"rss", "feed", "RDF"}


def test_every_document_parses_without_a_fault_and_in_the_format_that_the_readme_names() -> None:
    readme = (SEEDS / "README.md").read_text("utf-8")
    for edition, name, body in DOCUMENTS:
        document = parsed(name, body, edition.moment)
        assert (document.kind, document.faults) == (KINDS[Path(name).stem], ()), name
    assert set(KINDS) == set(re.findall(r"^\| `([a-z-]+)` \| ", readme, re.MULTILINE))


def test_the_editions_pass_a_day_in_order_and_begin_with_every_feed() -> None:
    moments = [edition.moment for edition in NEWSROOM.editions]
    assert moments == sorted(moments)
    assert moments[-1].year == 2016
    assert {Path(name).stem for name in NEWSROOM.editions[0].documents} == set(KINDS)


def test_a_changed_document_still_shows_something_of_the_one_before() -> None:
    shown: dict[str, set[str]] = {}
    for edition, name, body in DOCUMENTS:
        links = {item.link for item in parsed(name, body, edition.moment).items}
        assert not shown.get(name) or shown[name] & links, f"{name} would look like a gap"
        assert links - shown.get(name, set()), f"{name} brings nothing new at {edition.moment}"
        shown[name] = links


def test_no_item_is_published_after_the_edition_that_shows_it() -> None:
    for edition, name, body in DOCUMENTS:
        for item in parsed(name, body, edition.moment).items:
            assert item.published is not None
            assert item.published <= edition.moment, item.title


def test_the_newsroom_is_small_and_mostly_ordinary(items: Mapping[str, Item]) -> None:
    assert 20 <= len(items) <= 30
    watched = re.compile(r"blackberr|lawful\W+interception|back\W?door", re.IGNORECASE)
    ordinary = [
        item
        for item in items.values()
        if not watched.search(f"{item.title} {item.summary} {item.content}")
    ]
    assert len(ordinary) >= 15


def test_every_item_but_the_original_lives_at_an_invented_address(
    items: Mapping[str, Item],
) -> None:
    real = [link for link in items if not re.match(r"https://[a-z-]+\.example/", link)]
    assert real == [ORIGINAL]


# --- who copied whom ----------------------------------------------------------------------------


def test_the_founding_document_is_in_its_feed_word_for_word(items: Mapping[str, Item]) -> None:
    assert items[FOUNDING_REPOST].content.split() == FOUNDING.split()
    assert items[FOUNDING_REPOST].title in FOUNDING


def test_the_founding_repost_names_the_original_and_nothing_else_ties_it_to_it(
    items: Mapping[str, Item],
) -> None:
    assert [source.url for source in claims(items[FOUNDING_REPOST])] == [
        items[ORIGINAL].normal_link
    ]
    assert changed(items[FOUNDING_REPOST], items[ORIGINAL]) > 0.7


def test_the_original_is_no_rewording_of_the_founding_text(items: Mapping[str, Item]) -> None:
    """The founding text is spun from another's: no six words in a row of it may be in ours."""
    ours, theirs = words(items[ORIGINAL]), words(items[FOUNDING_REPOST])
    runs = [{tuple(text[n : n + 6]) for n in range(len(text) - 5)} for text in (ours, theirs)]
    assert not runs[0] & runs[1]


def test_the_syndicated_copy_is_verbatim_under_another_title_between_boilerplate(
    items: Mapping[str, Item],
) -> None:
    copy, original = items[SYNDICATED], items[ORIGINAL]
    assert original.content in copy.content
    assert len(copy.content) > len(original.content)
    assert (
        changed(replace(copy, content=copy.title), replace(original, content=original.title)) > 0.7
    )
    assert claims(copy) == ()


def test_the_spun_repost_swaps_words_and_names_no_source(items: Mapping[str, Item]) -> None:
    spun, original = items[SPUN], items[ORIGINAL]
    assert 0.1 < changed(spun, original) < 0.35
    assert len(words(spun)) == pytest.approx(len(words(original)), rel=0.05)
    assert claims(spun) == ()
    numbers = [re.findall(r"\d[\d,]*", text.content) for text in (spun, original)]
    assert numbers[0] == numbers[1]


def test_the_independent_report_and_the_follow_up_are_texts_of_their_own(
    items: Mapping[str, Item],
) -> None:
    for link in (INDEPENDENT, FOLLOW_UP, REVIEW):
        assert changed(items[link], items[ORIGINAL]) > 0.75
        assert claims(items[link]) == ()


# --- what must come of it -----------------------------------------------------------------------


def test_every_expected_alert_and_copy_is_an_item_of_its_feed(items: Mapping[str, Item]) -> None:
    for cited in [*NEWSROOM.expected, *expected_copies()]:
        item = items[str(cited["link"])]
        assert (item.feed, item.title) == (cited["feed"], cited["title"])


def expected_copies() -> Iterator[Mapping[str, object]]:
    for alert in NEWSROOM.expected:
        copies = alert["copies"]
        assert isinstance(copies, list)
        yield from copies


def test_what_is_expected_is_what_the_readme_tells() -> None:
    alerted = [alert["link"] for alert in NEWSROOM.expected]
    assert {ORIGINAL, INDEPENDENT, REVIEW, FOLLOW_UP} < set(alerted)
    assert Counter(alerted).most_common(1)[0][1] == 1
    evidence = {copy["link"]: copy["evidence"] for copy in expected_copies()}
    assert evidence == {SYNDICATED: "text", SPUN: "text", FOUNDING_REPOST: "attribution"}
    assert not set(evidence) & set(alerted)


def test_the_configuration_is_good_and_its_rules_pass_their_own_tests(tmp_path: Path) -> None:
    config = load(SEEDS / "config" / "watcher.yaml", {SECRET_NAME: SECRET}, check_tests=True)
    assert config.warnings == ()
    assert {feed.id for feed in config.feeds} == set(KINDS)
    assert [info.id for info in config.rules.infos] == [
        "lawful-interception",
        "back-door",
        "blackberry",
    ]


def test_the_configuration_names_the_documents_that_there_are() -> None:
    text = (SEEDS / "config" / "feeds.yaml").read_text("utf-8")
    urls = {feed["url"] for feed in yaml.safe_load(text)["feeds"]}
    assert urls == {f"{FEEDS_AT}/{name}" for name in NEWSROOM.editions[0].documents}
    assert ALERTS_AT in (SEEDS / "config" / "watcher.yaml").read_text("utf-8")


def test_a_wheel_carries_every_file_of_the_newsroom() -> None:
    project = SEEDS.parent
    settings = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    carried = {
        f"{folder}/{path.name}"
        for folder, patterns in settings["tool"]["setuptools"]["data-files"].items()
        for pattern in patterns
        for path in project.glob(pattern)
    }
    files = {path.relative_to(project) for path in SEEDS.rglob("*") if path.is_file()}
    assert {f"share/watcher/{path.as_posix()}" for path in files} <= carried
