"""The samples of a rule's tests become items."""

from collections.abc import Mapping
from datetime import UTC, datetime

from watcher.model import FeedId, Item, ItemId, content_id
from watcher.rules.grammar.literals import instant
from watcher.rules.grammar.nearest import nearest
from watcher.rules.spec import Sample
from watcher.text.markup import plain, text_clean

_KEYS = ("title", "summary", "content", "author", "tag", "link", "feed", "lang", "published", "now")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class BadSample(Exception):  # noqa: N818 - it never leaves this room
    """A sample that cannot be read as an item; the text says why."""


def item_of(sample: Sample) -> tuple[Item, datetime]:
    """Read a sample: a string is a title; a mapping has the fields of an item, and `now`.

    Without `now`, it is the moment the sample was published. Texts may be HTML.
    """
    fields = {"title": sample} if isinstance(sample, str) else sample
    for key in fields:
        _check_key(key)
    published = _instant(fields, "published")
    now = _instant(fields, "now") or published or _LONG_AGO
    item = Item(
        id=ItemId(content_id(repr(sorted(fields.items(), key=str)))),
        feed=FeedId(_text(fields, "feed")),
        link=_text(fields, "link"),
        title=_plain(_text(fields, "title")),
        summary=_plain(_text(fields, "summary")),
        content=_plain(_text(fields, "content")),
        authors=_texts(fields, "author"),
        tags=_texts(fields, "tag"),
        language=_text(fields, "lang"),
        published=published,
        seen_at=now,
    )
    return item, now


def _check_key(key: str) -> None:
    if key not in _KEYS:
        likely = nearest(key, _KEYS)
        hint = f"; did you mean {likely[0]!r}?" if likely else f"; there are {', '.join(_KEYS)}"
        raise BadSample(f"a sample has no field {key!r}{hint}")


def _plain(text: str) -> str:
    return plain(text_clean(text))


def _text(fields: Mapping[str, object], key: str) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadSample(f"{key!r} of a sample is a text")
    return value


def _texts(fields: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = fields.get(key)
    if value is None or isinstance(value, str):
        return (_plain(value),) if value else ()
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise BadSample(f"{key!r} of a sample is a text or a list of texts")
    return tuple(_plain(one) for one in value)


def _instant(fields: Mapping[str, object], key: str) -> datetime | None:
    literal = _text(fields, key)
    if not literal:
        return None
    read = instant(literal)
    if read is None:
        raise BadSample(f"{key!r} of a sample is a date such as 2015-11-30T12:00:00Z")
    return read
