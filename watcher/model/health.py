"""How rules do: what they hit, and what the operator is told of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.model.items import Item
from watcher.model.names import RuleId
from watcher.model.rules import Hit, RuleInfo


class Ailment(StrEnum):
    """What may be wrong with a rule."""

    QUIET = "quiet"  # no hit for as long as its `expected` says
    NOISY = "noisy"  # it matches nearly everything


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleActivity:
    """What a rule did of late, beside what it could have done.

    An item counts once for a rule, at its first hit, however often it is edited.
    """

    rule: RuleId
    in_service: bool
    since: datetime  # when it came into service, the last time it did
    last_hit_at: datetime | None = None  # ever, also before `since`
    items: int = 0  # seen of late while it was in service
    hits: int = 0  # how many of these it matched
    told: Mapping[Ailment, datetime] = field(default_factory=dict)  # open notices, since when


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNotice:
    """Something about a rule that the operator should know; one opens, one closes."""

    rule: RuleInfo
    ailment: Ailment
    opens: bool  # False: it is over
    opened_at: datetime  # when it began, so that the same one is never said twice
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastHit:
    """A hit as it was written down, with the item as it is now."""

    at: datetime
    hit: Hit
    item: Item


class Topic(StrEnum):
    """What may be wrong with the service itself."""

    CONFIG = "config"  # a configuration was refused; the one before stays in service
    STORE = "store"  # the database does not do its work: a full disk, a lock, damage
    WORK = "work"  # a step fails again and again
    BACKUP = "backup"  # no copy of the database can be made
    DAMAGE = "damage"  # a copy took the place of a damaged database; it is over when it is told


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNotice:
    """Something about the service that the operator should know; one opens, one closes."""

    topic: Topic
    opens: bool
    opened_at: datetime  # when it began, so that the same one is never said twice
    text: str
