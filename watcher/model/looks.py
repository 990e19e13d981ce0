"""What a look at an address shows: each request of the way there, and what is odd about it all."""

from collections.abc import Mapping
from dataclasses import dataclass

from watcher.model.feeds import FetchResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request, and how it was answered. Header names are lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    sent: int  # bytes of the body, as they came over the wire
    seconds: float  # until the connection was done with


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of asking for a feed once, and the requests that it took."""

    answer: FetchResult
    hops: tuple[Hop, ...] = ()  # none where no answer came, or where it was no server that we asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a feed that is not as it should be."""

    topic: str  # a word or two by which programs know it
    text: str
    harmful: bool = True  # whether items may be missed or confused by it, or traffic is wasted


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A feed that a web page names as its own (`<link rel="alternate">`)."""

    url: str
    title: str
    kind: str  # RSS, Atom, JSON Feed, XML
