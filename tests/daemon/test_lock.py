"""One process on a state, and everybody can see which."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watcher.daemon import holder, locked
from watcher.errors import AlreadyRunning, ServiceError

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_who_comes_second_is_told_who_was_first_and_since_when(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    with (
        locked(lock, "watcher run", NOW),
        pytest.raises(AlreadyRunning) as refused,
        locked(lock, "watcher run", NOW),
    ):
        pass
    who = f"watcher run, process {os.getpid()}, since 2026-03-02T08:00:00Z"
    assert str(refused.value) == f"the state is in use: {who} (it holds {lock})"


def test_the_lock_is_free_when_it_was_given_back(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    with locked(lock, "watcher run", NOW):
        held = holder(lock)
        assert held is not None
        assert held.pid == os.getpid()
    assert holder(lock) is None
    with locked(lock, "watcher run", NOW):
        pass


def test_the_lock_of_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    code = (
        "import sys, time; from datetime import UTC, datetime; from pathlib import Path\n"
        "from watcher.daemon import locked\n"
        "with locked(Path(sys.argv[1]), 'watcher run', datetime(2026, 3, 2, tzinfo=UTC)):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(lock)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        found = holder(lock)
        assert found is not None
        assert found.pid == other.pid
        other.send_signal(signal.SIGKILL)
    assert holder(lock) is None
    with locked(lock, "watcher run", NOW):
        pass


def test_a_lock_file_that_says_nonsense_still_locks(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    with locked(lock, "watcher run", NOW):
        lock.write_text("[")
        with pytest.raises(AlreadyRunning, match="has not said who it is"), locked(lock, "", NOW):
            pass


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(ServiceError, match="cannot be made: No such file"),
        locked(tmp_path / "nowhere" / "a.lock", "watcher run", NOW),
    ):
        pass
