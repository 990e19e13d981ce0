"""A page that shows Slack's blocks about as Slack does: as much of them as our messages use."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from watcher.channels.slack.blocks import in_blocks
from watcher.model import Alert

_SHEET = """
body{margin:0;padding:16px;background:#fff;color:#1d1c1d;font:15px/1.46 Lato,Arial,sans-serif}
.message{display:flex;gap:8px;margin:0 0 18px;overflow-wrap:anywhere}
.face{flex:none;width:36px;height:36px;border-radius:6px;background:#2b5c4f;color:#fff;
  font-weight:bold;text-align:center;line-height:36px}
.name{font-weight:bold}.app{font-size:10px;background:#ececec;color:#555;padding:1px 3px;
  border-radius:2px;margin:0 6px}.time{font-size:12px;color:#616061}
.block{margin:4px 0 8px}a{color:#1264a3;text-decoration:none}
blockquote{margin:4px 0;padding:0 0 0 12px;border-left:4px solid #ddd}
ul{margin:2px 0;padding-left:26px}
code{font:12px Menlo,'Liberation Mono',monospace;color:#e01e5a;background:#f6f6f6;
  border:1px solid #ddd;border-radius:3px;padding:2px 3px}
"""
_TAGS = {"bold": "b", "italic": "i", "code": "code"}


def conversation(alerts: Sequence[Alert]) -> str:
    """Show alerts as messages of one channel."""
    messages = "".join(_message(in_blocks(alert)["blocks"]) for alert in alerts)
    return f'<!DOCTYPE html><meta charset="utf-8"><style>{_SHEET}</style>{messages}'


def _message(blocks: Any) -> str:  # noqa: ANN401 - JSON
    told = "".join(f'<div class="block">{_many(block["elements"])}</div>' for block in blocks)
    name = '<span class="name">Watcher</span><span class="app">APP</span>'
    return (
        f'<div class="message"><div class="face">W</div><div>{name}'
        f'<span class="time">8:05 AM</span>{told}</div></div>'
    )


def _many(nodes: Sequence[Mapping[str, Any]]) -> str:
    return "".join(map(_shown, nodes))


def _shown(node: Mapping[str, Any]) -> str:
    match node["type"]:
        case "rich_text_section":
            return f"<div>{_many(node['elements'])}</div>"
        case "rich_text_quote":
            return f"<blockquote>{_many(node['elements'])}</blockquote>"
        case "rich_text_list":
            entries = (f"<li>{_shown(entry)}</li>" for entry in node["elements"])
            return f"<ul>{''.join(entries)}</ul>"
        case "text":
            return _styled(node, escape(node["text"]).replace("\n", "<br>"))
        case "link":
            return _styled(node, f'<a href="{escape(node["url"])}">{escape(node["text"])}</a>')
        case unknown:
            raise ValueError(unknown)


def _styled(node: Mapping[str, Any], told: str) -> str:
    for style in node.get("style", {}):
        told = f"<{_TAGS[style]}>{told}</{_TAGS[style]}>"
    return told
