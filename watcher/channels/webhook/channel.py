"""A webhook, with an id that is the same at every try; signed where the receiver checks that."""

import json
from collections.abc import Mapping

from watcher.alerts.template import TemplateFault, written
from watcher.channels.sending import Answer, Poster
from watcher.channels.templated import noted
from watcher.channels.webhook.formats import CUSTOM, FORMATS
from watcher.channels.webhook.settings import WebhookSettings
from watcher.channels.webhook.signing import signatures
from watcher.model import Alert, ChannelName, Outcome, Secret
from watcher.ports import Clock


class WebhookChannel:
    """Posts alerts as JSON in one of the formats; only a 2xx is success."""

    def __init__(self, settings: WebhookSettings, clock: Clock) -> None:
        self._settings = settings
        self._form = FORMATS[settings.format]
        self._clock = clock
        self._poster = Poster(
            Secret(self._form.address(settings.url.reveal())),
            clock,
            timeout=settings.timeout,
            ca_file=settings.ca_file,
            secrets=(settings.url, *settings.secrets),
        )

    @property
    def name(self) -> ChannelName:
        """The name that the configuration gives it."""
        return self._settings.name

    def send(self, alert: Alert) -> Outcome:
        """Post the alert once; its key is `webhook-id` and `Idempotency-Key`, or in the text."""
        told = self._written(alert)
        if isinstance(told, TemplateFault):
            return noted(self._sent(alert, self._form.write(alert)), told, alert)
        return self._sent(alert, told)

    def _written(self, alert: Alert) -> object:
        if self._settings.format == CUSTOM and self._settings.template is not None:
            return written(self._settings.template, alert)
        return self._form.write(alert)

    def _sent(self, alert: Alert, told: object) -> Outcome:
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        answer = self._poster.post(body, self._headers(alert.key, body))
        return self._form.read(answer) if isinstance(answer, Answer) else answer

    def _headers(self, key: str, body: bytes) -> Mapping[str, str]:
        headers = {"Content-Type": self._form.media_type}
        if not self._form.keyed:
            return headers
        timestamp = str(int(self._clock.now().timestamp()))
        headers |= {"Idempotency-Key": key, "webhook-id": key, "webhook-timestamp": timestamp}
        if self._settings.secrets:
            signed = f"{key}.{timestamp}.".encode() + body
            headers["webhook-signature"] = signatures(self._settings.secrets, signed)
        return headers
