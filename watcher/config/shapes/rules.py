"""The shape of a file of rules. What expressions mean is not known here."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from watcher.config.shapes.base import Shape
from watcher.config.values import (
    Name,
    Names,
    SeverityWord,
    Text,
    Texts,
    UpdatesWord,
    Version,
    YesOrNo,
    duration,
    wrong,
)
from watcher.model import Severity, Updates

LEAST_EXPECTED = timedelta(hours=1)  # rules are looked at once an hour

Entries = tuple[Text, ...]


def _list_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", text):
        raise wrong(f'"{text}" cannot name a list; write letters, digits, "_" and "-"')
    return text


Lists = dict[Annotated[str, BeforeValidator(_list_name)], Entries]


def _expected(text: object) -> timedelta:
    length = duration(text)
    if length < LEAST_EXPECTED:
        raise wrong(f'"{text}" is too short; a rule may be expected to match within 1h or longer')
    return length


Expected = Annotated[
    timedelta,
    BeforeValidator(_expected),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,6}[smhdw]$", "examples": ["30d"]}),
]


class SampleShape(Shape):
    """A sample item; a text alone is its title."""

    title: Text = ""
    summary: Text = ""
    content: Text = ""
    author: Texts = ()
    tag: Texts = ()
    link: Text = ""
    feed: Text = ""
    lang: Text = ""
    published: Text = Field("", description="When it was published, ISO 8601.")
    now: Text = Field("", description="When the rule is asked, for `age`.")

    def told(self) -> str | Mapping[str, object]:
        """Give the fields that the file gives; a title alone as a text, which is the same."""
        fields = self.given()
        return self.title if fields.keys() == {"title"} else fields


def _titled(sample: object) -> object:
    return {"title": sample} if isinstance(sample, str) else sample


Sample = Annotated[
    SampleShape,
    BeforeValidator(_titled),
    Field(json_schema_extra={"orText": True}),  # `schema` turns it into a choice
]


class TestsShape(Shape):
    """Samples that a rule must match, and samples that it must not."""

    match: tuple[Sample, ...] = Field((), description="The rule must match each of these.")
    no_match: tuple[Sample, ...] = Field((), description="The rule must match none of these.")


class RuleShape(Shape):
    """One rule: `when`, or lists `any`, `all`, `none`, or both."""

    id: Name = Field(description="Its name in alerts and commands; keep it for ever.")
    title: Text = Field("", description="What alerts call it.")
    when: Text | None = Field(None, description="Expression that must be true. Use `when: >-`.")
    any: Entries | None = Field(None, description="At least one of these must be true.")
    all: Entries | None = Field(None, description="Each of these must be true.")
    none: Entries | None = Field(None, description="None of these may be true.")
    lists: Lists = Field(
        default_factory=dict, description="Named lists for this rule; $name uses one."
    )
    language: Text = Field("english", description="Language of FORMS().")
    feeds: Texts = Field((), description="Only items of these feeds (ids or globs); else of all.")
    severity: SeverityWord = Field(Severity.INFO, description="How much a hit matters.")
    notify: Names | None = Field(None, description="Routes, or channels, that hits go to.")
    updates: UpdatesWord = Field(
        Updates.ALERT, description="What becomes of a later item of a story that brings a new hit."
    )
    facts: YesOrNo = Field(
        False, description="true: a new name or number in a copy is an update, too."
    )
    expected: Expected | None = Field(
        None, description="Say so when it matched nothing for this long (30d); at least 1h."
    )
    enabled: YesOrNo = Field(True, description="false: checked, but out of service.")
    note: Text = Field("", description="For those who read the file; used for nothing.")
    tests: TestsShape = Field(
        default_factory=TestsShape.empty, description="Samples; `watcher check` tries them."
    )


class RulesFile(Shape):
    """A file of rules. Lists of a file without rules are for the rules of all files."""

    version: Version = Field(description="Version of this form: 1.")
    lists: Lists = Field(
        default_factory=dict, description="Named lists for this file's rules; $name uses one."
    )
    rules: tuple[RuleShape, ...] = Field((), description="The rules.")
