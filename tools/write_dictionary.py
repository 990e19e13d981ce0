"""Writes watcher/stories/data/dictionary-words.txt from an installed WordNet 3.0.

python tools/write_dictionary.py [FOLDER]

On Debian, `apt-get install wordnet-base` puts WordNet into /usr/share/wordnet. Only single words
that WordNet writes in lower case are taken, and their irregular forms: names are left out.
"""

import argparse
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).parent.parent / "watcher/stories/data/dictionary-words.txt"
PARTS = ("noun", "verb", "adj", "adv")
WORD = re.compile(r"[a-z]{2,}")
HEAD = """\
Words of the English dictionary that are no names, and their irregular forms. Made by
tools/write_dictionary.py from WordNet 3.0 (https://wordnet.princeton.edu).

WordNet 3.0 Copyright 2006 by Princeton University. All rights reserved.

This software and database is being provided to you, the LICENSEE, by Princeton University under
the following license. By obtaining, using and/or copying this software and database, you agree
that you have read, understood, and will comply with these terms and conditions.:

Permission to use, copy, modify and distribute this software and database and its documentation
for any purpose and without fee or royalty is hereby granted, provided that you agree to comply
with the following copyright notice and statements, including the disclaimer, and that the same
appear on ALL copies of the software, database and documentation, including modifications that
you make for internal use or for distribution.

THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS
OR WARRANTIES, EXPRESS OR IMPLIED. BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON UNIVERSITY
MAKES NO REPRESENTATIONS OR WARRANTIES OF MERCHANTABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE
OR THAT THE USE OF THE LICENSED SOFTWARE, DATABASE OR DOCUMENTATION WILL NOT INFRINGE ANY THIRD
PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR OTHER RIGHTS.

The name of Princeton University or Princeton may not be used in advertising or publicity
pertaining to distribution of the software and/or database. Title to copyright in this software,
database and any associated documentation shall at all times remain with Princeton University
and LICENSEE agrees to preserve same.
"""


def words(folder: Path) -> Iterator[str]:
    for part in PARTS:
        for line in _entries(folder / f"data.{part}"):
            fields = line.split(" ")
            count = int(fields[3], 16)  # words of the synset, each followed by a number
            yield from (field.partition("(")[0] for field in fields[4 : 4 + 2 * count : 2])
        for line in _entries(folder / f"{part}.exc"):
            yield from line.split()


def _entries(path: Path) -> Iterator[str]:
    """Go through the lines of a file of WordNet; those of its licence begin with a blank."""
    with path.open(encoding="ascii") as lines:
        yield from (line for line in lines if not line.startswith(" "))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("/usr/share/wordnet"))
    found = sorted({word for word in words(parser.parse_args().folder) if WORD.fullmatch(word)})
    head = "".join(f"# {line}".rstrip() + "\n" for line in HEAD.splitlines())
    TARGET.write_text(f"{head}{textwrap.fill(' '.join(found), 100)}\n", encoding="ascii")
    print(f"{len(found):,} words in {TARGET.name}")


if __name__ == "__main__":
    main()
