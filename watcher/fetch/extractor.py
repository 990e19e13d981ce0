"""Finds the article on a page, in a process of its own that may be killed.

This file is run as a script and imports nothing of ours: what hostile HTML can do to a parser in C
is done to a process with no secrets and little memory. Each question is a line of JSON (`size`,
`charset`) and so many bytes of HTML; each answer is a line of JSON.
"""

import json
import os
import resource
import sys
from typing import Any, BinaryIO

MEMORY = 1024 * 1024 * 1024  # bytes
PATIENCE = 30  # seconds of computing for a page, should whoever asked be gone and kill nobody
TEXT_AT_MOST = 1_000_000  # characters


def found(html: bytes, charset: str) -> dict[str, Any]:
    """Give the article's text and the addresses that the page says it belongs to."""
    from trafilatura import extract, load_html  # noqa: PLC0415 - 25 MB, for those who need it

    tree = load_html(_decoded(html, charset))
    if tree is None:
        return {"text": "", "canonical": [], "og": []}
    canonical = [
        link.get("href") for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]  # fmt: skip
    og = [
        meta.get("content") for meta in tree.iter("meta")
        if (meta.get("property") or meta.get("name") or "").lower() == "og:url"
    ]  # fmt: skip
    text = extract(tree, include_comments=False, deduplicate=False) or ""
    return {
        "text": text[:TEXT_AT_MOST],
        "canonical": [one for one in canonical if one][:3],
        "og": [one for one in og if one][:3],
    }


def _decoded(html: bytes, charset: str) -> bytes | str:
    """Read it in the charset of the HTTP header, which counts for more than what it says itself."""
    try:
        return html.decode(charset) if charset else html
    except (LookupError, UnicodeError):
        return html


def answer(asked: BinaryIO, told: BinaryIO) -> None:
    """Answer questions until there are no more."""
    while line := asked.readline():
        question = json.loads(line)
        html = asked.read(question["size"])
        _allow_time()
        try:
            reply = found(html, question["charset"])
        except Exception as trouble:  # noqa: BLE001 - whatever a page does to a parser
            reply = {"trouble": type(trouble).__name__}
        told.write(json.dumps(reply).encode() + b"\n")
        told.flush()


def _allow_time() -> None:
    used = int(sum(os.times()[:2]))
    resource.setrlimit(resource.RLIMIT_CPU, (used + PATIENCE, resource.RLIM_INFINITY))


def main() -> None:
    """Be the process: nothing but answers goes to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answer(sys.stdin.buffer, told)


if __name__ == "__main__":
    main()
