"""The alerts as a feed, Atom and JSON Feed: a way out that needs no setting up.

An entry is a story, under an id that stays; it is updated when another alert tells of it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response

from watcher.alerts.render import headline, web_link
from watcher.model import Alert, AlertKind, AlertState, RuleId
from watcher.text.times import iso
from watcher.web.addresses import feed_token
from watcher.web.api import conditional
from watcher.web.asked import only
from watcher.web.desk import Desk
from watcher.web.passwords import same
from watcher.web.problems import Problem

ATOM = "http://www.w3.org/2005/Atom"
LOOKED_AT, ENTRIES = 300, 100
_AUTHORITY = "watcher.localhost,2026"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOWHERE = frozenset({AlertKind.DIGEST, AlertKind.TEST})  # what they tell is told already
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the feed says of a story, or of a notice."""

    id: str
    title: str
    link: str
    page: str  # ours, that tells more
    published: datetime
    updated: datetime
    html: str
    rules: tuple[str, ...]


def atom(desk: Desk, request: Request) -> Response:
    """Give the alerts as Atom."""
    entries, updated = _entries(desk, request)
    root = ET.Element("feed", xmlns=ATOM)
    here = str(request.url)
    _add(root, "title", _title(request))
    _add(root, "id", f"tag:{_AUTHORITY}:alerts/{request.url.query}")
    _add(root, "updated", iso(updated))
    ET.SubElement(root, "link", rel="self", type="application/atom+xml", href=here)
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=f"{request.base_url}alerts")
    _add(ET.SubElement(root, "author"), "name", "Watcher")
    for entry in entries:
        _add_entry(root, entry)
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return _answer(request, body, "application/atom+xml; charset=utf-8", updated)


def json_feed(desk: Desk, request: Request) -> Response:
    """Give the alerts as JSON Feed 1.1."""
    entries, updated = _entries(desk, request)
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(request),
        "home_page_url": f"{request.base_url}alerts",
        "feed_url": str(request.url),
        "items": [
            {
                "id": entry.id,
                "url": entry.link or entry.page,
                "title": entry.title,
                "content_html": entry.html,
                "date_published": iso(entry.published),
                "date_modified": iso(entry.updated),
                "tags": list(entry.rules),
            }
            for entry in entries
        ],
    }
    body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    return _answer(request, body, "application/feed+json; charset=utf-8", updated)


def _entries(desk: Desk, request: Request) -> tuple[tuple[Entry, ...], datetime]:
    """Look up what is asked for, and when it changed last; a wrong token finds nothing."""
    only(request, "rule", "tag")
    rule, tag = request.query_params.get("rule", ""), request.query_params.get("tag", "")
    token = request.path_params.get("token")
    if token is not None and not _fits(desk, token, rule, tag):
        raise Problem(404, "there is no such feed")
    with desk.given.store.reading() as tx:
        found = tx.alerts_page(limit=LOOKED_AT, rule=RuleId(rule) if rule else None)
    tagged = {name for name, feed in desk.given.in_service().feeds.items() if tag in feed.tags}
    wanted = [
        alert
        for alert in found
        if alert.kind not in _NOWHERE
        and alert.state is not AlertState.SUPPRESSED
        and (not rule or rule in alert.rule_ids)
        and (not tag or (alert.message.lead is not None and alert.message.lead.feed in tagged))
    ]
    entries = tuple(_told(desk, wanted, str(request.base_url)))[:ENTRIES]
    return entries, max((entry.updated for entry in entries), default=_BEGINNING)


def _fits(desk: Desk, token: str, rule: str, tag: str) -> bool:
    secret = desk.given.settings.token
    return secret is not None and same(token, feed_token(secret, rule, tag))


def _told(desk: Desk, alerts: Iterable[Alert], base: str) -> Iterator[Entry]:
    """Make an entry of all alerts about a story, the newest of which says most."""
    by_story: dict[str, list[Alert]] = {}
    for alert in alerts:
        name = f"story/{alert.story}" if alert.story else f"alert/{alert.key}"
        by_story.setdefault(name, []).append(alert)
    for name, told in by_story.items():
        newest = told[0]
        lead = newest.message.lead
        yield Entry(
            id=f"tag:{_AUTHORITY}:{name}",
            title=headline(newest),
            link=web_link(lead.link) if lead else "",
            page=f"{base}alerts/{newest.key}",
            published=min(alert.created_at for alert in told),
            updated=newest.created_at,
            html=desk.piece("entry", alert=newest),
            rules=tuple(sorted({rule for alert in told for rule in alert.rule_ids})),
        )


def _add_entry(root: ET.Element, entry: Entry) -> None:
    element = ET.SubElement(root, "entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "published", iso(entry.published))
    _add(element, "updated", iso(entry.updated))
    ET.SubElement(element, "link", rel="alternate", href=_clean(entry.link or entry.page))
    if entry.link:
        ET.SubElement(element, "link", rel="related", href=entry.page)
    for rule in entry.rules:
        ET.SubElement(element, "category", term=_clean(rule))
    _add(element, "content", entry.html).set("type", "html")


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _title(request: Request) -> str:
    asked = [f"{key} {value}" for key, value in request.query_params.items() if value]
    return f"Watcher: {', '.join(asked)}" if asked else "Watcher: alerts"


def _answer(request: Request, body: bytes, kind: str, updated: datetime) -> Response:
    changed = format_datetime(updated, usegmt=True)
    return conditional(request, body, kind, {"last-modified": changed})
