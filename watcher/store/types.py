"""How our values are written into columns: the same on every engine, in order and in value."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def microseconds(moment: datetime) -> int:
    """Count the microseconds from 1970 to an aware time."""
    return (moment - EPOCH) // MICROSECOND


def moment(count: int) -> datetime:
    """Give the time, in UTC, that is so many microseconds after 1970."""
    return EPOCH + count * MICROSECOND


def storable(text: str) -> str:
    """Replace what a database cannot hold: NUL (PostgreSQL) and lone surrogates (both)."""
    if "\0" in text:
        text = text.replace("\0", REPLACEMENT)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def key_of(kind: str, text: str) -> int:
    """Make a 64-bit key of a text, so that indexes stay small and never meet a text too long."""
    told = f"{kind}\n{storable(text)}".encode()
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big", signed=True)


class Moment(TypeDecorator[datetime]):
    """An aware time, as whole microseconds since 1970; it comes back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """Write a time; a naive one is a bug and raises `TypeError`."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        """Read a time."""
        return None if value is None else moment(value)


class Span(TypeDecorator[timedelta]):
    """A length of time, as whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, _dialect: Dialect) -> int | None:
        """Write a length of time."""
        return None if value is None else value // MICROSECOND

    def process_result_value(self, value: int | None, _dialect: Dialect) -> timedelta | None:
        """Read a length of time."""
        return None if value is None else value * MICROSECOND


class Words(TypeDecorator[str]):
    """Text of any length, made storable on the way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Write a text."""
        return None if value is None else storable(value)


class Name(Words):
    """A text that names a thing: ordered by code point on every engine."""

    impl = Text().with_variant(Text(collation="C"), "postgresql")  # type: ignore[assignment]
    cache_ok = True
