"""Posting to Slack as a bot: updates in the story's thread, and no alert twice.

Where an earlier try may have arrived, its key is looked for in the channel before it is posted
again: so an alert is there once, though Slack itself knows no key.
"""

import re

from watcher.channels.sending import Failed
from watcher.channels.slack.api import Api, Place, Unknowable, labelled
from watcher.channels.slack.blocks import in_blocks, in_plain_text
from watcher.channels.slack.settings import SlackSettings
from watcher.channels.slack.words import MALFORMED
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
from watcher.ports import Clock

_ID = re.compile(r"[CGD][A-Z0-9]{6,}")
_REFERENCE = re.compile(r"(\S+) (\d+\.\d+)")
_NO_THREAD = frozenset(  # the first message was deleted, or nobody may reply to it
    (
        "thread_not_found",
        "message_not_found",
        "cannot_reply_to_message",
        "restricted_action_thread_locked",
        "restricted_action_non_threadable_channel",
    )
)


class SlackBot:
    """Posts alerts in blocks; once more, simpler, where Slack does not take them as they are."""

    def __init__(self, settings: SlackSettings, token: Secret, clock: Clock) -> None:
        self._settings = settings
        self._api = Api(settings, token, clock)
        self._id = settings.channel if _ID.fullmatch(settings.channel) else ""

    @property
    def name(self) -> ChannelName:
        """The name that the configuration gives it."""
        return self._settings.name

    def send(self, alert: Alert) -> Outcome:
        """Post the alert, in its story's thread where it belongs there; a doubtful one once only.

        The story's first message is then edited. That this fails does not unsay the alert.
        """
        parent = _parent(alert)
        found = self._found(alert, parent) if alert.doubtful else None
        outcome = found or self._posted(alert, parent)
        if parent and isinstance(outcome, Sent):
            return _noted(outcome, self._edited(alert, parent))
        return outcome

    # --- was it posted?

    def _found(self, alert: Alert, parent: Place | None) -> Outcome | None:
        """Tell what there is to tell of an alert that may be there; None: post it."""
        where = parent or (Place(channel=self._id) if self._id else None)
        found = _NAME_ONLY if where is None else self._look(alert, where)
        match found:
            case Place():
                return Sent(reference=_reference(found), note="an earlier try had arrived")
            case Unknowable():
                return self._by_policy(found.reason)
            case TryLater(throttled=False):  # it is as doubtful as it was
                return Doubtful(reason=f"cannot look whether it arrived: {found.reason}")
            case _:
                return found

    def _look(self, alert: Alert, where: Place) -> Place | Unknowable | Failed | None:
        return self._api.find(alert.key, alert.created_at, where)

    def _by_policy(self, reason: str) -> Outcome | None:
        if self._settings.doubtful is not Repeats.HOLD:
            return None
        return Doubtful(reason=f"it may have arrived, and nobody can look: {reason}", held=True)

    # --- posting

    def _posted(self, alert: Alert, parent: Place | None) -> Outcome:
        to = parent or Place(channel=self._settings.channel)
        word, outcome, place = self._api.post(labelled(in_blocks(alert), alert.key), to)
        note = ""
        if word in MALFORMED:
            plain = labelled(in_plain_text(alert), alert.key)
            word, outcome, place = self._api.post(plain, to)
        elif to.ts and word in _NO_THREAD:
            note = f"not in the thread: {word}"
            alone = Place(channel=to.channel)
            word, outcome, place = self._api.post(labelled(in_blocks(alert), alert.key), alone)
        if not isinstance(outcome, Sent):
            return outcome
        self._id = place.channel or self._id
        return Sent(reference=_reference(place), note=note)

    # --- the story's first message

    def _edited(self, alert: Alert, parent: Place) -> str:
        """Let the first message say how the story went on; tell why, where that fails."""
        if alert.parent is None:
            return ""
        payload = in_blocks(alert.parent, _went_on(alert, alert.parent))
        outcome = self._api.edit(labelled(payload, alert.parent.key), parent)
        return "" if isinstance(outcome, Sent) else f"first message not edited: {outcome.reason}"


_NAME_ONLY = Unknowable(reason="the channel is given by its name, and its id is not known yet")


def _parent(alert: Alert) -> Place | None:
    """Find the message that the alert answers."""
    reference = alert.parent.reference if alert.in_thread and alert.parent else ""
    read = _REFERENCE.fullmatch(reference)
    return Place(channel=read[1], ts=read[2]) if read else None


def _reference(place: Place) -> str:
    return f"{place.channel} {place.ts}" if place.channel and place.ts else ""


def _noted(sent: Sent, note: str) -> Sent:
    notes = "; ".join(filter(None, (sent.note, note)))
    return Sent(reference=sent.reference, note=notes)


def _went_on(alert: Alert, parent: Alert) -> str:
    """Say how many sources tell the story by now, and how many updates there were."""
    cited = [
        each
        for message in (parent.message, alert.message)
        for each in (message.lead, *message.copies)
        if each is not None
    ]
    sources = len({each.feed for each in cited})
    return f"{_count(sources, 'source')}, {_count(max(alert.revision, 1), 'update')} in the thread"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
