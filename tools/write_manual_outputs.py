"""Writes into docs/rules.md what its examples print, by running them.

python tools/write_manual_outputs.py          writes it
python tools/write_manual_outputs.py --check  exit 1 when it is out of date
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.manual.page import Page
from tests.manual.running import rewritten

MANUAL = Path(__file__).resolve().parents[1] / "docs" / "rules.md"


def main() -> None:
    old = MANUAL.read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        new = rewritten(Page(old), Path(folder).resolve())
    if "--check" in sys.argv and new != old:
        sys.exit("docs/rules.md is out of date: run python tools/write_manual_outputs.py")
    MANUAL.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
