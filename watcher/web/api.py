"""The API for programs, `/api/v1`, as openapi.yaml describes it."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import yaml
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from watcher.model import LABELS, Bookmark, ChannelHealth, RuleId, StoryId
from watcher.ports import Transaction
from watcher.web.asked import limit, only, texts
from watcher.web.desk import Desk, bookmark, cursor_of
from watcher.web.pages.alerts import asked_states, dropped, retried
from watcher.web.pages.channels import promise_test
from watcher.web.pages.rules import activity
from watcher.web.pages.silences import end, make
from watcher.web.problems import Problem, nothing_there
from watcher.web.records import (
    Record,
    alert_record,
    attempt_record,
    channel_record,
    feed_record,
    member_record,
    rule_record,
    silence_record,
    status_record,
    story_record,
)
from watcher.web.state import state_of

ROOT = "/api/v1"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # where lists are in the order of names
_GLOB = re.compile(r"[!-~]{1,200}")
CUSTOM = "x-watcher"  # a header that no page of another site can send
Thing = TypeVar("Thing")
Look = Callable[[Desk, Request], Record]
Do = Callable[[Desk, Request, bytes], Record]


def status(desk: Desk, request: Request) -> Record:
    """Tell how everything is."""
    only(request)
    return status_record(state_of(desk.given))


def feeds(desk: Desk, request: Request) -> Record:
    """List the feeds by id."""
    with desk.given.store.reading() as tx:
        found = tx.feeds()
    page, after = _by_name(request, found, lambda feed: feed.feed.id)
    return _listed([feed_record(feed, desk.given.redacted) for feed in page], after)


def feed(desk: Desk, request: Request) -> Record:
    """Tell one feed."""
    only(request)
    with desk.given.store.reading() as tx:
        found = tx.feed(request.path_params["id"])
    if found is None:
        raise nothing_there("feed", request.path_params["id"])
    return feed_record(found, desk.given.redacted)


def rules(desk: Desk, request: Request) -> Record:
    """List the rules by id."""
    cards = sorted(desk.given.in_service().rules.items(), key=lambda entry: entry[0])
    page, after = _by_name(request, cards, lambda entry: entry[0])
    with desk.given.store.reading() as tx:
        doing = activity(tx, desk.given.clock.now())
    return _listed([rule_record(card, doing.get(name)) for name, card in page], after)


def rule(desk: Desk, request: Request) -> Record:
    """Tell one rule."""
    only(request)
    name = RuleId(request.path_params["id"])
    card = desk.given.in_service().rules.get(name)
    if card is None:
        raise nothing_there("rule", name)
    with desk.given.store.reading() as tx:
        return rule_record(card, activity(tx, desk.given.clock.now()).get(name))


def stories(desk: Desk, request: Request) -> Record:
    """List stories, those with the newest item first."""
    only(request, "limit", "cursor")
    number, before = limit(request), _before(request)
    with desk.given.store.reading() as tx:
        found = tx.stories_page(limit=number, before=before)
    after = cursor_of(found[-1].last_seen_at, found[-1].id) if len(found) == number else None
    return _listed([story_record(story) for story in found], after)


def story(desk: Desk, request: Request) -> Record:
    """Tell one story with its items and the evidence."""
    only(request)
    name = StoryId(request.path_params["id"])
    with desk.given.store.reading() as tx:
        found = tx.find_story(name)
        if found is None:
            raise nothing_there("story", name)
        members = [member_record(item, placement) for item, placement in tx.story_items(name)]
    return {**story_record(found), "members": members}


def alerts(desk: Desk, request: Request) -> Record:
    """List alerts, newest first."""
    only(request, "limit", "cursor", "state", "rule")
    number, before = limit(request), _before(request)
    states, rule = asked_states(request), request.query_params.get("rule")
    if "state" in request.query_params and not states:
        raise Problem(400, "`state` is empty")
    with desk.given.store.reading() as tx:
        found = tx.alerts_page(
            states, limit=number, before=before, rule=None if rule is None else RuleId(rule)
        )
    after = cursor_of(found[-1].created_at, found[-1].key) if len(found) == number else None
    return _listed([alert_record(alert) for alert in found], after)


def alert(desk: Desk, request: Request) -> Record:
    """Tell one alert with each attempt."""
    only(request)
    with desk.given.store.reading() as tx:
        found = tx.alert(request.path_params["key"])
        if found is None:
            raise nothing_there("alert", request.path_params["key"])
        tries = [attempt_record(attempt) for attempt in tx.attempts(found.key)]
    return {**alert_record(found), "tries": tries}


def silences(desk: Desk, request: Request) -> Record:
    """List the silences that have not ended."""
    only(request)
    now = desk.given.clock.now()
    with desk.given.store.reading() as tx:
        return _listed([silence_record(one, now) for one in tx.silences(now)], None)


def channels(desk: Desk, request: Request) -> Record:
    """List the ways out with their health."""
    only(request)
    with desk.given.store.reading() as tx:
        return _listed(_channels(desk, tx), None)


def _channels(desk: Desk, tx: Transaction) -> list[Record]:
    health, numbers = tx.channels(), tx.waiting()
    return [
        channel_record(
            card,
            health.get(name, ChannelHealth(name=name)),
            {one.state.value: one.number for one in numbers if one.channel == name},
        )
        for name, card in sorted(desk.given.in_service().channels.items())
    ]


def add_silence(desk: Desk, request: Request, sent: bytes) -> Record:
    """Keep in what matches."""
    told = texts(sent, ("matches", "for", "author", "comment"))
    matches = told.pop("matches", None)
    if not isinstance(matches, dict) or not set(matches) <= set(LABELS):
        raise Problem(400, f"`matches` maps some of {', '.join(LABELS)} to globs")
    if not all(isinstance(text, str) for text in (*matches.values(), *told.values())):
        raise Problem(400, "only texts are wanted here")
    if not all(_GLOB.fullmatch(glob) for glob in matches.values()):
        raise Problem(400, "a glob is of printable ASCII without spaces, 200 characters at most")
    said = {key: str(text) for key, text in told.items()}
    return silence_record(make(desk, matches, said), desk.given.clock.now())


def end_silence(desk: Desk, request: Request, sent: bytes) -> Record:
    """End a silence now."""
    return silence_record(end(desk, request.path_params["id"]), desk.given.clock.now())


def retry(desk: Desk, request: Request, sent: bytes) -> Record:
    """Send an alert again that was given up."""
    if (found := retried(desk, request)) is None:
        raise Problem(409, "it is not dead, doubtful or suppressed")
    return alert_record(found)


def drop(desk: Desk, request: Request, sent: bytes) -> Record:
    """Give an alert up that has not arrived."""
    if (found := dropped(desk, request)) is None:
        raise Problem(409, "it is on its way, has arrived, or was dropped before")
    return alert_record(found)


def test_channel(desk: Desk, request: Request, sent: bytes) -> Record:
    """Promise a test alert to a channel."""
    return alert_record(promise_test(desk, request.path_params["name"]))


LOOKS: Sequence[tuple[str, Look]] = (
    ("/status", status), ("/feeds", feeds), ("/feeds/{id}", feed), ("/rules", rules),
    ("/rules/{id}", rule), ("/stories", stories), ("/stories/{id}", story), ("/alerts", alerts),
    ("/alerts/{key}", alert), ("/silences", silences), ("/channels", channels),
)  # fmt: skip
DOES: Sequence[tuple[str, Do]] = (
    ("/silences", add_silence), ("/silences/{id}/expire", end_silence),
    ("/alerts/{key}/retry", retry), ("/alerts/{key}/drop", drop),
    ("/channels/{name}/test", test_channel),
)  # fmt: skip


def api_routes(desk: Desk) -> list[Route]:
    """List where programs ask."""
    described = json.dumps(
        yaml.safe_load((Path(__file__).parent / "openapi.yaml").read_text(encoding="utf-8"))
    )
    doing = dict(DOES)
    both = [path for path, _ in LOOKS if path in doing]
    return [
        Route("/api/openapi.json", partial(_described, described), methods=["GET"]),
        *(
            Route(ROOT + path, partial(_look, desk, look), methods=["GET"])
            for path, look in LOOKS
            if path not in both
        ),
        *(
            Route(ROOT + path, partial(_both, desk, look, doing[path]), methods=["GET", "POST"])
            for path, look in LOOKS
            if path in both
        ),
        *(
            Route(ROOT + path, partial(_do, desk, do), methods=["POST"])
            for path, do in DOES
            if path not in both
        ),
    ]


def conditional(
    request: Request, body: bytes, kind: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with a body, or say that it is as it was."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    told = {"etag": tag, "cache-control": "private, no-cache", "vary": "Cookie, Authorization"}
    told.update(headers or {})
    known = request.headers.get("if-none-match", "")
    if tag in [one.strip().removeprefix("W/") for one in known.split(",")] or known.strip() == "*":
        return Response(None, 304, told)
    return Response(body, 200, told, media_type=kind)


def _described(described: str, request: Request) -> Response:
    return conditional(request, described.encode(), "application/json")


def _look(desk: Desk, look: Look, request: Request) -> Response:
    return _answer(request, look(desk, request))


def _answer(request: Request, record: Record) -> Response:
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return conditional(request, body, "application/json")


async def _both(desk: Desk, look: Look, do: Do, request: Request) -> Response:
    if request.method == "POST":
        return await _do(desk, do, request)
    return await run_in_threadpool(_look, desk, look, request)


async def _do(desk: Desk, do: Do, request: Request) -> Response:
    """Do what changes something: only for who shows that no browser was made to ask."""
    only(request)
    if not (request.headers.get("authorization") or request.headers.get(CUSTOM) == "1"):
        raise Problem(403, "send the header `X-Watcher: 1` (or a token) to change something")
    record = await run_in_threadpool(do, desk, request, await request.body())
    body = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, 200, media_type="application/json")


def _listed(records: Sequence[Record], after: str | None) -> Record:
    return {"items": list(records), "next": after}


def _before(request: Request) -> Bookmark | None:
    return bookmark(request.query_params.get("cursor"))


def _by_name(
    request: Request, things: Sequence[Thing], name: Callable[[Thing], str]
) -> tuple[Sequence[Thing], str | None]:
    """Cut a page out of a list that is in the order of names."""
    only(request, "limit", "cursor")
    number, before = limit(request), _before(request)
    rest = [one for one in things if before is None or name(one) > before.id]
    page = rest[:number]
    more = len(rest) > number
    return page, cursor_of(_BEGINNING, name(page[-1])) if more else None
