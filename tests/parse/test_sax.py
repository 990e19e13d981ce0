"""A text reaches feedparser in one piece."""

from io import BytesIO
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import InputSource

import feedparser

from watcher.parse.sax import create_parser

ITEM = b"<item><title>a &amp; b &lt;i&gt;c&lt;/i&gt; <![CDATA[<b>d</b>]]> e</title></item>"


class Pieces(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def characters(self, content: str) -> None:
        self.pieces.append(content)


def test_references_and_cdata_do_not_cut_a_text() -> None:
    parser, seen, source = create_parser(), Pieces(), InputSource()
    source.setByteStream(BytesIO(ITEM))
    parser.setContentHandler(seen)
    parser.parse(source)
    assert seen.pieces == ["a & b <i>c</i> <b>d</b> e"]


def test_feedparser_is_given_this_parser() -> None:
    assert feedparser.api.PREFERRED_XML_PARSERS == ["watcher.parse.sax"]
