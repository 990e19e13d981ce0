"""Webhooks are Standard Webhooks: an independent verifier accepts them."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.channels.contract import ChannelContract
from tests.channels.receivers import CLOSE, HANG, RESET, Behaviour, Receiver, Reply
from tests.channels.samples import ALERT
from tests.fakes import FakeClock
from watcher.channels import WebhookSettings, channel_faults, open_channel
from watcher.clock import SystemClock
from watcher.errors import ConfigError
from watcher.model import ChannelName, Doubtful, Outcome, Refused, Secret, Sent, TryLater
from watcher.ports import Clock

SCHEMA = Path(__file__).parents[2] / "watcher" / "channels" / "schema" / "alert.schema.json"
OLD = "whsec_" + base64.b64encode(b"the old secret of 24 bytes!!").decode()
NEW = "whsec_" + base64.b64encode(b"the new secret, also long enough").decode()


def settings(url: str, *secrets: str, timeout: float = 5) -> WebhookSettings:
    return WebhookSettings(
        name=ChannelName("hook"),
        url=Secret(url),
        secrets=tuple(Secret(secret) for secret in secrets),
        timeout=timedelta(seconds=timeout),
    )


def send(
    receiver: Receiver, *secrets: str, clock: Clock | None = None, timeout: float = 5
) -> Outcome:
    made = settings(receiver.url, *secrets, timeout=timeout)
    return open_channel(made, clock or FakeClock()).send(ALERT)


class WebhookBench:
    secrets = ("T0SECRET", "B0SECRET", "canary-in-the-path", OLD, NEW, NEW.removeprefix("whsec_"))

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.settings = settings(receiver.url, NEW, OLD)
        self.channel = open_channel(self.settings, SystemClock())
        self._validator = Draft202012Validator(json.loads(SCHEMA.read_text()))

    def arrived(self) -> list[str]:
        return [
            f"{request.headers['webhook-id']}\n{request.body.decode()}"
            for request in self.receiver.requests
        ]

    def judge(self) -> None:
        request = self.receiver.requests[-1]
        self._validator.validate(Webhook(NEW).verify(request.body, dict(request.headers)))
        assert set(request.headers) <= OUR_HEADERS

    def go_dark(self) -> None:
        self.receiver.close()


OUR_HEADERS = {
    "host", "user-agent", "accept", "accept-encoding", "connection", "content-type",
    "content-length", "idempotency-key", "webhook-id", "webhook-timestamp", "webhook-signature",
}  # fmt: skip


class TestWebhook(ChannelContract):
    @pytest.fixture
    def bench(self) -> Iterator[WebhookBench]:
        with Receiver() as receiver:
            yield WebhookBench(receiver)


def test_the_key_is_the_id_of_the_webhook_and_makes_it_idempotent() -> None:
    with Receiver() as receiver:
        assert send(receiver, NEW) == Sent()
    (request,) = receiver.requests
    assert request.headers["webhook-id"] == request.headers["idempotency-key"] == ALERT.key
    assert request.headers["webhook-timestamp"] == str(int(FakeClock().now().timestamp()))
    assert request.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("secret", [OLD, NEW, NEW.removeprefix("whsec_").rstrip("=")])
def test_while_secrets_rotate_both_verify(secret: str) -> None:
    with Receiver() as receiver:
        send(receiver, NEW, OLD, clock=SystemClock())
    (request,) = receiver.requests
    said = Webhook(secret).verify(request.body, dict(request.headers))
    assert said["data"]["key"] == ALERT.key


def test_another_secret_does_not_verify() -> None:
    with Receiver() as receiver:
        send(receiver, NEW, clock=SystemClock())
    (request,) = receiver.requests
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(request.body, dict(request.headers))


def test_without_a_secret_nothing_is_signed() -> None:
    with Receiver() as receiver:
        send(receiver)
    assert "webhook-signature" not in receiver.requests[0].headers


def test_at_every_try_the_body_is_the_same() -> None:
    with Receiver(Reply(500)) as receiver:
        clock = FakeClock()
        send(receiver, NEW, clock=clock)
        clock.advance(minutes=5)
        send(receiver, NEW, clock=clock)
    first, second = receiver.requests
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]


def later(reason: str, seconds: int | None = None, *, throttled: bool = False) -> TryLater:
    pause = None if seconds is None else timedelta(seconds=seconds)
    return TryLater(reason=reason, retry_after=pause, throttled=throttled)


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (Reply(200), Sent()),
        (Reply(204, ""), Sent()),
        (Reply(408, ""), later("the receiver answered 408")),
        (Reply(425, "early"), later("the receiver answered 425: early")),
        (Reply(500, "oh"), later("the receiver answered 500: oh")),
        (
            Reply(503, "", {"Retry-After": "9"}),
            later("the receiver answered 503", 9),
        ),
        (
            Reply(429, "slow", {"Retry-After": "30"}),
            later("the receiver answered 429: slow", 30, throttled=True),
        ),
        (
            Reply(429, "", {"Retry-After": "Mon, 02 Mar 2026 08:01:00 GMT"}),
            later("the receiver answered 429", 60, throttled=True),
        ),
        (Reply(429, ""), later("the receiver answered 429", throttled=True)),
        (
            Reply(302, "", {"Location": "http://127.0.0.1:1/"}),
            Refused(reason="the receiver answered 302"),
        ),
        (Reply(304, ""), Refused(reason="the receiver answered 304")),
        (Reply(400, "bad"), Refused(reason="the receiver answered 400: bad")),
        (Reply(404, ""), Refused(reason="the receiver answered 404")),
        (Reply(410, "bye"), Refused(reason="the receiver answered 410: bye", gone=True)),
    ],
    ids=repr,
)
def test_every_answer_has_its_outcome(behaviour: Behaviour, outcome: Outcome) -> None:
    with Receiver(behaviour) as receiver:
        assert send(receiver) == outcome
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("trouble", [HANG, RESET, CLOSE])
def test_an_answer_that_is_lost_is_doubtful(trouble: Behaviour) -> None:
    with Receiver(trouble) as receiver:
        assert isinstance(send(receiver, timeout=0.2), Doubtful)


def test_what_an_answer_says_is_cut_short() -> None:
    with Receiver(Reply(500, "blah " * 1_000)) as receiver:
        outcome = send(receiver)
    assert isinstance(outcome, TryLater)
    assert len(outcome.reason) < 250


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_not base64!", "whsec_c2hvcnQ=", "whsec_" + "YWJj" * 30, "é"]
)
def test_a_secret_that_cannot_sign_is_the_operators_mistake(secret: str) -> None:
    wrong = settings("http://127.0.0.1/", NEW, secret)
    (fault,) = channel_faults(wrong)
    assert fault == "`secrets` 2: must be `whsec_` and base64 of 24 to 64 bytes"


def test_settings_that_cannot_work_are_not_opened_and_show_no_secret() -> None:
    wrong = settings("nonsense-canary", "whsec_canary", timeout=0)
    with pytest.raises(ConfigError) as refused:
        open_channel(wrong, FakeClock())
    assert [fault.message for fault in refused.value.faults] == [
        'channel "hook": `url` must be a whole http or https URL',
        'channel "hook": `secrets` 1: must be `whsec_` and base64 of 24 to 64 bytes',
        'channel "hook": `timeout` must be more than 0 s and at most 100 s',
    ]
    assert "canary" not in str(refused.value)
