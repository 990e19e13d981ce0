"""What every request must pass, and what every answer carries, whatever it is about.

Names other than ours are turned away (a page that rebinds its name to us would bear its own), what
changes something must come from a page of ours, and nothing is told to strangers.
"""

from collections.abc import Mapping
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from watcher.ports import Clock
from watcher.web.passwords import same
from watcher.web.problems import Problem, problem
from watcher.web.settings import WebSettings
from watcher.web.visitors import Visitors, new_name

HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
SAFE = ("GET", "HEAD", "OPTIONS")
FOR_ALL = ("/healthz", "/readyz", "/login", "/login/enter")
FOR_ALL_BELOW = ("/static/", "/feed/")  # the latter brings a token in its path
FOR_PROGRAMS = ("/api/", "/metrics", "/healthz", "/readyz")
MOST_BYTES = 64 * 1024  # of what is sent to us
ENDED = {"connection": "close"}  # for who sends more than we take
MOST_HEADERS = 32 * 1024  # bytes of them and of the address


class Guard:
    """Stands before the pages."""

    def __init__(
        self, app: ASGIApp, settings: WebSettings, visitors: Visitors, clock: Clock
    ) -> None:
        self._app = app
        self._settings, self._visitors, self._clock = settings, visitors, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it here."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        name = cookie_of(headers, self.cookie)
        scope["state"] = {"visitor": name or new_name()}
        if self._settings.https:
            scope["scheme"] = "https"
        refused = self._refused(scope, headers, name)
        answer: ASGIApp = refused or self._app
        fresh = None if name or refused else scope["state"]["visitor"]
        with suppress(ClientDisconnect):  # in the middle of a body: there is nobody to be told
            await answer(scope, _limited(receive), self._sealed(send, scope, fresh))

    @property
    def cookie(self) -> str:
        """What the cookie is called; browsers take the longer name over TLS only."""
        return "__Host-watcher" if self._settings.https else "watcher"

    def set_cookie(self, answer: Response | MutableHeaders, name: str) -> None:
        """Let a browser bring a visitor's name along from now on."""
        secure = "; Secure" if self._settings.https else ""
        told = f"{self.cookie}={name}; Path=/; HttpOnly; SameSite=Strict{secure}"
        headers = answer.headers if isinstance(answer, Response) else answer
        headers.append("set-cookie", told)

    def _refused(self, scope: Scope, headers: Headers, name: str) -> Response | None:
        path, method = scope["path"], scope["method"]
        if _host(headers.get("host", "")) not in self._settings.names:
            return PlainTextResponse("This is not a name of this server.\n", 421)
        if _size(scope) > MOST_HEADERS:
            return problem(431, f"headers of more than {MOST_HEADERS} bytes", ENDED)
        if int(_number(headers.get("content-length", "0"))) > MOST_BYTES:
            return problem(413, f"more than {MOST_BYTES} bytes", ENDED)
        if method not in SAFE and (foreign := self._comes_from_elsewhere(scope, headers)):
            return problem(403, foreign)
        if path in FOR_ALL or path.startswith(FOR_ALL_BELOW) or self._is_known(headers, name):
            return None
        if path.startswith(FOR_PROGRAMS) or path.startswith("/alerts."):
            asked = {"www-authenticate": 'Bearer realm="watcher"'}
            return problem(401, "log in, or send the token: Authorization: Bearer …", asked)
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        back = path + query if method in SAFE else "/"
        return RedirectResponse(f"/login?next={quote(back, safe='')}", 303)

    def _comes_from_elsewhere(self, scope: Scope, headers: Headers) -> str:
        """Tell why a request that changes something is not from a page of ours; empty: it is."""
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site not in (None, "same-origin"):
            return f"this came from another place ({site[:20]})"
        own = f"{scope['scheme']}://{headers.get('host', '')}"
        # under our Referrer-Policy browsers name no origin even to ourselves, but tell the site
        unnamed = origin == "null" and site == "same-origin"
        if origin not in (None, own) and not unnamed:
            return "this came from another place (Origin)"
        return ""

    def _is_known(self, headers: Headers, name: str) -> bool:
        settings = self._settings
        if settings.password is None:
            return True
        if settings.token is not None and same(bearer(headers), settings.token.reveal()):
            return True
        return bool(name) and self._visitors.is_logged_in(name, self._clock.now())

    def _sealed(self, send: Send, scope: Scope, fresh: str | None) -> Send:
        page = not scope["path"].startswith((*FOR_PROGRAMS, "/static/", "/feed/"))

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for key, value in HEADERS.items():
                    headers.setdefault(key, value)
                headers.setdefault("cache-control", "no-store")
                if fresh and page and "set-cookie" not in headers:
                    self.set_cookie(headers, fresh)
            await send(message)

        return sealed


def cookie_of(headers: Headers, name: str) -> str:
    """Find the visitor's name; empty where there is none that we could have given."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found is not None and 40 <= len(found.value) <= 50 else ""


def bearer(headers: Headers) -> str:
    """Give the token that a program sends."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _host(text: str) -> str:
    """Give the name in a Host header, without its port and brackets."""
    try:
        return (urlsplit(f"//{text}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _size(scope: Scope) -> int:
    """Add up what stands before the body: a server that gets it in one piece does not."""
    address = len(scope.get("raw_path", b"")) + len(scope["query_string"])
    return address + sum(len(key) + len(value) for key, value in scope["headers"])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else MOST_BYTES + 1


def _limited(receive: Receive) -> Receive:
    """Give up on a body that goes on for too long, whatever its length says."""
    got = 0

    async def limited() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > MOST_BYTES:
            raise Problem(413, f"more than {MOST_BYTES} bytes", ENDED)
        return message

    return limited
