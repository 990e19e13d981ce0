"""Spins the items of a JSONL stream: one line a copy, with the id of its original.

python -m tools.spinning [--dictionary house|mythes|wordnet|related] [--degree 0.25]
                         [--articles 0.9] [--seed 1] [--then cut|rotated|framed …] < items.jsonl
"""

import argparse
import json
import sys
from collections.abc import Callable
from random import Random

from tools.spinning.dictionaries import Dictionary, house_list, mythes, wordnet
from tools.spinning.spinner import Spinner, Text
from tools.spinning.structure import (
    boiled,
    cut,
    edited,
    framed,
    headlined,
    retitled,
    rotated,
    shouted,
)

DICTIONARIES: dict[str, Callable[[], Dictionary]] = {
    "house": house_list,
    "mythes": mythes,
    "wordnet": wordnet,
    "related": lambda: wordnet(senses=3, related=True),
}
STEPS: dict[str, Callable[[Text, Random], Text]] = {
    "boiled": boiled,
    "cut": cut,
    "edited": edited,
    "framed": framed,
    "headlined": headlined,
    "retitled": retitled,
    "rotated": rotated,
    "shouted": shouted,
}


def main() -> int:
    """Read items from standard input and write their copies to standard output."""
    parser = argparse.ArgumentParser(prog="python -m tools.spinning", description=__doc__)
    parser.add_argument("--dictionary", choices=sorted(DICTIONARIES), default="house")
    parser.add_argument("--degree", type=float, default=0.25, help="share of words, 0 to 1")
    parser.add_argument("--articles", type=float, default=0.9, help="share of articles")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--then", nargs="*", choices=sorted(STEPS), default=[])
    asked = parser.parse_args()
    try:
        dictionary = DICTIONARIES[asked.dictionary]()
    except OSError as missing:
        print(f"{missing.filename} is not there: apt-get install wordnet-base mythes-en-us",
              file=sys.stderr)  # fmt: skip
        return 1
    spinner = Spinner(dictionary, asked.degree, asked.articles, asked.seed)
    rng = Random(asked.seed)
    for line in sys.stdin:
        item = json.loads(line)
        said = (item.get(field) or "" for field in ("title", "summary", "content"))
        text = spinner.spin(Text(*said))
        for step in asked.then:
            text = STEPS[step](text, rng)
        copy = {"of": item.get("id") or item.get("guid"), "title": text.title,
                "summary": text.summary, "content": text.content}  # fmt: skip
        print(json.dumps(copy, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
