"""Things that cannot be done, told to programs as RFC 9457 says and to people as a page."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

PROBLEM = "application/problem+json"


class Problem(HTTPException):
    """Something that was asked for cannot be done; the detail is fit to be shown."""


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """Tell a program what is wrong."""
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return JSONResponse(told, status, headers, media_type=PROBLEM)


def nothing_there(what: str, name: str) -> Problem:
    """Make the problem of a thing that is not there."""
    return Problem(404, f"there is no {what} “{name[:80]}”")
