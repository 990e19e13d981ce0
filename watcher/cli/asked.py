"""What a verb is asked about: a rule by its id or an expression, an item of a file or the store."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from watcher.cli.printing import say
from watcher.cli.settings import PLACES, loaded
from watcher.cli.streams import Lines, instant, judged_at
from watcher.model import Fault, Item, RuleId, RuleInfo
from watcher.text.links import normal_link

if TYPE_CHECKING:
    from watcher.config import Config
    from watcher.ports import Transaction
    from watcher.rules import RuleFault, RuleSet, RuleSpec

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_NAMED_AT_MOST = 10


@dataclass(frozen=True)
class Asked:
    """Where rules and items are looked for."""

    config: Path | None
    rules: Path | None

    # --- rules ----------------------------------------------------------------------------------

    def rule(self, wanted: str) -> "tuple[RuleSet, RuleSpec]":
        """Find a rule by its id, or make one of an expression."""
        known = self._known(wanted)
        specs = {spec.info.id: spec for spec in known.specs} if known else {}
        if known is not None and (found := specs.get(RuleId(wanted))):
            return known, found
        likely = get_close_matches(wanted, specs, 3) if _ID.fullmatch(wanted) else []
        if likely:
            say(f"no rule {wanted!r} is known; did you mean {' or '.join(likely)}?")
            say(f"to try the word itself, put it in quotes: '\"{wanted}\"'")
            raise typer.Exit(2)
        lists = {name: entries for spec in specs.values() for name, entries in spec.lists.items()}
        if specs and _ID.fullmatch(wanted):
            say(f"no rule {wanted!r} is known: it is taken for an expression")
        return self._made(wanted, lists)

    def _known(self, wanted: str) -> "RuleSet | None":
        """Load the rules, unless an expression stands by itself."""
        from watcher.config import load_rules

        if self.rules is not None:
            return load_rules(self.rules)[0]
        configured = self.config is not None or any(place.exists() for place in PLACES)
        if configured and (_ID.fullmatch(wanted) or "$" in wanted):
            return self._configuration.rules
        return None

    @cached_property
    def _configuration(self) -> "Config":
        return loaded(self.config, quiet=True)

    def _made(
        self, expression: str, lists: Mapping[str, Sequence[str]]
    ) -> "tuple[RuleSet, RuleSpec]":
        from watcher.rules import RuleSpec, compile_rules

        spec = RuleSpec(info=RuleInfo(id=RuleId(expression)), when=expression, lists=lists)
        compiled = compile_rules([spec])
        if compiled.ruleset is not None:
            return compiled.ruleset, spec
        for fault in compiled.faults:
            if not fault.warning:
                say(_placed(fault).told())
        raise typer.Exit(2)

    # --- items ----------------------------------------------------------------------------------

    def items(
        self, wanted: str, text: str | None, feed: str, now: str | None
    ) -> list[tuple[Item, datetime]]:
        """Find what is asked about, each with the time to judge it at."""
        if text is not None:
            return _read(json.dumps({"title": text, "feed": feed}), "--text", now)
        if wanted == "-":
            return _read(sys.stdin.read(), wanted, now)
        if Path(wanted).is_file():
            return _read(Path(wanted).read_text(encoding="utf-8", errors="replace"), wanted, now)
        found = self._stored(wanted)
        return [(found, instant(now) if now else found.seen_at)]

    def _stored(self, wanted: str) -> Item:
        """Find one item in the store; none and several are the operator's mistake."""
        from watcher.service.mending import refuse_to_begin_anew
        from watcher.store import open_store

        refuse_to_begin_anew(self._configuration)
        store = open_store(self._configuration.state)
        try:
            with store.reading() as tx:
                return only_item(tx, wanted, unknown=" and no file is called so")
        finally:
            store.close()


def only_item(tx: "Transaction", wanted: str, *, unknown: str = "") -> Item:
    """Find the item that is called so; none and several are the operator's mistake."""
    found = tx.find_items(wanted, _NAMED_AT_MOST)
    found = found or tx.find_items(normal_link(wanted), _NAMED_AT_MOST)
    exactly = [item for item in found if item.id == wanted]
    if len(exactly or found) == 1:
        return (exactly or list(found))[0]
    if not found:
        say(f"no item {wanted!r} is known{unknown and ','}{unknown}")
    else:
        say(f"{wanted!r} may be any of these:")
        for item in found:
            say(f"  {item.id}  {item.feed}  {item.title or item.link}")
    raise typer.Exit(2)


def _read(source: str, name: str, now: str | None) -> list[tuple[Item, datetime]]:
    """Read items of JSON, or make one of plain text: its first line is the title."""
    at = instant(now)
    lines = Lines(name, _as_lines(source))
    found = [(item, judged_at(record, at)) for record, item in lines.items(at)]
    lines.end()
    if not found:
        say(f"{lines.name}: there is no item in it")
        raise typer.Exit(2)
    return found


def _as_lines(source: str) -> list[str]:
    """Give a document as lines of JSON, one for each item."""
    try:
        whole = json.loads(source)
    except ValueError:
        return source.split("\n") if source.lstrip().startswith("{") else _as_item(source)
    records = whole if isinstance(whole, list) else [whole]
    return [json.dumps(record) for record in records]


def _as_item(text: str) -> list[str]:
    """Make an item of plain text, blank lines being the ends of paragraphs."""
    title, _, rest = text.strip().partition("\n")
    content = "<p>".join(re.split(r"\n\s*\n", rest))
    return [json.dumps({"title": title, "content": content})] if title else []


def _placed(fault: "RuleFault") -> Fault:
    """Show a fault of an expression that stands in no file."""
    return Fault(
        code=fault.code,
        message=fault.message,
        excerpt=fault.expression,
        caret=fault.column,
        width=fault.width,
        suggestions=fault.suggestions,
    )
