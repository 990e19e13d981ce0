"""The console: an alert as plain text on a stream; the default of the demo."""

import sys
from dataclasses import dataclass
from typing import TextIO

from watcher.alerts.render import as_text
from watcher.model import Alert, ChannelName, Outcome, Refused, Sent, TryLater
from watcher.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSettings:
    """Where to print; without a stream it is standard output."""

    name: ChannelName
    stream: TextIO | None = None
    width: int = 100  # characters of a line, but for links and the headline


def faults(_settings: ConsoleSettings) -> tuple[str, ...]:
    """Tell what is wrong with the settings: nothing can be."""
    return ()


class ConsoleChannel:
    """Prints alerts, one blank line after each. Terminal escapes of feeds never reach it."""

    def __init__(self, settings: ConsoleSettings, _clock: Clock) -> None:
        self._settings = settings

    @property
    def name(self) -> ChannelName:
        """The name that the configuration gives it."""
        return self._settings.name

    def send(self, alert: Alert) -> Outcome:
        """Print the alert, with its key."""
        stream = self._settings.stream or sys.stdout
        told = f"{as_text(alert, width=self._settings.width)}\nKey: {alert.key}\n\n"
        try:
            stream.write(_speakable(told, stream))
            stream.flush()
        except OSError as trouble:
            return TryLater(reason=f"cannot write to the console: {trouble.strerror}")
        except ValueError:
            return Refused(reason="the console is closed", gone=True)
        return Sent()


def _speakable(text: str, stream: TextIO) -> str:
    """Replace what the stream's encoding lacks by `?`."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
