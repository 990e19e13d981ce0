"""Files of rules: places of faults in expressions, shared lists, tests in the file."""

from pathlib import Path
from textwrap import dedent

import pytest

from tests.config.files import MAIN, RULES, loaded, refused, told
from watcher.config import load, load_rules
from watcher.errors import ConfigError
from watcher.model import Fault


def rule_faults(tmp_path: Path, text: str, *, check_tests: bool = False) -> tuple[Fault, ...]:
    path = tmp_path / "rules.yaml"
    path.write_text(dedent(text), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_rules(path, check_tests=check_tests)
    return caught.value.faults


def test_one_file_of_rules_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES + "    notify: [anything]\n    feeds: [whatever]\n")
    rules, warnings = load_rules(path)
    assert [(info.id, info.notify) for info in rules.infos] == [("blackberry", ("anything",))]
    assert warnings == ()


def test_a_rule_without_notify_needs_none_when_its_file_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    rules, _warnings = load_rules(path)
    assert [info.notify for info in rules.infos] == [()]


def test_a_fault_in_a_folded_expression_has_two_places(tmp_path: Path) -> None:
    [fault] = rule_faults(
        tmp_path,
        """\
        version: 1
        rules:
          - id: bb
            when: >-
              BlackBerry AND
              "back door" OR wiretap
        """,
    )
    assert (fault.line, fault.column) == (6, 19)
    assert (fault.excerpt, fault.caret) == ('BlackBerry AND "back door" OR wiretap', 28)
    assert fault.told().splitlines() == [
        f'{tmp_path}/rules.yaml:6:19: error E104 in rule "bb": '
        "AND and OR are mixed; add parentheses",
        '    BlackBerry AND "back door" OR wiretap',
        "                               ^^",
        '    write (BlackBerry AND "back door") OR wiretap',
        '       or BlackBerry AND ("back door" OR wiretap)',
    ]


def test_a_file_of_rules_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="C001: cannot be read: No such file"):
        load_rules(tmp_path / "none.yaml")


def test_every_bad_rule_is_told(tmp_path: Path) -> None:
    faults = rule_faults(
        tmp_path,
        """\
        version: 1
        lists: {good: [a1, b1]}
        rules:
          - {id: two, when: $good AND $god}
          - {id: three, any: [NOT x]}
          - {id: four, when: '"it''s" titel:x'}
          - {id: five, when: "\\"a b\\" titel:x"}
          - {id: seven, title: nothing}
          - {id: eight, when: ok1 AND ok2, language: klingon}
          - {id: two, when: bad OR}
        """,
    )
    told_of = [(fault.rule, fault.code, fault.line, fault.column, fault.caret) for fault in faults]
    assert told_of == [
        ("two", "E121", 4, 31, 11),
        ("three", "E120", 5, 23, 1),
        ("four", "E101", 6, 31, 8),
        ("five", "E101", 7, 31, 7),
        ("seven", "E118", 8, 10, 1),
        ("eight", "E128", 9, 46, 1),
        ("two", "C013", 10, 10, 8),
        ("two", "E122", 10, 27, 7),
    ]


def test_faults_in_lists_are_shown_where_the_list_is_written_and_once(tmp_path: Path) -> None:
    faults = rule_faults(
        tmp_path,
        """\
        version: 1
        lists:
          bad: [fine words, "(unclosed"]
        rules:
          - {id: one, when: $bad}
          - {id: two, when: $bad AND more}
          - {id: six, when: ok, lists: {own: [&x "x y z) "]}}
        """,
    )
    assert [(fault.rule, fault.code, fault.line, fault.column) for fault in faults] == [
        ("one", "E114", 3, 22),
        ("six", "E114", 7, 48),
    ]


def test_lists_of_a_file_without_rules_are_for_all_files(tmp_path: Path) -> None:
    main = MAIN.replace("[rules.yaml]", "[rules.yaml, words.yaml]")
    (tmp_path / "words.yaml").write_text("version: 1\nlists: {words: [alpha]}\n")
    rules = "version: 1\nrules: [{id: a, when: $words, tests: {match: [alpha], no_match: [b]}}]\n"
    assert [info.id for info in loaded(tmp_path, main, rules=rules).rules.infos] == ["a"]
    (tmp_path / "words.yaml").write_text("version: 1\nlists: {words: [alpha AND]}\n")
    assert [fault.partition(" ")[0] for fault in told(refused(tmp_path, main, rules=rules))] == [
        "words.yaml:2:26"
    ]


def test_two_files_cannot_lend_lists_of_one_name(tmp_path: Path) -> None:
    main = MAIN.replace("[rules.yaml]", "[rules.yaml, words*.yaml]")
    for name in ("words1.yaml", "words2.yaml"):
        (tmp_path / name).write_text("version: 1\nlists: {words: [alpha]}\n")
    assert told(refused(tmp_path, main)) == [
        f'words2.yaml:2:9 C013 list "words" is there already: {tmp_path}/words1.yaml'
    ]


def test_lists_of_a_file_with_rules_are_its_own(tmp_path: Path) -> None:
    main = MAIN.replace("[rules.yaml]", "[rules.yaml, more.yaml]")
    (tmp_path / "more.yaml").write_text(
        "version: 1\nlists: {x: [alpha]}\nrules: [{id: b, when: $x}]\n"
    )
    rules = "version: 1\nrules: [{id: a, when: $x}]\n"
    [fault] = refused(tmp_path, main, rules=rules)
    assert (fault.code, fault.rule) == ("E121", "a")


FORMS = {
    "rules: [{id: x, when: a, expected: 7}]": [
        '2:36 C011 "7" is not a duration; write 90s, 30m, 24h, 7d or 2w'
    ],
    "rules: [{id: x, when: a, tests: {mach: [a]}}]": [
        '2:34 C003 unknown key "mach" - did you mean "match"?'
    ],
    "rules: [{id: x, when: a, tests: {match: [{titel: a}]}}]": [
        '2:43 C003 unknown key "titel" - did you mean "title"?'
    ],
    "rules: [{id: x, any: alpha}]": [
        "2:22 C010 a list is wanted here: [ … ], or lines that begin with `- `"
    ],
    "rules: [{id: x, when: [a]}]": ["2:23 C010 a text is wanted here"],
    "rules: [{when: a}]": ['2:9 C008 "id" is missing'],
    "lists: {1a: [x]}": ['2:9 C011 "1a" cannot name a list; write letters, digits, "_" and "-"'],
    "lists: {a: {b: c}}": ["2:12 C010 a list is wanted here: [ … ], or lines that begin with `- `"],
    "rules: {id: x}": ["2:8 C010 a list is wanted here: [ … ], or lines that begin with `- `"],
    "rules:\n  - id: x\n    when: # a AND b": [
        '4:5 C009 "when" has no value; write one, or take the key out; '
        "what follows # is a comment: put a text that begins with # in quotes"
    ],
    "rules: [{id: x, when: a, updates: never}]": [
        '2:35 C011 "never" is not known here; write ignore, thread or alert'
    ],
    "rules: [{id: x, when: a, enabled: perhaps}]": [
        '2:35 C011 "perhaps" is neither true nor false'
    ],
}


@pytest.mark.parametrize("text", FORMS)
def test_mistakes_in_the_form_of_rules_are_told(tmp_path: Path, text: str) -> None:
    faults = told(rule_faults(tmp_path, "version: 1\n" + text))
    assert faults[: len(FORMS[text])] == [f"rules.yaml:{fault}" for fault in FORMS[text]]


def test_an_expression_that_yaml_cut_at_a_comment_is_warned_of(tmp_path: Path) -> None:
    rules = """\
        version: 1
        rules:
          - id: a
            when: alpha AND beta # gamma
            tests: {match: [alpha beta], no_match: [x]}
          - id: b
            when: >-   # a comment here is fine
              alpha AND delta
            tests: {match: [alpha delta], no_match: [x]}
          - id: c
            when: '"alpha delta"'   # and so is this one
            tests: {match: [alpha delta], no_match: [x]}
        """
    assert told(loaded(tmp_path, rules=rules).warnings) == [
        "rules.yaml:4:26 C102 what follows ` #` is a comment and not part of the expression; "
        "if it belongs to it, put the expression under `when: >-`"
    ]


def test_warnings_about_expressions_have_their_places(tmp_path: Path) -> None:
    rules = RULES + "  - {id: b, any: [fine word, AT&T], tests: {match: [at t], no_match: [x]}}\n"
    warnings = loaded(tmp_path, rules=rules).warnings
    assert [(warning.code, warning.line, warning.column) for warning in warnings] == [
        ("W201", 6, 30)
    ]
    assert all(warning.warning for warning in warnings)


def test_nobody_hears_of_a_rule_without_notify_where_nothing_says_who(tmp_path: Path) -> None:
    main = MAIN + "  log: {type: file, path: a}\n"
    silent = RULES + "  - {id: b, when: beta, notify: []}\n"
    message = (
        "nobody hears of this rule: name routes in its `notify`, "
        "or in `notify` or `operator` of the main file"
    )
    assert told(refused(tmp_path, main, rules=silent)) == [
        f"rules.yaml:3:5 C017 {message}",
        f"rules.yaml:6:33 C017 {message}",
    ]


@pytest.mark.parametrize(
    ("added", "heard_by"),
    [
        ("operator: log\n", "log"),
        ("operator: log\nnotify: console\n", "console"),
        ("routes: {desk: {channel: log}}\n", "desk"),
    ],
)
def test_a_rule_without_notify_goes_to_notify_else_to_the_operator_else_to_the_only_route(
    tmp_path: Path, added: str, heard_by: str
) -> None:
    main = MAIN + "  log: {type: file, path: a}\n" + added
    assert [info.notify for info in loaded(tmp_path, main).rules.infos] == [(heard_by,)]


def test_a_rule_that_fails_its_own_test_is_a_fault_when_tests_are_checked(tmp_path: Path) -> None:
    loaded(tmp_path)
    rules = """\
        version: 1
        rules:
          - id: a
            when: alpha
            tests:
              match: [beta]
              no_match:
                - {title: x, summary: the alpha}
        """
    (tmp_path / "rules.yaml").write_text(dedent(rules))
    assert len(load(tmp_path / "watcher.yaml", {}).rules.infos) == 1
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "watcher.yaml", {}, check_tests=True)
    assert [(fault.code, fault.rule, fault.line) for fault in caught.value.faults] == [
        ("T301", "a", 6),
        ("T301", "a", 8),
    ]
