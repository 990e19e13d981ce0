"""The shapes of channels: how each way out is reached."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from watcher.config.shapes.base import Shape
from watcher.config.values import (
    EmailAddress,
    Emails,
    PositiveDuration,
    PositiveNumber,
    Secrets,
    SecretText,
    Server,
    Text,
)

_TIMEOUT: Any = Field(None, description="Longest time for one delivery (20s).")
_DOUBTFUL: Any = Field(
    None,
    description="What to do with an alert whose answer was lost, where nobody can look whether it "
    "arrived: resend (default), or hold it for you.",
)
_Doubtful = Literal["resend", "hold"]
_CA_FILE: Any = Field("", description="File of certificates to trust instead of the public ones.")

_TEMPLATE: Any = Field(
    "",
    description="What alerts say, in your words: a Jinja2 template, or the file that holds one.",
)


class ConsoleShape(Shape):
    """Prints alerts."""

    type: Literal["console"] = Field(description="Prints alerts to standard output.")
    width: PositiveNumber | None = Field(None, description="Characters of a line.")
    template: Text = _TEMPLATE


class FileShape(Shape):
    """Appends alerts to a file."""

    type: Literal["file"] = Field(description="Appends alerts to a file, one JSON object a line.")
    path: Text = Field(description="The file, relative to this one; its folder must exist.")


class SlackShape(Shape):
    """Posts to a Slack channel."""

    type: Literal["slack"] = Field(description="Posts alerts to a Slack channel.")
    url: SecretText | None = Field(
        None, description="Address of an incoming webhook: env:SLACK_WEBHOOK. Or, as a bot:"
    )
    token: SecretText | None = Field(None, description="The bot's token: env:SLACK_TOKEN.")
    channel: Text = Field(
        "", description="Id (C0123456789) or name of the channel that the bot posts to."
    )
    template: Text = _TEMPLATE
    doubtful: _Doubtful | None = _DOUBTFUL
    timeout: PositiveDuration | None = _TIMEOUT
    ca_file: Text = _CA_FILE


class WebhookShape(Shape):
    """Posts JSON to a program of yours."""

    type: Literal["webhook"] = Field(description="Posts alerts as JSON (Standard Webhooks).")
    url: SecretText = Field(description="Where to post.")
    format: Literal["watcher", "cloudevents", "slack", "discord", "teams", "custom"] | None = Field(
        None,
        description="Who reads it: watcher (default) or cloudevents for programs; slack "
        "(Mattermost, Rocket.Chat), discord or teams; custom: JSON that `template` writes.",
    )
    template: Text = _TEMPLATE
    secrets: Secrets = Field(
        (), description="What requests are signed with: the new one and, while it changes, the old."
    )
    doubtful: _Doubtful | None = _DOUBTFUL
    timeout: PositiveDuration | None = _TIMEOUT
    ca_file: Text = _CA_FILE


class EmailShape(Shape):
    """Sends mail."""

    type: Literal["email"] = Field(description="Sends alerts by mail.")
    server: Server = Field(description="Where mail is handed in: smtp.example.org:587.")
    tls: Literal["starttls", "implicit", "none"] | None = Field(
        None, description="Default: implicit on port 465, else starttls; none only on loopback."
    )
    from_: EmailAddress = Field(alias="from", description="Sender.")
    to: Emails = Field((), description="Recipients; a route may name others.")
    unsubscribe: EmailAddress | None = Field(
        None, description="Address that mail programs write to for a reader who wants no more."
    )
    user: Text = Field("", description="Name to log in with; none: no login.")
    password: SecretText | None = Field(None, description="credential:NAME, env:NAME or file:PATH.")
    template: Text = _TEMPLATE
    timeout: PositiveDuration | None = _TIMEOUT
    ca_file: Text = _CA_FILE


class AppriseShape(Shape):
    """Hands alerts to Apprise."""

    type: Literal["apprise"] = Field(description="Sends alerts to any service that Apprise knows.")
    url: SecretText = Field(description="Apprise's address of the service: env:APPRISE_URL.")
    template: Text = _TEMPLATE
    doubtful: _Doubtful | None = _DOUBTFUL
    timeout: PositiveDuration | None = _TIMEOUT


CHANNEL_SHAPES: Final[Mapping[str, type[Shape]]] = {
    "console": ConsoleShape,
    "file": FileShape,
    "slack": SlackShape,
    "webhook": WebhookShape,
    "email": EmailShape,
    "apprise": AppriseShape,
}

ChannelShape = Annotated[
    ConsoleShape | FileShape | SlackShape | WebhookShape | EmailShape | AppriseShape,
    Field(discriminator="type"),
]
