"""Where a webhook posts to, in which form, and what it signs with."""

from dataclasses import dataclass
from datetime import timedelta

from watcher.alerts.render import web_link
from watcher.alerts.template import Template
from watcher.channels.sending import timeout_faults
from watcher.channels.webhook.formats import CUSTOM, FORMATS
from watcher.channels.webhook.signing import PREFIX, can_sign
from watcher.model import ChannelName, Repeats, Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """Where to post, and the secrets to sign with: the new one and, while it changes, the old."""

    name: ChannelName
    url: Secret
    format: str = "watcher"  # one of FORMATS
    secrets: tuple[Secret, ...] = ()  # `whsec_` and base64; none leaves the requests unsigned
    doubtful: Repeats = Repeats.RESEND  # in formats whose receivers cannot tell a repeat
    timeout: timedelta = timedelta(seconds=20)  # for the whole conversation
    ca_file: str = ""  # certificates to trust instead of the public ones
    template: Template | None = None  # what a custom format posts, or the words in a chat's

    @property
    def repeats(self) -> Repeats:
        """What to do with an alert that may have arrived: chats do not compare keys.

        Who reads a custom format may, and is not known to.
        """
        form = FORMATS.get(self.format)
        compares = form and form.keyed and self.format != CUSTOM
        return Repeats.TOLD_APART if compares else self.doubtful


def faults(settings: WebhookSettings) -> tuple[str, ...]:
    """Tell what is wrong with the settings, without showing any secret."""
    found = []
    form = FORMATS.get(settings.format)
    if form is None:
        found.append(f"`format` must be one of {', '.join(FORMATS)}")
    elif settings.secrets and not form.keyed:
        found.append(f"`secrets` have no use: nobody checks them in the format {settings.format}")
    elif settings.format == CUSTOM and settings.template is None:
        found.append("`template` is missing: it says what is posted")
    elif settings.template and form.keyed and settings.format != CUSTOM:
        found.append(
            f"`template` has no use in the format {settings.format}, which programs read; for JSON "
            f"of your own write `format: {CUSTOM}`"
        )
    if not web_link(settings.url.reveal()):
        found.append("`url` must be a whole http or https URL")
    found += [
        f"`secrets` {number}: must be `{PREFIX}` and base64 of 24 to 64 bytes"
        for number, secret in enumerate(settings.secrets, 1)
        if not can_sign(secret)
    ]
    return (*found, *timeout_faults(settings.timeout))
