"""Sending alerts as letters.

Each recipient has a transaction of their own, and an outcome of their own. For the alert as a whole
the worst one that can still be mended counts: doubtful, then try later, then refused, then sent.
Who got the letter goes along as the outcome's progress, and comes back with the alert, so that
trying again for the others does not repeat it. Where that is lost a repeat has the same Message-ID.
"""

from collections.abc import Mapping

from watcher.channels.email.conversation import hand_in
from watcher.channels.email.letter import letter, message_id
from watcher.channels.email.settings import EmailSettings
from watcher.channels.sending import Fuse, Redactor
from watcher.model import Alert, ChannelName, Doubtful, Outcome, Refused, Sent, TryLater
from watcher.ports import Clock


class EmailChannel:
    """Hands letters in at one SMTP server."""

    def __init__(self, settings: EmailSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._redact = Redactor((settings.password,) if settings.password else ())

    @property
    def name(self) -> ChannelName:
        """The name that the configuration gives it."""
        return self._settings.name

    def send(self, alert: Alert) -> Outcome:
        """Send the alert to all recipients that are not known to have it."""
        now, got = self._clock.now(), frozenset(alert.progress.split())
        letters = {
            recipient: letter(alert, self._settings, recipient, now)
            for recipient in dict.fromkeys(self._settings.recipients)
            if recipient not in got
        }
        with Fuse(self._settings.timeout) as fuse:
            ends = hand_in(self._settings, letters, self._redact) if letters else {}
        got |= {recipient for recipient, end in ends.items() if isinstance(end, Sent)}
        late = f" (no end within {self._settings.timeout.total_seconds():g} s)"
        return _summed(ends, got, message_id(alert, self._settings.domain), late * fuse.blown)


def _summed(ends: Mapping[str, Outcome], got: frozenset[str], reference: str, late: str) -> Outcome:
    """Make one outcome of the recipients' outcomes."""
    doubtful = {who: end for who, end in ends.items() if isinstance(end, Doubtful)}
    waiting = {who: end for who, end in ends.items() if isinstance(end, TryLater)}
    refused = {who: end for who, end in ends.items() if isinstance(end, Refused)}
    reason = _told({**doubtful, **waiting, **refused}, len(got)) + late
    progress = " ".join(sorted(got))  # addresses have no spaces
    if doubtful:
        return Doubtful(reason=reason, progress=progress)
    if waiting:
        return TryLater(reason=reason, progress=progress)
    if refused:
        return Refused(reason=reason, progress=progress)
    return Sent(reference=reference, note=_noted(ends))


def _noted(ends: Mapping[str, Outcome]) -> str:
    notes = {who: end.note for who, end in ends.items() if isinstance(end, Sent) and end.note}
    return "; ".join(f"{who}: {note}" for who, note in notes.items())


def _told(failed: Mapping[str, Doubtful | TryLater | Refused], got: int) -> str:
    """Say what failed, the same reason once, and how many got the letter all the same."""
    by_reason: dict[str, list[str]] = {}
    for who, end in failed.items():
        by_reason.setdefault(end.reason, []).append(who)
    told = "; ".join(f"{', '.join(who)}: {reason}" for reason, who in by_reason.items())
    return f"{told}; {got} got it" if got else told
