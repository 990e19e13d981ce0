"""Bytes become items; items are told apart from those seen before. Pure: values in, values out."""

from watcher.parse.apart import settled, tell_apart
from watcher.parse.discovery import offered
from watcher.parse.fulltext import clean_pages, filled, page_mark, wished
from watcher.parse.incremental import remember
from watcher.parse.oddities import oddities
from watcher.parse.reading import body_hash, is_same, read
from watcher.parse.records import item_from_json, item_to_json

__all__ = [
    "body_hash",
    "clean_pages",
    "filled",
    "is_same",
    "item_from_json",
    "item_to_json",
    "oddities",
    "offered",
    "page_mark",
    "read",
    "remember",
    "settled",
    "tell_apart",
    "wished",
]
