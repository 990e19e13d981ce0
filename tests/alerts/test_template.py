"""Alerts in the operator's own words: what a template can say, and what it cannot do."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from tests.alerts.test_render_forms import BIG, FULL
from tests.channels.samples import ALERT, DIGEST, NOTICE, UPDATE, hostile_alerts, with_title
from watcher.alerts.render import linked, tidy
from watcher.alerts.template import (
    SAMPLES,
    Template,
    TemplateFault,
    Use,
    dressed,
    faults_of,
    forgets_entries,
    written,
)
from watcher.model import Alert, AlertKind

GERMAN = Template("""\
Neu: {{ headline }}
{{ lead.link }} ({{ lead.feed_title or lead.feed }}, {{ lead.seen|time("Europe/Berlin") }})
{% for rule in rules %}
{{ rule.id }}: {% for quote in rule.quotes %}{{ quote|marked }}{% endfor %}

{% endfor %}
""")


def said(source: str, alert: Alert = ALERT, use: Use = Use.TEXT) -> object:
    return written(Template(source, use), alert)


def put(template: Template, alert: Alert = ALERT) -> Alert:
    told = dressed(template, alert)
    assert isinstance(told, Alert), told
    return told


# --- what it says


def test_the_first_line_is_the_headline_and_the_others_are_the_text() -> None:
    message = put(GERMAN).message
    assert message.headline == "Neu: Phone maker leaves country over ‘back doors’"
    assert message.body == (
        "https://news.example/phone?a=1&b=2 (Example News, 2026-03-02 09:05)\n"
        "back-door: Phone maker leaves country over ‘*back doors*’\n"
    ).rstrip("\n")


def test_what_threads_and_receivers_hang_on_stays() -> None:
    told = put(GERMAN, UPDATE)
    assert replace(told, message=UPDATE.message) == UPDATE
    assert told.message.severity is UPDATE.message.severity
    assert told.message.subject == UPDATE.message.headline
    kept = replace(UPDATE, message=replace(UPDATE.message, subject="the first headline"))
    assert put(GERMAN, kept).message.subject == "the first headline"


@pytest.mark.parametrize("alert", [DIGEST, NOTICE], ids=["digest", "notice"])
def test_digests_and_notices_keep_the_built_in_words(alert: Alert) -> None:
    assert put(Template("all the same"), alert) is alert


def test_all_names_of_the_published_json_are_there_and_the_built_in_text() -> None:
    assert said("{{ type }} {{ timestamp }} {{ key }} {{ severity }}") == (
        "story.matched 2026-03-02T08:05:00Z 0123456789abcdef high"
    )
    told = said("{{ text }}", FULL)
    assert isinstance(told, str)
    assert told.startswith("Phone maker leaves country over ‘back doors’ · Example News\nhttps:")


def test_what_an_alert_lacks_is_nothing() -> None:
    bare = SAMPLES["bare"]
    assert said("[{{ lead.link }}{{ lead.published }}]", bare) == "[]"


def test_a_link_of_the_alert_is_a_link_and_no_other_address_is() -> None:
    alert = with_title("see https://evil.example/ at once")
    told = put(Template("{{ lead.title }}\n{{ lead.title }}: {{ lead.link }}."), alert)
    assert linked(tidy(told.message)) == (
        (
            ("see https://evil.example/ at once: ", ""),
            ("https://news.example/phone?a=1&b=2", "https://news.example/phone?a=1&b=2"),
            (".", ""),
        ),
    )


@BIG
@given(hostile_alerts())
def test_whatever_feeds_write_is_data_and_no_words_are_lost_between_links(alert: Alert) -> None:
    about = replace(alert, kind=AlertKind.STORY)
    told = dressed(Template("headline\n{{ lead.link if lead }} {{ body }} {{ headline }}"), about)
    assert isinstance(told, Alert)
    message = tidy(told.message)
    lines = ["".join(words for words, _url in line) for line in linked(message)]
    assert lines == message.body.split("\n")
    assert {url for line in linked(message) for _words, url in line} <= {"", *message.links}


def test_a_template_in_a_title_stays_text() -> None:
    alert = with_title("{{ 7 * 7 }} {% raw %} {# gone? #}")
    assert said("{{ headline }}", alert) == "{{ 7 * 7 }} {% raw %} {# gone? #}"


# --- JSON


def test_json_is_written_value_by_value() -> None:
    alert = with_title('He said "no", \\ and left')
    source = '{"text": {{ headline }}, "rules": {{ rules|map(attribute="id")|list }}}'
    assert said(source, alert, Use.JSON) == {
        "text": 'He said "no", \\ and left',
        "rules": ["back-door"],
    }


@BIG
@given(hostile_alerts())
def test_no_text_can_end_the_value_that_it_stands_in(alert: Alert) -> None:
    told = said('{"a": {{ headline }}, "b": {{ body ~ "!" }}}', alert, Use.JSON)
    assert isinstance(told, dict)
    assert list(told) == ["a", "b"]


def test_quotation_marks_of_ones_own_around_a_value_are_explained() -> None:
    (fault,) = faults_of(Template('{"text": "{{ headline }}"}', Use.JSON))
    assert "not JSON near" in fault.message
    assert "its quotation marks included" in fault.message


def test_a_digest_whose_entries_are_left_out_is_noticed() -> None:
    assert forgets_entries(Template('{"text": {{ headline }}}', Use.JSON))
    assert not forgets_entries(Template('{"text": {{ headline }}, "of": {{ entries }}}', Use.JSON))


# --- what is wrong with it


@pytest.mark.parametrize(
    ("source", "line", "message", "word"),
    [
        ("a\n{{ headlin }}", 2, '"headlin" is not known (tried on: story)', "headlin"),
        ("{{ lead.titel }}", 1, '"titel" is not known there (tried on: story)', "titel"),
        ("{{ lead.published|time }}", 1, "TypeError: fromisoformat: argument must be str (", ""),
        ("x\n\n{% if %}", 3, "Expected an expression, got 'end of statement block'", ""),
        ("{% for a in rules %}", 1, "Unexpected end of template. Jinja was looking for the", ""),
        ("{{ headline|nofilter }}", 1, "No filter named 'nofilter'.", ""),
        ("{{ 1 / 0 }}", 1, "ZeroDivisionError: division by zero (tried on: story)", ""),
        ('{{ lead.seen|time("Mars/X") }}', 1, "ZoneInfoNotFoundError: ", ""),
        ("{% include 'x' %}", 1, "TypeError: no loader for this environment specified", ""),
        (" \n", 0, "it writes nothing (tried on: story)", ""),
        ("{# only a remark #}", 0, "it writes nothing (tried on: story)", ""),
    ],
)
def test_faults_are_found_before_they_are_met(
    source: str, line: int, message: str, word: str
) -> None:
    (fault,) = faults_of(Template(source))
    assert (fault.line, fault.word) == (line, word)
    assert fault.message.startswith(message)


def test_a_name_that_is_not_known_comes_with_those_that_are() -> None:
    (fault,) = faults_of(Template("{{ headlin }}"))
    assert {"headline", "lead", "text", "rules"} <= set(fault.known)


def test_what_only_some_alerts_lack_is_found_too() -> None:
    (fault,) = faults_of(Template('{"link": {{ lead.link }}}', Use.JSON))
    assert fault.message.startswith("`link` of nothing: what stands before it may be missing")
    assert fault.message.endswith("(tried on: digest)")


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a' * 20000000 }}",
        "{{ ['a'] * 20000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 'x'.format_map({}) }}",
        "{{ 10 ** 1000000 }}",
        "{{ 'a'|center(1000000000) }}",
        "{% for a in range(1000000) %}{% endfor %}",
        "{% for a in range(1000) %}{{ 'a' * 1000 }}{% endfor %}",
        "{{ ''.__class__ }}",
        "{{ lead.update({}) }}",
        "{{ cycler }}",
        "{{ headline|safe }}",
    ],
)
def test_a_template_can_neither_reach_out_nor_write_without_end(source: str) -> None:
    assert len(faults_of(Template(source))) == 1


def test_a_line_under_the_headline_may_still_be_drawn() -> None:
    assert said("{{ '=' * 20 }}{{ 7 * 6 }}{{ 7 % 4 }}") == "=" * 20 + "423"


def test_a_template_that_fails_is_told_and_does_not_raise() -> None:
    assert dressed(Template("{{ 1 / 0 }}"), ALERT) == TemplateFault(
        1, "ZeroDivisionError: division by zero"
    )


def test_the_samples_are_of_every_kind_and_survive_being_tidied() -> None:
    assert {alert.kind for alert in SAMPLES.values()} == set(AlertKind)
    for name, alert in SAMPLES.items():
        if name not in ("bare", "digest"):  # entries lose their summaries
            assert tidy(alert.message) == alert.message, name
        for rule in alert.message.rules:
            assert [quote.text[start:end] for quote in rule.quotes for start, end in quote.marks]
        json.dumps(said("{{ text }}", alert))
