"""Silences: those in force, and making and ending one."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from watcher.model import LABELS, Silence, content_id
from watcher.web.desk import Desk, Form, done
from watcher.web.problems import Problem, nothing_there

LENGTHS = {"1h": "1 hour", "4h": "4 hours", "12h": "12 hours", "1d": "1 day", "7d": "7 days"}
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LENGTH = re.compile(r"[1-9][0-9]?[mhd]|(?:[1-9]|[1-4][0-9]|5[0-2])w")


def silences(desk: Desk, request: Request) -> Response:
    """Show what is kept in, and the form for more."""
    now = desk.given.clock.now()
    with desk.given.store.reading() as tx:
        found = tx.silences()
    in_force = [one for one in found if one.ends_at > now]
    over = [one for one in reversed(found) if one.ends_at <= now][:20]
    wished = {label: request.query_params.get(label, "")[:200] for label in LABELS}
    return desk.page(
        request, "silences", silences=in_force, over=over, labels=wished, lengths=LENGTHS
    )


def add(desk: Desk, request: Request, form: Form) -> Response:
    """Keep in from now on what the form says."""
    make(desk, {label: form.get(label, "") for label in LABELS}, form)
    return done("/silences", "silenced")


def expire(desk: Desk, request: Request, form: Form) -> Response:
    """End a silence now."""
    end(desk, request.path_params["id"])
    return done("/silences", "expired")


def make(desk: Desk, matches: Mapping[str, str], said: Mapping[str, str]) -> Silence:
    """Write a silence down; raises Problem where it says nothing, or for how long is unclear."""
    now = desk.given.clock.now()
    wanted = tuple((label, glob.strip()) for label, glob in sorted(matches.items()) if glob.strip())
    if not wanted:
        raise Problem(400, "say what to keep in: a silence without any label would keep in all")
    if max(len(glob) for _, glob in wanted) > 200:
        raise Problem(400, "what a label is like is 200 characters long at most")
    silence = Silence(
        id=content_id("silence", repr(wanted), now.isoformat()),
        matches=wanted,
        begins_at=now,
        ends_at=now + _length(said.get("for", "")),
        author=said.get("author", "").strip()[:80],
        comment=said.get("comment", "").strip()[:500],
        created_at=now,
    )
    with desk.given.store.transaction() as tx:
        tx.silence(silence)
    return silence


def end(desk: Desk, name: str) -> Silence:
    """End a silence; raises Problem where there is none of this name."""
    now: datetime = desk.given.clock.now()
    with desk.given.store.transaction() as tx:
        found = next((one for one in tx.silences() if one.id == name), None)
        if found is None:
            raise nothing_there("silence", name)
        tx.expire_silence(found, now)
        return next(one for one in tx.silences() if one.id == name)


def _length(text: str) -> timedelta:
    if _LENGTH.fullmatch(text):
        return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})
    raise Problem(400, "for how long? 30m, 4h, 2d, 1w; 52w at most")
