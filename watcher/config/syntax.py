"""YAML's own complaints, said so that the author of the file can act on them."""

import re
from typing import Final

import yaml

from watcher.config.nodes import Scalar
from watcher.config.sheet import Sheet, first_line
from watcher.model import Fault

CODE: Final = "C004"
_LONGEST_LINE = 2000  # that is looked at for a hint

# `key: "quoted" more` or `- "quoted" more`: YAML ends the text at the second quote
_QUOTE_THEN_MORE = re.compile(
    r"""(?:^\s*|[{\[,-]\s*)(?:[\w-]+\s*:\s+)?(?:"[^"]*"|'[^']*')\s*[^\s,\]}#:"']"""
)
_UNQUOTED_COLON = re.compile(r"^\s*(?:-\s+)?(?P<key>[\w-]+)\s*:\s+[^\s\"'{\[|>].*:(?:\s|$)")
_WHEN = re.compile(r"(?:^|[\s{\[,-])when\s*:")

_KEY = re.compile(r"[ ]*(?:-[ ]+)*(?=[\w-]+:[ ]+[^\s|>])")  # before a key that has a value
_INDENTED = "the line before is indented less: begin keys of one mapping in one column"
_BLOCK = "put the expression under `when: >-`, on lines of its own, indented"
_ENTRY = "put the whole entry in single quotes: '\"a\" AND b'"
_QUOTES = "put the whole text in quotes"
_RESERVED = "`{}` cannot begin a text in YAML; put the whole text in quotes"

_MESSAGES: Final = {
    "did not find expected key": "this does not belong here; a key and a colon were expected",
    "mapping values are not allowed in this context": "a colon with a blank after it stands "
    "where it cannot",
    "found unexpected end of stream": "a quote is opened and never closed",
    "found unexpected document indicator": "`---` or `...` stands inside a text",
    "did not find expected '-' indicator": "this does not belong here; the next `- ` of the "
    "list was expected",
    "did not find expected ',' or ']'": "a comma or `]` is missing",
    "did not find expected ',' or '}'": "a comma or `}` is missing",
    "could not find expected ':'": "a key stands here without its colon",
    "found invalid Unicode character escape code": "this escape is half a character (a "
    "surrogate); write the character itself, or all of it as \\U0001F600",
    "found unknown escape character": "unknown escape in double quotes; write \\\\ for a backslash",
}


def syntax_fault(sheet: Sheet, trouble: Exception) -> Fault:
    """Tell what is wrong with a file that is not YAML, where, and what to write instead."""
    offset = _offset(sheet, trouble)
    problem = getattr(trouble, "problem", None) or "this is not YAML"
    return explained(sheet, offset, _MESSAGES.get(problem, problem))


def explained(sheet: Sheet, offset: int, problem: str) -> Fault:
    """Make a syntax fault, with the hint that its line asks for."""
    special = _special_character(sheet.text, offset)
    hint = special or _hint(_line(sheet, offset)) or _deeper(sheet, offset)
    return sheet.fault(
        CODE,
        f"not valid YAML: {problem}" + (f"; {hint}" if hint else ""),
        offset,
        suggestions=_suggestions(_line(sheet, offset)) if not special else (),
    )


def comment_warning(sheet: Sheet, when: Scalar) -> Fault | None:
    """Warn of a plain `when:` that YAML cut at ` #`."""
    rest = first_line(sheet.text[when.end : when.end + 200])
    cut = re.match(r"[ \t]+#", rest)
    if when.style or cut is None:
        return None
    return sheet.fault(
        "C102",
        "what follows ` #` is a comment and not part of the expression; "
        "if it belongs to it, put the expression under `when: >-`",
        when.end + cut.end() - 1,
        warning=True,
    )


def _offset(sheet: Sheet, trouble: Exception) -> int:
    """Find the place to show: of the problem, or of what was opened and never closed."""
    if not isinstance(trouble, yaml.MarkedYAMLError):
        return 0
    end = len(sheet.text.rstrip())
    marks = (trouble.problem_mark, trouble.context_mark)
    offsets = [mark.index for mark in marks if mark is not None]
    return next((offset for offset in offsets if offset < end), max(0, end - 1))


def _line(sheet: Sheet, offset: int) -> str:
    """Give the line that a hint should look at: where the trouble is, or the last one written."""
    first = sheet.line_starts[sheet.place(offset).line - 1]
    here = first_line(sheet.text[first : first + _LONGEST_LINE])
    before = sheet.text[max(0, first - _LONGEST_LINE) : first]
    return here or re.split(r"[\r\n]", before.rstrip())[-1]


def _special_character(text: str, offset: int) -> str:
    character = text[offset : offset + 1]
    if character == "\t":
        return "a tab stands where YAML wants spaces"
    return _RESERVED.format(character) if character and character in "@`%" else ""


def _hint(line: str) -> str:
    if _QUOTE_THEN_MORE.search(line):
        if line.lstrip().startswith("-") and not _WHEN.search(line):
            return _ENTRY
        return _BLOCK if _WHEN.search(line) else _QUOTES
    if found := _UNQUOTED_COLON.match(line):
        return _BLOCK if found["key"] == "when" else _QUOTES
    return ""


def _deeper(sheet: Sheet, offset: int) -> str:
    """Tell of a key that stands farther right than the one before it, which has its value."""
    number = sheet.place(offset).line
    if number == 1:
        return ""
    here = _KEY.match(sheet.text, sheet.line_starts[number - 1])
    before = _KEY.match(sheet.text, sheet.line_starts[number - 2])
    return _INDENTED if here and before and len(here[0]) > len(before[0]) else ""


def _suggestions(line: str) -> tuple[str, ...]:
    """Write the line's expression as it should stand, where it is short and clear."""
    found = re.match(r"^\s*(?:-\s+)?when:\s+(?P<expression>[\"'].*\S)\s*$", line)
    return (f"when: >-⏎  {found['expression']}",) if found else ()
