"""JSON Schemas of the configuration files, for editors: made from the shapes, shipped as files.

`python -m watcher.config.schema` writes them anew; a test keeps them in step.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from watcher.config.shapes import FeedsFile, RulesFile, Shape, WatcherFile

FILES: Final[Mapping[str, type[Shape]]] = {
    "watcher.schema.json": WatcherFile,
    "feeds.schema.json": FeedsFile,
    "rules.schema.json": RulesFile,
}
FOLDER: Final = Path(__file__).parent


def schema_text(shape: type[Shape]) -> str:
    """Make the schema of a file as JSON Schema 7, the version that editors understand best."""
    schema = shape.model_json_schema(by_alias=True)
    told = {"$schema": "http://json-schema.org/draft-07/schema#", **_tidy(schema)}
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path = FOLDER) -> None:
    """Write the schema files."""
    for name, shape in FILES.items():
        (folder / name).write_text(schema_text(shape), encoding="utf-8")


def _tidy(node: Any) -> Any:  # noqa: ANN401 - a piece of JSON
    """Take out what only Python knows: nulls, defaults, names of classes, discriminators."""
    if isinstance(node, list):
        return [_tidy(piece) for piece in node]
    if not isinstance(node, dict):
        return node
    kept: dict[str, Any] = {
        key: _named(piece) if key in ("properties", "$defs") else _tidy(piece)
        for key, piece in node.items()
        if key not in ("title", "default", "discriminator")
    }
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        kept = {**choices[0], **kept}
    return _or_shorter(kept)


def _named(pieces: dict[str, Any]) -> dict[str, Any]:
    """Tidy what stands under names of the file's own, which may be any words."""
    return {name: _tidy(piece) for name, piece in pieces.items()}


def _or_shorter(node: dict[str, Any]) -> dict[str, Any]:
    """Let a text stand for a list of one, or for a sample, where the files allow that."""
    if node.pop("orText", False):
        return {"anyOf": [{"type": ["string", "number", "boolean"]}, node]}
    if not node.pop("orOne", False):
        return node
    described = {key: node.pop(key) for key in ("description",) if key in node}
    return {"anyOf": [node["items"], node], **described}
