"""The comparison of the two ways of reading finds what differs, and says when it has no data."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import reading
from tests.parse.documents import rss
from watcher.parse import slices
from watcher.store import SqlStore, open_store

ITEMS = [
    f"<guid>{n}</guid><title>Flood no. {n}</title><description>{n}a</description>" for n in range(4)
]


@pytest.fixture
def stores() -> Iterator[tuple[SqlStore, SqlStore]]:
    both = open_store("sqlite://"), open_store("sqlite://")
    yield both
    for store in both:
        store.close()


def changing() -> list[bytes]:
    return [rss(*ITEMS[n : n + 2], channel="<ttl>60</ttl>").encode() for n in (2, 1, 1, 0, 0)]


def test_both_ways_of_reading_give_the_same(stores: tuple[SqlStore, SqlStore]) -> None:
    tally = reading.compared("press", changing(), stores)
    assert tally.differences == []
    assert (tally.documents, tally.entries, tally.read) == (5, 6, 4)
    assert tally.ways == {"whole": 1, "new items only": 2, "same body": 2}


def test_a_document_is_changed_in_ways_that_are_read_by_what_is_new(
    stores: tuple[SqlStore, SqlStore],
) -> None:
    tally = reading.compared("press", reading.as_it_changes(rss(*ITEMS).encode()), stores)
    assert tally.differences == []
    assert tally.ways == {"whole": 1, "new items only": 2, "same items": 2}


def test_an_edit_that_goes_unnoticed_would_be_found(
    stores: tuple[SqlStore, SqlStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "_without_counts", lambda item: (item[:20], False))
    edited = [rss(ITEMS[0]).encode(), rss(ITEMS[0].replace("0a", "text")).encode()]
    assert "told apart otherwise" in str(reading.compared("press", edited, stores).differences)


def test_it_says_loudly_that_there_is_nothing_to_compare(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reading, "FEEDS", tmp_path / "none")
    monkeypatch.setattr("sys.argv", ["reading"])
    assert reading.main() == 1
    assert "NOTHING COMPARED" in capsys.readouterr().err
