"""The shape of a file of feeds."""

from typing import Annotated

from pydantic import Field

from watcher.config.shapes.base import Shape
from watcher.config.values import (
    Backfill,
    FullTextWord,
    Name,
    Names,
    PositiveDuration,
    Text,
    Version,
    WebAddress,
)
from watcher.model import FullText


class FeedShape(Shape):
    """One feed."""

    id: Name = Field(description="Its name in rules, alerts and commands; keep it for ever.")
    url: WebAddress = Field(description="Address of the RSS, Atom or JSON feed.")
    title: Text = Field("", description="What alerts call it; else its own title.")
    lang: Text = Field("", description="Language of its items, where they do not say (en, de-AT).")
    tags: Names = Field((), description="Words to group feeds by.")
    poll: PositiveDuration | None = Field(None, description="Visit it this often (30m).")
    backfill: Backfill = Field(
        0,
        description="How many items (20), or how old ones (2d), may alert at the first visit.",
    )
    full_text: FullTextWord = Field(
        FullText.NO,
        description="Whether its items' pages are fetched for their text; auto: for teasers.",
    )


Feeds = Annotated[tuple[FeedShape, ...], Field(description="Feeds that belong to no group.")]


class FeedsFile(Shape):
    """A file of feeds."""

    version: Version = Field(description="Version of this form: 1.")
    feeds: Feeds = ()
    groups: dict[Name, tuple[FeedShape, ...]] = Field(
        default_factory=dict,
        description="Feeds by topic; the name of the group becomes a tag of its feeds.",
    )
