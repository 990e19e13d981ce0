"""The ways out: how they do, and trying one."""

from starlette.requests import Request
from starlette.responses import Response

from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    ChannelHealth,
    ChannelName,
    Message,
    RouteName,
    content_id,
)
from watcher.web.desk import Desk, Form, done
from watcher.web.problems import nothing_there


def channels(desk: Desk, request: Request) -> Response:
    """List the ways out with their health."""
    service = desk.given.in_service()
    with desk.given.store.reading() as tx:
        health, numbers = tx.channels(), tx.waiting()
    rows = []
    for name, card in sorted(service.channels.items()):
        routes = [route.name for route in service.routes.values() if route.channel == name]
        waits = {one.state.value: one.number for one in numbers if one.channel == name}
        rows.append((card, health.get(name, ChannelHealth(name=name)), routes, waits))
    return desk.page(request, "channels", channels=rows)


def test(desk: Desk, request: Request, form: Form) -> Response:
    """Send a test alert, by the way that all alerts go."""
    return done(f"/alerts/{promise_test(desk, request.path_params['name']).key}", "tested")


def promise_test(desk: Desk, name: str) -> Alert:
    """Promise a test alert to a channel; at most one a second."""
    now = desk.given.clock.now()
    if name not in desk.given.in_service().channels:
        raise nothing_there("channel", name)
    alert = Alert(
        key=AlertKey(content_id("test", name, now.replace(microsecond=0).isoformat())),
        kind=AlertKind.TEST,
        route=RouteName(name),
        channel=ChannelName(name),
        story=None,
        item=None,
        message=Message(
            headline=f"This is a test of the channel {name}",
            body="Somebody asked for it on the status page. There is nothing to do.",
        ),
        because="asked for on the status page",
        created_at=now,
        due_at=now,
    )
    with desk.given.store.transaction() as tx:
        tx.promise(alert)
    return alert
