"""The command line: arguments, exit codes, printing. Every verb of it is in the README."""

from watcher.cli.root import main

__all__ = ["main"]
