"""Rules as they stand in their files."""

from pathlib import Path

from tests.config.files import loaded
from watcher.config import Config, text_of

BOOK = """\
version: 1
lists:
  fires: [fire, &blaze blaze]
rules:
  # about floods
  - id: flood     # its name
    when: >-
      flood AND
      bridge
    # samples
    tests: {match: [the flood at the bridge]}   # one

  # about fires
  - id: fire
    any:
    - $fires
    - mill

  - {id: storm, when: storm, tests: {match: [storm]}}   # in one line
  - id: last
    enabled: false
    any: [hail, *blaze]


# the end
"""
FLOOD = """\
- id: flood     # its name
  when: >-
    flood AND
    bridge
  # samples
  tests: {match: [the flood at the bridge]}   # one"""


def texts(config: Config) -> dict[str, str]:
    return {rule.spec.info.id: text_of(rule) for rule in config.written}


def test_every_rule_is_told_as_it_stands_in_its_file(tmp_path: Path) -> None:
    assert texts(loaded(tmp_path, rules=BOOK)) == {
        "flood": FLOOD,
        "fire": "- id: fire\n  any:\n  - $fires\n  - mill",
        "storm": "- {id: storm, when: storm, tests: {match: [storm]}}   # in one line",
        "last": "- id: last\n  enabled: false\n  any: [hail, *blaze]",
    }


def test_all_rules_are_listed_with_their_places_in_the_order_of_the_files(tmp_path: Path) -> None:
    config = loaded(tmp_path, rules=BOOK)
    assert [(rule.spec.info.id, rule.line) for rule in config.written] == [
        ("flood", 6),
        ("fire", 14),
        ("storm", 19),
        ("last", 20),
    ]
    assert {Path(rule.file) for rule in config.written} == {tmp_path / "rules.yaml"}
    assert [info.id for info in config.rules.infos] == ["flood", "fire", "storm"]


def test_rules_side_by_side_in_one_line_are_told_apart(tmp_path: Path) -> None:
    book = "version: 1\nrules: [{id: a, when: flood}, {id: b, when: fire}]\n"
    assert texts(loaded(tmp_path, rules=book)) == {
        "a": "{id: a, when: flood}",
        "b": "{id: b, when: fire}",
    }


def test_lines_of_windows_and_a_file_without_a_last_line_end(tmp_path: Path) -> None:
    config = loaded(tmp_path)
    book = (
        b"version: 1\r\nrules:\r\n  - id: a\r\n    when: flood\r\n  - id: blackberry\r\n    when: x"
    )
    (tmp_path / "rules.yaml").write_bytes(book)
    (rule,) = config.written
    assert text_of(rule).splitlines() == ["- id: blackberry", "  when: x"]


def test_a_rule_that_is_there_no_more_has_no_text(tmp_path: Path) -> None:
    (rule,) = loaded(tmp_path).written
    for body in ("version: 1\n", "rules: x", "rules: [", ""):
        (tmp_path / "rules.yaml").write_text(body)
        assert text_of(rule) == ""
    (tmp_path / "rules.yaml").unlink()
    assert text_of(rule) == ""
