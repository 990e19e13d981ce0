"""Who is there: visitors by cookie, which of them are logged in, and who tried too often."""

import hashlib
import hmac
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from watcher.model import Secret
from watcher.web.passwords import is_right

IDLE, AT_MOST = timedelta(hours=12), timedelta(days=7)  # then a login ends
MOST_LOGINS = 100
WINDOW = timedelta(minutes=5)
TRIES, TRIES_OF_ALL = 5, 30  # wrong passwords in a window, of one address and of all together


def new_name() -> str:
    """Make a name for a visitor that nobody can guess."""
    return secrets.token_urlsafe(32)


class Visitors:
    """Remembers logins in memory: a restart ends them all."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = Lock()
        self._logins: OrderedDict[str, tuple[datetime, datetime]] = OrderedDict()  # began, last

    def form_token(self, name: str) -> str:
        """Give what a form must bring along that this visitor sends."""
        return hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()

    def is_logged_in(self, name: str, now: datetime) -> bool:
        """Tell whether a visitor is logged in, and count from now on how long they do nothing."""
        with self._lock:
            began, last = self._logins.get(_hidden(name), (None, None))
            if began is None or last is None:
                return False
            if now - began > AT_MOST or now - last > IDLE:
                del self._logins[_hidden(name)]
                return False
            self._logins[_hidden(name)] = (began, now)
            return True

    def log_in(self, now: datetime) -> str:
        """Give a visitor who knows the password a new name, which is logged in."""
        name = new_name()
        with self._lock:
            self._logins[_hidden(name)] = (now, now)
            while len(self._logins) > MOST_LOGINS:
                self._logins.popitem(last=False)
        return name

    def log_out(self, name: str) -> None:
        """End a login."""
        with self._lock:
            self._logins.pop(_hidden(name), None)


class Doorkeeper:
    """Asks for the password, and lets nobody try it often, nor many at the same time."""

    def __init__(
        self, password: Secret | None, is_right: Callable[[str, Secret], bool] = is_right
    ) -> None:
        self._password, self._is_right = password, is_right
        self._lock = Lock()
        self._looking = Lock()  # each look takes 32 MB
        self._failed: deque[tuple[datetime, str]] = deque()

    def must_wait(self, address: str, now: datetime) -> timedelta | None:
        """Tell for how long nobody from there may try; None: they may."""
        with self._lock:
            while self._failed and now - self._failed[0][0] >= WINDOW:
                self._failed.popleft()
            theirs = [at for at, who in self._failed if who == address]
            of_all = [at for at, _ in self._failed]
        for failed, allowed in ((theirs, TRIES), (of_all, TRIES_OF_ALL)):
            if len(failed) >= allowed:
                return WINDOW - (now - failed[-allowed])
        return None

    def knows(self, password: str, address: str, now: datetime) -> bool:
        """Tell whether this is the password; a wrong one is remembered before it is looked at."""
        tried = (now, address)
        with self._lock:
            self._failed.append(tried)
        with self._looking:
            if self._password is None or not self._is_right(password, self._password):
                return False
        with self._lock:
            self._failed.remove(tried)
        return True


def _hidden(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
