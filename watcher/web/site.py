"""All addresses, and what stands behind them."""

from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from watcher.errors import StoreError
from watcher.web.alert_feeds import atom, json_feed
from watcher.web.api import api_routes
from watcher.web.desk import Desk
from watcher.web.given import Given
from watcher.web.guard import FOR_PROGRAMS, Guard
from watcher.web.metrics import metrics
from watcher.web.pages.alerts import alert, alerts, drop, outbox, retry
from watcher.web.pages.channels import channels, test
from watcher.web.pages.feeds import feed, feeds
from watcher.web.pages.login import Login
from watcher.web.pages.overview import overview
from watcher.web.pages.program import about, config
from watcher.web.pages.rules import rule, rules
from watcher.web.pages.silences import add, expire, silences
from watcher.web.pages.stories import stories, story
from watcher.web.probes import healthz, readyz
from watcher.web.problems import problem

STATIC = Path(__file__).parent / "static"
PAGES = {
    "/": overview,
    "/feeds": feeds,
    "/feeds/{name}": feed,
    "/alerts": alerts,
    "/alerts.atom": atom,
    "/alerts.json": json_feed,
    "/feed/{token}/alerts.atom": atom,
    "/feed/{token}/alerts.json": json_feed,
    "/alerts/{key}": alert,
    "/outbox": outbox,
    "/stories": stories,
    "/stories/{id}": story,
    "/rules": rules,
    "/rules/{id}": rule,
    "/silences": silences,
    "/channels": channels,
    "/config": config,
    "/about": about,
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}
FORMS = {
    "/alerts/{key}/retry": retry,
    "/alerts/{key}/drop": drop,
    "/silences/add": add,
    "/silences/{id}/expire": expire,
    "/channels/{name}/test": test,
}


def site(given: Given) -> Guard:
    """Build all that is served."""
    desk = Desk(given)
    pages = Starlette(
        exception_handlers={
            HTTPException: partial(_told, desk),
            StoreError: partial(_no_store, desk),
            Exception: _bug,
        }
    )
    guard = Guard(pages, given.settings, desk.visitors, given.clock)
    pages.router.routes.extend(_routes(desk, Login(guard)))
    return guard


def _routes(desk: Desk, login: Login) -> list[BaseRoute]:
    return [
        *(Route(path, partial(show, desk), methods=["GET"]) for path, show in PAGES.items()),
        *(Route(path, desk.action(do), methods=["POST"]) for path, do in FORMS.items()),
        Route("/login", partial(login.show, desk), methods=["GET"]),
        Route("/login/enter", desk.action(login.enter), methods=["POST"]),
        Route("/logout", desk.action(login.leave), methods=["POST"]),
        *api_routes(desk),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


def _told(desk: Desk, request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if request.url.path.startswith((*FOR_PROGRAMS, "/feed/")):
        return problem(error.status_code, str(error.detail), headers)
    answer = desk.page(request, "problem", status=error.status_code, detail=error.detail)
    answer.headers.update(headers)
    return answer


def _no_store(desk: Desk, request: Request, error: Exception) -> Response:
    if request.url.path.startswith(FOR_PROGRAMS):
        return problem(503, "the database cannot be used at the moment")
    return desk.page(request, "problem", status=503, detail=str(error))


def _bug(request: Request, error: Exception) -> Response:
    """Tell nothing of a bug here: it is in the log, with its traceback."""
    if request.url.path.startswith(FOR_PROGRAMS):
        return problem(500, "this is a bug; the log has more")
    return PlainTextResponse("This is a bug; the log has more.\n", 500)
