"""The forms in which a webhook may post: one file for each."""

from collections.abc import Mapping

from watcher.channels.webhook.formats import cloudevents, custom, discord, slack, teams, watcher
from watcher.channels.webhook.formats.form import Form

__all__ = ["CUSTOM", "FORMATS", "Form"]

CUSTOM = "custom"
"""What is posted is what the operator's template writes."""

FORMATS: Mapping[str, Form] = {
    "watcher": watcher.FORM,
    "cloudevents": cloudevents.FORM,
    "slack": slack.FORM,
    "discord": discord.FORM,
    "teams": teams.FORM,
    CUSTOM: custom.FORM,
}
"""The words that the configuration uses for `format`."""
