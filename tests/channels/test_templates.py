"""Channels that speak the operator's own words keep the contract, and never lose an alert by it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from tests.channels.contract import ChannelContract
from tests.channels.receivers import Receiver
from tests.channels.samples import ALERT, COPY, LEAD, MESSAGE, NOTICE, UPDATE, with_title
from tests.channels.slack_server import FakeSlack, said
from tests.channels.smtp_server import MailServer
from tests.channels.test_email import MailBench, authority, read, serving, trusted
from tests.channels.test_slack import TICKS, SlackBench
from tests.channels.test_webhook_formats import FormatBench, FormatContract, settings
from tests.config.files import loaded
from tests.fakes import FakeClock
from watcher.alerts.render import as_json
from watcher.alerts.template import Template, Use, written
from watcher.channels import (
    SlackSettings,
    WebhookSettings,
    channel_faults,
    open_channel,
)
from watcher.channels.slack.blocks import in_blocks
from watcher.channels.templated import Templated
from watcher.model import Alert, Sent
from watcher.ports import Channel

__all__ = ["authority", "trusted"]  # fixtures

WORDS = Template("""\
{{ severity|upper }} {{ headline }}

{{ lead.link if lead }} {{ lead.feed_title if lead }} {{ because }}
{{ body }}
{% for rule in rules %}{% for quote in rule.quotes %}{{ quote|marked }}
{% endfor %}{% endfor %}
{{ evidence|join("; ") }} {{ copies|map(attribute="title")|join(", ") }}
""")
BROKEN = Template("{{ 1 / copies|length }}")  # without copies it fails


def in_own_words(channel: Channel) -> Channel:
    return Templated(channel, WORDS)


class TestSlackInOwnWords(ChannelContract):
    @pytest.fixture
    def bench(self) -> Iterator[SlackBench]:
        with FakeSlack(lambda: next(TICKS)) as slack:
            bench = SlackBench(slack)
            bench.channel = in_own_words(bench.channel)
            yield bench


class TestDiscordInOwnWords(ChannelContract):
    form = "discord"

    @pytest.fixture
    def bench(self) -> Iterator[FormatBench]:
        with Receiver() as receiver:
            bench = FormatBench(receiver, self.form)
            bench.channel = in_own_words(bench.channel)
            yield bench


class TestMattermostInOwnWords(TestDiscordInOwnWords):
    form = "slack"


class TestTeamsInOwnWords(TestDiscordInOwnWords):
    form = "teams"


class TestMailInOwnWords(ChannelContract):
    @pytest.fixture
    def bench(self, authority: trustme.CA, trusted: str) -> Iterator[MailBench]:
        with MailServer(starttls=serving(authority)) as server:
            bench = MailBench(server, trusted)
            bench.channel = in_own_words(bench.channel)
            yield bench


class TestCustom(FormatContract):
    form = "custom"


# --- what arrives


def test_slack_shows_the_words_with_the_storys_link_and_no_other() -> None:
    with FakeSlack(lambda: next(TICKS)) as slack:
        in_own_words(SlackBench(slack).channel).send(with_title("see https://evil.example/"))
        told = said(slack.accepted[-1])
    assert told.startswith("HIGH see https://evil.example/")
    links = [node for node in _nodes(slack.accepted[-1]) if node.get("type") == "link"]
    assert {node["url"] for node in links} == {LEAD.link}


def _nodes(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from _nodes(each)


def test_a_long_text_is_cut_to_what_a_block_takes_and_no_link_is_cut() -> None:
    long = replace(ALERT, message=replace(MESSAGE, copies=(COPY,) * 90))
    links = Template(
        "headline\n" + "word " * 500 + "\n{% for copy in copies %}{{ copy.link }}\n{% endfor %}"
    )
    channel = Templated(_Taking(), links)
    assert isinstance(channel.send(long), Sent)
    nodes = [node for node in _nodes(in_blocks(_Taking.taken[-1])) if node.get("type") == "link"]
    assert 0 < len(nodes) < 90
    assert {(node["url"], node["text"]) for node in nodes} == {(COPY.link, COPY.link)}


class _Taking:
    """Takes everything."""

    name = ALERT.channel
    taken: list[Alert] = []  # noqa: RUF012 - looked into by the tests

    def send(self, alert: Alert) -> Sent:
        self.taken.append(alert)
        return Sent()


def test_mail_has_the_words_in_both_bodies_and_its_own_subject(
    authority: trustme.CA, trusted: str
) -> None:
    with MailServer(starttls=serving(authority)) as server:
        in_own_words(MailBench(server, trusted).channel).send(ALERT)
        mail = read(server.letters[-1])
    assert mail["Subject"] == MESSAGE.headline
    plain, page = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert page is not None
    assert "HIGH Phone maker leaves country" in plain.get_content()
    assert "HIGH Phone maker leaves country" in page.get_content()
    assert 'href="https://news.example/phone?a=1&amp;b=2"' in page.get_content()


# --- when it fails


def test_an_alert_whose_template_fails_goes_out_in_the_built_in_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    taking = _Taking()
    outcome = Templated(taking, BROKEN).send(ALERT)
    told = (
        "the template failed in line 1 (ZeroDivisionError: division by zero); "
        "sent in the built-in words"
    )
    assert outcome == Sent(note=told)
    assert taking.taken[-1] is ALERT
    assert told in caplog.text


def test_the_message_that_is_answered_keeps_its_words_too() -> None:
    taking = _Taking()
    Templated(taking, WORDS).send(UPDATE)
    parent = taking.taken[-1].parent
    assert parent is not None
    assert parent.message.headline.startswith("HIGH Phone maker")
    Templated(taking, Template("{{ 1 // revision }}")).send(UPDATE)
    assert taking.taken[-1].parent == ALERT  # of revision 0, for which the template fails


def test_a_custom_webhook_whose_template_fails_posts_watchers_own_json() -> None:
    with Receiver() as receiver:
        broken = replace(
            settings(receiver.url, "custom"),
            template=Template("[{{ 1 / copies|length }}]", Use.JSON),
        )
        outcome = open_channel(broken, FakeClock()).send(ALERT)
    assert isinstance(outcome, Sent)
    assert "sent in the built-in words" in outcome.note
    assert json.loads(receiver.requests[-1].body) == as_json(ALERT)


# --- the manual


@pytest.mark.parametrize("number", [0, 1])
def test_the_manuals_templates_work(tmp_path: Path, number: int) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "channels.md").read_text(encoding="utf-8")
    told = re.findall(r"```yaml\n(channels:.*?)```", manual, re.DOTALL)[number]
    main = f"version: 1\ninclude: {{feeds: [feeds.yaml], rules: [rules.yaml]}}\n{told}"
    secrets = dict.fromkeys(("SLACK_WEBHOOK", "PAGER_URL"), "https://hooks.example/x")
    (settings,) = loaded(tmp_path, main, environment=secrets).channels
    assert isinstance(settings, SlackSettings | WebhookSettings)
    assert settings.template is not None
    assert written(settings.template, ALERT) == (GERMAN, PAGER)[number]


GERMAN = (
    "Example News berichtet: Phone maker leaves country over ‘back doors’\n"
    "https://news.example/phone?a=1&b=2 (erschienen 02.03. 09:00)\n"
    "Regel back-door: „Phone maker leaves country over ‘*back doors*’“ \n"
)
PAGER = {
    "summary": "Phone maker leaves country over ‘back doors’ · Example News",
    "severity": "note",
    "link": LEAD.link,
    "rules": ["back-door"],
    "dedup": ALERT.key,
    "alerts": [],
}


# --- settings


def test_a_custom_webhook_wants_a_template_and_a_programs_format_none() -> None:
    custom = settings("https://hooks.example/", "custom")
    assert channel_faults(custom) == ()
    missing = replace(custom, template=None)
    assert channel_faults(missing) == ("`template` is missing: it says what is posted",)
    told = replace(custom, format="cloudevents")
    (fault,) = channel_faults(told)
    assert fault.startswith("`template` has no use in the format cloudevents")


def test_notices_are_told_in_the_built_in_words() -> None:
    taking = _Taking()
    Templated(taking, WORDS).send(NOTICE)
    assert taking.taken[-1] == NOTICE
