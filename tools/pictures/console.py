"""A page that shows what the console channel prints on a terminal, in its colours."""

import io
import re
from collections.abc import Sequence
from html import escape

from watcher.channels import ConsoleSettings, open_channel
from watcher.clock import SystemClock
from watcher.model import Alert, ChannelName

WIDTH = 100
_SHEET = """
body{margin:0;padding:16px;background:#16181c;color:#d6d9de}
pre{margin:0;font:14px/1.4 'Liberation Mono',monospace}
"""
_STYLES = {
    "1": "font-weight:bold",
    "2": "opacity:.6",
    "31": "color:#ff6b68",
    "34": "color:#6ca8ff",
    "35": "color:#d787ff",
    "36": "color:#56c8d8",
    "97": "color:#fff",
    "41": "background:#b3261e",
}


def terminal(alerts: Sequence[Alert]) -> str:
    """Show alerts as a terminal shows them."""
    stream = io.StringIO()
    name = ChannelName("console")
    settings = ConsoleSettings(name=name, stream=stream, width=WIDTH, colour=True)
    channel = open_channel(settings, SystemClock())
    for alert in alerts:
        channel.send(alert)
    shown = re.sub(r"\x1b\[([0-9;]*)m", _span, escape(stream.getvalue().rstrip()))
    return f'<!DOCTYPE html><meta charset="utf-8"><style>{_SHEET}</style><pre>{shown}</pre>'


def _span(found: re.Match[str]) -> str:
    if found[1] == "0":
        return "</span>"
    return f'<span style="{";".join(_STYLES[code] for code in found[1].split(";"))}">'
