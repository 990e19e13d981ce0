"""From bytes to a tree of texts with places."""

from textwrap import dedent

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from watcher.config import limits, reader
from watcher.config.nodes import Node, Scalar, Table, child, plain
from watcher.config.reader import read_yaml


def faults_of(text: str | bytes) -> list[str]:
    body = text if isinstance(text, bytes) else text.encode()
    _sheet, faults = read_yaml("f.yaml", body)
    return [f"{fault.line}:{fault.column} {fault.code} {fault.message}" for fault in faults]


def value_of(text: str) -> object:
    sheet, faults = read_yaml("f.yaml", text.encode())
    assert not faults
    assert sheet.root is not None
    return plain(sheet.root)


@pytest.fixture(params=["c", "python"])
def _either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run with PyYAML's C parser, and with the one that is always there."""
    monkeypatch.setattr(
        reader, "_LOADER", yaml.CSafeLoader if request.param == "c" else yaml.SafeLoader
    )


@pytest.mark.usefixtures("_either_parser")
def test_every_scalar_stays_the_text_of_the_file() -> None:
    text = "a: no\nb: 1984\nc: 12:30\nd: 2015-11-30\ne: 0123\nf: null\ng: ~\n1: true\n"
    assert value_of(text) == {
        "a": "no", "b": "1984", "c": "12:30", "d": "2015-11-30", "e": "0123", "f": "null",
        "g": "~", "1": "true",
    }  # fmt: skip


@pytest.mark.usefixtures("_either_parser")
def test_nothing_after_a_key_is_none_and_an_empty_quoted_text_is_a_text() -> None:
    assert value_of("a:\nb: ''\nc: [x, '']\n") == {"a": None, "b": "", "c": ["x", ""]}


@pytest.mark.usefixtures("_either_parser")
def test_an_alias_is_the_value_of_its_anchor() -> None:
    assert value_of("a: &x [1, 2]\nb: *x\nc: &y k\n*y : v\n") == {
        "a": ["1", "2"], "b": ["1", "2"], "c": "k", "k": "v",
    }  # fmt: skip


def test_every_node_knows_where_it_stands() -> None:
    sheet, _faults = read_yaml("f.yaml", "\ufeffé: 1\nlist:\n  - x\n  - {k: ü}\n".encode())
    found = child(sheet.root, "list", 1, "k")
    assert isinstance(found, Scalar)
    assert sheet.place(found.start) == (4, 9)
    assert child(sheet.root, "list", 7) is None
    assert child(sheet.root, "é", "deeper") is None


MISTAKES = {
    "a: 1\na: 2\n": ['2:1 C005 "a" stands here twice (first in line 1)'],
    "a: !!str 1\n": [
        "1:4 C006 the tag `!!str` is not used here; put a text that begins with ! in quotes"
    ],
    "when: !important\n": [
        "1:7 C006 the tag `!important` is not used here; put a text that begins with ! in quotes"
    ],
    "a: &x {k: v}\nb:\n  <<: *x\n": [
        "3:3 C006 merge keys (<<) are not used here; "
        "write the keys out, or use *name for a whole value"
    ],
    "? [a]\n: 1\nb: 1\n": ["1:3 C006 a key must be a text"],
    "a: 1\n---\nb: 1\n": ["2:1 C006 a second document begins; one file holds one"],
    "a: *x\n": [
        "1:4 C006 no anchor &x stands before this alias; put a text that begins with * in quotes"
    ],
    "a: &x [*x]\n": ["1:8 C006 *x stands inside the very value that it names"],
    "": ["1:1 C009 the file is empty; it needs at least `version: 1`"],
    "# only a comment\n": ["1:1 C009 the file is empty; it needs at least `version: 1`"],
    b"a: b\nc: \xff\n": ["2:4 C002 not UTF-8: the byte 0xFF; save it as UTF-8"],
    "a".encode("utf-16"): ["1:1 C002 this is UTF-16; save the file as UTF-8"],
    "a: \x1b[31m\n": ["1:4 C004 not valid YAML: the control character U+001B"],
    "a:\n\tb: 1\n": [
        "2:1 C004 not valid YAML: found character that cannot start any token; "
        "a tab stands where YAML wants spaces"
    ],
    'when: "back door" AND x\n': [
        "1:19 C004 not valid YAML: this does not belong here; a key and a colon were expected; "
        "put the expression under `when: >-`, on lines of its own, indented"
    ],
    "rules: [{when: 'a b' AND c}]\n": [
        "1:22 C004 not valid YAML: a comma or `}` is missing; "
        "put the expression under `when: >-`, on lines of its own, indented"
    ],
    'any:\n  - "a b" AND c\n': [
        "2:11 C004 not valid YAML: this does not belong here; the next `- ` of the list was "
        "expected; put the whole entry in single quotes: '\"a\" AND b'"
    ],
    'title: "a" b\n': [
        "1:12 C004 not valid YAML: this does not belong here; a key and a colon were expected; "
        "put the whole text in quotes"
    ],
    "title: Foo: bar\n": [
        "1:11 C004 not valid YAML: a colon with a blank after it stands where it cannot; "
        "put the whole text in quotes"
    ],
    "when: title: x\n": [
        "1:12 C004 not valid YAML: a colon with a blank after it stands where it cannot; "
        "put the expression under `when: >-`, on lines of its own, indented"
    ],
    "a: @x\n": [
        "1:4 C004 not valid YAML: found character that cannot start any token; "
        "`@` cannot begin a text in YAML; put the whole text in quotes"
    ],
    "a: [1, 2\n\n": ["1:4 C004 not valid YAML: a comma or `]` is missing"],
    'a: "x\n': ["1:4 C004 not valid YAML: a quote is opened and never closed"],
    'a: "\\q"\n': [
        "1:5 C004 not valid YAML: unknown escape in double quotes; write \\\\ for a backslash"
    ],
}


@pytest.mark.parametrize("text", MISTAKES, ids=repr)
def test_mistakes_are_told_with_their_place(text: str | bytes) -> None:
    assert faults_of(text) == MISTAKES[text]


def test_a_mistake_that_hurts_nothing_else_leaves_the_rest_readable() -> None:
    sheet, faults = read_yaml("f.yaml", b"a: 1\na: {b: 2}\nc: !x 3\n")
    assert len(faults) == 2
    assert plain(sheet.root or Table({}, 0, 0)) == {"a": "1", "c": "3"}


def test_the_excerpt_of_a_broken_when_shows_how_to_write_it() -> None:
    _sheet, [fault] = read_yaml("f.yaml", b'rules:\n  - id: x\n    when: "a b" AND c\n')
    assert fault.told().splitlines()[1:] == [
        '    when: "a b" AND c',
        "                ^",
        '    write when: >-⏎  "a b" AND c',
    ]


def test_nesting_beyond_the_limit_is_refused() -> None:
    deep = "[" * 100_000
    assert faults_of(deep) == [f"1:{limits.DEPTH + 1} C007 nested deeper than 40 levels"]
    assert value_of("[" * limits.DEPTH + "]" * limits.DEPTH)


def test_aliases_that_multiply_are_refused_before_they_do() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    [fault] = faults_of(bomb)
    assert "C007 aliases multiply to more than 200,000 values" in fault


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "VALUES", 10)
    assert faults_of("[a, b, c, d, e, f, g, h, i, j]") == [
        "1:29 C007 more than 10 values in one file; divide it"
    ]
    assert faults_of("[a, b, c, d, e, f, g, h, i]") == []


def test_a_large_file_is_read_in_time_that_grows_with_its_size() -> None:
    rule = "  - {id: rule, when: a AND b, tests: {match: [a b], no_match: [c]}}\n"
    sheet, faults = read_yaml("f.yaml", ("rules:\n" + rule * 20_000).encode())
    rules = child(sheet.root, "rules")
    assert not faults
    assert rules is not None
    assert len(plain(rules)) == 20_000  # type: ignore[arg-type]


def places_are_true(node: Node, text: str) -> None:
    assert 0 <= node.start <= node.end <= len(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_told_of(body: bytes) -> None:
    sheet, faults = read_yaml("f.yaml", body)
    assert sheet.root is not None or faults
    for fault in faults:
        assert fault.told()


SCRAPS = [
    "a", "when", ":", ": ", "- ", "\n", "\n  ", "\n    ", '"', "'", "[", "]", "{", "}", ",", "#",
    " #", "&x ", "*x", "!t ", "|", ">-", "? ", "<<: ", "---\n", "%", "@", "`", "\\", "\t", "é",
    "\u2028", "\x85", "\r\n", "\ufeff", '"\\Uffffffff"', '"\\ud800"', "%YAML 1.1\n", "...\n",
]  # fmt: skip


@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
@given(st.lists(st.sampled_from(SCRAPS), max_size=30).map("".join))
def test_any_soup_of_yaml_is_read_or_told_of(loader: type, text: str) -> None:
    before = reader._LOADER
    reader._LOADER = loader
    try:
        sheet, faults = read_yaml("f.yaml", text.encode())
    finally:
        reader._LOADER = before
    assert sheet.root is not None or faults
    if sheet.root is not None:
        places_are_true(sheet.root, sheet.text)
    for fault in faults:
        assert 1 <= fault.line <= sheet.text.count("\n") + sheet.text.count("\r") + 1
        assert "\n" not in fault.excerpt


def test_what_a_terminal_would_obey_is_shown_in_no_excerpt() -> None:
    _sheet, [fault] = read_yaml("f.yaml", b"a: 1 \x1b[2J \x07\n")
    assert fault.excerpt == "a: 1 \ufffd[2J \ufffd"


def test_long_lines_are_cut_around_the_place() -> None:
    text = dedent(f"a: {{k: {'x' * 300}, k: 1, b: {'y' * 300}}}")
    _sheet, [fault] = read_yaml("f.yaml", text.encode())
    assert len(fault.excerpt) == 122
    assert fault.excerpt[fault.caret - 1] == "k"
    assert fault.column == 310
