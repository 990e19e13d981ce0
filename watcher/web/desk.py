"""What all pages have in common: their frame, their forms, and where they are in a list."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from watcher.alerts.render import web_link
from watcher.model import Bookmark, Quote
from watcher.text.spans import spoken
from watcher.web.given import Given
from watcher.web.passwords import same
from watcher.web.problems import Problem
from watcher.web.visitors import Doorkeeper, Visitors
from watcher.web.writing import Probe

HTML = Path(__file__).parent / "html"
PAGES = (
    ("/", "Overview"),
    ("/alerts", "Alerts"),
    ("/stories", "Stories"),
    ("/feeds", "Feeds"),
    ("/rules", "Rules"),
    ("/outbox", "Outbox"),
    ("/silences", "Silences"),
    ("/channels", "Channels"),
    ("/config", "Config"),
    ("/about", "About"),
)
PER_PAGE = 50
IN_ONE = 200  # of feeds and rules, which are few as a rule
Thing = TypeVar("Thing")
SAID = {  # after something was done; a page never says what its address says
    "retry": "It will be sent again now, under the same key.",
    "kept": "It was not one that can be sent again: nothing was changed.",
    "dropped": "It was dropped, and stays on record.",
    "not-dropped": "It is on its way, or has arrived: nothing was dropped.",
    "silenced": "The silence is in force.",
    "expired": "The silence has ended.",
    "tested": "A test alert is on its way; this page tells what becomes of it.",
}
Form = Mapping[str, str]
Action = Callable[["Desk", Request, Form], Response]


class Desk:
    """Where pages are made."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.visitors = Visitors()
        self.doorkeeper = Doorkeeper(given.settings.password)
        self.probe = Probe(given.prove_writable)
        self._environment = Environment(
            loader=FileSystemLoader(HTML),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            moment=moment, link=web_link, spoken=spoken, pieces=pieces, redacted=given.redacted
        )

    def page(self, request: Request, name: str, *, status: int = 200, **values: object) -> Response:
        """Make a page; what it shows is escaped."""
        now = self.given.clock.now()
        here = "/" + request.url.path.split("/")[1]
        text = self._environment.get_template(f"{name}.html").render(
            now=now,
            ago=lambda time: ago(time, now),
            pages=PAGES,
            here=here,
            form_token=self.visitors.form_token(request.state.visitor),
            asks_password=self.given.settings.password is not None,
            said=SAID.get(request.query_params.get("said", ""), ""),
            **values,
        )
        return HTMLResponse(text, status)

    def piece(self, name: str, **values: object) -> str:
        """Make a piece of HTML that stands by itself."""
        return self._environment.get_template(f"{name}.html").render(**values)

    def action(self, do: Action) -> Callable[[Request], Awaitable[Response]]:
        """Make an endpoint of what a form asks for; the form must be one of ours."""

        async def endpoint(request: Request) -> Response:
            async with request.form(max_files=0, max_fields=30) as sent:
                form = {key: value for key, value in sent.items() if isinstance(value, str)}
            token = self.visitors.form_token(request.state.visitor)
            if not same(form.get("form_token", ""), token):
                raise Problem(403, "this form is not one of ours, or too old: go back and reload")
            return await run_in_threadpool(do, self, request, form)

        return endpoint


def done(path: str, said: str) -> Response:
    """Go to a page that says what was done; `said` is one of `SAID`."""
    return RedirectResponse(f"{path}?{urlencode({'said': said})}", 303)


def moment(time: datetime | None) -> str:
    """Write a time for people: to the minute, in UTC."""
    return f"{time:%Y-%m-%d %H:%M}" if time else "–"


def ago(time: datetime | None, now: datetime) -> str:
    """Say how far away a time is."""
    if time is None:
        return "never"
    if time > now:
        return "in a moment" if time - now < timedelta(minutes=1) else f"in {spoken(time - now)}"
    return "just now" if now - time < timedelta(minutes=1) else f"{spoken(now - time)} ago"


def pieces(quote: Quote) -> list[tuple[str, bool]]:
    """Cut a quote into pieces, each with whether it is what matched."""
    cut, at = [], 0
    for start, end in sorted(quote.marks):
        if at <= start < end <= len(quote.text):
            cut += [(quote.text[at:start], False), (quote.text[start:end], True)]
            at = end
    return [(text, marked) for text, marked in (*cut, (quote.text[at:], False)) if text]


def cursor_of(at: datetime, name: str) -> str:
    """Write down where a page of a list ends, for the one after it."""
    told = f"{int(at.timestamp())}.{at.microsecond:06}|{name}"
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def bookmark(text: str | None) -> Bookmark | None:
    """Read where a page of a list begins; raises Problem where nobody wrote that."""
    if text is None:
        return None
    try:
        told = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        time, bar, name = told.decode().partition("|")
        seconds, _, micro = time.partition(".")
        at = datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micro))
    except (ValueError, binascii.Error, OverflowError, OSError):
        raise Problem(400, "this `cursor` is none that we gave") from None
    if not bar or cursor_of(at, name) != text:
        raise Problem(400, "this `cursor` is none that we gave")
    return Bookmark(at=at, id=name)


def next_page(request: Request, found: tuple[Any, ...], cursor: Callable[[Any], str]) -> str:
    """Give the address of the page after this one; empty where it is the last."""
    if len(found) < PER_PAGE:
        return ""
    asked = {key: value for key, value in request.query_params.items() if key != "said"}
    return f"{request.url.path}?{urlencode({**asked, 'cursor': cursor(found[-1])})}"


def numbered_page(request: Request, things: Sequence[Thing]) -> tuple[Sequence[Thing], str]:
    """Cut the asked-for page out of a list that is there as a whole; and the next one's address."""
    text = request.query_params.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text)):
        raise Problem(400, "`page` is a number from 1 on")
    end = int(text) * IN_ONE
    more = f"{request.url.path}?page={int(text) + 1}" if len(things) > end else ""
    return things[end - IN_ONE : end], more
