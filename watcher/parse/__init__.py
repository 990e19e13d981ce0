"""Bytes become items; items are told apart from those seen before. Pure: values in, values out."""

from watcher.parse.apart import tell_apart
from watcher.parse.reading import body_hash, is_the_same, read
from watcher.parse.records import item_from_json, item_to_json

__all__ = ["body_hash", "is_the_same", "item_from_json", "item_to_json", "read", "tell_apart"]
