"""The console: an alert as text on a stream, in colour on a terminal; the default of the demo."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from watcher.alerts.render import ASTERISKS, as_text
from watcher.alerts.template import Template
from watcher.model import Alert, ChannelName, Outcome, Refused, Sent, Severity, TryLater
from watcher.ports import Clock

_SIGNS = ("\x0e", "\x0f")  # stand for colours until lines are broken; no text of a feed has them
_END, _MATCH = "\x1b[0m", "\x1b[1;31m"  # as grep has it
_HEADLINES: Mapping[Severity, str] = {
    Severity.LOW: "\x1b[1m",
    Severity.INFO: "\x1b[1;34m",
    Severity.HIGH: "\x1b[1;35m",
    Severity.CRITICAL: "\x1b[1;97;41m",
}
_LINES: Mapping[str, str] = {
    "http": "\x1b[36m",
    "Rule ": "\x1b[1m",
    "Why: ": "\x1b[2m",
    "Key: ": "\x1b[2m",
    "CRITICAL: ": _HEADLINES[Severity.CRITICAL],  # of a digest
    "HIGH: ": _HEADLINES[Severity.HIGH],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSettings:
    """Where to print; without a stream it is standard output."""

    name: ChannelName
    stream: TextIO | None = None
    width: int = 100  # characters of a line, but for links and the headline
    colour: bool | None = None  # None: as the terminal can, and wants (NO_COLOR, TERM)
    template: Template | None = None  # words of the operator's own; None: the built-in ones


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
        try:
            told = self._told(alert, stream)
            stream.write(_speakable(told, stream))
            stream.flush()
        except OSError as trouble:
            return TryLater(reason=f"cannot write to the console: {trouble.strerror}")
        except ValueError:
            return Refused(reason="the console is closed", gone=True)
        return Sent()

    def _told(self, alert: Alert, stream: TextIO) -> str:
        wanted = self._settings.colour
        colour = _has_colour(stream) if wanted is None else wanted
        signs = _SIGNS if colour else ASTERISKS
        text = as_text(alert, width=self._settings.width, signs=signs)
        told = f"{text}\nKey: {alert.key}"
        return f"{_coloured(told, alert.message.severity) if colour else told}\n\n"


def _has_colour(stream: TextIO) -> bool:
    if not stream.isatty():
        return False
    from rich.console import Console  # noqa: PLC0415 - a daemon has no terminal

    console = Console(file=stream)
    return bool(console.color_system) and not console.no_color


def _coloured(text: str, severity: Severity) -> str:
    """Paint an alert line by line, and the matched words within lines."""
    first, *others = text.split("\n")
    lines = [_painted(first, _HEADLINES[severity]), *map(_line, others)]
    return "\n".join(lines).replace(_SIGNS[0], _MATCH).replace(_SIGNS[1], _END)


def _line(line: str) -> str:
    for beginning, style in _LINES.items():
        if line.startswith(beginning):
            return _painted(line, style)
    return line


def _painted(line: str, style: str) -> str:
    return f"{style}{line}{_END}"


def _speakable(text: str, stream: TextIO) -> str:
    """Replace what the stream's encoding lacks by `?`."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
