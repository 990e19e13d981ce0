"""Through Apprise an alert is plain text, sent once; what Apprise says is read as an outcome."""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.channels.contract import ChannelContract
from tests.channels.receivers import HANG, Behaviour, Receiver, Reply
from tests.channels.samples import ALERT, LEAD, digest_of, with_title
from tests.fakes import FakeClock
from watcher.channels import AppriseSettings, channel_faults, open_channel, repeats_of
from watcher.channels.apprise import MISSING, _service, _texts
from watcher.errors import ConfigError
from watcher.model import (
    Alert,
    ChannelName,
    Doubtful,
    Outcome,
    Repeats,
    Secret,
    Sent,
    TryLater,
)

ALIVE = re.compile(r"[@#](?=\w)|<[@#!/:a-z]|:[\w+-]+:|\{\{|\{%|\$\{", re.IGNORECASE)
LINK = re.compile(r"https?://[^\s<>\"]+")


def settings(receiver: Receiver, more: str = "", timeout: float = 10) -> AppriseSettings:
    url = receiver.url.replace("http://", "json://user:canary-pass@")
    return AppriseSettings(
        name=ChannelName("far"), url=Secret(url + more), timeout=timedelta(seconds=timeout)
    )


def send(receiver: Receiver, more: str = "", timeout: float = 10, alert: Alert = ALERT) -> Outcome:
    return open_channel(settings(receiver, more, timeout), FakeClock()).send(alert)


class AppriseBench:
    secrets = ("T0SECRET", "B0SECRET", "canary-in-the-path", "canary-pass")

    def __init__(self, receiver: Receiver, more: str) -> None:
        self.receiver = receiver
        self.settings = settings(receiver, more, timeout=50)
        self.channel = open_channel(self.settings, FakeClock())

    def arrived(self) -> list[str]:
        return [request.body.decode() for request in self.receiver.requests]

    def judge(self) -> None:
        request = self.receiver.requests[-1]
        said = json.loads(request.body)
        assert not {"bcc", "x", "mail from"} & set(request.headers)
        assert len(said["message"]) <= 8_000
        for text in (said["title"], said["message"]):
            assert not ALIVE.search(LINK.sub("", text)), text
            assert all(ord(sign) >= 32 or sign == "\n" for sign in text)
        assert "\n" not in said["title"]
        for link in LINK.findall(said["title"] + said["message"]):
            assert "<" not in link

    def go_dark(self) -> None:
        self.receiver.close()


class TestApprise(ChannelContract):
    @pytest.fixture
    def bench(self) -> Iterator[AppriseBench]:
        with Receiver() as receiver:
            yield AppriseBench(receiver, "?retry=3&wait=1")


def body_of(alert: Alert, more: str = "") -> str:
    with Receiver() as receiver:
        assert send(receiver, more, alert=alert) == Sent()
    return str(json.loads(receiver.requests[0].body)["message"])


def test_a_text_begins_with_the_link_and_ends_with_the_key() -> None:
    with Receiver() as receiver:
        assert send(receiver) == Sent()
    said = json.loads(receiver.requests[0].body)
    assert said["title"] == f"{LEAD.title} · Example News"
    assert said["message"].startswith(f"{LEAD.link}\nExample News, published")
    assert said["message"].endswith(f"Key: {ALERT.key}")


def test_as_html_a_text_stays_a_text() -> None:
    told = body_of(with_title("<b>x</b> & <!channel>"), "?format=html")
    assert "<b>" not in told
    assert "&lt;" in told


def test_as_markdown_a_text_stays_a_text() -> None:
    told = body_of(with_title("*bold* [a](b)"), "?format=markdown")
    assert "\\*bold\\*" in told
    assert "[a](" not in told


def test_a_long_text_is_cut_and_keeps_its_key() -> None:
    told = body_of(digest_of(10_000))
    assert len(told) <= 8_000
    assert told.endswith(f"Key: {digest_of(1).key}")


@pytest.mark.parametrize(
    "address", ["tgram://123456789:abcdefg_hijklmnop/12315544", "ntfy://topic", "discord://1/ab"]
)
def test_a_text_is_as_long_as_the_service_takes(address: str) -> None:
    with Receiver() as receiver:
        service = _service(replace(settings(receiver), url=Secret(address)))
    assert service is not None
    title, body = _texts(digest_of(10_000), service)
    assert len(title) + len(body) <= service.body_maxlen + service.title_maxlen
    assert body.endswith(digest_of(1).key)


# --- what Apprise says


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (Reply(200), Sent()),
        (Reply(204, ""), Sent()),
        (Reply(500, ""), TryLater(reason="Apprise: the service answered 500")),
        (Reply(404, ""), TryLater(reason="Apprise: the service answered 404")),
        (
            Reply(429, "", {"Retry-After": "9"}),
            TryLater(reason="Apprise: the service answered 429", throttled=True),
        ),
    ],
    ids=repr,
)
def test_every_answer_has_its_outcome(behaviour: Behaviour, outcome: Outcome) -> None:
    with Receiver(behaviour) as receiver:
        assert send(receiver, "?retry=3&wait=0") == outcome
    assert len(receiver.requests) == 1


def test_a_service_that_is_slower_than_the_timeout_is_doubtful() -> None:
    with Receiver(HANG) as receiver:
        assert send(receiver, timeout=0.3) == Doubtful(reason="Apprise got no answer within 0.3 s")


def test_a_service_that_is_not_there_is_tried_later() -> None:
    with Receiver() as receiver:
        receiver.close()
        outcome = send(receiver)
    assert outcome == TryLater(reason="Apprise could not send it")


class Listener(logging.Handler):
    """Hears what reaches the root of all logs."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.name)


def test_what_apprise_logs_is_not_shown() -> None:
    listener = Listener()
    logging.getLogger().addHandler(listener)
    try:
        with Receiver(Reply(500, "")) as receiver:
            outcome = send(receiver)
    finally:
        logging.getLogger().removeHandler(listener)
    assert "canary" not in repr(outcome)
    assert "apprise" not in listener.heard


# --- settings


def test_an_address_that_apprise_does_not_know_is_the_operators_mistake() -> None:
    wrong = AppriseSettings(name=ChannelName("far"), url=Secret("canary"), timeout=timedelta(0))
    assert channel_faults(wrong) == (
        "`url` is no address that Apprise understands",
        "`timeout` must be more than 0 s and at most 100 s",
    )


def test_without_the_extra_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.channels.apprise.find_spec", lambda name: None)
    far = AppriseSettings(name=ChannelName("far"), url=Secret("json://localhost/"))
    assert channel_faults(far) == (MISSING,)
    with pytest.raises(ConfigError, match=r"pip install 'watcher\[apprise\]'"):
        open_channel(far, FakeClock())


def test_apprise_is_imported_only_where_a_channel_needs_it() -> None:
    code = "import sys, watcher.app, watcher.channels; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_apprise_cannot_tell_repeats() -> None:
    far = AppriseSettings(name=ChannelName("far"), url=Secret("json://localhost/"))
    assert repeats_of(far) is Repeats.RESEND
    assert repeats_of(replace(far, doubtful=Repeats.HOLD)) is Repeats.HOLD
