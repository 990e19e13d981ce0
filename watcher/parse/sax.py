"""Expat as feedparser is to get it: a text comes in one piece, not cut at each reference in it.

Markup in a feed is full of references ("&lt;p&gt;"), and each piece costs feedparser as much as a
whole text. feedparser joins the pieces in the end, so that nothing is read otherwise.
"""

from typing import Any
from xml.sax.expatreader import ExpatParser


class WholeTexts(ExpatParser):
    """The standard parser, with texts put together before they are handed on."""

    _parser: Any

    def reset(self) -> None:
        """Begin anew."""
        super().reset()
        self._parser.buffer_text = True


def create_parser() -> WholeTexts:
    """Make a parser: what `xml.sax.make_parser` looks for in a module that it is given."""
    return WholeTexts()
