"""Runs the examples of a page: rules on items, files through the checker, commands as processes."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.manual.page import Block, Expression, Page, Row, Trace
from tests.rules.making import spec
from watcher.cli.streams import judged_at
from watcher.config import environment, load_rules
from watcher.errors import ConfigError
from watcher.model import Hit
from watcher.parse import item_from_json
from watcher.rules import LANGUAGES, RuleSpec, compile_rules

NOW = datetime(2016, 1, 1, tzinfo=UTC)
_LANGUAGES = re.compile(r"(<!-- languages -->).*?(<!-- end -->)", re.DOTALL)
WIDTH = "84"  # columns of what commands print
_FILE = """\
version: 1
rules:
  - id: example
    when: >-
      {}
    tests: {{match: [x]}}
"""


def hits(rule: RuleSpec, record: Mapping[str, object]) -> tuple[Hit, ...]:
    """Try a rule on an item of JSON, at its `now`."""
    compiled = compile_rules([rule])
    assert compiled.ruleset is not None, compiled.faults
    now = judged_at(dict(record), NOW)
    return compiled.ruleset.match(item_from_json({"title": "", **record}, now, 1), now)


def finds(row: Row) -> bool:
    """Tell whether the rule of a line finds its item."""
    return bool(hits(spec({"any": [row.rule]} if row.is_entry else row.rule), row.item))


def found_by(trace: Trace) -> tuple[str, str]:
    """Give the words that a rule finds in a title, and how."""
    (hit,) = hits(spec(trace.rule), {"title": trace.text})
    words, how = zip(*((one.text, one.how) for one in hit.occurrences), strict=True)
    return ", ".join(words), ", ".join(how)


def said_of(text: str, folder: Path, *, tests: bool = True) -> str:
    """Give what the checker says of a file of rules, as `watcher check` prints it."""
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        _, told = load_rules(path, check_tests=tests)
    except ConfigError as bad:
        told = bad.faults
    return "".join(f"{fault.told()}\n" for fault in told).replace(f"{folder}/", "")


def said_of_expression(one: Expression, folder: Path) -> str:
    """Give what the checker says of an expression, in line 5 of a file."""
    return said_of(_FILE.format(one.source), folder, tests=False)


def nothing(_place: Path) -> None:
    """Leave the folder as it is, in which the commands of a page are run."""


def rewritten(page: Page, folder: Path, prepare: Callable[[Path], None] = nothing) -> str:
    """Give the page with what its examples really print, in a folder that is prepared for it."""
    lines = list(page.lines)
    outputs = sorted(_outputs(page, folder, prepare), key=lambda pair: pair[0].line, reverse=True)
    for block, text in outputs:  # from below, so that the lines above keep their numbers
        lines[block.line - 1 : block.end - 1] = text.splitlines()
    return _LANGUAGES.sub(rf"\g<1>{', '.join(LANGUAGES)}\g<2>", "\n".join(lines))


def _outputs(
    page: Page, folder: Path, prepare: Callable[[Path], None]
) -> Iterator[tuple[Block, str]]:
    for one in page.wrong:
        assert one.told is not None
        yield one.told, said_of_expression(one, folder)
    for file in page.files:
        if file.told is not None:
            yield file.told, said_of(file.block.text, folder)
    place = folder / "place"
    place.mkdir()
    prepare(place)
    for block in page.blocks:
        if block.name:
            (place / block.name).parent.mkdir(parents=True, exist_ok=True)
            (place / block.name).write_text(block.text, encoding="utf-8")
        elif block.kind == "console":
            yield block, "".join(_run(block, place))


def commands(block: Block) -> list[str]:
    """Give the commands of a console, without their sign."""
    return [line[2:] for line in block.text.splitlines() if line.startswith("$ ")]


def _run(block: Block, place: Path) -> Iterator[str]:
    for number, command in enumerate(commands(block)):
        program, *arguments = shlex.split(command)
        assert program == "watcher", f"line {block.line}: only `watcher` is run, not {program}"
        ended = subprocess.run(
            [sys.executable, "-m", "watcher", *arguments],
            cwd=place,
            env={**environment(), "COLUMNS": WIDTH, "NO_COLOR": "1", "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in ended.stdout, ended.stdout
        blank = "\n" if number else ""
        yield f"{blank}$ {command}\n{ended.stdout}"
