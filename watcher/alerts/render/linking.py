"""The text of a message, with those of its addresses that may be links."""

import re
from collections.abc import Iterator

from watcher.model import Message

_ADDRESS = re.compile(r"https?://\S+")
_AFTER = ".,;:!?)]}>\"'"  # what a sentence puts behind an address

Piece = tuple[str, str]
"""Words, and the address that they link to; empty for none."""


def linked(message: Message) -> tuple[tuple[Piece, ...], ...]:
    """Give the lines of a tidy message's body in pieces, of which the joined words are the line.

    A link is only what `message.links` lists, whatever else may look like an address.
    """
    return tuple(tuple(_pieces(line, message.links)) for line in message.body.split("\n"))


def _pieces(line: str, links: tuple[str, ...]) -> Iterator[Piece]:
    at = 0
    for found in _ADDRESS.finditer(line) if links else ():
        address = found[0] if found[0] in links else found[0].rstrip(_AFTER)
        if address in links:
            if at < found.start():
                yield line[at : found.start()], ""
            yield address, address
            at = found.start() + len(address)
    if at < len(line):
        yield line[at:], ""
