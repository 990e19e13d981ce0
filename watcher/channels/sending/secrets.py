"""Keeping secrets out of every text that leaves a channel."""

import base64
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from watcher.model import Secret

HIDDEN = "***"
_PART_AT_LEAST = 6  # characters; shorter parts of an address are words like `hooks`


class Redactor:
    """Replaces what is secret in a text by `***`: the secrets, and the telling parts of addresses.

    Parts matter since receivers echo them: a path without its host, a token of a query.
    """

    def __init__(self, secrets: Iterable[Secret]) -> None:
        words = {word for secret in secrets for word in _words(secret.reveal()) if word}
        self._words = tuple(Secret(word) for word in sorted(words, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        """Give the text without what is secret in it."""
        for word in self._words:
            text = text.replace(word.reveal(), HIDDEN)
        return text


def _words(secret: str) -> Iterator[str]:
    yield secret
    yield secret.strip()
    yield secret.removeprefix("whsec_").strip("=")
    yield base64.b64encode(secret.encode("utf-8", "surrogatepass")).decode().strip("=")
    if "://" in secret:
        yield from _parts_of_address(secret)


def _parts_of_address(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    yield from (part for part in (parts.username, parts.password) if part)
    values = [value for _, value in parse_qsl(parts.query)]
    for part in (parts.path, parts.query, parts.fragment, *parts.path.split("/"), *values):
        for form in (part, unquote(part)):
            if len(form) >= _PART_AT_LEAST:
                yield form
