"""Posting over HTTP, once: no redirects, no environment, no cookies, a deadline for it all."""

import io
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from watcher.alerts.render import one_line
from watcher.channels.sending.answers import Answer, retry_after
from watcher.channels.sending.fuse import Fuse, watch
from watcher.channels.sending.secrets import Redactor
from watcher.channels.sending.trouble import told
from watcher.model import Doubtful, Refused, Secret, TryLater
from watcher.ports import Clock

Failed = TryLater | Doubtful | Refused

READ_AT_MOST = 4_096  # bytes of an answer; its beginning tells
_ALWAYS = {
    "User-Agent": "Watcher",
    "Accept": "*/*",
    "Accept-Encoding": "identity",  # an answer cannot grow while it is read
    "Connection": "close",  # one that was kept may be dead, and then nobody knows what arrived
}


class Poster:
    """Posts to one address, which is a secret unless it is given as a text."""

    def __init__(
        self,
        url: Secret | str,
        clock: Clock,
        *,
        timeout: timedelta,
        ca_file: str = "",
        secrets: Sequence[Secret] = (),
        read_at_most: int = READ_AT_MOST,
    ) -> None:
        self._url = url if isinstance(url, Secret) else Secret(url)
        self._read_at_most = read_at_most
        self._clock = clock
        self._timeout = timeout
        self._redact = Redactor((*([url] if isinstance(url, Secret) else []), *secrets))
        self._ca_file = ca_file

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer | Failed:
        """Post once and give the answer, or why there is none; never raises for the world's sake.

        What failed before the body was touched cannot have arrived; afterwards it may have.
        """
        sent = _Body(body)
        with Fuse(self._timeout) as fuse:
            try:
                return self._posted(sent, headers, fuse)
            except (requests.RequestException, HTTPError, OSError, ValueError) as trouble:
                return self._failed(trouble, sent, fuse)

    def _posted(self, body: "_Body", headers: Mapping[str, str], fuse: Fuse) -> Answer:
        with (
            _session(self._ca_file) as session,
            session.post(
                self._url.reveal(),
                data=body,
                headers={**_ALWAYS, **headers},
                timeout=self._timeout.total_seconds(),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            text, whole = _beginning(response, self._read_at_most)
            asked = response.headers.get("Retry-After", "")
            return Answer(
                status=response.status_code,
                text=self._redact(one_line(text, self._read_at_most)),
                whole=whole and not fuse.blown,  # a cut looks like an end
                retry_after=retry_after(asked, self._clock.now()),
            )

    def _failed(self, trouble: Exception, body: "_Body", fuse: Fuse) -> Failed:
        late = f"no answer within {self._timeout.total_seconds():g} s"
        reason = self._redact(late if fuse.blown else told(trouble))
        if body.touched:
            return Doubtful(reason=f"the answer was lost: {reason}")
        if isinstance(trouble, ValueError):  # requests' own errors about addresses are that too
            return Refused(reason="the address cannot be used; is it a whole http or https URL?")
        return TryLater(reason=f"no connection: {reason}")


class _Body(io.BytesIO):
    """A request body that knows whether any of it was taken to be written."""

    touched = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.touched = True
        return super().read(size)


def _beginning(response: requests.Response, at_most: int) -> tuple[str, bool]:
    """Read the beginning of an answer; that this fails does not unsay its status."""
    try:
        return response.raw.read(at_most).decode("utf-8", "replace"), True
    except (HTTPError, OSError, ValueError):
        return "", False


def _session(ca_file: str) -> requests.Session:
    """Make a session for one conversation.

    A longer one would keep the connection where the server does not say "close" itself, and send
    the next alert into a connection that may be dead.
    """
    session = requests.Session()
    session.trust_env = False  # no proxies, no .netrc: what is not configured does not count
    session.verify = ca_file or True
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(max_retries=0))
    return session


class _WatchedHttp(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        watch(self.sock)


class _WatchedHttps(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        watch(self.sock)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHttps


class _Adapter(HTTPAdapter):
    """The adapter of `requests`, with connections that a fuse can cut."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
