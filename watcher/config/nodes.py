"""What a YAML file says, as text with places.

Every scalar stays the text that the file has (`no`, `1984` and `12:30` are words here), and every
node knows where it stands, so that each later complaint can show the place.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Scalar(NamedTuple):
    """A text. `style` is YAML's: empty for plain, else a quote or the sign of a block."""

    value: str
    start: int  # offsets in the file's text, in characters
    end: int
    style: str


class Many(NamedTuple):
    """A list."""

    items: tuple["Node", ...]
    start: int
    end: int


class Table(NamedTuple):
    """A mapping with texts for keys, in the order of the file."""

    entries: dict[str, "Entry"]
    start: int
    end: int


class Entry(NamedTuple):
    """One key of a mapping and its value."""

    key: Scalar
    value: "Node"


Node = Scalar | Many | Table
Path = Sequence[str | int]


def plain(node: Node) -> object:
    """Give a node as dicts, lists and texts; a key without any value gives None."""
    match node:
        case Scalar():
            return None if is_blank(node) else node.value
        case Many():
            return [plain(item) for item in node.items]
        case Table():
            return {name: plain(entry.value) for name, entry in node.entries.items()}


def is_blank(node: Node) -> bool:
    """Whether nothing at all was written where a value could stand (an empty plain scalar)."""
    return isinstance(node, Scalar) and not node.value and not node.style


def child(node: Node | None, *path: str | int) -> Node | None:
    """Find the node at a path; None where there is no such thing."""
    for step in path:
        match node, step:
            case Table(), str() if step in node.entries:
                node = node.entries[step].value
            case Many(), int() if step < len(node.items):
                node = node.items[step]
            case _:
                return None
    return node


def nearest(node: Node, path: Path) -> Node:
    """Find the node at a path, passing over steps that the file does not have.

    Validators add steps of their own (the chosen kind of a union, the list that stands for one
    text); these lead nowhere in the file, and the node around them is the place to show.
    """
    for step in path:
        node = child(node, step) or node
    return node


def children(node: Node | None) -> tuple[Node, ...]:
    """List the items of a list, or the values of a mapping; nothing for anything else."""
    match node:
        case Many():
            return node.items
        case Table():
            return tuple(entry.value for entry in node.entries.values())
        case _:
            return ()
