"""Taking the life out of texts of feeds: no mention, address, emoji or template is left in them.

Chats find those anywhere in a text, whatever else is escaped. A space of no width behind the sign
that they look for ends that, and readers do not see it.
"""

import re

GAP = "\u200b"
_LIVE = re.compile(
    r"[@#~<](?=\S)"  # mentions, hashtags, channels, tokens such as <!here> and <at>
    r"|:(?=//|[\w+-]+:)"  # addresses, emoji by name
    r"|(?<![\w-])www(?=\.)"
    r"|\](?=[(\[])"
    r"|\{(?=[{$%#])|\$(?=[{(])",  # templates
    re.IGNORECASE,
)
_LINE_STARTS = re.compile(r"^(?=[-+=#>|]|\d+[.)])", re.MULTILINE)
_MARKDOWN = re.compile(r"[\\`*_\[\]#~|]")


def lifeless(text: str) -> str:
    """Give a text in which a chat finds nothing to act on."""
    return _LIVE.sub(lambda found: found.group() + GAP, text)


def no_markdown(text: str) -> str:
    """Give a text that is the same text as Markdown; `<` and `>` are left to the caller."""
    return _LINE_STARTS.sub(GAP, _MARKDOWN.sub(r"\\\g<0>", text))
