"""Runs all examples of the watch language, and tells how many agree.

    python tools/run_examples.py [--show N]

These are: the standard's own, in `../shared/data/rules` beside the checkout, where they are there;
the cases in `tests/rules/cases`; and the manual's. Each (rule, item) is tried by the real checker
and matcher. The first N that do not agree are shown; exit 1 where any does not, or a set is empty.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.manual.page import Page
from tests.manual.running import finds, found_by, hits, rewritten, said_of, said_of_expression
from tests.rules.making import faults, spec

ROOT = Path(__file__).resolve().parents[1]
STANDARD = ROOT.parent / "shared" / "data" / "rules"
CASES = ROOT / "tests" / "rules" / "cases"
MANUAL = ROOT / "docs" / "rules.md"

Outcome = tuple[str, bool]  # what was tried, and whether it agrees


def of_case(case: dict[str, Any]) -> Outcome:
    """Try a line of a file: whether a rule matches an item, or what is wrong with a rule."""
    try:
        if "expected" in case:
            agrees = bool(hits(spec(case["rule"]), case["item"])) is case["expected"]
        else:
            told = [(fault.code, fault.column) for fault in faults(case["rule"])]
            agrees = (case["code"], case["col"]) in told
    except AssertionError as bad:
        return f"{case['id']}: {bad}", False
    return f"{case['id']}: {json.dumps(case, ensure_ascii=False)}", agrees


def of_file(path: Path) -> Iterator[Outcome]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line:
            yield of_case(json.loads(line))


def of_manual() -> Iterator[Outcome]:
    page = Page(MANUAL.read_text(encoding="utf-8"))
    for row in page.rows:
        yield f"line {row.line}: {row.rule}", finds(row) is row.expected
    for trace in page.traces:
        yield f"line {trace.line}: {trace.rule}", found_by(trace) == (trace.words, trace.how)
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for one in (*page.wrong, *page.right):
            said = one.told.text if one.told else ""
            yield f"line {one.line}: {one.source}", said_of_expression(one, folder) == said
        for file in page.files:
            said = file.told.text if file.told else ""
            yield f"line {file.block.line}: a file", said_of(file.block.text, folder) == said
        yield "what commands print", rewritten(page, folder) == page.text


def told(name: str, outcomes: Sequence[Outcome], shown: int) -> bool:
    """Print what a set of examples came to; True if all agree and there are any."""
    wrong = [what for what, agrees in outcomes if not agrees]
    print(f"{len(outcomes) - len(wrong):5} of {len(outcomes):5} agree  {name}")
    for what in wrong[:shown]:
        print(f"      {what}")
    return bool(outcomes) and not wrong


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--show", type=int, default=10, metavar="N")
    shown = arguments.parse_args().show
    sets: dict[str, Callable[[], Iterator[Outcome]]] = {
        str(path.relative_to(folder.parent)): lambda path=path: of_file(path)
        for folder in (STANDARD, CASES)
        for path in sorted(folder.glob("*.jsonl"))
    }
    sets["docs/rules.md"] = of_manual
    if not STANDARD.exists():
        print(f"THE STANDARD'S EXAMPLES ARE NOT HERE: there is no {STANDARD}", file=sys.stderr)
    good = [told(name, list(run()), shown) for name, run in sets.items()]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
