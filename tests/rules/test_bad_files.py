"""What cannot be a rule file is told with its place, within little time and memory."""

import os
from pathlib import Path

import pytest

from tests.rules.bounded import MILLION, Match, rule, tried

FILES = {
    "half a word of UTF-8": (
        b"version: 1\nrules:\n  - id: r\n    when: caf\xe9\n",
        "4:14: error C002: not UTF-8: the byte 0xE9; save it as UTF-8",
    ),
    "UTF-16": (rule("foo").encode("utf-16"), "1:1: error C002: this is UTF-16; save the file as "
               "UTF-8"),
    "UTF-16 that does not say so": (
        rule("foo").encode("utf-16-le"),
        "1:2: error C004: not valid YAML: the control character U+0000; "
        "if this is UTF-16, save the file as UTF-8",
    ),
    "UTF-32": (rule("foo").encode("utf-32"), "1:1: error C002: this is UTF-32; save the file as "
               "UTF-8"),
    "a lone surrogate as bytes": (
        b"version: 1\nlists: {a: [\xed\xa0\x80]}\n",
        "2:13: error C002: not UTF-8: the byte 0xED; save it as UTF-8",
    ),
    "a lone surrogate as an escape": (
        rb'version: 1' b'\n' rb'lists: {a: ["\ud800"]}' b'\n',
        "2:16: error C004: not valid YAML: this escape is half a character (a surrogate); "
        "write the character itself, or all of it as \\U0001F600",
    ),
    "a tab for indentation": (
        b"version: 1\nrules:\n  - id: r\n\twhen: foo\n",
        "4:1: error C004: not valid YAML: found a tab character that violates indentation; "
        "a tab stands where YAML wants spaces",
    ),
    "a tab for a key": (
        b"version: 1\nrules:\n\t- id: r\n",
        "3:1: error C004: not valid YAML: found character that cannot start any token; "
        "a tab stands where YAML wants spaces",
    ),
    "a NUL": (
        b"version: 1\nrules: [{id: r, when: 'a\0b'}]\n",
        "2:25: error C004: not valid YAML: the control character U+0000; "
        "if this is UTF-16, save the file as UTF-8",
    ),
    "a key that stands deeper than its neighbours": (
        b"version: 1\nrules:\n  - id: r\n     when: foo\n",
        "4:10: error C004: not valid YAML: a colon with a blank after it stands where it cannot; "
        "the line before is indented less: begin keys of one mapping in one column",
    ),
    "half a file": (
        b"version: 1\nrules:\n  - id: r\n    when: foo\n    tests: {match: [fo",
        "5:20: error C004: not valid YAML: a comma or `]` is missing",
    ),
    "an expression begun and cut off": (
        b"version: 1\nrules:\n  - id: r\n    when: \"foo AND\n",
        "4:11: error C004: not valid YAML: a quote is opened and never closed",
    ),
    "nothing": (b"", "1:1: error C009: the file is empty; it needs at least `version: 1`"),
    "a list without a name": (
        b"- id: r\n  when: foo\n",
        "1:1: error C010: a mapping is wanted here: lines of `key: value`",
    ),
    "brackets": (b"[" * 5 * MILLION, "1:41: error C007: nested deeper than 40 levels"),
    "aliases that multiply": (
        b"version: 1\nlists:\n  l0: &l0 [x, x, x, x, x, x, x, x, x]\n"
        + b"".join(
            b"  l%d: &l%d [%s]\n" % (n, n, b", ".join([b"*l%d" % (n - 1)] * 9))
            for n in range(1, 40)
        ),
        "8:17: error C007: aliases multiply to more than 200,000 values",
    ),
    "more than one file can hold": (
        b"version: 1\n" + b"#" * 64 * 2**20,
        "error C001: larger than 64 MB; divide it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_told_with_its_place(match: Match, name: str) -> None:
    body, fault = FILES[name]
    answer = match(body)
    assert answer.code == 2
    assert answer.faults == [fault] or answer.faults == [f" {fault}"]
    assert all(len(line) < 250 for line in answer.err.splitlines()[1:])


def test_the_same_rules_are_read_whatever_the_line_ends_and_marks(match: Match) -> None:
    text = rule('foo AND\n      "back door"').encode()
    for body in (
        text,
        b"\xef\xbb\xbf" + text,
        text.replace(b"\n", b"\r\n"),
        text.replace(b"\n", b"\r"),
    ):
        assert match(body, title="foo by the back door").rules == ["r"]


def test_a_fault_is_placed_whatever_the_line_ends(match: Match) -> None:
    for end in (b"\n", b"\r\n", b"\r"):
        answer = match(rule("foo AND\n      titel:x").encode().replace(b"\n", end))
        assert answer.faults == ["7:7: error E101 in rule \"r\": there is no field 'titel'"]


def test_every_one_of_many_faults_is_told(match: Match) -> None:
    rules = "".join(f"  - {{id: r{n}, when: foo bar}}\n" for n in range(1000))
    answer = match("version: 1\nrules:\n" + rules)
    assert answer.code == 2
    assert len(answer.faults) == 1000
    assert [fault.split(":")[0] for fault in answer.faults] == [str(n) for n in range(3, 1003)]


def test_many_faults_in_one_long_line_are_told_in_little(match: Match) -> None:
    rules = ", ".join(f"{{id: r{n}, wen: foo}}" for n in range(5000))
    answer = match(f"version: 1\nrules: [{rules}]\n")
    assert len(answer.faults) == 5000
    assert len(answer.err) < 5000 * 400


def test_of_thousands_of_wrong_keys_in_one_rule_some_are_told_and_the_rest_counted(
    match: Match,
) -> None:
    keys = ", ".join(f"key{n}: x" for n in range(20_000))
    answer = match(f"version: 1\nrules: [{{id: r, when: foo, {keys}}}]\n")
    assert answer.code == 2
    assert len(answer.faults) == 101
    counted = '2:9: error C018 in rule "r": and 19,900 more faults here; mend these first'
    assert answer.faults[0] == counted


def test_what_is_no_text_is_told_where_it_stands(match: Match) -> None:
    answer = match("version: 1\nrules: [{id: r, when: [a], title: {a: b}, any: {a: b}, all: x}]\n")
    assert answer.faults == [
        '2:23: error C010 in rule "r": a text is wanted here',
        '2:35: error C010 in rule "r": a text is wanted here',
        '2:48: error C010 in rule "r": a list is wanted here: [ … ], or lines that begin with `- `',
        '2:61: error C010 in rule "r": a list is wanted here: [ … ], or lines that begin with `- `',
    ]


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    for name, why in {
        "folder": "this is not a file",
        "pipe": "this is not a file",
        "/dev/zero": "this is not a file",
        "one": "cannot be read: Too many levels of symbolic links",
        "nowhere": "cannot be read: No such file or directory",
        "x" * 300: "cannot be read: File name too long",
    }.items():
        answer = tried(tmp_path / name, tmp_path, {"title": "x"})
        assert (answer.code, answer.faults) == (2, [f"{tmp_path / name}: error C001: {why}"])
