"""The manual of the watch language: each example is run, and nothing is left out."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
import yaml

from tests.manual.page import Expression, Page, Row, RuleFile, Section, Trace
from tests.manual.running import finds, found_by, rewritten, said_of, said_of_expression
from watcher.cli.root import app
from watcher.config.shapes import RulesFile, RuleShape, Shape
from watcher.config.shapes.rules import SampleShape
from watcher.config.shapes.rules import TestsShape as SamplesShape  # pytest wants no Test… here
from watcher.model import Severity, Updates
from watcher.rules.grammar import parse
from watcher.rules.grammar.lexer import _WORDS as WORDS
from watcher.rules.grammar.lexer import Kind, Lexeme, lexemes
from watcher.rules.grammar.literals import _SECONDS as UNITS
from watcher.rules.grammar.terms import _FLAGS as FLAGS
from watcher.rules.tree import FIELDS, Compare, Comparison, Element, Node

ROOT = Path(__file__).parent.parent
PAGE = Page((ROOT / "docs" / "rules.md").read_text(encoding="utf-8"))
SECTIONS = tuple(PAGE.sections())
CODE = re.compile(r"[EWT][0-9]{3}")


def line(example: Row | Trace | Expression | RuleFile) -> str:
    return f"line {example.block.line if isinstance(example, RuleFile) else example.line}"


# --- each example is run --------------------------------------------------------------------------


@pytest.mark.parametrize("row", PAGE.rows, ids=line)
def test_a_rule_finds_what_its_line_says(row: Row) -> None:
    assert finds(row) is row.expected


@pytest.mark.parametrize("trace", PAGE.traces, ids=line)
def test_words_are_found_as_their_line_says(trace: Trace) -> None:
    assert found_by(trace) == (trace.words, trace.how)


@pytest.mark.parametrize("one", PAGE.right, ids=line)
def test_nothing_is_said_of_what_is_right(one: Expression, tmp_path: Path) -> None:
    assert said_of_expression(one, tmp_path) == ""


@pytest.mark.parametrize("one", PAGE.wrong, ids=line)
def test_what_is_said_of_a_wrong_expression_is_printed(one: Expression, tmp_path: Path) -> None:
    assert one.told is not None
    assert one.told.text
    assert said_of_expression(one, tmp_path) == one.told.text


@pytest.mark.parametrize("file", PAGE.files, ids=line)
def test_a_file_is_sound_and_passes_its_tests_or_what_is_said_is_printed(
    file: RuleFile, tmp_path: Path
) -> None:
    assert said_of(file.block.text, tmp_path) == (file.told.text if file.told else "")


def test_commands_print_what_the_page_says(tmp_path: Path) -> None:
    assert rewritten(PAGE, tmp_path).split("\n") == PAGE.lines, (
        "run python tools/write_manual_outputs.py"
    )


def test_examples_of_all_kinds_are_seen() -> None:
    tables = PAGE.text.count("| found? |") + PAGE.text.count("| how |")
    assert len(PAGE.rows) + len(PAGE.traces) + 2 * tables == PAGE.text.count("\n|")
    assert len(PAGE.wrong) == PAGE.text.count("\nWrong:")
    assert {block.kind for block in PAGE.blocks} == {"yaml", "text", "console", "jsonl"}


def test_every_link_within_the_page_leads_to_a_heading() -> None:
    words = (re.sub(r"[^\w\s-]", "", section.title.lower()) for section in SECTIONS)
    assert set(re.findall(r"\(#([^)]+)\)", PAGE.text)) <= {each.replace(" ", "-") for each in words}


def test_every_command_that_is_named_exists() -> None:
    named = {" ".join(each.split()) for each in re.findall(r"`(watcher [^`]+)`", PAGE.text)}
    assert named
    for each in named:
        words = each.split()[1:]
        verb, options = typer.main.get_command(app), {word for word in words if word[0] == "-"}
        while hasattr(verb, "commands"):
            verb = verb.commands[words.pop(0)]
        assert options <= {option for one in verb.params for option in one.opts}, each


def test_a_command_that_is_not_ours_is_not_run(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="only `watcher` is run"):
        rewritten(Page("```console\n$ rm -r .\n```\n"), tmp_path)


def test_an_answer_that_changed_is_seen(tmp_path: Path) -> None:
    stale = Page("Wrong: `a1 b1`\n\n```text\nall is well\n```\n")
    assert "error E103" in rewritten(stale, tmp_path)


# --- nothing is left out --------------------------------------------------------------------------


@cache
def raised() -> frozenset[str]:
    """Find the codes of all messages about rules, where the code says them."""
    files = [*(ROOT / "watcher/rules").rglob("*.py"), *(ROOT / "watcher/config").rglob("*.py")]
    return frozenset(
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    )


def test_the_codes_are_where_we_look_for_them() -> None:
    assert {"E101", "E128", "T301", "T302", "W201", "W207"} <= raised()


@pytest.mark.parametrize("code", sorted(raised()))
def test_every_message_has_a_section_with_the_wrong_and_the_right(code: str) -> None:
    (section,) = (each for each in SECTIONS if each.title.startswith(f"{code}: "))
    assert code in told(section)
    assert section.right or any(file.told is None for file in section.files)
    assert not CODE.findall(told(section).replace(code, ""))


def told(section: Section) -> str:
    """Give the first lines of the messages that are shown in a section."""
    texts = [one.told.text for one in (*section.wrong,) if one.told]
    texts += [file.told.text for file in section.files if file.told]
    return " ".join(re.findall(r"^\S+ (?:error|warning) [EWT]\d+", "\n".join(texts), re.MULTILINE))


def test_the_sections_of_messages_are_in_order() -> None:
    codes = [section.title[:4] for section in SECTIONS if CODE.match(section.title)]
    assert all(one < other for one, other in pairwise(codes))


# --- the words of the language --------------------------------------------------------------------


@cache
def documents() -> tuple[dict[str, Any], ...]:
    """Read the files of rules that are shown and sound."""
    whole = [file.block.text for file in PAGE.files if file.told is None]
    named = [block.text for block in PAGE.blocks if block.kind == "yaml" and block.name]
    return tuple(yaml.load(text, yaml.BaseLoader) for text in (*whole, *named))


def rules() -> list[dict[str, Any]]:
    return [rule for document in documents() for rule in document.get("rules", ())]


def own_tests() -> list[dict[str, Any]]:
    return [rule["tests"] for rule in rules() if "tests" in rule]


def samples() -> list[dict[str, Any]]:
    both = [one for each in own_tests() for several in each.values() for one in several]
    return [sample for sample in both if isinstance(sample, dict)]


SHOWN: list[tuple[type[Shape], Callable[[], Sequence[dict[str, Any]]]]] = [
    (RulesFile, documents),
    (RuleShape, rules),
    (SamplesShape, own_tests),
    (SampleShape, samples),
]


@pytest.mark.parametrize(("shape", "shown"), SHOWN)
def test_every_key_of_a_rule_file_is_shown(
    shape: type[Shape], shown: Callable[[], Sequence[dict[str, Any]]]
) -> None:
    assert set(shape.model_fields) <= {key for each in shown() for key in each}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("severity", {each.word for each in Severity}),
        ("updates", {each.value for each in Updates}),
    ],
)
def test_every_word_of_a_key_is_shown(key: str, words: set[str]) -> None:
    assert {rule[key] for rule in rules() if key in rule} == words


def sources() -> Iterator[tuple[str, bool]]:
    """Go through all sound expressions of the page; True for entries."""
    yield from ((row.rule, row.is_entry) for row in PAGE.rows)
    yield from ((one.source, False) for one in PAGE.right)
    yield from ((trace.rule, False) for trace in PAGE.traces)
    for rule in rules():
        yield from ((rule[key], False) for key in ("when",) if key in rule)
        yield from ((each, True) for key in ("any", "all", "none") for each in rule.get(key, ()))


@cache
def nodes() -> tuple[object, ...]:
    """Give everything that the expressions are made of."""
    trees = [parse(source, entry=entry) for source, entry in sources()]
    return tuple(node for tree in trees for node in inside(tree))


def inside(node: object) -> Iterator[object]:
    yield node
    slots = [getattr(node, name) for name in getattr(node, "__slots__", ())]
    for value in node if isinstance(node, tuple) else slots:
        yield from inside(value)


@cache
def pieces() -> tuple[Lexeme, ...]:
    return tuple(piece for source, _ in sources() for piece in lexemes(source))


@pytest.mark.parametrize("kind", [*get_args(Node), *get_args(Element)])
def test_every_form_of_a_term_and_every_operator_is_shown(kind: type) -> None:
    assert any(isinstance(node, kind) for node in nodes())


@pytest.mark.parametrize("kind", list(Kind))
def test_every_sign_of_the_language_is_shown(kind: Kind) -> None:
    assert any(piece.kind is kind for piece in pieces())


def test_every_operator_that_is_a_word_is_shown() -> None:
    kinds = (Kind.OPERATOR, Kind.NEARNESS, Kind.OF, Kind.FORMS)
    shown = {piece.text for piece in pieces() if piece.kind in kinds}
    assert shown >= {*WORDS, "NEAR", "ONEAR"}


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_shown(field: str) -> None:
    kinds = (Kind.FIELD, Kind.COMPARE)
    assert any(piece.kind in kinds and piece.text == field for piece in pieces())


@pytest.mark.parametrize("sign", get_args(Comparison))
def test_every_comparison_is_shown(sign: str) -> None:
    assert any(isinstance(node, Compare) and node.comparison == sign for node in nodes())


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_of_time_is_shown(unit: str) -> None:
    ages = (node for node in nodes() if isinstance(node, Compare) and node.field == "age")
    assert any(node.written.endswith(unit) for node in ages)


@pytest.mark.parametrize("flag", sorted(FLAGS))
def test_every_flag_of_a_regex_is_shown(flag: str) -> None:
    assert any(piece.kind is Kind.REGEX and flag in piece.more for piece in pieces())


def test_weights_of_both_signs_are_shown() -> None:
    weights = {int(piece.text) > 0 for piece in pieces() if piece.kind is Kind.WEIGHT}
    assert weights == {True, False}


@pytest.mark.parametrize("how", ["plain", "plural", "joined", "divided"])
def test_every_way_a_word_is_found_is_shown(how: str) -> None:
    assert any(trace.how == how for trace in PAGE.traces)
