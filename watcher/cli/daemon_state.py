"""What the running daemon says of itself, for `watcher status`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from watcher.errors import ServiceError

if TYPE_CHECKING:
    from watcher.config import Config

PATIENCE = 10.0


def daemon_record(config: "Config") -> dict[str, Any] | None:
    """Ask the daemon how it does; None where none runs."""
    from watcher.config import environment
    from watcher.daemon.control import ask
    from watcher.service.places import places_of

    socket = places_of(config.state, environment()).socket
    if socket is None:
        return None
    try:
        return ask(socket, {"ask": "status"}, PATIENCE)
    except ServiceError as trouble:
        return {"error": str(trouble)}


def daemon_lines(record: dict[str, Any] | None) -> Iterator[str]:
    """Say it to a person."""
    if record is None:
        yield "daemon    not running"
        return
    if "error" in record:
        yield f"daemon    {record['error']}"
        return
    config = record["config"]
    yield f"daemon    running as process {record['pid']} since {record['since']}"
    yield f"config    {config['path']}, loaded {config['loaded']}"
    if config["state_waits"]:
        yield "config    `state` changed: it is used from the next start on"
    for trouble in record["troubles"]:
        first, *more = trouble["text"].splitlines() or [""]
        yield f"trouble   {trouble['topic']} since {trouble['since']}: {first}"
        yield from (f"          {line}" for line in more)
    for job, text in record["failing"].items():
        yield f"failing   {job}: {text}"
