"""Writing an alert by a template, and trying a template before it is needed."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from watcher.alerts.render import as_json, as_text, tidy
from watcher.alerts.template.samples import SAMPLES
from watcher.model import Alert, AlertKind, Message

if TYPE_CHECKING:
    import jinja2

_FILE = "<template>"  # what Jinja2 calls a template that comes as a text
_LONG = 300  # characters of a message
_ABOUT_STORIES = frozenset((AlertKind.STORY, AlertKind.UPDATE))


class Use(Enum):
    """What is made of what a template writes."""

    TEXT = "text"  # a headline, and below it a text, for people
    JSON = "json"  # a JSON document, for a program


@dataclass(frozen=True, slots=True)
class Template:
    """A template's text, and what it is for."""

    source: str
    use: Use = Use.TEXT


class TemplateFault(NamedTuple):
    """What is wrong with a template; `line` is 0 where it is the whole."""

    line: int
    message: str
    word: str = ""  # the name that nobody knows, if that is it
    known: tuple[str, ...] = ()  # the names that would be


NOTHING = TemplateFault(0, "it writes nothing")


class _Compiled(NamedTuple):
    template: "jinja2.Template"
    names: frozenset[str]


def faults_of(template: Template) -> tuple[TemplateFault, ...]:
    """Tell what is wrong with a template, tried on alerts of every kind; empty: it will do.

    The first fault of each line is told.
    """
    unread = _compiled(template)
    if isinstance(unread, TemplateFault):
        return (unread,)
    found: dict[int, TemplateFault] = {}
    for name, alert in SAMPLES.items():
        if template.use is Use.TEXT and alert.kind not in _ABOUT_STORIES:
            continue
        told = written(template, alert)
        if told == NOTHING and name == "bare":
            continue  # of an alert without title and link there may be nothing to say
        if isinstance(told, TemplateFault):
            found.setdefault(told.line, told._replace(message=f"{told.message} (tried on: {name})"))
    return tuple(found.values())


def forgets_entries(template: Template) -> bool:
    """Tell whether what a template makes of a digest leaves out the alerts that it tells of."""
    digest = SAMPLES["digest"]
    told = json.dumps(written(template, digest), ensure_ascii=False, default=str)
    return any(entry.headline not in told for entry in digest.message.entries)


def dressed(template: Template, alert: Alert) -> Alert | TemplateFault:
    """Give an alert with the template's words for headline and body, or tell what failed.

    Only alerts about stories are: digests and notices say things that the template does not know.
    What threads hang on stays: the subject, the key, the kind, the severity. Links in the words
    stay links where they are the alert's own; what feeds wrote is never made one.
    """
    if alert.kind not in _ABOUT_STORIES:
        return alert
    told = written(template, alert)
    if isinstance(told, TemplateFault):
        return told
    assert isinstance(told, str), template.use
    headline, _, body = told.strip().partition("\n")
    message = Message(
        headline=headline,
        severity=alert.message.severity,
        body=body.strip("\n"),
        subject=alert.message.subject or alert.message.headline,
        links=tuple(_links(tidy(alert.message))),
    )
    return replace(alert, message=message)


def written(template: Template, alert: Alert) -> object:
    """Give what a template writes: a text, or the JSON value; a TemplateFault where it fails."""
    compiled = _compiled(template)
    if isinstance(compiled, TemplateFault):
        return compiled
    told = _rendered(compiled, _data(alert, compiled.names))
    if isinstance(told, TemplateFault):
        return told
    if not told.strip():
        return NOTHING
    return told if template.use is Use.TEXT else _read(told)


def _read(told: str) -> object:
    try:
        return json.loads(told)
    except (ValueError, RecursionError) as trouble:
        around = ""
        if isinstance(trouble, json.JSONDecodeError):
            around = f" near {told[max(0, trouble.pos - 20) : trouble.pos + 20]!r}"
        hint = "each {{ … }} is a whole JSON value, its quotation marks included"
        return TemplateFault(0, f"what it writes is not JSON{around}; {hint}")


@lru_cache(64)
def _compiled(template: Template) -> _Compiled | TemplateFault:
    """Read a template, once."""
    from jinja2 import TemplateSyntaxError, meta  # noqa: PLC0415 - 50 ms that few need

    from watcher.alerts.template.sandbox import sandbox  # noqa: PLC0415 - it imports jinja2

    world = sandbox(for_json=template.use is Use.JSON)
    try:
        names = meta.find_undeclared_variables(world.parse(template.source))
        return _Compiled(world.from_string(template.source), frozenset(names))
    except TemplateSyntaxError as trouble:
        return TemplateFault(trouble.lineno, _short(trouble.message or "it cannot be read"))


def _data(alert: Alert, names: frozenset[str]) -> Mapping[str, Any]:
    """Give the names that a template may use: those of the published JSON, and a few more."""
    told = as_json(alert)
    data = told["data"]
    assert isinstance(data, dict)
    text = {"text": as_text(alert)} if "text" in names else {}
    return {**data, **text, "type": told["type"], "timestamp": told["timestamp"]}


def _rendered(compiled: _Compiled, data: Mapping[str, Any]) -> str | TemplateFault:
    from jinja2 import UndefinedError  # noqa: PLC0415 - it is loaded by now

    from watcher.alerts.template.sandbox import LONGEST  # noqa: PLC0415

    pieces, length = [], 0
    try:
        for piece in compiled.template.generate(data):
            pieces.append(piece)
            length += len(piece)
            if length > LONGEST:
                return TemplateFault(0, f"it writes more than {LONGEST:,} characters")
    except UndefinedError as trouble:
        return _unknown(str(trouble), _line_of(trouble.__traceback__), data)
    except Exception as trouble:  # noqa: BLE001 - nobody can list what a template may raise
        told = _short(f"{type(trouble).__name__}: {trouble}")
        return TemplateFault(_line_of(trouble.__traceback__), told)
    return "".join(pieces)


def _unknown(said: str, line: int, data: Mapping[str, Any]) -> TemplateFault:
    """Say in plain words what a template asked for that is not there."""
    if found := re.match(r"'(\w+)' is undefined", said):
        known = tuple(sorted((*data, "text")))
        return TemplateFault(line, f'"{found[1]}" is not known', found[1], known)
    if found := re.match(r"'?None'? has no (?:attribute|element) '?(\w+)", said):
        told = (
            f"`{found[1]}` of nothing: what stands before it may be missing; ask for it by {{% if"
        )
        return TemplateFault(line, told, found[1])
    if found := re.search(r"has no (?:attribute|element) '?(\w+)", said):
        return TemplateFault(line, f'"{found[1]}" is not known there', found[1])
    return TemplateFault(line, _short(said))


def _line_of(trace: TracebackType | None) -> int:
    """Find the template's line in a traceback, which Jinja2 has rewritten."""
    line = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _short(told: str) -> str:
    return " ".join(told.split())[:_LONG]


def _links(message: Message) -> Iterator[str]:
    """List the addresses that an alert shows as links in its built-in words too."""
    cited = (message.lead, *message.copies, *(entry.lead for entry in message.entries))
    yield from (item.link for item in cited if item and item.link)
    if message.original:
        yield message.original
