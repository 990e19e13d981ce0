"""How much a configuration file may hold. Far more than anyone writes; a bomb needs more."""

from typing import Final

FILE_BYTES: Final = 64 * 1024 * 1024
DEPTH: Final = 40  # lists and mappings inside each other; our deepest files have seven
VALUES: Final = 5_000_000  # keys and values of one file: 50 MB of rules have 5 million
ALIASED_VALUES: Final = 200_000  # values that aliases (*name) add, each counted as often as used
FAULTS: Final = 100  # of the form of one rule, feed or file that are told one by one
SECRET_BYTES: Final = 64 * 1024
