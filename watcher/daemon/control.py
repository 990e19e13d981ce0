"""A Unix socket to ask a running daemon by: a line of JSON there, a line of JSON back.

Only its own user and root may connect: by the socket's mode (0600), and by who the kernel says is
calling. Whoever keeps the line open after an answer that is `held` holds what it was lent.
"""

import contextlib
import json
import logging
import os
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self

from watcher.errors import ServiceError

log = logging.getLogger(__name__)

LONGEST_PATH = 107  # bytes, of a socket's address on Linux (unix(7))
LONGEST_LINE = 1 << 20
PATIENCE = 10.0  # seconds for a caller to say what it wants
LONGEST_LOAN = 60.0  # seconds
MODE = 0o600

Record = dict[str, Any]
Answering = Callable[[Record], AbstractContextManager[Record]]


def checked(path: Path) -> Path:
    """Give the path back where a socket can be there; raises ServiceError where it is too long."""
    length = len(os.fsencode(path))
    if length > LONGEST_PATH:
        raise ServiceError(
            f"the control socket {path} has a path of {length} bytes, and the system allows "
            f"{LONGEST_PATH}: move `state` to a folder with a shorter path"
        )
    return path


class Control:
    """Answers on the socket while it is open, each caller in a thread of its own.

    A socket that is there already is taken away: whoever opens this holds the lock of the state,
    so it can only be left over from a process that was killed.
    """

    def __init__(self, path: Path, answering: Answering) -> None:
        self._path = checked(path)
        self._answering = answering
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._thread = Thread(target=self._listen, name="watcher-control", daemon=True)

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)
        before = os.umask(0o777 & ~MODE)  # so that there is no moment at which others may connect
        try:
            self._listening.bind(str(self._path))
        except OSError as error:
            told = f"the control socket {self._path} cannot be made: {error.strerror}"
            raise ServiceError(told) from error
        finally:
            os.umask(before)
        self._listening.listen(16)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listening.close()
        self._thread.join()
        self._path.unlink(missing_ok=True)

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return  # closed
            Thread(target=self._serve, args=(caller,), name="watcher-caller", daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        with caller:
            caller.settimeout(PATIENCE)
            try:
                if not _may_ask(caller):
                    return
                request = _line(caller)
                with self._answering(request) as answer:
                    _say(caller, answer)
                    if answer.get("held"):
                        caller.settimeout(LONGEST_LOAN)
                        caller.recv(1)  # nothing, when the other end has closed
            except (OSError, ValueError) as trouble:
                log.debug("a caller of the control socket went away: %s", trouble)
            except Exception:
                log.exception("a question to the control socket could not be answered")


def _may_ask(caller: socket.socket) -> bool:
    said = caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, user, _group = struct.unpack("3i", said)
    return user in (0, os.geteuid())


def ask(path: Path, request: Record, patience: float) -> Record | None:
    """Ask the daemon something; None where none listens."""
    with asking(path, request, patience) as answer:
        return answer


@contextmanager
def asking(path: Path, request: Record, patience: float) -> Iterator[Record | None]:
    """Ask the daemon something, and hold what it lends until the end; None where none listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(patience)
        try:
            line.connect(str(checked(path)))
        except (FileNotFoundError, ConnectionRefusedError):
            answer = None
        except PermissionError as error:
            raise ServiceError(f"{path} may only be used by the daemon's user and root") from error
        else:
            answer = _asked(line, path, request)
        yield answer


def _asked(line: socket.socket, path: Path, request: Record) -> Record:
    try:
        _say(line, request)
        return _line(line)
    except TimeoutError:
        raise ServiceError(f"the daemon behind {path} did not answer in time") from None
    except (OSError, ValueError):
        raise ServiceError(f"the daemon behind {path} went away without an answer") from None


def _say(line: socket.socket, record: Record) -> None:
    line.sendall(json.dumps(record).encode() + b"\n")


def _line(line: socket.socket) -> Record:
    said = b""
    while not said.endswith(b"\n"):
        piece = line.recv(65536)
        if not piece or len(said) > LONGEST_LINE:
            raise ValueError("no whole line")
        said += piece
    record = json.loads(said)
    if not isinstance(record, dict):
        raise ValueError("no object")
    return record
