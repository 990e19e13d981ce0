"""Holds a file against its shape; pydantic's complaints become faults with places."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from watcher.config import limits
from watcher.config.findings import Findings
from watcher.config.nodes import Many, Node, Path, Scalar, Table, child, is_blank, plain
from watcher.config.reader import EMPTY
from watcher.config.shapes import Shape
from watcher.config.sheet import Sheet, first_line
from watcher.config.suggest import listing, question
from watcher.config.values import name
from watcher.model import Fault

AShape = TypeVar("AShape", bound=Shape)

LIST_WANTED: Final = "a list is wanted here: [ … ], or lines that begin with `- `"
_WANTED: Final = {
    "list_type": LIST_WANTED,
    "tuple_type": LIST_WANTED,
    "dict_type": "a mapping is wanted here: lines of `key: value`",
    "model_type": "a mapping is wanted here: lines of `key: value`",
    "model_attributes_type": "a mapping is wanted here: lines of `key: value`",
    "string_type": "a text is wanted here",
}


def check(
    sheet: Sheet,
    shape: type[AShape],
    findings: Findings,
    path: Path = (),
    *,
    apart: Collection[str] = (),
) -> AShape | None:
    """Read what stands at a path as this shape; None, and faults, where it does not fit.

    Keys named in `apart` are passed over where they hold lists or mappings, whose parts somebody
    else checks one by one, so that one faulty part does not hide the faults of the others.
    """
    node = child(sheet.root, *path)
    if node is None:
        return None
    try:
        return shape.model_validate(_without(node, apart))
    except ValidationError as bad:
        errors = bad.errors(include_url=False, include_context=True, include_input=False)
    for error in errors[: limits.FAULTS]:
        findings.add(*_told(sheet, shape, path, error))
    if more := errors[limits.FAULTS :]:
        message = f"and {len(more):,} more faults here; mend these first"
        findings.add(sheet.fault("C018", message, node.start))
    return None


def check_names(sheet: Sheet, path: Path, findings: Findings) -> None:
    """Note the keys of a mapping that are no names."""
    node = child(sheet.root, *path)
    for entry in node.entries.values() if isinstance(node, Table) else ():
        try:
            name(entry.key.value)
        except PydanticCustomError as bad:
            findings.add(sheet.fault("C011", bad.message(), entry.key))


def blanks(sheet: Sheet) -> Iterator[Fault]:
    """Find keys and entries with nothing after them, in a file or in a rule of one."""
    if sheet.root is not None and is_blank(sheet.root):
        yield sheet.fault("C009", EMPTY, 0)
    elif sheet.root is not None:
        yield from _blanks(sheet, sheet.root)


def blank_entry(sheet: Sheet, item: Node) -> Fault:
    """Tell of an entry of a list with nothing after its dash."""
    dash = max(0, sheet.text.rfind("-", 0, item.start + 1))
    return _blank(sheet, item, "this entry is empty", dash)


def _without(node: Node, apart: Collection[str]) -> object:
    if not isinstance(node, Table):
        return plain(node)
    return {
        key: ([] if isinstance(entry.value, Many) else {})
        if key in apart and isinstance(entry.value, Many | Table)
        else plain(entry.value)
        for key, entry in node.entries.items()
    }


def _told(sheet: Sheet, shape: type[Shape], path: Path, error: ErrorDetails) -> Iterator[Fault]:
    place = (*path, *error["loc"])
    kind = error["type"]
    if is_blank(sheet.at(place)) and kind != "missing":
        return  # told already, by `blanks`
    if kind == "extra_forbidden":
        yield _unknown_key(sheet, _shape_at(shape, error["loc"][:-1]), place)
    elif kind == "missing":
        around = sheet.at(place[:-1])
        yield sheet.fault("C008", f'"{place[-1]}" is missing', around.start)
    elif kind in _WANTED:
        yield sheet.fault("C010", _WANTED[kind], start_of(sheet.at(place)))
    elif place[-1] == "[key]":
        yield sheet.fault("C011", _message(error), sheet.key_at(place[:-1]))
    else:
        yield sheet.fault("C011", _message(error), start_of(sheet.at(place)))


def start_of(node: Node) -> Node | int:
    """Give what a caret should point at: all of a text, or where a list or mapping begins."""
    return node if isinstance(node, Scalar) else node.start


def _message(error: ErrorDetails) -> str:
    context: Mapping[str, object] = error.get("ctx", {})
    if "told" in context:
        return str(context["told"])
    if "expected" in context:
        return f"this must be {context['expected']}"
    return error["msg"]


def _unknown_key(sheet: Sheet, shape: type[Shape], place: Path) -> Fault:
    key = str(place[-1])
    where = sheet.key_at(place)
    if key in shape.not_yet:
        message = f'"{key}" is not supported yet; {shape.not_yet[key]}'
        return sheet.fault("C016", message, where)
    known = shape.keys()
    hint = question(key, known) or f"; known here: {listing(known)}"
    return sheet.fault("C003", f'unknown key "{key}"{hint}', where)


def _shape_at(shape: type[Shape], steps: Path) -> type[Shape]:
    for step in steps:
        if isinstance(step, str):
            shape = shape.inside(step) or shape
    return shape


def _blanks(sheet: Sheet, node: Node) -> Iterator[Fault]:
    match node:
        case Many():
            for item in node.items:
                if is_blank(item):
                    yield blank_entry(sheet, item)
                else:
                    yield from _blanks(sheet, item)
        case Table():
            for key, entry in node.entries.items():
                if is_blank(entry.value):
                    message = f'"{key}" has no value; write one, or take the key out'
                    yield _blank(sheet, entry.value, message, entry.key)
                else:
                    yield from _blanks(sheet, entry.value)


def _blank(sheet: Sheet, node: Node, message: str, where: Node | int) -> Fault:
    start = where if isinstance(where, int) else where.end
    rest = first_line(sheet.text[start : node.end + 200])
    if "#" in rest:
        message += "; what follows # is a comment: put a text that begins with # in quotes"
    return sheet.fault("C009", message, where)
