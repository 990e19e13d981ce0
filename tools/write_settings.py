"""Writes the tables of settings in docs/configuration.md and docs/channels.md from the code.

python tools/write_settings.py          writes them
python tools/write_settings.py --check  exit 1 when they are out of date
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from watcher.config.shapes import CHANNEL_SHAPES, FeedsFile, RulesFile, Shape, WatcherFile

DOCS = Path(__file__).parent.parent / "docs"
FILES: Mapping[str, type[Shape]] = {
    "watcher.yaml": WatcherFile,
    "feeds": FeedsFile,
    "rules": RulesFile,
}


def rows(shape: type[Shape], path: str = "") -> Iterator[str]:
    """Write a row for every setting of a shape, those inside it after it."""
    for name, field in shape.model_fields.items():
        key = path + (field.alias or name)
        required = "required" if field.is_required() else ""
        yield f"| `{key}` | {field.description or ''} | {required} |"
        inside = shape.inside(field.alias or name)
        if inside is not None and (field.alias or name) != "channels":
            yield from rows(inside, f"{key}.")


def table(shape: type[Shape]) -> str:
    head = "| setting | what it says | |\n|---|---|---|\n"
    return head + "\n".join(rows(shape)) + "\n"


def filled(page: str, shapes: Mapping[str, type[Shape]]) -> str:
    """Put each shape's table between the marks that name it."""
    for name, shape in shapes.items():
        marks = re.compile(rf"(<!-- settings: {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
        page, found = marks.subn(lambda m, shape=shape: m[1] + table(shape) + m[2], page)
        if found != 1:
            sys.exit(f"no place for the settings of {name}")
    return page


def main() -> None:
    for file, shapes in (("configuration.md", FILES), ("channels.md", CHANNEL_SHAPES)):
        path = DOCS / file
        old = path.read_text(encoding="utf-8")
        new = filled(old, shapes)
        if "--check" in sys.argv and new != old:
            sys.exit(f"docs/{file} is out of date: run python tools/write_settings.py")
        path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
