"""How everything is, what is wrong first."""

from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from watcher.web.charts import bars
from watcher.web.desk import Desk
from watcher.web.state import state_of

LAST_ALERTS = 8


def overview(desk: Desk, request: Request) -> Response:
    """Show how everything is."""
    state = state_of(desk.given)
    with desk.given.store.reading() as tx:
        alerts = tx.alerts_page(limit=LAST_ALERTS)
    hours = _hours(state.now)
    counts = [state.hits_in(hour) for hour in hours]
    told = f"matches by hour: {sum(counts)} in 24 hours, {max(counts)} in the busiest"
    chart = bars(counts, [f"{hour:%H:%M} UTC" for hour in hours], told)
    return desk.page(
        request,
        "overview",
        state=state,
        alerts=alerts,
        chart=chart,
        matches=sum(counts),
        busiest=max(counts),
    )


def _hours(now: datetime) -> tuple[datetime, ...]:
    this = now.replace(minute=0, second=0, microsecond=0)
    return tuple(this - timedelta(hours=back) for back in reversed(range(24)))
