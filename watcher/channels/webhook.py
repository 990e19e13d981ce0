"""A webhook as Standard Webhooks 1.0 has it: signed, with an id that is the same at every try.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from watcher.alerts.render import as_json, web_link
from watcher.channels.sending import Answer, Poster, meaning_of, outcome, timeout_faults
from watcher.model import Alert, ChannelName, Outcome, Secret
from watcher.ports import Clock

_PREFIX = "whsec_"
_KEY_LENGTHS = range(24, 65)  # bytes, as the standard asks
_EXCERPT = 200  # characters of an answer that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """Where to post, and the secrets to sign with: the new one and, while it changes, the old."""

    name: ChannelName
    url: Secret
    secrets: tuple[Secret, ...] = ()  # `whsec_` and base64; none leaves the requests unsigned
    timeout: timedelta = timedelta(seconds=20)  # for the whole conversation
    ca_file: str = ""  # certificates to trust instead of the public ones


def faults(settings: WebhookSettings) -> tuple[str, ...]:
    """Tell what is wrong with the settings, without showing any secret."""
    found = []
    if not web_link(settings.url.reveal()):
        found.append("`url` must be a whole http or https URL")
    found += [
        f"`secrets` {number}: must be `{_PREFIX}` and base64 of 24 to 64 bytes"
        for number, secret in enumerate(settings.secrets, 1)
        if len(_key(secret)) not in _KEY_LENGTHS
    ]
    return (*found, *timeout_faults(settings.timeout))


class WebhookChannel:
    """Posts alerts as JSON (`schema/alert.schema.json`); only a 2xx is success."""

    def __init__(self, settings: WebhookSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._poster = Poster(
            settings.url,
            clock,
            timeout=settings.timeout,
            ca_file=settings.ca_file,
            secrets=settings.secrets,
        )

    @property
    def name(self) -> ChannelName:
        """The name that the configuration gives it."""
        return self._settings.name

    def send(self, alert: Alert) -> Outcome:
        """Post the alert once; its key is `webhook-id` and `Idempotency-Key`."""
        body = json.dumps(as_json(alert), ensure_ascii=False, separators=(",", ":")).encode()
        answer = self._poster.post(body, self._headers(alert.key, body))
        return _read(answer) if isinstance(answer, Answer) else answer

    def _headers(self, key: str, body: bytes) -> Mapping[str, str]:
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "webhook-id": key,
            "webhook-timestamp": timestamp,
        }
        if self._settings.secrets:
            signed = f"{key}.{timestamp}.".encode() + body
            signatures = (_signature(secret, signed) for secret in self._settings.secrets)
            headers["webhook-signature"] = " ".join(signatures)
        return headers


def _signature(secret: Secret, signed: bytes) -> str:
    digest = hmac.digest(_key(secret), signed, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


def _key(secret: Secret) -> bytes:
    """Decode a signing secret; empty where it is none. Missing padding is forgiven."""
    text = secret.reveal().strip().removeprefix(_PREFIX)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _read(answer: Answer) -> Outcome:
    said = " ".join(answer.text.split())[:_EXCERPT]
    reason = f"the receiver answered {answer.status}{f': {said}' if said else ''}"
    return outcome(meaning_of(answer.status), reason, answer.retry_after)
