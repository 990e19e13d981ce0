"""Whether it lives, and whether it does its work: for those who watch the watcher."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from watcher.web.desk import Desk


def healthz(desk: Desk, request: Request) -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


def readyz(desk: Desk, request: Request) -> Response:
    """Say whether the work is done, and in a word what is not as it should be.

    Strangers get no details.
    """
    troubles = dict(_checks(desk))
    good = not any(troubles.values())
    told = {
        "status": "ok" if good else "failing",
        "checks": {name: "failing" if why else "ok" for name, why in troubles.items()},
        "because": [f"{name}: {why}" for name, why in troubles.items() if why],
    }
    return JSONResponse(told, 200 if good else 503)


def _checks(desk: Desk) -> Iterator[tuple[str, str]]:
    """Yield each thing that must be, and why it is not."""
    given = desk.given
    yield "database", desk.probe.trouble()
    yield "configuration", "" if given.in_service().settings else "none is in service"
    yield "jobs", "" if given.running() else "they do not run yet"
    yield "poll", "no sign of life for too long" if "poll" in given.silent() else ""
    yield "work", "a job fails; the page About tells which" if given.broken() else ""
