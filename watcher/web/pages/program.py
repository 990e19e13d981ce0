"""The program itself: its configuration, and what it is."""

from starlette.requests import Request
from starlette.responses import Response

from watcher.web.desk import Desk


def config(desk: Desk, request: Request) -> Response:
    """Show what is in service, without any secret, and how the last reload went."""
    return desk.page(
        request, "config", service=desk.given.in_service(), loading=desk.given.loading()
    )


def about(desk: Desk, request: Request) -> Response:
    """Show what this runs on, and what it holds."""
    with desk.given.store.reading() as tx:
        counts = tx.counts()
    given = desk.given
    return desk.page(
        request,
        "about",
        versions=given.versions,
        cautions=given.cautions,
        counts=counts,
        broken=given.broken(),
        running=given.running(),
        silent=sorted(given.silent()),
    )
