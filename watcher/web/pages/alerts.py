"""Alerts, one alert, and the outbox: what waits, and what was given up."""

from starlette.requests import Request
from starlette.responses import Response

from watcher.alerts import drop_by_hand
from watcher.model import Alert, AlertKey, AlertState, RuleId
from watcher.web.addresses import feed_addresses
from watcher.web.desk import IN_ONE, PER_PAGE, Desk, Form, bookmark, cursor_of, done, next_page
from watcher.web.problems import Problem, nothing_there

WAITS = (AlertState.PENDING, AlertState.SENDING, AlertState.DOUBTFUL, AlertState.HELD)
AGAIN = (AlertState.DEAD, AlertState.DOUBTFUL, AlertState.SUPPRESSED)  # can be sent again
DROPPABLE = (AlertState.HELD, AlertState.PENDING, AlertState.DOUBTFUL, AlertState.DEAD)


def alerts(desk: Desk, request: Request) -> Response:
    """List alerts, newest first; those in a state or of a rule where that is asked."""
    states = asked_states(request)
    rule = RuleId(request.query_params.get("rule", "")) or None
    with desk.given.store.reading() as tx:
        found = tx.alerts_page(
            states, limit=PER_PAGE, before=bookmark(request.query_params.get("cursor")), rule=rule
        )
    more = next_page(request, found, lambda last: cursor_of(last.created_at, last.key))
    return desk.page(
        request,
        "alerts",
        alerts=found,
        more=more,
        states=[state.value for state in AlertState],
        asked=request.query_params.get("state", ""),
        rule=rule or "",
        rules=sorted(desk.given.in_service().rules)[:IN_ONE],
        feeds=feed_addresses(desk.given.settings, rule or ""),
    )


def asked_states(request: Request) -> tuple[AlertState, ...]:
    """Read which states are asked for; none means all."""
    asked = request.query_params.get("state", "")
    if not asked:
        return ()
    if asked not in list(AlertState):
        raise Problem(400, "`state` is none of " + ", ".join(AlertState))
    return (AlertState(asked),)


def alert(desk: Desk, request: Request) -> Response:
    """Show one alert: what it says, why it was promised, and what became of it."""
    name = AlertKey(request.path_params["key"])
    with desk.given.store.reading() as tx:
        found = tx.alert(name)
        if found is None:
            raise nothing_there("alert", name)
        attempts = tx.attempts(found.key)
        story = tx.find_story(found.story) if found.story else None
        members = tx.members(found.key)
    return desk.page(
        request,
        "alert",
        alert=found,
        attempts=attempts,
        story=story,
        members=members,
        again=found.state in AGAIN,
        droppable=found.state in DROPPABLE,
    )


def outbox(desk: Desk, request: Request) -> Response:
    """Show what waits to be sent, and what was given up."""
    with desk.given.store.reading() as tx:
        dead = tx.alerts_page((AlertState.DEAD,), limit=PER_PAGE)
        waiting = tx.alerts_page(WAITS, limit=PER_PAGE)
        numbers = tx.waiting()
    return desk.page(
        request, "outbox", dead=dead, waiting=waiting, numbers=numbers, again=AGAIN, drop=DROPPABLE
    )


def retry(desk: Desk, request: Request, form: Form) -> Response:
    """Send an alert again that was given up."""
    return done(_back(form, request), "retry" if retried(desk, request) else "kept")


def drop(desk: Desk, request: Request, form: Form) -> Response:
    """Give an alert up that has not arrived."""
    return done(_back(form, request), "dropped" if dropped(desk, request) else "not-dropped")


def retried(desk: Desk, request: Request) -> Alert | None:
    """Make an alert pending again; None where it cannot be."""
    now = desk.given.clock.now()
    with desk.given.store.transaction() as tx:
        found = tx.alert(request.path_params["key"])
        if found is None:
            raise nothing_there("alert", request.path_params["key"])
        if found.state not in AGAIN:
            return None
        tx.retry_alert(found, now)
        return tx.alert(found.key)


def dropped(desk: Desk, request: Request) -> Alert | None:
    """Suppress an alert; None where it is too late for that."""
    now = desk.given.clock.now()
    with desk.given.store.transaction() as tx:
        found = tx.alert(request.path_params["key"])
        if found is None:
            raise nothing_there("alert", request.path_params["key"])
        given_up = drop_by_hand(found, now)
        if given_up is not None:
            tx.resettle([given_up])
        return given_up


def _back(form: Form, request: Request) -> str:
    return "/outbox" if form.get("back") == "outbox" else f"/alerts/{request.path_params['key']}"
