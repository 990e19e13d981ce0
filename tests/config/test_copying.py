"""The example is copied whole or not at all, and never over something."""

import json
from pathlib import Path

import pytest

from watcher.config import copy_example
from watcher.errors import ConfigError


@pytest.fixture
def example(tmp_path: Path) -> Path:
    place = tmp_path / "shipped"
    (place / "rules").mkdir(parents=True)
    (place / "watcher.yaml").write_text("version: 1")
    (place / "rules" / "watch.yaml").write_text("version: 1")
    return place


def test_the_example_is_copied_with_its_folders_and_nothing_else(
    example: Path, tmp_path: Path
) -> None:
    (example / "watcher.db").write_text("somebody tried the example where it lies")
    mine = tmp_path / "a" / "b"
    assert copy_example(mine, [example]) == (mine / "rules/watch.yaml", mine / "watcher.yaml")
    assert (mine / "watcher.yaml").read_text() == "version: 1"


def test_an_editor_finds_the_schema_of_every_copied_file(tmp_path: Path) -> None:
    copied = copy_example(tmp_path / "elsewhere")
    assert len(copied) > 2
    for path in copied:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        schema = Path(first.partition("$schema=")[2])
        assert schema.is_absolute()
        assert "properties" in json.loads(schema.read_text(encoding="utf-8"))


def test_nothing_is_copied_over_what_is_there(example: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "watcher.yaml").write_text("my own")
    with pytest.raises(ConfigError, match="is there already; nothing was copied"):
        copy_example(mine, [example])
    assert [path.name for path in mine.iterdir()] == ["watcher.yaml"]
    assert (mine / "watcher.yaml").read_text() == "my own"


def test_a_folder_that_cannot_be_made_is_told(example: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="file"):
        copy_example(tmp_path / "file" / "mine", [example])


def test_where_no_example_ships_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the example configuration is not in"):
        copy_example(tmp_path / "mine", [tmp_path / "nowhere"])
