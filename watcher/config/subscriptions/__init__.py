"""Lists of feeds from other programs come in, and ours go out: OPML, and plain lists of addresses.

listed     one feed as such a list has it
decoding   the bytes of a list become text
opml       OPML to feeds, and feeds to OPML
mending    OPML that was written without escaping
plain      a list of addresses, one a line
naming     ids and groups are made of titles and hosts
written    a feed as an entry of a YAML file
adding     entries are put into a YAML file, of which nothing else changes
importing  a list is taken into a file of feeds, whole or not at all
"""

from watcher.config.subscriptions.importing import (
    Imported,
    Lists,
    entry_line,
    import_lists,
    read_lists,
)
from watcher.config.subscriptions.listed import Listed
from watcher.config.subscriptions.opml import write_opml

__all__ = ["Imported", "Listed", "Lists", "entry_line", "import_lists", "read_lists", "write_opml"]
