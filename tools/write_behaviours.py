"""Writes the table of behaviours in docs/fetching.md from the tests that show them.

python tools/write_behaviours.py          writes it
python tools/write_behaviours.py --check  exit 1 when it is out of date

A test shows a behaviour when its name begins with the behaviour's number: `test_19_…`.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "fetching.md"
NUMBERED = re.compile(r"test_(\d\d?)_(\w+)")
MARKS = re.compile(r"(<!-- behaviours -->\n).*?(<!-- end -->)", re.DOTALL)


def behaviours() -> Mapping[int, str]:
    """Give the behaviours in our words, by number."""
    told: Mapping[int, str] = yaml.safe_load(
        (Path(__file__).parent / "behaviours.yaml").read_text(encoding="utf-8")
    )
    return told


def shown() -> Mapping[int, Sequence[tuple[str, str]]]:
    """Give the tests that show each behaviour: file, and the sentence that the test's name is."""
    tests = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in _functions(path):
            if found := NUMBERED.fullmatch(name):
                place = path.relative_to(ROOT / "tests").as_posix()
                tests[int(found[1])].append((place, found[2].replace("_", " ")))
    return tests


def _functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node.name


def table() -> str:
    """Write a row for every behaviour."""
    tests = shown()
    rows = ["| # | behaviour | tests that show it |", "|---|---|---|"]
    for number, words in behaviours().items():
        told = "<br>".join(f"{sentence} (`{place}`)" for place, sentence in tests.get(number, ()))
        rows.append(f"| {number} | {words} | {told} |")
    return "\n".join(rows) + "\n"


def filled(page: str) -> str:
    """Put the table where it belongs."""
    page, found = MARKS.subn(lambda marks: marks[1] + table() + marks[2], page)
    if found != 1:
        sys.exit("docs/fetching.md has no place for the table")
    return page


def main() -> None:
    old = PAGE.read_text(encoding="utf-8")
    new = filled(old)
    if "--check" in sys.argv and new != old:
        sys.exit("docs/fetching.md is out of date: run python tools/write_behaviours.py")
    PAGE.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
