"""How each kind of channel may be spoken to, unless a receiver asks for less (429, Retry-After).

Gaps are what the receivers' makers say they take for long: Slack one message a second and channel,
Discord 30 a minute and webhook, Teams 4 a second with penalties. Mail servers and the services that
Apprise knows have limits of their own, which nobody can know; one a second offends few of them.
"""

from collections.abc import Mapping
from datetime import timedelta

from watcher.channels import (
    AppriseSettings,
    ChannelSettings,
    ConsoleSettings,
    EmailSettings,
    FileSettings,
    SlackSettings,
    WebhookSettings,
    repeats_of,
)
from watcher.model import Manners

_SECOND = timedelta(seconds=1)
_GAPS: Mapping[str, timedelta] = {  # of webhooks, by format; programs take what comes
    "slack": _SECOND,
    "discord": 2 * _SECOND,
    "teams": _SECOND,
}
PROGRAMS_AT_ONCE = 8


def manners_of(settings: ChannelSettings) -> Manners:
    """Tell how a channel may be spoken to: the least gap, how many at once, what of repeats."""
    repeats = repeats_of(settings)
    match settings:
        case WebhookSettings():
            gap = _GAPS.get(settings.format, timedelta(0))
            return Manners(gap=gap, at_once=1 if gap else PROGRAMS_AT_ONCE, repeats=repeats)
        case SlackSettings() | EmailSettings() | AppriseSettings():
            return Manners(gap=_SECOND, repeats=repeats)
        case ConsoleSettings() | FileSettings():
            return Manners(repeats=repeats)
