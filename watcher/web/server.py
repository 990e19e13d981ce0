"""The server: uvicorn in a thread of ours, on a socket that is there before it starts."""

import logging
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from watcher.errors import ConfigError
from watcher.model import Fault
from watcher.web.connections import Limits, connection_within
from watcher.web.settings import WebSettings

LIMITS = Limits()
PATIENCE = 3  # seconds for what is going on when we stop


class _Server(uvicorn.Server):
    """Leaves signals to the daemon."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves pages until it is closed. Raises ConfigError where it cannot listen."""

    def __init__(self, app: ASGIApp, settings: WebSettings, limits: Limits = LIMITS) -> None:
        self._settings = settings
        self._socket = _listening(settings)
        logging.getLogger("uvicorn").setLevel(logging.ERROR)  # strangers cannot fill the log
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            http=connection_within(limits),
            limit_concurrency=limits.at_once + 1,  # more are told to come later
            timeout_graceful_shutdown=PATIENCE,
            timeout_keep_alive=15,
            h11_max_incomplete_event_size=32 * 1024,
            ws="none",
        )
        self._server = _Server(config)
        self._thread = Thread(target=self._serve, name="watcher-web", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on; 0 on a Unix socket."""
        return 0 if self._settings.socket else int(self._socket.getsockname()[1])

    def close(self) -> None:
        """Answer what is being asked, then let go of the socket."""
        self._server.should_exit = True
        self._thread.join(PATIENCE + 2)
        self._socket.close()
        if self._settings.socket:
            Path(self._settings.socket).unlink(missing_ok=True)

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except Exception:
            logging.getLogger(__name__).exception("the status page ended")


def _listening(settings: WebSettings) -> socket.socket:
    try:
        listening = _unix(Path(settings.socket)) if settings.socket else _inet(settings)
        listening.listen(128)  # from now on nobody is turned away, though nobody is answered yet
    except OSError as trouble:
        message = f"cannot listen on {settings.told}: {trouble.strerror or trouble}"
        raise ConfigError([Fault(code="web", message=message)]) from None
    return listening


def _inet(settings: WebSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
    except OSError:
        listening.close()
        raise
    return listening


def _unix(path: Path) -> socket.socket:
    """Listen on a socket for our user and group; one that nobody serves is taken away."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with suppress(FileNotFoundError):
            if stat.S_ISSOCK(path.stat().st_mode) and not _is_served(path):
                path.unlink()
        listening.bind(str(path))
        path.chmod(0o660)
    except OSError:
        listening.close()
        raise
    return listening


def _is_served(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        return asking.connect_ex(str(path)) == 0
