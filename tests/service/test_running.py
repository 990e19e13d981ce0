"""The daemon as a service: what systemd, the operator and whoever asks are told."""

import json
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest

from watcher.app import App, opened
from watcher.config import Config, load
from watcher.daemon import ask
from watcher.errors import StoreError
from watcher.service.pen import Lent
from watcher.service.places import Places, places_of
from watcher.service.running import Service
from watcher.store import open_store

PATIENCE = 60.0

MAIN = """version: 1
state: {state}
include: {{feeds: [feeds.yaml], rules: [rules.yaml]}}
channels: {{out: {{type: file, path: alerts.jsonl}}}}
operator: out
"""


def written(folder: Path, feeds: str = "", state: str = "a.db", rule: str = "flood") -> Config:
    (folder / "watcher.yaml").write_text(MAIN.format(state=state))
    (folder / "feeds.yaml").write_text(f"version: 1\nfeeds: [{feeds}]\n")
    (folder / "rules.yaml").write_text(f"version: 1\nrules: [{{id: {rule}, when: {rule}}}]\n")
    return load(folder / "watcher.yaml", {})


@dataclass
class Running:
    """A service that runs in this process while another thread watches it."""

    folder: Path
    service: Service
    told: list[str] = field(default_factory=list)

    @property
    def app(self) -> App:
        return self.service.app

    def ask(self, **request: object) -> dict[str, object]:
        answer = ask(places(self.folder), dict(request), PATIENCE)
        assert answer is not None
        return answer

    def notices(self) -> list[str]:
        """The operator's notices, as they came out of the channel."""
        file = self.folder / "alerts.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        return [json.loads(line)["data"]["headline"] for line in lines]

    def until(self, holds: Callable[[], object]) -> None:
        end = monotonic() + PATIENCE
        while not holds():
            assert monotonic() < end, self.told
            Event().wait(0.02)


def places(folder: Path) -> Path:
    socket = places_of(str(folder / "a.db"), {}).socket
    assert socket is not None
    return socket


@contextmanager
def running(
    folder: Path, during: Callable[[Running], None], load_next: Callable[[], Config] | None = None
) -> Iterator[Running]:
    """Run the service in the main thread, where signals are heard; `during` sees it at work."""
    config = written(folder)
    with opened(config) as app:
        told: list[str] = []
        service = Service(
            app,
            load_next or (lambda: load(folder / "watcher.yaml", {})),
            places_of(config.state, {}),
            told.append,
            watchdog=0.3,
        )
        one = Running(folder, service, told)
        failed: list[BaseException] = []

        def watch() -> None:
            try:
                one.until(lambda: any("READY=1" in line for line in told))
                during(one)
            except BaseException as failure:  # noqa: BLE001 - raised below, in the main thread
                failed.append(failure)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        watching = Thread(target=watch)
        watching.start()
        service.run()
        watching.join()
        if failed:
            raise failed[0]
        yield one


def test_ready_is_told_before_the_first_sign_of_life_and_stopping_at_the_end(
    tmp_path: Path,
) -> None:
    with running(
        tmp_path, lambda one: one.until(lambda: any("WATCHDOG=1" in line for line in one.told))
    ) as one:
        first = [line.split("\n")[0] for line in one.told]
        assert first[:2] == ["READY=1", "WATCHDOG=1"]
        assert "STATUS=watching 0 feeds with 1 rule" in one.told[1]
        assert any(line.startswith("STOPPING=1") for line in one.told)


def test_a_job_that_hangs_silences_the_watchdog(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def hang(one: Running) -> None:
        silent = {"poll": 130.0}
        one.app.pulse.silent = lambda: silent  # type: ignore[method-assign]
        one.until(lambda: any("no sign of life from poll" in line for line in one.told))
        before = sum("WATCHDOG" in line for line in one.told)
        one.until(lambda: sum("no sign of life" in line for line in one.told) > 3)
        assert sum("WATCHDOG" in line for line in one.told) == before

    with caplog.at_level(logging.ERROR), running(tmp_path, hang):
        assert "the watchdog is not told that we live" in caplog.text


def test_a_reload_that_is_taken_answers_when_it_is_in_service(tmp_path: Path) -> None:
    def reload(one: Running) -> None:
        written(tmp_path, feeds="{id: a, url: 'http://192.0.2.1/'}")
        answer = one.ask(ask="reload", wait=True)
        assert answer["taken"] is True
        assert answer["watching"] == "watching 1 feed with 1 rule"
        assert len(one.app.config.feeds) == 1

    with running(tmp_path, reload) as one:
        reloads = [line for line in one.told if line.startswith("RELOADING=1\nMONOTONIC_USEC=")]
        assert len(reloads) == 1
        assert one.told.index("READY=1", 1) > one.told.index(reloads[0])


def test_a_reload_that_is_refused_is_answered_with_the_fault_and_told_once_until_it_is_good(
    tmp_path: Path,
) -> None:
    def reload(one: Running) -> None:
        for _ in range(2):
            (tmp_path / "rules.yaml").write_text("version: 1\nrules: [{id: flood, when: x OR}]\n")
            answer = one.ask(ask="reload", wait=True)
            assert answer["taken"] is False
            assert "rules.yaml:2" in str(answer["faults"])
        assert [rule.id for rule in one.app.config.rules.infos] == ["flood"]
        (trouble,) = one.service.record()["troubles"]
        assert trouble["topic"] == "config"
        assert "rules.yaml:2" in trouble["text"]
        written(tmp_path, rule="fire")
        assert one.ask(ask="reload", wait=True)["taken"] is True
        assert one.service.record()["troubles"] == []
        one.until(lambda: len(one.notices()) >= 2)

    with running(tmp_path, reload) as one:
        assert one.notices() == [
            "Configuration refused; the one before stays in service",
            "The configuration is good again, and in service",
        ]


def test_a_bug_in_taking_a_configuration_leaves_the_old_one_in_service(tmp_path: Path) -> None:
    def reload(one: Running) -> None:
        def broken(_config: Config) -> None:
            raise KeyError("a bug")

        one.app.apply = broken  # type: ignore[method-assign,assignment]
        answer = one.ask(ask="reload", wait=True)
        assert answer["faults"] == "KeyError: 'a bug'"

    with running(tmp_path, reload):
        pass


def test_another_state_is_told_and_waits_for_the_next_start(tmp_path: Path) -> None:
    def reload(one: Running) -> None:
        written(tmp_path, state="b.db")
        answer = one.ask(ask="reload", wait=True)
        assert (answer["taken"], answer["state_waits"]) == (True, True)
        assert one.service.record()["config"]["state_waits"] is True
        written(tmp_path)
        assert one.ask(ask="reload", wait=True)["state_waits"] is False
        assert not (tmp_path / "b.db").exists()

    with running(tmp_path, reload):
        pass


def test_a_question_that_is_not_known_is_said_so(tmp_path: Path) -> None:
    with running(tmp_path, lambda one: one.until(lambda: "error" in one.ask(ask="weather"))):
        pass


def test_a_store_that_fails_is_told_and_the_daemon_stays(tmp_path: Path) -> None:
    def fill(one: Running) -> None:
        good = one.app.store.transaction

        def full() -> None:
            raise StoreError("there is no room left on the disk that holds a.db")

        one.app.store.transaction = full  # type: ignore[method-assign,assignment]
        one.until(one.notices)
        assert "no room left" in str(one.ask(ask="status")["doing"])
        one.app.store.transaction = good  # type: ignore[method-assign]
        one.until(lambda: len(one.notices()) == 2)

    with running(tmp_path, fill) as one:
        assert one.notices() == [
            "The database does not do its work; no feed is visited meanwhile",
            "The database works again, and feeds are visited",
        ]
        assert any("WATCHDOG=1" in line and "no room left" in line for line in one.told)


def test_while_another_process_has_the_pen_the_daemon_does_not_write(tmp_path: Path) -> None:
    def lend(one: Running) -> None:
        other = Lent(open_store(str(tmp_path / "a.db")), places(tmp_path))
        try:
            with other.transaction() as tx:
                tx.make_all_due(one.app.clock.now())
                with (
                    pytest.raises(StoreError),
                    one.app.store.nobody_writing(timedelta(milliseconds=100)),
                ):
                    pass
            with one.app.store.nobody_writing(timedelta(seconds=PATIENCE)):
                pass
        finally:
            other.close()

    with running(tmp_path, lend):
        pass


def test_without_a_daemon_whoever_writes_just_writes(tmp_path: Path) -> None:
    other = Lent(open_store(str(tmp_path / "a.db")), tmp_path / "a.db.sock")
    try:
        with other.transaction() as tx:
            assert tx.counts().items == 0
    finally:
        other.close()


@pytest.mark.parametrize(
    ("state", "beside"),
    [("a.db", "a.db"), ("sqlite:///a.db", "a.db"), ("sqlite:////x/a.db", "/x/a.db")],
)
def test_lock_and_socket_are_beside_the_file(state: str, beside: str) -> None:
    found = places_of(state, {})
    file = Path(beside).absolute()
    assert found.lock == file.with_name("a.db.lock")
    assert found.socket == file.with_name("a.db.sock")


def test_a_server_has_no_lock_and_its_socket_is_where_things_run(tmp_path: Path) -> None:
    state = "postgresql://me:secret@host/db"
    found = places_of(state, {"RUNTIME_DIRECTORY": str(tmp_path)})
    assert found.lock is None
    assert found.socket is not None
    assert found.socket.parent == tmp_path
    assert "secret" not in str(found.socket)
    nowhere = places_of(state, {"XDG_RUNTIME_DIR": str(tmp_path / "no")})
    assert nowhere == Places(database=None, lock=None, socket=None)
