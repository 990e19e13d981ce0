"""The verbs about the service: reload, status, doctor, service install, backup and restore."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Setting, Watcher
from tests.daemons import Daemon
from watcher.service.unit import doubts, unit, write

DOWN = "no daemon runs here"


@pytest.fixture
def daemon(setting: Setting) -> Iterator[Daemon]:
    setting.publish("Flood came")
    one = Daemon(setting.config)
    try:
        one.until("state=sent")
        yield one
    finally:
        one.kill()


def test_reload_tells_whether_it_was_taken_and_why_not(
    setting: Setting, daemon: Daemon, watcher: Watcher
) -> None:
    rules = setting.config.parent / "rules.yaml"
    good = rules.read_text()
    assert watcher("reload", "-c", setting.config).out == "taken: watching 1 feed with 1 rule\n"
    rules.write_text(good.replace("when: flood", "when: flood OR"))
    bad = watcher("reload", "--wait", "-c", setting.config)
    assert bad.code == 2
    assert "rules.yaml:4" in bad.err
    assert bad.err.endswith("refused: the configuration before stays in service\n")
    told = watcher("reload", "--json", "-c", setting.config)
    assert told.records[0]["taken"] is False
    status = watcher("status", "-c", setting.config)
    assert status.code == 2, "the file is faulty, for whoever reads it now"
    rules.write_text(good)
    assert "trouble   config since" in watcher("status", "-c", setting.config).out
    assert watcher("reload", "-c", setting.config).code == 0
    (record,) = watcher("status", "--json", "-c", setting.config).records
    assert record["daemon"]["pid"] == daemon.process.pid  # type: ignore[index]
    assert record["daemon"]["troubles"] == []  # type: ignore[index]


def test_a_main_file_that_is_no_yaml_still_finds_its_daemon(
    setting: Setting, daemon: Daemon, watcher: Watcher
) -> None:
    setting.config.write_text(setting.config.read_text() + "routes: [\n")
    said = watcher("reload", "-c", setting.config)
    assert said.code == 2
    assert "watcher.yaml" in said.err


def test_a_second_daemon_on_the_same_state_is_refused_with_who_has_it(
    setting: Setting, daemon: Daemon, watcher: Watcher
) -> None:
    for verb in ("run", "once"):
        said = watcher(verb, "-c", setting.config)
        assert said.code == 1
        assert re.search(
            rf"the state is in use: watcher run, process {daemon.process.pid}, since \d{{4}}-",
            said.err,
        )


def test_what_a_command_writes_while_the_daemon_runs_is_written(
    setting: Setting, daemon: Daemon, watcher: Watcher
) -> None:
    setting.publish("Quake felt", "Flood came")
    assert watcher("reload", "-c", setting.config).code == 0
    daemon.process.send_signal(signal.SIGTERM)
    daemon.process.wait(30)
    watcher("once", "--all", "-c", setting.config)
    again = Daemon(setting.config)
    try:
        again.until("started")
        links = ("http://paper.example/Quake", "http://paper.example/Flood")
        said = watcher("stories", "join", *links, "-c", setting.config)
        assert said.code == 0, said.err
        assert "is told as “Flood came” now" in said.err
        assert watcher("stories", "list", "-c", setting.config).out.count("\n") == 1
    finally:
        again.kill()


def test_a_services_reload_finds_its_daemon_though_the_configuration_names_another_state(
    setting: Setting, watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = tmp_path / "run"
    runtime.mkdir()
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(runtime))  # as systemd sets it
    daemon = Daemon(setting.config)
    try:
        daemon.until("started;")
        text = setting.config.read_text()
        setting.config.write_text(text.replace("watcher.db", "another.db"))
        said = watcher("reload", "-c", setting.config)
        assert said.code == 0, said.err
        assert "`state` changed: it is used from the next start on" in said.err
        assert daemon.end(signal.SIGTERM) == 0
        assert list(runtime.iterdir()) == []
    finally:
        daemon.kill()
    said = watcher("reload", "-c", setting.config)
    assert (said.code, DOWN in said.err) == (1, True)


def test_without_a_daemon_reload_says_so_and_status_tells_the_rest(
    setting: Setting, watcher: Watcher
) -> None:
    assert watcher("once", "-c", setting.config).code == 0
    said = watcher("reload", "-c", setting.config)
    assert (said.code, DOWN in said.err) == (1, True)
    assert watcher("status", "-c", setting.config).out.startswith("daemon    not running\n")


def test_a_bad_configuration_ends_the_daemon_with_78(setting: Setting, watcher: Watcher) -> None:
    setting.config.write_text("version: 2\n")
    said = watcher("run", "-c", setting.config)
    assert said.code == 78
    assert 'version "2" is not known' in said.err


def test_a_state_whose_socket_would_have_too_long_a_path_is_refused_with_what_to_do(
    setting: Setting, watcher: Watcher, tmp_path: Path
) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    text = setting.config.read_text().replace("watcher.db", f"{deep}/watcher.db")
    setting.config.write_text(text)
    said = watcher("run", "-c", setting.config)
    assert said.code == 1
    assert "move `state` to a folder with a shorter path" in said.err
    assert watcher("once", "-c", setting.config).code == 0, "that needs no socket"


def test_a_backup_while_the_daemon_works_can_be_restored_when_it_has_ended(
    setting: Setting, daemon: Daemon, watcher: Watcher, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    said = watcher("backup", copy, "-c", setting.config)
    assert said.code == 0
    assert re.search(r"copy.db: whole; schema \d+, 1 feed, 1 item, 1 alert, 0 of", said.out)
    assert watcher("verify", copy, "-c", setting.config).out == said.out
    refused = watcher("restore", copy, "-c", setting.config)
    assert refused.code == 1
    assert f"process {daemon.process.pid}" in refused.err
    daemon.kill()
    done = watcher("restore", copy, "-c", setting.config)
    assert done.code == 0
    assert "watcher.db.before-" in done.err
    assert "may come again" in done.err
    assert watcher("verify", "-c", setting.config).code == 0
    assert watcher("once", "-c", setting.config).code == 0


def test_the_doctor_says_what_is_wrong_and_what_to_do(setting: Setting, watcher: Watcher) -> None:
    setting.publish("Flood came")
    watcher("once", "-c", setting.config)
    said = watcher("doctor", "-c", setting.config)
    assert said.code == 0, said.out
    assert re.search(r"^\?  daemon +not running\n +do: systemctl start", said.out, re.MULTILINE)
    names = [
        record["check"] for record in watcher("doctor", "--json", "-c", setting.config).records
    ]
    wanted = {
        "config",
        "permissions",
        "disk",
        "sqlite",
        "database",
        "clock",
        "visits",
        "dns",
        "tls",
    }
    assert wanted <= set(names)


def test_a_database_that_is_not_there_yet_is_nothing_wrong_unless_there_was_one(
    setting: Setting, watcher: Watcher
) -> None:
    said = watcher("doctor", "-c", setting.config)
    assert said.code == 0, said.out
    assert re.search(r"^\?  database +there is no database", said.out, re.MULTILINE)
    backups = setting.config.parent / "backups"
    backups.mkdir()
    (backups / "watcher.db.20260301T033000Z").touch()
    said = watcher("doctor", "-c", setting.config)
    assert said.code == 1
    assert "there was one at 2026-03-01 03:30 UTC" in said.out
    assert "do: the next start puts that backup in its place" in said.out
    assert f"watcher restore {backups}/watcher.db.20260301T033000Z" in said.out


def test_the_doctor_ends_with_1_where_something_is_wrong(
    setting: Setting, watcher: Watcher
) -> None:
    database = setting.config.parent / "watcher.db"
    database.write_bytes(b"SQLite format 3\0" + b"nonsense" * 40)
    said = watcher("doctor", "-c", setting.config)
    assert said.code == 1
    assert "!! database" in said.out
    setting.config.write_text("version: 2\n")
    said = watcher("doctor", "--json", "-c", setting.config)
    assert said.code == 1
    assert said.records[-1]["check"] == "config"


def test_a_feed_is_added_by_the_address_of_its_page(setting: Setting, watcher: Watcher) -> None:
    setting.publish("Flood came")
    page = '<link rel="alternate" type="application/rss+xml" href="/other.xml">'
    feed = b'<rss version="2.0"><channel><title>Other</title></channel></rss>'
    when = datetime(2026, 3, 2, tzinfo=UTC)
    setting.server.show({"page.html": page.encode(), "other.xml": feed}, when)
    said = watcher("feeds", "add", f"{setting.server.url}/page.html", "-c", setting.config)
    assert said.code == 0, said.err
    assert f"other added, {setting.server.url}/other.xml" in said.out
    assert "other.xml" in (setting.config.parent / "feeds.yaml").read_text()
    again = watcher("feeds", "add", f"{setting.server.url}/other.xml", "-c", setting.config)
    assert again.code == 1
    assert watcher("check", "-c", setting.config).code == 0


def test_a_page_with_several_feeds_adds_none_and_lists_them(
    setting: Setting, watcher: Watcher
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/{}.xml">'
    page = link.format("a") + link.format("b")
    setting.server.show({"page.html": page.encode()}, datetime(2026, 3, 2, tzinfo=UTC))
    before = (setting.config.parent / "feeds.yaml").read_text()
    said = watcher("feeds", "add", f"{setting.server.url}/page.html", "-c", setting.config)
    assert said.code == 1
    assert "names 2 feeds; add one of these" in said.err
    assert f"{setting.server.url}/b.xml" in said.err
    assert (setting.config.parent / "feeds.yaml").read_text() == before


# --- the unit -----------------------------------------------------------------------------------


def test_the_unit_names_the_program_that_is_installed() -> None:
    text = unit("watcher.service", Path("/srv/100% mine/bin/watcher"), Path("/etc/w/watcher.yaml"))
    assert 'ExecStart="/srv/100%% mine/bin/watcher" run --config /etc/w/watcher.yaml\n' in text
    reload = 'ExecReload="/srv/100%% mine/bin/watcher" reload --wait --config /etc/w/watcher.yaml\n'
    assert reload in text
    assert "/opt/watcher/bin" not in text


def test_service_install_prints_and_writes_the_same_and_again_changes_nothing(
    tmp_path: Path,
) -> None:
    text = unit("watcher.service", Path("/opt/w/bin/watcher"), Path("/etc/watcher/watcher.yaml"))
    assert write("watcher.service", text, tmp_path).changed
    assert not write("watcher.service", text, tmp_path).changed
    assert (tmp_path / "watcher.service").read_text() == text


def test_a_program_in_a_home_is_refused_with_where_to_install(tmp_path: Path) -> None:
    home = Path("/root/venv/bin/watcher")
    program = tmp_path / "watcher"
    program.touch(mode=0o755)
    assert "there is no program" in doubts(home, Path("/usr/bin/python3"))[0]
    (doubt,) = doubts(program, Path("/root/.pyenv/bin/python3"))
    assert "which the service cannot see" in doubt
    assert "/usr/bin/python3 -m venv /opt/watcher" in doubt


def test_print_writes_to_the_output_alone(watcher: Watcher, tmp_path: Path) -> None:
    said = watcher("service", "install", "--print", "--to", tmp_path)
    assert said.code == 0
    assert said.out.count("[Service]") == 1
    assert list(tmp_path.iterdir()) == []
    assert watcher("service", "install", "--print", "--timer").out.count("[Service]") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_whoever_is_not_root_is_told_so(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from watcher.errors import ServiceError\n"
        "from watcher.service.unit import write\n"
        "os.setuid(65534)\n"
        "try:\n    write('watcher.service', '', Path(sys.argv[1]))\n"
        "except ServiceError as told:\n    print(told)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True
    )
    assert "cannot be written: Permission denied; are you root?" in done.stdout
