"""The kinds of value that a configuration file knows: how each is written, and what it becomes.

Every value comes as a text. A wrong one raises `wrong(...)`, with what to write instead.
"""

import re
from datetime import time, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from watcher.config.suggest import listing, question
from watcher.model import DAYS, FullText, Severity, Updates

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"(\d{1,6})([smhdw])")
_LONGEST = timedelta(days=3660)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_HOST = re.compile(r"(?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]+\.?")
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\\\[\]]+@(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+")
_WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_YES: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def wrong(message: str) -> PydanticCustomError:
    """Make the error that a validator raises; the message may not hold a secret."""
    return PydanticCustomError("wrong", "{told}", {"told": message})


def duration(text: object) -> timedelta:
    """Read `90s`, `30m`, `24h`, `7d` or `2w`."""
    found = _DURATION.fullmatch(_text(text))
    length = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
    if length is None:
        raise wrong(f'"{text}" is not a duration; write 90s, 30m, 24h, 7d or 2w')
    if length > _LONGEST:
        raise wrong(f'"{text}" is longer than ten years')
    return length


def positive_duration(text: object) -> timedelta:
    """Read a duration that is longer than nothing."""
    length = duration(text)
    if not length:
        raise wrong(f'"{text}" is no time at all; it must be longer')
    return length


def whole_number(text: object) -> int:
    """Read a whole number from 0 to 999,999."""
    if not re.fullmatch(r"[0-9]{1,6}", _text(text)):
        raise wrong(f'"{text}" is not a whole number from 0 to 999999')
    return int(_text(text))


def positive_number(text: object) -> int:
    """Read a whole number from 1 to 999,999."""
    if not (number := whole_number(text)):
        raise wrong(f'"{text}" is too little; it must be at least 1')
    return number


def backfill(text: object) -> int | timedelta:
    """Read how much of a feed's first visit may alert: a number of items, or an age."""
    if re.fullmatch(r"[0-9]{1,6}", _text(text)):
        return int(_text(text))
    try:
        return duration(text)
    except PydanticCustomError:
        message = f'"{text}" is neither a number of items (20) nor a duration (2d)'
        raise wrong(message) from None


def yes_or_no(text: object) -> bool:
    """Read `true` or `false` (or yes, on, no, off)."""
    word = _text(text).lower()
    if word not in _YES:
        raise wrong(f'"{text}" is neither true nor false')
    return _YES[word]


def full_text(text: object) -> FullText:
    """Read `true`, `false` (or yes, on, no, off) or `auto`."""
    word = _text(text).lower()
    if word == FullText.AUTO:
        return FullText.AUTO
    if word not in _YES:
        raise wrong(f'"{text}" is neither true nor false nor auto')
    return FullText.YES if _YES[word] else FullText.NO


def severity(text: object) -> Severity:
    """Read one of the severities."""
    return Severity[_one_of(text, [each.word for each in Severity], "a severity").upper()]


def clock(text: object) -> time:
    """Read a time of day, `08:00`, by the clocks of a zone."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", _text(text))
    if not found:
        raise wrong(f'"{text}" is not a time of day; write 08:00 or 22:30, from 00:00 to 23:59')
    return time(int(found[1]), int(found[2]))


def zone(text: object) -> ZoneInfo:
    """Read the name of a time zone in the IANA database, `Europe/Berlin`."""
    try:
        return ZoneInfo(_text(text))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        names = sorted(available_timezones())
        hint = question(_text(text), names) or "; write Europe/Berlin, America/New_York or UTC"
        raise wrong(f'"{text}" is not a time zone{hint}') from None


def weekday(text: object) -> int:
    """Read a day of the week, `mon` or `monday`; 0 is Monday."""
    word = _text(text).lower()
    short = word[:3] if word in _WEEKDAYS else word
    return DAYS.index(_one_of(short, list(DAYS), "a day of the week"))


def updates(text: object) -> Updates:
    """Read what later items of a story do."""
    return Updates(_one_of(text, [each.value for each in Updates], "known here"))


def name(text: object) -> str:
    """Read a name or id: letters, digits, `_ . -`, at most 100 of them."""
    if not _NAME.fullmatch(_text(text)):
        raise wrong(f'"{text}" is not a name; use letters, digits, "_", "." and "-", no blanks')
    return _text(text)


def web_address(text: object) -> str:
    """Read a whole http or https address."""
    address = _text(text)
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", address):
        raise wrong(f"this is not an http or https address{_scheme_hint(address)}")
    return address


def email_address(text: object) -> str:
    """Read a bare e-mail address."""
    if not _ADDRESS.fullmatch(_text(text)):
        raise wrong(f'"{text}" is not an e-mail address; write it bare, as in watcher@example.org')
    return _text(text)


def server(text: object) -> tuple[str, int | None]:
    """Read `host`, `host:port`, `1.2.3.4:25` or `[::1]:25`."""
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\s]+)(?::([0-9]{1,5}))?", _text(text))
    port = int(found[2]) if found and found[2] else None
    good_host = found and (found[1].startswith("[") or _HOST.fullmatch(found[1]))
    if not found or not good_host or (port is not None and not 0 < port < 65536):
        raise wrong(f'"{text}" is not a server; write host:port, as in smtp.example.org:587')
    return found[1].strip("[]"), port


def network(text: object) -> IPv4Network | IPv6Network:
    """Read an IP network such as `10.0.0.0/8`, or one address."""
    try:
        return ip_network(_text(text))
    except ValueError as trouble:
        hint = "; its host bits must be zero" if "host bits" in str(trouble) else ""
        message = f'"{text}" is not a network; write 10.0.0.0/8 or fd00::/8{hint}'
        raise wrong(message) from None


def version(text: object) -> str:
    """Read the version of the file's form; there is one."""
    if text != "1":
        raise wrong(f'version "{text}" is not known; this Watcher reads version 1')
    return "1"


def listed(value: object) -> object:
    """Take one text for a list of one."""
    return [value] if isinstance(value, str) else value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "a text is wanted")
    return value


def _one_of(text: object, words: list[str], kind: str) -> str:
    if _text(text) not in words:
        hint = question(_text(text), words)
        raise wrong(f'"{text}" is not {kind}{hint or f"; write {listing(words)}"}')
    return _text(text)


def _scheme_hint(address: str) -> str:
    if "://" not in address and _HOST.match(address):
        return "; it begins with https://"
    return ""


def _written(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


_OR_ONE = Field(json_schema_extra={"orOne": True})  # `schema` turns it into a choice
# what an editor takes for a number or a truth value is a text to us
_ANY_TEXT = WithJsonSchema({"type": ["string", "number", "boolean"]})
_NUMBER = WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 999999})

Text = Annotated[str, StringConstraints(strict=True), _ANY_TEXT]
Version = Annotated[str, BeforeValidator(version), WithJsonSchema({"const": 1})]
Name = Annotated[str, BeforeValidator(name), _written(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", "tech")]
Names = Annotated[tuple[Name, ...], BeforeValidator(listed), _OR_ONE]
_DURATION_TEXT = _written(r"^[0-9]{1,6}[smhdw]$", "30m")
Texts = Annotated[tuple[Text, ...], BeforeValidator(listed), _OR_ONE]
Duration = Annotated[timedelta, BeforeValidator(duration), _DURATION_TEXT]
PositiveDuration = Annotated[timedelta, BeforeValidator(positive_duration), _DURATION_TEXT]
Backfill = Annotated[
    int | timedelta,
    BeforeValidator(backfill),
    WithJsonSchema({"type": ["integer", "string"], "pattern": "^[0-9]{1,6}[smhdw]?$"}),
]
Number = Annotated[int, BeforeValidator(whole_number), _NUMBER]
PositiveNumber = Annotated[
    int,
    BeforeValidator(positive_number),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 999999}),
]
YesOrNo = Annotated[bool, BeforeValidator(yes_or_no), WithJsonSchema({"type": "boolean"})]
FullTextWord = Annotated[
    FullText, BeforeValidator(full_text), WithJsonSchema({"enum": [True, False, "auto"]})
]
SeverityWord = Annotated[
    Severity,
    BeforeValidator(severity),
    WithJsonSchema({"enum": [each.word for each in Severity]}),
]
Severities = Annotated[tuple[SeverityWord, ...], BeforeValidator(listed), _OR_ONE]
Clock = Annotated[
    time, BeforeValidator(clock), _written("^([01]?[0-9]|2[0-3]):[0-5][0-9]$", "08:00")
]
Clocks = Annotated[tuple[Clock, ...], BeforeValidator(listed), _OR_ONE]
Zone = Annotated[ZoneInfo, BeforeValidator(zone), _written(r"^\S+$", "Europe/Berlin")]
Weekday = Annotated[int, BeforeValidator(weekday), WithJsonSchema({"enum": list(DAYS)})]
Weekdays = Annotated[tuple[Weekday, ...], BeforeValidator(listed), _OR_ONE]
UpdatesWord = Annotated[
    Updates, BeforeValidator(updates), WithJsonSchema({"enum": [each.value for each in Updates]})
]
WebAddress = Annotated[str, BeforeValidator(web_address), _written("^https?://", "https://a.org/")]
EmailAddress = Annotated[
    str, BeforeValidator(email_address), _written("^[^ @]+@[^ @]+$", "watcher@example.org")
]
Emails = Annotated[tuple[EmailAddress, ...], BeforeValidator(listed), _OR_ONE]
Server = Annotated[
    tuple[str, int | None],
    BeforeValidator(server),
    _written(r"^\S+$", "smtp.example.org:587"),
]
Network = Annotated[
    IPv4Network | IPv6Network,
    BeforeValidator(network),
    _written(r"^[0-9A-Fa-f:.]+(/[0-9]+)?$", "10.0.0.0/8"),
]
Networks = Annotated[tuple[Network, ...], BeforeValidator(listed), _OR_ONE]
SecretText = Annotated[str, StringConstraints(strict=True), _written(r"^.+$", "env:SLACK_WEBHOOK")]
Secrets = Annotated[tuple[SecretText, ...], BeforeValidator(listed), _OR_ONE]
