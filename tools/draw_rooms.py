"""Draws which room imports which, from the code, into ARCHITECTURE.md.

python tools/draw_rooms.py          writes the picture
python tools/draw_rooms.py --check  exit 1 when the picture is out of date
"""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- rooms: begin -->\n", "<!-- rooms: end -->"


def rooms() -> list[str]:
    """Name the rooms: the modules and packages right under `watcher`."""
    return sorted(
        path.stem
        for path in (ROOT / "watcher").iterdir()
        if not path.name.startswith(("__", ".")) and (path.is_dir() or path.suffix == ".py")
    )


def files_of(room: str) -> list[Path]:
    place = ROOT / "watcher" / room
    return sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def imports_of(room: str) -> set[str]:
    """Name the rooms that a room imports, wherever in its code."""
    found: set[str] = set()
    for path in files_of(room):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "watcher":
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("watcher."):
                found.add(str(node.module).split(".")[1])
            elif isinstance(node, ast.Import):
                found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("watcher.")}
    return (found & set(rooms())) - {room}


def picture() -> str:
    """Draw the rooms in Mermaid, every import an arrow; model and errors are everywhere, so not."""
    arrows = {room: imports_of(room) - {"model", "errors"} for room in rooms()}
    lines = ["```mermaid", "flowchart TD"]
    for room, below in sorted(arrows.items()):
        lines += [f"    {room} --> {name}" for name in sorted(below)]
    return "\n".join([*lines, "```", ""])


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    drawn = before + BEGIN + picture() + END + after
    if "--check" in sys.argv:
        sys.exit(0 if drawn == page else "ARCHITECTURE.md: run python tools/draw_rooms.py")
    PAGE.write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
