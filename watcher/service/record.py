"""What `watcher status` is told by a daemon."""

import os
from typing import TYPE_CHECKING

from watcher import __version__
from watcher.daemon import Record

if TYPE_CHECKING:
    from watcher.service.running import Service


def record_of(service: "Service") -> Record:
    """Tell how the daemon does; keys are stable."""
    config = service.app.config
    return {
        "pid": os.getpid(),
        "version": __version__,
        "since": _moment(service.since),
        "config": {
            "path": str(config.path.absolute()),
            "loaded": _moment(service.loaded_at),
            "feeds": len(config.feeds),
            "rules": len(config.rules.infos),
            "state_waits": bool(service.state_waits),
        },
        "next_visit": _moment(service.next_visit) if service.next_visit else None,
        "doing": service.told(),
        "troubles": [
            {"topic": topic.value, "since": _moment(since), "text": text}
            for topic, (since, text) in service.troubles.listed().items()
        ],
        "failing": dict(service.broken),
        "signs_of_life": {name: round(age, 1) for name, age in service.app.pulse.ages().items()},
    }


def _moment(time: object) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
