"""The manual's template for Alertmanager, before a real one."""

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.channels.samples import ALERT, LEAD, NOTICE, with_title
from tests.config.files import loaded
from tests.conftest import left_out_or_failed
from tests.fakes import FakeClock
from watcher.channels import open_channel
from watcher.model import Sent
from watcher.ports import Channel

MANUAL = Path(__file__).parents[2] / "docs" / "channels.md"
PROGRAM = "prometheus-alertmanager"
CONFIG = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
PATIENCE = 30  # seconds


@pytest.fixture(scope="module")
def alertmanager(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Start Debian's Alertmanager; give its address."""
    program = shutil.which(PROGRAM)
    if program is None:
        left_out_or_failed(request, f"Alertmanager is not here: apt-get install {PROGRAM}")
    folder = tmp_path_factory.mktemp("alertmanager")
    (folder / "config.yml").write_text(CONFIG)
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                program,
                f"--config.file={folder / 'config.yml'}",
                f"--storage.path={folder}",
                f"--web.listen-address={address}",
                "--cluster.listen-address=",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        for _ in range(PATIENCE * 10):
            try:
                urlopen(f"http://{address}/-/ready").close()
                break
            except URLError:
                Event().wait(0.1)
        else:
            pytest.fail((folder / "log").read_text())
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture
def channel(alertmanager: str, tmp_path: Path) -> Channel:
    told = re.findall(r"```yaml\n(channels:.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    (ours,) = (each for each in told if "/api/v2/alerts" in each)
    ours = ours.replace("http://alertmanager.example:9093", alertmanager)
    main = f"version: 1\ninclude: {{feeds: [feeds.yaml], rules: [rules.yaml]}}\n{ours}"
    (settings,) = loaded(tmp_path, main).channels
    return open_channel(settings, FakeClock())


def alerts(alertmanager: str) -> dict[str, dict[str, Any]]:
    with urlopen(f"{alertmanager}/api/v2/alerts") as answer:
        return {alert["labels"]["key"]: alert for alert in json.load(answer)}


def test_alertmanager_takes_a_story_and_a_notice(alertmanager: str, channel: Channel) -> None:
    assert channel.send(ALERT) == Sent()
    assert channel.send(NOTICE) == Sent()
    told = alerts(alertmanager)
    assert told[ALERT.key]["labels"] == {
        "alertname": "Watcher",
        "key": ALERT.key,
        "route": "security",
        "severity": "high",
        "type": "story.matched",
    }
    assert told[ALERT.key]["annotations"]["summary"] == f"{LEAD.title} · Example News"
    assert told[ALERT.key]["generatorURL"] == LEAD.link
    assert told[NOTICE.key]["annotations"]["summary"] == "Feed Example News is failing"


def test_a_repeat_is_the_same_alert_there(alertmanager: str, channel: Channel) -> None:
    channel.send(ALERT)
    before = len(alerts(alertmanager))
    channel.send(ALERT)
    assert len(alerts(alertmanager)) == before


def test_a_hostile_title_is_text_in_a_label_of_its_own(alertmanager: str, channel: Channel) -> None:
    hostile = '"}],"labels":{"alertname":"x"} {{ .Labels }} </a>\n\x00'
    assert channel.send(with_title(hostile)) == Sent()
    (told,) = (alert for alert in alerts(alertmanager).values() if "Labels" in str(alert))
    assert told["labels"]["alertname"] == "Watcher"
