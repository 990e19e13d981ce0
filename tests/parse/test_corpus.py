"""Real and conformance documents, read through; they belong to others and are not in here."""

import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import feedparser
import pytest

from tests.parse.documents import look
from watcher.model import Document, Unreadable
from watcher.parse.drafts import ITEMS_AT_MOST

FEEDS = Path(__file__).parents[3] / "shared" / "data" / "feeds" / "dev"
LARGE = 200_000  # bytes; of these the everyday run reads every fourth


def documents(group: str, *, all_of_them: bool) -> Iterator[Path]:
    if not FEEDS.is_dir():
        pytest.skip(f"NOT TESTED against real feeds: there is no {FEEDS}")
    paths = sorted((FEEDS / group).iterdir())
    large = [path for path in paths if path.stat().st_size > LARGE]
    left_out = set() if all_of_them else {path for n, path in enumerate(large) if n % 4}
    yield from (path for path in paths if path not in left_out)


def items_as_feedparser_counts(body: bytes) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    return min(len(parsed.entries), ITEMS_AT_MOST)


def check(path: Path) -> None:
    body = path.read_bytes()
    read = look(body)
    assert isinstance(read, Document), (path.name, read)
    assert len({item.id for item in read.items}) == len(read.items), path.name
    if not read.kind.startswith("json"):
        # feedparser by itself does not see UTF-16 without a mark; we do
        assert len(read.items) == items_as_feedparser_counts(body) or b"\x00" in body, path.name
    for item in read.items:
        texts = {"summary": item.summary, "content": item.content}
        assert all(0 <= link.start <= link.end <= len(texts[link.field]) for link in item.links)
        assert item.link.startswith(("http", "ftp", "magnet")) or not item.link, path.name


@pytest.mark.parametrize("group", ["real", "conformance"])
def test_real_documents_are_read_with_as_many_items_as_feedparser_counts(group: str) -> None:
    for path in documents(group, all_of_them=False):
        check(path)


@pytest.mark.slow
@pytest.mark.parametrize("group", ["real", "conformance"])
def test_all_real_documents_are_read(group: str) -> None:
    for path in documents(group, all_of_them=True):
        check(path)


@pytest.mark.slow
def test_every_beginning_of_a_real_document_is_read_or_refused() -> None:
    for path in documents("real", all_of_them=False):
        body = path.read_bytes()
        for share in (0.1, 0.5, 0.9):
            assert isinstance(look(body[: int(len(body) * share)]), Document | Unreadable)
