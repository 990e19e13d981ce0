"""`watcher status` and `watcher doctor` on what was kept, and on what is in trouble."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Setting, Watcher
from watcher.model import AlertKey, AlertState, ChannelHealth, ChannelName
from watcher.service.copies import copy_at
from watcher.store import open_store

NOW = datetime.now(UTC)  # noqa: TID251 - the verbs under test ask the real clock


def database(setting: Setting) -> Path:
    return setting.config.parent / "watcher.db"


def keep(setting: Setting, age: timedelta) -> Path:
    """Put a copy of some age where the daemon puts them."""
    folder = setting.config.parent / "backups"
    folder.mkdir(exist_ok=True)
    path = copy_at(folder, database(setting), NOW - age)
    shutil.copyfile(database(setting), path)
    return path


def test_status_and_doctor_tell_the_age_of_the_last_backup(
    setting: Setting, watcher: Watcher
) -> None:
    said = watcher("status", "-c", setting.config).out  # it makes the database
    assert f"backup    none in {setting.config.parent}/backups yet" in said
    assert watcher("status", "--json", "-c", setting.config).records[0]["backup"] is None
    assert "?  backup" in watcher("doctor", "-c", setting.config).out
    keep(setting, timedelta(days=3))
    done = watcher("doctor", "-c", setting.config)
    assert (done.code, "!! backup" in done.out) == (1, True)
    young = keep(setting, timedelta(hours=6))
    said = watcher("status", "-c", setting.config).out
    assert "backup    6 hours ago (" in said
    assert f"), {young}\n" in said
    (record,) = watcher("status", "--json", "-c", setting.config).records
    assert record["backup"]["file"] == str(young)  # type: ignore[index]
    done = watcher("doctor", "-c", setting.config)
    assert done.code == 0
    assert f"ok backup       {young}, of 2" in done.out


def test_a_backup_that_is_switched_off_is_doubted_by_the_doctor_alone(
    setting: Setting, watcher: Watcher
) -> None:
    setting.config.write_text(setting.config.read_text() + "backup: {enabled: false}\n")
    watcher("once", "-c", setting.config)
    assert "backup" not in watcher("status", "-c", setting.config).out
    assert "?  backup       none is made: it is switched off" in (
        watcher("doctor", "-c", setting.config).out
    )


def test_a_gap_is_told_until_the_damaged_database_is_taken_away(
    setting: Setting, watcher: Watcher
) -> None:
    watcher("once", "-c", setting.config)
    damaged = database(setting).with_name(
        "watcher.db.damaged-20260302T101500Z-since-20260302T033000Z"
    )
    damaged.write_text("damaged")
    said = watcher("status", "-c", setting.config).out
    assert "restored  The database was found to be damaged at 2026-03-02 10:15:00 UTC" in said
    (record,) = watcher("status", "--json", "-c", setting.config).records
    assert record["restored"] == [
        {"since": "2026-03-02T03:30:00Z", "until": "2026-03-02T10:15:00Z", "kept": str(damaged)}
    ]
    assert f"take it away: {damaged.name}" in watcher("doctor", "-c", setting.config).out
    damaged.unlink()
    assert "restored" not in watcher("status", "-c", setting.config).out


@pytest.mark.parametrize("failures", [1, 5])
def test_status_names_the_channels_that_are_in_trouble_and_what_waits_for_them(
    setting: Setting, watcher: Watcher, failures: int
) -> None:
    setting.publish("Flood came")
    watcher("once", "-c", setting.config)
    assert "channel " not in watcher("status", "-c", setting.config).out
    begun = NOW - timedelta(minutes=9)
    store = open_store(str(database(setting)))
    try:
        with store.transaction() as tx:
            tx.keep_health(
                ChannelHealth(
                    name=ChannelName("out"),
                    failures=failures,
                    failing_since=begun,
                    next_try_at=NOW + timedelta(hours=1) if failures == 5 else None,
                    trouble="no answer",
                )
            )
            (alert,) = tx.alerts([], 10)
            waits = replace(alert, state=AlertState.PENDING, settled_at=None)
            tx.promise(replace(waits, key=AlertKey("another")))
    finally:
        store.close()
    state = "failing" if failures == 5 else "troubled"
    said = watcher("status", "-c", setting.config).out
    assert f"channel   out {state} since {begun:%Y-%m-%dT%H:%M:%SZ}: no answer" in said
    assert f"; 1 pending{'; the next try at ' if failures == 5 else ''}" in said
    (record,) = watcher("status", "--json", "-c", setting.config).records
    channels = record["channels"]
    assert isinstance(channels, list)
    assert [(each["channel"], each["state"]) for each in channels] == [("out", state)]


def test_status_names_the_feeds_that_fail(setting: Setting, watcher: Watcher) -> None:
    setting.server.show({}, NOW)
    watcher("once", "-c", setting.config)
    said = watcher("status", "-c", setting.config).out
    assert "feeds     1, 1 in trouble" in said
    assert "trouble   paper: " in said
