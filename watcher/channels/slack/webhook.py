"""Posting to a Slack incoming webhook."""

import json

from watcher.channels.sending import Answer, Failed, Poster
from watcher.channels.slack.blocks import Node, in_blocks, in_plain_text
from watcher.channels.slack.settings import SlackSettings
from watcher.channels.slack.words import MALFORMED, outcome_of, word_of
from watcher.model import Alert, ChannelName, Outcome, Secret
from watcher.ports import Clock


class SlackWebhook:
    """Posts alerts in blocks; once more as plain text if Slack takes the blocks for malformed.

    A webhook names no message, so there are no threads, and nobody can look what arrived.
    """

    def __init__(self, settings: SlackSettings, url: Secret, clock: Clock) -> None:
        self._settings = settings
        self._poster = Poster(url, clock, timeout=settings.timeout, ca_file=settings.ca_file)

    @property
    def name(self) -> ChannelName:
        """The name that the configuration gives it."""
        return self._settings.name

    def send(self, alert: Alert) -> Outcome:
        """Post the alert; what was malformed was not accepted, so a second try repeats nothing."""
        answer = self._post(in_blocks(alert))
        if isinstance(answer, Answer) and word_of(answer) in MALFORMED:
            answer = self._post(in_plain_text(alert))
        return outcome_of(answer) if isinstance(answer, Answer) else answer

    def _post(self, payload: Node) -> Answer | Failed:
        body = json.dumps(payload, ensure_ascii=False).encode()
        return self._poster.post(body, {"Content-Type": "application/json; charset=utf-8"})
