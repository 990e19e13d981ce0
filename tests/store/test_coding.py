"""What has no table of its own goes to JSON and comes back the same."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import (
    Alert,
    Attempt,
    Cited,
    Feed,
    FeedId,
    FeedMemory,
    FullText,
    Hit,
    Item,
    Link,
    MatchedRule,
    Message,
    Occurrence,
    Placement,
    Planned,
    Quote,
    RuleInfo,
    Severity,
)
from watcher.model import Source as Named
from watcher.store import coding
from watcher.store.tables import metadata

TIMES = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9999, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
TEXT = st.text(max_size=20)
OFFSETS = st.integers(0, 10**6)
SPANS = st.timedeltas(timedelta(0), timedelta(days=4_000))
T = TypeVar("T")


def texts() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(TEXT, max_size=3).map(tuple)


def some(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


CITED = st.builds(
    Cited,
    item=TEXT,
    title=TEXT,
    link=TEXT,
    feed=TEXT,
    feed_title=TEXT,
    published=st.none() | TIMES,
    seen_at=TIMES,
    summary=TEXT,
)
QUOTES = st.builds(Quote, field=TEXT, text=TEXT, marks=some(st.tuples(OFFSETS, OFFSETS)))
RULES = st.builds(
    MatchedRule,
    id=TEXT,
    title=TEXT,
    severity=st.sampled_from(Severity),
    quotes=some(QUOTES),
)
MESSAGES = st.builds(
    Message,
    headline=TEXT,
    severity=st.sampled_from(Severity),
    lead=st.none() | CITED,
    rules=some(RULES),
    copies=some(CITED),
    original=TEXT,
    evidence=texts(),
    body=TEXT,
)
FEEDS = st.builds(
    Feed,
    id=TEXT,
    url=TEXT,
    title=TEXT,
    language=TEXT,
    tags=texts(),
    every=st.none() | SPANS,
    backfill=OFFSETS | SPANS,
    full_text=st.sampled_from(FullText),
)
LINKS = st.builds(
    Link, url=TEXT, field=st.sampled_from(["summary", "content"]), start=OFFSETS, end=OFFSETS
)
OCCURRENCES = st.builds(
    Occurrence,
    field=TEXT,
    value=OFFSETS,
    start=OFFSETS,
    end=OFFSETS,
    text=TEXT,
    term=TEXT,
    how=TEXT,
)


@given(MESSAGES)
def test_a_message_comes_back_the_same(message: Message) -> None:
    assert coding.read_message(coding.write_message(message)) == message


@given(FEEDS)
def test_a_feed_comes_back_the_same(feed: Feed) -> None:
    assert coding.read_feed(coding.write_feed(feed)) == feed


@given(some(LINKS))
def test_links_come_back_the_same(links: tuple[Link, ...]) -> None:
    assert coding.read_links(coding.write_links(links)) == links


@given(some(st.builds(Named, url=TEXT, how=TEXT)))
def test_sources_come_back_the_same(sources: tuple[Named, ...]) -> None:
    assert coding.read_sources(coding.write_sources(sources)) == sources


@given(some(OCCURRENCES))
def test_occurrences_come_back_the_same(occurrences: tuple[Occurrence, ...]) -> None:
    assert coding.read_occurrences(coding.write_occurrences(occurrences)) == occurrences


@given(texts())
def test_texts_come_back_the_same(told: tuple[str, ...]) -> None:
    assert coding.texts(coding.written(told)) == told


def test_the_stored_form_of_a_message_is_a_promise() -> None:
    seen = datetime(2026, 3, 2, 12, 0, 0, 1, tzinfo=UTC)
    cited = '{"item":"i","title":"t","link":"l","feed":"f","feed_title":"F",'
    cited += f'"published":null,"seen_at":{1_772_452_800_000_001},"summary":""}}'
    stored = (
        '{"headline":"h","severity":40,"lead":' + cited + ',"rules":[{"id":"r","title":"R",'
        '"severity":30,"quotes":[["title","é",[[0,1]]]]}],"copies":[],"original":"",'
        '"evidence":["e"],"body":""'
    )
    entries = '"entries":[{"alert":"a","headline":"h","severity":30,"lead":null,"rules":["r"],'
    entries += '"copies":2}],"entries_left_out":1}'
    of_today = f'{stored},"subject":"s",{entries}'
    message = coding.read_message(f"{stored}}}")  # as it was written before there were digests
    assert message.lead is not None
    assert message.lead.seen_at == seen
    assert (message.subject, message.entries, message.entries_left_out) == ("", (), 0)
    assert coding.write_message(coding.read_message(of_today)) == of_today


def test_what_is_no_json_is_never_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        coding.written(float("nan"))


KEYS_OF_FEED = set(json.loads(coding.write_feed(Feed(id=FeedId("f"), url="u"))))
KEYS_OF_MESSAGE = set(json.loads(coding.write_message(Message(headline="h"))))
COLUMNS = {name: set(table.columns.keys()) for name, table in metadata.tables.items()}


@pytest.mark.parametrize(
    ("noun", "stored"),
    [
        (Feed, KEYS_OF_FEED),
        (Message, KEYS_OF_MESSAGE | {"links"}),  # of a template's words, which are never kept
        (Item, COLUMNS["item"] | {"feed_hash"}),  # it is the text_hash that is stored
        (FeedMemory, COLUMNS["feed"] | {"feed", "day"}),  # the day is stored with the habits
        (Placement, COLUMNS["placement"] | {"leads"}),  # the row of the story tells who leads
        (Planned, COLUMNS["plan"]),
        (Alert, COLUMNS["alert"] | {"parent"}),  # another row
        (Attempt, COLUMNS["attempt"]),
        (Hit, COLUMNS["hit"]),
        (RuleInfo, COLUMNS["hit"] | {"id", "expected", "facts"}),  # asked of the configuration
    ],
)
def test_no_field_of_a_noun_is_forgotten(noun: type, stored: set[str]) -> None:
    assert {field.name for field in fields(noun)} - stored == set()
