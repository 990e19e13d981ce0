"""The JSON Schemas that editors read."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from watcher.config.schema import FILES, FOLDER, schema_text, write_schemas

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "config").rglob("*.yaml"))


class EditorsView(yaml.SafeLoader):
    """Reads YAML as editors do (version 1.2): dates are texts."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way
        first: [(tag, pattern) for tag, pattern in resolvers if "timestamp" not in tag]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def schema_of(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def complaints(name: str, text: str) -> list[str]:
    document = yaml.load(text, EditorsView)
    validator = jsonschema.Draft7Validator(schema_of(name))
    return [error.message for error in validator.iter_errors(document)]


@pytest.mark.parametrize("name", FILES)
def test_the_shipped_schema_is_the_one_that_the_shapes_make(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == schema_text(FILES[name]), (
        "run python -m watcher.config.schema"
    )


@pytest.mark.parametrize("name", FILES)
def test_the_shipped_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft7Validator.check_schema(schema_of(name))


def test_writing_schemas_writes_all_of_them(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_names_its_schema_and_fits_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    schema = (path.parent / first.partition("$schema=")[2]).resolve()
    assert schema.parent == FOLDER.resolve()
    assert complaints(schema.name, text) == []


WRONG = {
    "version: 1\nrules: [{id: x, wen: a}]": "rules",
    "version: 1\nrules: [{when: a}]": "rules",
    "version: 1\nrules: [{id: x, severity: urgent}]": "rules",
    "version: 2\nfeeds: []": "feeds",
    "version: 1\nfeeds: [{id: x, url: 'ftp://x'}]": "feeds",
    "version: 1\ninclude: {feeds: a, rules: b}\nchannels: {x: {type: fax}}": "watcher",
    "version: 1\ninclude: {feeds: a}\nchannels: {}": "watcher",
}
RIGHT = {
    "version: 1\nlists: {x: [no, 1984]}\nrules: [{id: x, any: [1984, on]}]": "rules",
    "version: 1\nrules: [{id: x, notify: b, tests: {match: [a, {title: 7}]}}]": "rules",
    "version: 1\ngroups: {a: [{id: x, url: 'https://x', backfill: 3, tags: [a]}]}": "feeds",
    "version: 1\ninclude: {feeds: a, rules: [b]}\nchannels: {x: {type: console}}\n"
    "fetch: {allow_networks: 10.0.0.0/8}": "watcher",
}


@pytest.mark.parametrize("text", WRONG)
def test_an_editor_underlines_mistakes(text: str) -> None:
    assert complaints(f"{WRONG[text]}.schema.json", text)


@pytest.mark.parametrize("text", RIGHT)
def test_an_editor_underlines_nothing_that_is_right(text: str) -> None:
    assert complaints(f"{RIGHT[text]}.schema.json", text) == []
