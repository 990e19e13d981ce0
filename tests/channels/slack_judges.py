"""Three judges of what Slack takes: its own SDK and two libraries that build messages.

None of them knows all limits, so a message must please them all. The two libraries only build: our
message is built again with them, which fails where it breaks a limit, and must come out the same.
"""

from collections.abc import Iterator
from typing import Any

import blockkit.core as kit
import slackblocks
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slackblocks.errors import InvalidUsageError
from slackblocks.rich_text.elements import RichText, RichTextLink
from slackblocks.rich_text.objects import RichTextList, RichTextQuote, RichTextSection

_KIT_ERRORS = (kit.FieldValidationError, kit.ComponentValidationError)


def objections(payload: dict[str, Any]) -> Iterator[str]:
    """Say who would not take the message, and why."""
    blocks = payload.get("blocks", [])
    try:
        for block in Block.parse_all(blocks):
            block.validate_json()
    except SlackObjectFormationError as trouble:
        yield f"slack_sdk: {trouble}"
    if not blocks:
        return
    try:
        message: Any = kit.Message(text=payload["text"], blocks=[_kit(block) for block in blocks])
        built = message.build()
        if built["blocks"] != blocks:
            yield "blockkit: builds something else"
    except _KIT_ERRORS as trouble:
        yield f"blockkit: {trouble}"
    try:
        again = slackblocks.Message("C0", payload["text"], [_rich(block) for block in blocks])
        if _bare(again.to_dict()["blocks"]) != _bare(blocks):
            yield "slackblocks: builds something else"
    except InvalidUsageError as trouble:
        yield f"slackblocks: {trouble}"


def _kit(node: dict[str, Any]) -> Any:
    match node["type"]:
        case "rich_text":
            return kit.RichText([_kit(each) for each in node["elements"]], node.get("block_id"))
        case "rich_text_section":
            return kit.RichTextSection([_kit(each) for each in node["elements"]])
        case "rich_text_quote":
            return kit.RichTextQuote([_kit(each) for each in node["elements"]])
        case "rich_text_list":
            return kit.RichTextList(node["style"], [_kit(each) for each in node["elements"]])
    style = kit.RichStyle(**node["style"]) if "style" in node else None
    if node["type"] == "link":
        return kit.RichLinkEl(node["url"], node["text"], style=style)
    return kit.RichTextEl(node["text"], style=style)


def _rich(node: dict[str, Any]) -> Any:
    match node["type"]:
        case "rich_text":
            elements = [_rich(each) for each in node["elements"]]
            return slackblocks.RichTextBlock(elements, node.get("block_id"))
        case "rich_text_section":
            return RichTextSection([_rich(each) for each in node["elements"]])
        case "rich_text_quote":
            return RichTextQuote([_rich(each) for each in node["elements"]])
        case "rich_text_list":
            return RichTextList(node["style"], [_rich(each) for each in node["elements"]])
    if node["type"] == "link":
        return RichTextLink(node["url"], node["text"], **node.get("style", {}))
    return RichText(node["text"], **node.get("style", {}))


def _bare(node: Any) -> Any:
    """Leave out what slackblocks always adds: ids of blocks, borders and offsets of nothing."""
    if isinstance(node, dict):
        return {
            key: _bare(value)
            for key, value in node.items()
            if key != "block_id" and not (key in {"offset", "border", "indent"} and not value)
        }
    return [_bare(each) for each in node] if isinstance(node, list) else node
