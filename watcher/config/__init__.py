"""Configuration: YAML files become checked values, or a list of everything wrong with them.

`loading` tells the story: main file, feeds, rules, put together. `files` come from the disk;
`reader` makes a tree of texts with places, and `syntax` says YAML's complaints in words; `shapes`
know what each file may hold, `values` how each kind of value is written; `checking` holds the one
against the other. `channels`, `routes`, `feeds`, `rule_files` and `main_file` make what other
rooms want; `secrets` are looked up; `manners` are the channels' own; `schema` is for
editors.
"""

import os
from collections.abc import Mapping

from watcher.config.example import copy_example
from watcher.config.loading import Config, load, load_rules
from watcher.config.manners import manners_of
from watcher.config.written import WrittenRule, text_of

__all__ = [
    "Config",
    "WrittenRule",
    "copy_example",
    "environment",
    "load",
    "load_rules",
    "manners_of",
    "text_of",
]


def environment() -> Mapping[str, str]:
    """Give the environment variables of this process: the only place that reads them."""
    return os.environ  # noqa: TID251 - this is that place
