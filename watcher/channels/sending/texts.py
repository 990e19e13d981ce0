"""Measuring and cutting texts as receivers count them."""

from collections.abc import Callable

from watcher.alerts.render import shortened


def units(text: str) -> int:
    """Count a text as JavaScript does: characters beyond U+FFFF are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def size(text: str) -> int:
    """Count a text in bytes."""
    return len(text.encode("utf-8", "surrogatepass"))


def fitted(
    text: str,
    most: int,
    form: Callable[[str], str] = str,
    measure: Callable[[str], int] = units,
) -> str:
    """Give a text in the receiver's form, at most so long; cut before it is formed.

    So no entity, escape or character is torn apart, and cuts are between words where they can be.
    """
    told = form(text)
    while measure(told) > most:
        text = shortened(text, min(most, len(text) * 7 // 8))
        told = form(text)
    return told
