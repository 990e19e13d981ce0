"""Bytes become items; items are told apart from those seen before. Pure: values in, values out."""

from watcher.parse.apart import tell_apart
from watcher.parse.fulltext import clean_pages, filled, page_mark, wished
from watcher.parse.reading import body_hash, read
from watcher.parse.records import item_from_json, item_to_json

__all__ = [
    "body_hash",
    "clean_pages",
    "filled",
    "item_from_json",
    "item_to_json",
    "page_mark",
    "read",
    "tell_apart",
    "wished",
]
