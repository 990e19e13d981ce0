"""A list of addresses, one a line; empty lines and those that begin with # are passed over."""

from collections.abc import Iterator

from watcher.config.subscriptions.listed import Listed


def read_plain(name: str, text: str) -> Iterator[Listed]:
    """Give the feeds of a list."""
    for number, line in enumerate(text.splitlines(), 1):
        if (address := line.strip()) and not address.startswith("#"):
            yield Listed(url=address, file=name, line=number)
