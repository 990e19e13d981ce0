"""The shape of a route in watcher.yaml."""

from pydantic import Field

from watcher.config.shapes.base import Shape
from watcher.config.values import (
    Clock,
    Clocks,
    Duration,
    Emails,
    Name,
    PositiveDuration,
    PositiveNumber,
    Severities,
    Texts,
    Weekdays,
    Zone,
)


class DigestShape(Shape):
    """Alerts told together, at times of the day."""

    at: Clocks = Field(description="Times of the day, by the clocks of the zone: 08:00.")
    timezone: Zone = Field(description="The zone of the IANA database: Europe/Berlin.")
    days: Weekdays | None = Field(None, description="Days of the week (all): mon, tue …")
    except_: Severities = Field(
        (), alias="except", description="Severities that go out at once all the same."
    )


class QuietHoursShape(Shape):
    """Hours in which nothing is sent; it is sent at their end."""

    from_: Clock = Field(alias="from", description="When they begin: 22:00.")
    to: Clock = Field(description="When they end: 07:00; before `from`, it is the next day's.")
    timezone: Zone = Field(description="The zone of the IANA database: Europe/Berlin.")
    except_: Severities = Field(
        (), alias="except", description="Severities that go out all the same."
    )


class RouteShape(Shape):
    """What goes out through a channel, and when."""

    channel: Name = Field(description="Which channel it goes out through.")
    to: Emails = Field((), description="Recipients, where the channel is e-mail.")
    severity: Severities = Field((), description="Takes these severities only.")
    feeds: Texts = Field((), description="Takes items of these feeds only: ids or globs.")
    tags: Texts = Field((), description="Takes items with one of these tags only; globs.")
    languages: Texts = Field((), description="Takes items in these languages only: en, de.")
    group_wait: Duration | None = Field(
        None, description="How long an alert waits for copies of its story; critical ones never."
    )
    digest: DigestShape | None = Field(None, description="Tell alerts together, at times.")
    quiet_hours: QuietHoursShape | None = Field(
        None, description="Hours in which nothing is sent; it is sent at their end."
    )
    max_per_hour: PositiveNumber | None = Field(
        None, description="More alerts than this in an hour are told in one digest."
    )
    max_age: PositiveDuration | None = Field(
        None, description="Alerts that could not be sent for longer are told in one digest (24h)."
    )
    fallback: Name | None = Field(
        None, description="Route for what this one's channel refuses, and for notices about that."
    )
