"""How an alert reads: words in their context, plain text, HTML, and JSON for programs. Pure."""

from watcher.alerts.render.cut import grapheme_edge, shortened
from watcher.alerts.render.data import as_json
from watcher.alerts.render.html import as_html
from watcher.alerts.render.linking import linked
from watcher.alerts.render.phrases import headline, source_line, why
from watcher.alerts.render.plain import ASTERISKS, as_text
from watcher.alerts.render.quoting import cited, quotes, text_of
from watcher.alerts.render.retelling import retold
from watcher.alerts.render.tidy import one_line, pieces, tidy, web_link

__all__ = [
    "ASTERISKS",
    "as_html",
    "as_json",
    "as_text",
    "cited",
    "grapheme_edge",
    "headline",
    "linked",
    "one_line",
    "pieces",
    "quotes",
    "retold",
    "shortened",
    "source_line",
    "text_of",
    "tidy",
    "web_link",
    "why",
]
