"""What a replay came to."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from watcher.model import Alert, FeedId, RuleId, Visit


@dataclass(slots=True)
class Tally:
    """Counts of what was taken in and what came of it."""

    first: datetime | None = None
    last: datetime | None = None
    feeds: set[FeedId] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)  # of visits
    items: int = 0
    edits: int = 0
    copies: int = 0
    alerts: int = 0
    rules: Counter[RuleId] = field(default_factory=Counter)  # alerts that name a rule
    notices: Counter[str] = field(default_factory=Counter)  # to the operator, by topic

    def add(self, came: Visit | Alert) -> None:
        """Count a visit or an alert in."""
        match came:
            case Visit():
                self._add_visit(came)
            case Alert():
                self.alerts += 1
                self.rules.update(came.rule_ids)
            case _:
                assert_never(came)

    def _add_visit(self, visit: Visit) -> None:
        self.first, self.last = self.first or visit.at, visit.at
        self.feeds.add(visit.feed)
        self.outcomes[visit.outcome] += 1
        self.items += visit.fresh
        self.edits += visit.edited
        self.copies += visit.copies
        self.notices.update(notice.topic for notice in visit.notices)

    @property
    def visits(self) -> int:
        """How many visits there were."""
        return self.outcomes.total()

    @property
    def documents(self) -> int:
        """How many of them brought a document that was read."""
        return self.outcomes["read"]

    @property
    def unchanged(self) -> int:
        """How many told that nothing had changed."""
        return self.outcomes["not modified"] + self.outcomes["same"]

    @property
    def failed(self) -> int:
        """How many brought nothing that could be read."""
        return self.visits - self.documents - self.unchanged

    @property
    def gaps(self) -> int:
        """How often items may have been missed between two documents."""
        return self.notices["gap"]
