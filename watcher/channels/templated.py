"""A channel whose alerts speak the operator's own words.

It tells the channel behind it a headline and a text, and that one shows them as it shows any text
that a feed may have had a part in. A template that fails never keeps an alert: it then goes out in
the built-in words, with a note of that beside the attempt.
"""

import logging
from dataclasses import replace

from watcher.alerts.template import Template, TemplateFault, dressed
from watcher.model import Alert, ChannelName, Outcome, Sent
from watcher.ports import Channel

log = logging.getLogger(__name__)


class Templated:
    """Gives alerts, and the messages that they answer, a template's words."""

    def __init__(self, channel: Channel, template: Template) -> None:
        self._channel, self._template = channel, template

    @property
    def name(self) -> ChannelName:
        """The name that the configuration gives the channel."""
        return self._channel.name

    def send(self, alert: Alert) -> Outcome:
        """Send the alert in the template's words; in the built-in ones where they fail."""
        told = dressed(self._template, alert)
        if isinstance(told, TemplateFault):
            return noted(self._channel.send(alert), told, alert)
        return self._channel.send(replace(told, parent=self._parent(alert)))

    def _parent(self, alert: Alert) -> Alert | None:
        if alert.parent is None:
            return None
        told = dressed(self._template, alert.parent)
        return alert.parent if isinstance(told, TemplateFault) else told


def noted(outcome: Outcome, fault: TemplateFault, alert: Alert) -> Outcome:
    """Note beside an attempt that the template failed, and log it."""
    where = f" in line {fault.line}" if fault.line else ""
    told = f"the template failed{where} ({fault.message}); sent in the built-in words"
    log.warning("alert=%s channel=%s %s", alert.key, alert.channel, told)
    if not isinstance(outcome, Sent):
        return outcome
    return replace(outcome, note="; ".join(filter(None, (outcome.note, told))))
