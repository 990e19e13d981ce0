"""Writes into the pages of docs/ what their examples print, by running them.

python tools/write_manual_outputs.py          writes it
python tools/write_manual_outputs.py --check  exit 1 when it is out of date
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.manual.page import Page
from tests.manual.running import nothing, rewritten
from tests.manual.scene import troubled_desk

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = {"rules.md": nothing, "troubleshooting.md": troubled_desk}


def main() -> None:
    for name, prepare in PAGES.items():
        old = (DOCS / name).read_text(encoding="utf-8")
        with TemporaryDirectory() as folder:
            new = rewritten(Page(old), Path(folder).resolve(), prepare)
        if "--check" in sys.argv and new != old:
            sys.exit(f"docs/{name} is out of date: run python tools/write_manual_outputs.py")
        (DOCS / name).write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
