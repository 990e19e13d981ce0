"""Gathers what is wrong, so that nobody stops at the first fault."""

from collections.abc import Iterable

from watcher.errors import ConfigError
from watcher.model import Fault


class Findings:
    """Faults and warnings, told in the order of the files and their lines, each once."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], Fault] = {}
        self._files: dict[str, int] = {}

    def add(self, *faults: Fault) -> None:
        """Note faults or warnings; the same one from the same place is one."""
        for fault in faults:
            self._files.setdefault(fault.file, len(self._files))
            key = (fault.code, fault.file, fault.line, fault.column, fault.message)
            self._found.setdefault(key, fault)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """List the warnings."""
        return self._sorted(fault for fault in self._found.values() if fault.warning)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """List the faults that keep the configuration out of service."""
        return self._sorted(fault for fault in self._found.values() if not fault.warning)

    def stop_if_any(self) -> None:
        """Raise ConfigError with all faults, if there are any."""
        if self.faults:
            raise ConfigError(self.faults)

    def _sorted(self, faults: Iterable[Fault]) -> tuple[Fault, ...]:
        return tuple(
            sorted(faults, key=lambda each: (self._files[each.file], each.line, each.column))
        )
