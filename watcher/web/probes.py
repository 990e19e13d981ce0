"""Whether it lives, and whether it does its work: for those who watch the watcher."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from watcher.errors import StoreError
from watcher.web.desk import Desk


def healthz(desk: Desk, request: Request) -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


def readyz(desk: Desk, request: Request) -> Response:
    """Say whether the database answers and the jobs run; strangers get no details."""
    checks = {"database": _database_answers(desk), "jobs": desk.given.running()}
    checks["work"] = not desk.given.broken()
    good = all(checks.values())
    words = {name: "ok" if well else "failing" for name, well in checks.items()}
    told = {"status": "ok" if good else "failing", "checks": words}
    return JSONResponse(told, 200 if good else 503)


def _database_answers(desk: Desk) -> bool:
    try:
        with desk.given.store.reading() as tx:
            tx.next_due_at()
    except StoreError:
        return False
    return True
