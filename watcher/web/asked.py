"""What programs ask for in an address or a body, read strictly: what is not known is refused."""

import json
from collections.abc import Collection

from starlette.requests import Request

from watcher.web.problems import Problem

MOST, USUAL = 200, 50


def only(request: Request, *known: str) -> None:
    """Refuse parameters that mean nothing here, and those that are given twice."""
    given = [key for key, _ in request.query_params.multi_items()]
    for key in given:
        if key not in known:
            raise Problem(400, f"there is no parameter `{key[:40]}` here")
    if len(set(given)) < len(given):
        raise Problem(400, "a parameter is given twice")


def limit(request: Request) -> int:
    """Read how many are asked for."""
    text = request.query_params.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST):
        raise Problem(400, f"`limit` is a number from 1 to {MOST}")
    return int(text)


def texts(sent: bytes, known: Collection[str]) -> dict[str, object]:
    """Read a JSON object with no other keys than these; raises Problem where it is none."""
    try:
        told = json.loads(sent)
    except ValueError:
        raise Problem(400, "the body is not JSON") from None
    if not isinstance(told, dict):
        raise Problem(400, "a JSON object is wanted")
    for key in told:
        if key not in known:
            raise Problem(400, f"there is no `{key[:40]}` here")
    return told
