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
_CA_FILE: Any = Field("", description="File of certificates to trust instead of the public ones.")


class ConsoleShape(Shape):
    """Prints alerts."""

    type: Literal["console"] = Field(description="Prints alerts to standard output.")
    width: PositiveNumber | None = Field(None, description="Characters of a line.")


class FileShape(Shape):
    """Appends alerts to a file."""

    type: Literal["file"] = Field(description="Appends alerts to a file, one JSON object a line.")
    path: Text = Field(description="The file, relative to this one; its folder must exist.")


class SlackShape(Shape):
    """Posts to a Slack channel."""

    type: Literal["slack"] = Field(description="Posts alerts through a Slack incoming webhook.")
    url: SecretText = Field(description="Address of the incoming webhook: env:SLACK_WEBHOOK.")
    timeout: PositiveDuration | None = _TIMEOUT
    ca_file: Text = _CA_FILE


class WebhookShape(Shape):
    """Posts JSON to a program of yours."""

    type: Literal["webhook"] = Field(description="Posts alerts as JSON (Standard Webhooks).")
    url: SecretText = Field(description="Where to post.")
    secrets: Secrets = Field(
        (), description="What requests are signed with: the new one and, while it changes, the old."
    )
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
    user: Text = Field("", description="Name to log in with; none: no login.")
    password: SecretText | None = Field(None, description="credential:NAME, env:NAME or file:PATH.")
    timeout: PositiveDuration | None = _TIMEOUT
    ca_file: Text = _CA_FILE


CHANNEL_SHAPES: Final[Mapping[str, type[Shape]]] = {
    "console": ConsoleShape,
    "file": FileShape,
    "slack": SlackShape,
    "webhook": WebhookShape,
    "email": EmailShape,
}

ChannelShape = Annotated[
    ConsoleShape | FileShape | SlackShape | WebhookShape | EmailShape,
    Field(discriminator="type"),
]
