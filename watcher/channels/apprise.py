"""Whatever Apprise reaches: the long tail of services, one address a channel.

The outbox does the retrying, so Apprise must not. It tells neither status nor Retry-After; what it
logs of an answer's number is all that we learn. Its texts are never shown: they may hold secrets.
https://github.com/caronc/apprise/wiki
"""

import logging
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from watcher.alerts.render import as_text, retold, shortened
from watcher.alerts.template import Template
from watcher.channels.sending import lifeless, timeout_faults
from watcher.model import (
    Alert,
    ChannelName,
    Doubtful,
    Message,
    Outcome,
    Refused,
    Repeats,
    Secret,
    Sent,
    TryLater,
)
from watcher.ports import Clock

if TYPE_CHECKING:
    from apprise import NotifyBase

MISSING = "type: apprise needs a package that is not there: pip install 'watcher[apprise]'"
_NUMBER = re.compile(r"\berror=(\d{3})\b")
_LONGEST = 8_000  # characters of a message
_SHORTEST = 60  # what is left of a title, whatever else there is


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseSettings:
    """An address as Apprise reads it, which is a secret as a whole."""

    name: ChannelName
    url: Secret
    doubtful: Repeats = Repeats.RESEND  # Apprise's services cannot tell a repeat
    timeout: timedelta = timedelta(seconds=20)  # then nobody knows whether it arrived
    template: Template | None = None  # words of the operator's own; None: the built-in ones

    @property
    def repeats(self) -> Repeats:
        """What to do with an alert that may have arrived."""
        return self.doubtful


def faults(settings: AppriseSettings) -> tuple[str, ...]:
    """Tell what is wrong with the settings, without showing the address."""
    if find_spec("apprise") is None:
        return (MISSING,)
    wrong = () if _service(settings) else ("`url` is no address that Apprise understands",)
    return (*wrong, *timeout_faults(settings.timeout))


class AppriseChannel:
    """Hands alerts to Apprise as plain text, in which no service finds anything to act on."""

    def __init__(self, settings: AppriseSettings, _clock: Clock) -> None:
        self._settings = settings

    @property
    def name(self) -> ChannelName:
        """The name that the configuration gives it."""
        return self._settings.name

    def send(self, alert: Alert) -> Outcome:
        """Send the alert once; a service that is slower than the timeout may have taken it."""
        service = _service(self._settings)
        if service is None:
            return Refused(reason="Apprise does not understand the address (any more)")
        title, body = _texts(alert, service)
        return self._handed_over(service, title, body)

    def _handed_over(self, service: "NotifyBase", title: str, body: str) -> Outcome:
        from apprise import Apprise, NotifyFormat  # noqa: PLC0415 - a second of importing

        result: Any = Apprise(service, asset=service.asset).notify(
            body=body,
            title=title,
            body_format=NotifyFormat.TEXT,
            timeout=self._settings.timeout.total_seconds(),
        )
        if result:
            return Sent()
        if result.status.name == "TIMEOUT":
            seconds = self._settings.timeout.total_seconds()
            return Doubtful(reason=f"Apprise got no answer within {seconds:g} s")
        return _failed(" ".join(entry.message for entry in result.logs()))


def _service(settings: AppriseSettings) -> "NotifyBase | None":
    """Make Apprise's own object for one conversation: it neither retries nor waits."""
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - a second of importing

    log = logging.getLogger("apprise")
    log.propagate = False  # it may log addresses
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    asset = AppriseAsset(async_mode=False, secure_logging=True, storage_mode="memory")
    service = Apprise.instantiate(settings.url.reveal(), asset=asset)
    if service is not None:
        service.retry = 0
        # longer than the deadline for it all: what it cuts itself would look like a refusal
        service.socket_read_timeout = 2 * settings.timeout.total_seconds()
        service.socket_connect_timeout = settings.timeout.total_seconds()
    return service


def _texts(alert: Alert, service: "NotifyBase") -> tuple[str, str]:
    """Give title and text, as long as the service takes them, with the key at the end."""
    end = f"\n\nKey: {alert.key}"
    escaped = 1 if service.resolve_format("text") == "text" else 2  # how much longer it may become
    most = min(service.body_maxlen // escaped, _LONGEST) - len(end)
    first, _, rest = _told(alert, most).partition("\n")
    title = shortened(first, max(service.title_maxlen, _SHORTEST))
    apart = service.title_maxlen > 0  # else Apprise puts it before the text
    room = most if apart else most - len(title)
    return title, shortened(rest.strip("\n"), max(room, _SHORTEST)) + end


def _told(alert: Alert, most: int) -> str:
    """Tell the alert as text; of a digest as many entries as fit, and how many more there are."""
    message = retold(alert.message, lifeless)
    told = as_text(replace(alert, message=message), width=1_000)
    while len(told) > most and message.entries:
        message = _with_fewer(message)
        told = as_text(replace(alert, message=message), width=1_000)
    return told


def _with_fewer(message: Message) -> Message:
    kept = message.entries[: len(message.entries) * 3 // 4]
    left_out = message.entries_left_out + len(message.entries) - len(kept)
    return replace(message, entries=kept, entries_left_out=left_out)


def _failed(logged: str) -> Outcome:
    """Read what Apprise logged: the number that the service answered, if there was one."""
    number = _NUMBER.search(logged)
    reason = f"Apprise: the service answered {number[1]}" if number else "Apprise could not send it"
    return TryLater(reason=reason, throttled=number is not None and number[1] == "429")
