"""feedparser, kept from needing minutes for a hostile document.

Some of its steps take quadratic time (6.0.14, measured): 200 kB in one <author> keep it busy for
400 s, 100 kB of keywords for 4 s, 400 kB of blank lines in XHTML for 15 s, 500 kB of attributes for
20 s. It has no setting for any of them, so its two parsers are given bounds here: what lies beyond
is in no real document, and is left out.
"""

from io import BytesIO
from typing import Any

import feedparser
from feedparser import api

from watcher.parse import sax

AUTHOR_AT_MOST = 500  # characters of a name, in which it looks for an e-mail address
TAGS_AT_MOST = 200  # of one item
ATTRIBUTES_AT_MOST = 500  # of one element
BASE_AT_MOST = 2_000  # characters of an xml:base, to which it joins every link
PIECES_AT_MOST = 100  # of a text, beyond which blank ends are cut off in one go


class _Bounded:
    """Stands before feedparser's own parsers and lets through what is of sensible size."""

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: ANN401, N802
        if len(attrs) > ATTRIBUTES_AT_MOST:
            attrs = type(attrs)({}, {})
        super().startElementNS(name, qname, attrs)  # type: ignore[misc]

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> Any:  # noqa: ANN401
        kept = [(name, text) for name, text in attrs if not _is_long_base(name, text)]
        return super().unknown_starttag(tag, kept)  # type: ignore[misc]

    def pop(self: Any, element: str, strip_whitespace: int = 1) -> Any:  # noqa: ANN401
        if (
            strip_whitespace
            and self.elementstack
            and len(self.elementstack[-1][2]) > PIECES_AT_MOST
        ):
            self.elementstack[-1][2] = _without_blank_ends(self.elementstack[-1][2])
        return super().pop(element, strip_whitespace)  # type: ignore[misc]

    def _add_tag(self: Any, term: Any, scheme: Any, label: Any) -> None:  # noqa: ANN401
        tags = self._get_context().setdefault("tags", [])
        if len(tags) < TAGS_AT_MOST:
            super()._add_tag(term, scheme, label)  # type: ignore[misc]

    def _sync_author_detail(self: Any, key: str = "author") -> None:
        context = self._get_context()
        text = dict.get(context, key)
        if isinstance(text, str):
            context[key] = text[:AUTHOR_AT_MOST]
        super()._sync_author_detail(key)  # type: ignore[misc]


def _is_long_base(name: str, text: str) -> bool:
    return len(text) > BASE_AT_MOST and name.lower() in ("base", "xml:base")


def _without_blank_ends(pieces: list[str | bytes]) -> list[str | bytes]:
    filled = [number for number, piece in enumerate(pieces) if piece.strip()]
    return pieces[filled[0] : filled[-1] + 1] if filled else []


# feedparser looks these up by name, each time that it parses
api.StrictFeedParser = type("StrictFeedParser", (_Bounded, api.StrictFeedParser), {})
api.LooseFeedParser = type("LooseFeedParser", (_Bounded, api.LooseFeedParser), {})
api.PREFERRED_XML_PARSERS = [sax.__name__]


def parsed(body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """Let feedparser read a body; raises whatever it raises."""
    found: dict[str, Any] = feedparser.parse(
        BytesIO(body),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return found
