"""`watcher` as it is, but its polling hangs for ever once a file called `hang` is in the state."""

from pathlib import Path
from threading import Event
from typing import Any

from watcher.cli import main
from watcher.pipeline import Pipeline

HANG = Path("/var/lib/watcher/hang")
_visits = Pipeline.visits


def visits(self: Pipeline, **options: Any) -> Any:
    if HANG.exists():
        HANG.unlink()
        Event().wait()
    return _visits(self, **options)


Pipeline.visits = visits  # type: ignore[method-assign]
main()
