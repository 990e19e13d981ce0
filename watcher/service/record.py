"""What `watcher status` is told by a daemon."""

import os
from collections.abc import Mapping
from datetime import datetime

from watcher import __version__
from watcher.app import App
from watcher.daemon import Record
from watcher.service.troubles import Troubles


def record_of(
    app: App,
    troubles: Troubles,
    failing: Mapping[str, str],
    *,
    since: datetime,
    loaded_at: datetime,
    next_visit: datetime | None,
    state_waits: bool,
    doing: str,
) -> Record:
    """Tell how the daemon does; keys are stable."""
    config = app.config
    return {
        "pid": os.getpid(),
        "version": __version__,
        "since": _moment(since),
        "config": {
            "path": str(config.path.absolute()),
            "loaded": _moment(loaded_at),
            "feeds": len(config.feeds),
            "rules": len(config.rules.infos),
            "state_waits": state_waits,
        },
        "next_visit": _moment(next_visit) if next_visit else None,
        "doing": doing,
        "troubles": [
            {"topic": topic.value, "since": _moment(begun), "text": text}
            for topic, (begun, text) in troubles.listed().items()
        ],
        "failing": dict(failing),
        "signs_of_life": {name: round(age, 1) for name, age in app.pulse.ages().items()},
    }


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
