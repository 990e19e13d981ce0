"""What became of an attempt to deliver an alert.

An alert may have more than one recipient. `progress` is what a channel wants to know at the next
try: who has it already. It is a text that only the channel understands; the outbox keeps it with
the alert, and gives it back with it (`Alert.progress`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.model.names import AlertKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The receiver took it."""

    reference: str = ""  # what the receiver calls it: a message id, a ts
    note: str = ""  # what else there is to say: found from an earlier try, the parent not edited


@dataclass(frozen=True, slots=True, kw_only=True)
class TryLater:
    """Nothing was accepted; the same may work later."""

    reason: str
    retry_after: timedelta | None = None
    throttled: bool = False  # the whole channel must wait, and it does not count as an attempt
    progress: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """The answer was lost after the request was written: it may have arrived."""

    reason: str
    held: bool = False  # it waits for a person, whatever the channel's policy is
    progress: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It will never be accepted like this."""

    reason: str
    gone: bool = False  # the receiver itself is no more
    progress: str = ""  # somebody may have it tried again by hand


Outcome = Sent | TryLater | Doubtful | Refused


class Repeats(StrEnum):
    """What a channel lets the outbox do with an alert that may have arrived."""

    TOLD_APART = "told apart"  # send it again: the receiver or the channel itself can tell a repeat
    RESEND = "resend"  # send it again, though it may then be there twice
    HOLD = "hold"  # wait for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to deliver an alert."""

    alert: AlertKey
    number: int
    at: datetime
    outcome: str  # sent, try later, doubtful, refused
    detail: str
