"""Disks that are full."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def mounted(disk: Path) -> Iterator[Path]:
    """Mount a disk of four megabytes there; it is gone afterwards. Raises PermissionError."""
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", "size=4m", "tmpfs"]
    if os.geteuid() != 0 or subprocess.call(["mount", *options, disk]):
        raise PermissionError("a full disk needs root, who may mount one")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def fill(disk: Path) -> Path:
    """Leave no byte of a disk; give the file that holds them all."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler
