"""What a body is that is no feed, told so that the operator knows what to do."""

import re

from watcher.text.markup import door_clean, plain, tags

_SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "gzip data that was not unpacked"),
    (b"\x28\xb5\x2f\xfd", "zstd data that was not unpacked"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_PAGE_ELEMENTS = "html head body title meta link script style noscript div p h1 br b center table"
_OF_PAGES = frozenset(_PAGE_ELEMENTS.split())
_TITLE = re.compile(r"<title\b[^<>]*+>([^<]*+)", re.IGNORECASE)
_NAME = re.compile(r"[\w:.-]+")
_ROBOT = re.compile(
    r"just a moment|attention required|captcha|are you (?:a )?(?:human|robot)"
    r"|verify(?:ing)? (?:that )?you|checking your browser|ddos protection",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\blog ?in\b|\bsign ?in\b|captive|hotspot|wi-?fi|anmelden|connexion"
    r"|type\s*=\s*[\"']?password",
    re.IGNORECASE,
)


def looks_like_html(body: bytes) -> bool:
    """Tell whether a body begins as a web page does."""
    return _root(_beginning(body)) in _OF_PAGES


def what_it_is(body: bytes) -> str:
    """Tell in a few words what a body is that is no feed."""
    if not body.strip():
        return "an empty body"
    for signature, told in _SIGNATURES:
        if body.startswith(signature):
            return f"no feed but {told}"
    beginning = _beginning(body)
    if looks_like_html(body):
        return _page(beginning)
    if root := _root(beginning):
        return f"no feed but XML with the root element <{root[:60]}>"
    if "\ufffd" in beginning or "\x00" in beginning:
        return "no feed but bytes of an unknown kind"
    return f"no feed but plain text: “{_excerpt(beginning)}”"


def _page(beginning: str) -> str:
    title = _TITLE.search(beginning)
    name = f" “{_excerpt(title[1])}”" if title and title[1].strip() else ""
    if _ROBOT.search(beginning):
        return f"no feed but a check against robots: the web page{name}"
    if _LOGIN.search(beginning):
        return f"no feed but a web page{name}, perhaps a login page or a captive portal"
    return f"no feed but a web page{name}"


def _root(beginning: str) -> str:
    """Give the name of the first element, in lower case; bytes that look like one have none."""
    first = next(tags(beginning), None)
    return first.name if first and _NAME.fullmatch(first.name) else ""


def _beginning(body: bytes) -> str:
    return body[:20_000].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")


def _excerpt(text: str) -> str:
    """Give the first words, fit to be shown in one line."""
    words = " ".join(plain(door_clean(text)).split())
    return words if len(words) <= 80 else words[:79] + "…"
