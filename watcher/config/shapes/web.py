"""The shape of the status page in watcher.yaml."""

from pydantic import Field

from watcher.config.shapes.base import Shape
from watcher.config.values import SecretText, Text, Texts, YesOrNo


class WebShape(Shape):
    """The status page and the API; without it there is none."""

    listen: Text | None = Field(
        None, description="Address and port, or unix:PATH of a socket (127.0.0.1:8080)."
    )
    hosts: Texts = Field(
        (), description="Names it is asked for by, besides localhost: watcher.example.org."
    )
    password: SecretText | None = Field(
        None, description="Who opens it must know this; its hash will do (`watcher web password`)."
    )
    token: SecretText | None = Field(
        None, description="What programs send instead; addresses of alert feeds are made from it."
    )
    https: YesOrNo | None = Field(
        None, description="Whether a proxy in front of it speaks TLS (false)."
    )
