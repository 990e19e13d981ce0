"""A character of a YAML text is found in its file."""

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from watcher.config.nodes import Scalar, child
from watcher.config.reader import read_yaml
from watcher.config.spots import spot


def scalar(text: str) -> Scalar:
    sheet, faults = read_yaml("f.yaml", text.encode())
    node = child(sheet.root, "when")
    assert not faults
    assert isinstance(node, Scalar)
    return node


STYLES = {
    "plain": "when: alpha AND MARK\n",
    "plain over lines": "when: alpha AND\n    beta\n\n    OR MARK\n",
    "single quoted": "when: 'it''s ''alpha'' AND MARK'\n",
    "double quoted": 'when: "\\"alpha\\" \\x41\\u0042\\t\\n\\\n   AND MARK"\n',
    "double quoted over lines": 'when: "alpha\n   AND\n\n   MARK"\n',
    "literal": "when: |\n  alpha AND\n    MARK\n",
    "folded": "when: >-\n    alpha AND\n    (beta OR\n      gamma) MARK\n",
    "folded with a number and a comment": "when: >2-   # why\n   alpha\n  MARK\n",
    "anchored": "when: &x >-\n  alpha MARK\n",
    "anchored plain": "when: &MARX alpha MARK\n",
    "with carriage returns": "when: >-\r\n  alpha\r\n  MARK\r\n",
}


@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES)
def test_a_word_is_found_in_every_style_of_text(text: str) -> None:
    node = scalar(text)
    assert text[spot(text, node, node.value.index("MARK")) :].startswith("MARK")
    inside = node.value.index("MARK") + 2
    assert text[spot(text, node, inside) :].startswith("RK")


def test_the_end_is_right_behind_the_last_character() -> None:
    text = "a: 1\nwhen: >-\n  alpha\n  AND\nb: 2\n"
    node = scalar(text)
    assert text[: spot(text, node, len(node.value))].endswith("AND")


def test_the_start_of_an_empty_text_is_where_it_stands() -> None:
    node = scalar("when: ''\n")
    assert spot("when: ''\n", node, 0) == 6


@given(
    words=st.text(st.sampled_from("ab'\"\\ éß\t\n:#"), min_size=1, max_size=30),
    style=st.sampled_from(["'", '"', ">", "|", None]),
    width=st.integers(4, 20),
)
def test_every_visible_character_is_found_whatever_yaml_made_of_it(
    words: str, style: str | None, width: int
) -> None:
    text = (
        yaml.safe_dump({"when": words}, default_style=style, width=width, allow_unicode=True)
        .replace('"when"', "when")
        .replace("'when'", "when")
    )
    sheet, faults = read_yaml("f.yaml", text.encode())
    node = child(sheet.root, "when")
    assume(not faults and isinstance(node, Scalar) and node.value == words)
    assert isinstance(node, Scalar)
    for offset, character in enumerate(words):
        place = spot(text, node, offset)
        if character in "abéß:#":
            assert text[place] == character
        assert node.start <= place <= node.end
