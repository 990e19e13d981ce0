"""The only place that asks what time it is."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Tell the time, aware and in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is that place


class PlayedClock:
    """A clock that somebody else sets: for days that are played, or played again."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Tell the time that was set last."""
        return self.moment
