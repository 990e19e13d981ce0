"""Each format is what its receiver takes, and what feeds wrote does nothing there."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.formats.json import JSONFormat

from tests.channels.contract import ChannelContract
from tests.channels.receivers import CLOSE, HANG, RESET, Behaviour, Receiver, Reply
from tests.channels.samples import ALERT, COPY, DIGEST, LEAD, MESSAGE, NOTICE, with_title
from tests.fakes import FakeClock
from watcher.alerts.render import as_json
from watcher.alerts.template import Template, Use
from watcher.channels import FORMATS, WebhookSettings, channel_faults, open_channel, repeats_of
from watcher.channels.sending import GAP, lifeless, no_markdown
from watcher.model import (
    Alert,
    ChannelName,
    Doubtful,
    Message,
    Outcome,
    Refused,
    Repeats,
    Secret,
    Sent,
    TryLater,
)

CHATS = ("slack", "discord", "teams")
JSON_OF_OURS = Template(
    '{"key": {{ key }}, "text": {{ notification }}, "of": {{ entries }}, '
    '"entries_total": {{ entries_total }}, "quotes": {{ rules|map(attribute="quotes")|list }}}',
    Use.JSON,
)
SECRETS = ("T0SECRET", "B0SECRET", "canary-in-the-path")
OUR_HEADERS = {
    "host", "user-agent", "accept", "accept-encoding", "connection", "content-type",
    "content-length",
}  # fmt: skip
KEY_HEADERS = {"idempotency-key", "webhook-id", "webhook-timestamp"}


def settings(url: str, form: str) -> WebhookSettings:
    return WebhookSettings(
        name=ChannelName("hook"),
        url=Secret(url),
        format=form,
        timeout=timedelta(seconds=20),
        template=JSON_OF_OURS if form == "custom" else None,
    )


def send(receiver: Receiver, form: str, alert: Alert = ALERT) -> Outcome:
    return open_channel(settings(receiver.url, form), FakeClock()).send(alert)


def written(form: str, alert: Alert = ALERT) -> Any:
    return FORMATS[form].write(alert)


class FormatBench:
    secrets = SECRETS

    def __init__(self, receiver: Receiver, form: str) -> None:
        self.receiver = receiver
        self.form = form
        self.settings = settings(receiver.url, form)
        self.channel = open_channel(self.settings, FakeClock())

    def arrived(self) -> list[str]:
        return [request.body.decode() for request in self.receiver.requests]

    def judge(self) -> None:
        request = self.receiver.requests[-1]
        keyed = KEY_HEADERS if FORMATS[self.form].keyed else set()
        assert set(request.headers) == OUR_HEADERS | keyed
        JUDGES[self.form](request.headers["content-type"], request.body)

    def go_dark(self) -> None:
        self.receiver.close()


class FormatContract(ChannelContract):
    form = ""

    @pytest.fixture
    def bench(self) -> Iterator[FormatBench]:
        with Receiver() as receiver:
            yield FormatBench(receiver, self.form)


class TestCloudEvents(FormatContract):
    form = "cloudevents"


class TestSlackCompatible(FormatContract):
    form = "slack"


class TestDiscord(FormatContract):
    form = "discord"


class TestTeams(FormatContract):
    form = "teams"


# --- judges


def judge_event(media_type: str, body: bytes) -> None:
    """An independent reader of CloudEvents understands it."""
    event = from_structured_event(
        HTTPMessage(headers={"content-type": media_type}, body=body), JSONFormat()
    )
    assert event.get_specversion() == "1.0"
    assert event.get_source().startswith("/watcher/routes/")
    data = event.get_data()
    assert isinstance(data, dict)
    assert event.get_id() == data["key"]
    assert media_type.startswith("application/cloudevents+json")


LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\((https?://[^\s()<>\[\]@*_~`#|\\]+)\)")
# what chats act on, wherever it stands in a text
ALIVE = re.compile(
    r"[@#](?=[\w<])|<[@#!/:a-z]|://|(?<![\w-])www\.|:[\w+-]+:|\]\(|\{\{|\{%|\$\{", re.IGNORECASE
)
MARKS = re.compile(r"(?<!\\)(?:\\\\)*[`_~|\[\]]")


def judge_markdown(text: str) -> None:
    """Outside our links and our bold there is no markup, and nothing that a chat would act on."""
    bare = LINK.sub(lambda link: link[1], text).replace("**", "")
    assert not ALIVE.search(bare.replace("\\", "")), ALIVE.search(bare.replace("\\", ""))
    assert not MARKS.search(bare), MARKS.search(bare)
    assert not re.search(r"(?<!\\)(?:\\\\)*\*", bare)


def judge_slack(media_type: str, body: bytes) -> None:
    said = json.loads(body)
    assert set(said) == {"text", "parseUrls"}
    assert said["parseUrls"] is False
    assert len(said["text"].encode("utf-16-le")) // 2 <= 4_000
    assert not re.search(r"[<>]|&(?!(?:amp|lt|gt);)", LINK.sub(lambda link: link[1], said["text"]))
    judge_markdown(
        re.sub(r"&(?:lt|gt|amp);", lambda entity: html.unescape(entity[0]), said["text"])
    )


def judge_discord(media_type: str, body: bytes) -> None:
    said = json.loads(body)
    assert set(said) == {"content", "embeds", "allowed_mentions"}
    assert said["allowed_mentions"] == {"parse": []}
    [embed] = said["embeds"]
    texts = (embed["title"], embed["description"], embed["footer"]["text"])
    sizes = [len(text.encode("utf-16-le")) // 2 for text in texts]
    assert 0 < len(said["content"].encode("utf-16-le")) // 2 <= 2_000
    assert 0 < sizes[0] <= 256
    assert sizes[1] <= 4_096
    assert sizes[2] <= 2_048
    assert sum(sizes) <= 6_000
    assert re.fullmatch(r"https?://\S{1,2040}", embed.get("url", "http://x"))
    for text in (said["content"], *texts[:2]):
        judge_markdown(text)
        assert not re.search(r"(?<!\\)(?:\\\\)*[<>]", text)
    assert not ALIVE.search(texts[2])


def judge_teams(media_type: str, body: bytes) -> None:
    assert len(body) <= 21_000
    said = json.loads(body)
    assert set(said) == {"type", "summary", "attachments"}
    [attached] = said["attachments"]
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attached["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert not ALIVE.search(said["summary"])
    for block in card["body"]:
        assert (block["type"], set(block)) == ("RichTextBlock", {"type", "spacing", "inlines"})
        for run in block["inlines"]:
            assert run["type"] == "TextRun"
            assert set(run) <= {"type", "text", "weight", "selectAction"}
            assert run["text"]
            assert not ALIVE.search(run["text"])
            if action := run.get("selectAction"):
                assert action["type"] == "Action.OpenUrl"
                assert action["url"].startswith(("http://", "https://"))


def judge_custom(content_type: str, body: bytes) -> None:
    assert content_type == "application/json; charset=utf-8"
    assert list(json.loads(body)) == ["key", "text", "of", "entries_total", "quotes"]


JUDGES = {
    "custom": judge_custom,
    "cloudevents": judge_event,
    "slack": judge_slack,
    "discord": judge_discord,
    "teams": judge_teams,
}


# --- what is lifeless


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@everyone mail me@a.org", "@|everyone mail me@|a.org"),
        ("<!here> a < b", "<|!here> a < b"),
        ("see https://evil.example", "see https:|//evil.example"),
        ("www.evil.example, notwww.x", "www|.evil.example, notwww.x"),
        (":bomb: at 12:30", ":|bomb: at 12:30"),
        ("{{7*7}} {% raw %} ${x}", "{|{7*7}} {|% raw %} $|{x}"),
        ("[a](b) [c][d]", "[a]|(b) [c]|[d]"),
        ("#1 ~town", "#|1 ~|town"),
        ("plain words, 3 < 4", "plain words, 3 < 4"),
    ],
)
def test_signs_that_chats_look_for_are_followed_by_nothing_visible(text: str, told: str) -> None:
    quiet = lifeless(text)
    assert quiet.replace(GAP, "") == text
    assert quiet == told.replace("|", GAP)


def test_no_line_begins_a_list_or_a_heading() -> None:
    assert no_markdown("- a\n1. b\n+ c\nd - e") == f"{GAP}- a\n{GAP}1. b\n{GAP}+ c\nd - e"


# --- what each says


def telling(**changes: object) -> Alert:
    return replace(ALERT, message=replace(MESSAGE, **changes))  # type: ignore[arg-type]


FULL = telling(copies=(COPY,), original="https://first.example/", evidence=("9 of 10 sentences",))


@pytest.mark.parametrize("form", CHATS)
def test_a_chat_is_told_all_that_there_is(form: str) -> None:
    said = json.dumps(written(form, FULL), ensure_ascii=False)
    plain = said.replace(GAP, "").replace("\\", "").replace("**", "").replace("&amp;", "&")
    for words in (
        LEAD.link,
        "Example News, published 2026-03-02 08:00 UTC, seen 2026-03-02 08:05 UTC",
        "Rule back-door (high): Access to customers' data",
        "Names as its original",
        "https://first.example/",
        "Also at:",
        COPY.link,
        "9 of 10 sentences",
        "watcher why a1b2c3d4e5f60718",
        ALERT.key,
    ):
        assert words in plain, words


def test_a_cloud_event_holds_the_same_data_as_our_own_format() -> None:
    event = written("cloudevents", FULL)
    ours = as_json(FULL)
    assert event == {
        "specversion": "1.0",
        "id": ALERT.key,
        "source": "/watcher/routes/security",
        "type": ours["type"],
        "subject": ALERT.story,
        "time": ours["timestamp"],
        "datacontenttype": "application/json",
        "data": ours["data"],
    }


def test_a_cloud_event_about_no_story_has_no_subject() -> None:
    assert "subject" not in written("cloudevents", NOTICE)


def test_programs_are_signed_for_and_chats_are_not() -> None:
    assert {form for form in FORMATS if FORMATS[form].keyed} == {
        "watcher",
        "cloudevents",
        "custom",
    }


def test_a_mattermost_message_is_its_markdown_and_no_other() -> None:
    text = written("slack", with_title("<!channel> *a* [b](http://c)"))["text"]
    assert text.startswith(f"[**&lt;{GAP}!channel&gt; \\*a\\* \\[b\\]{GAP}(http:{GAP}//c)"), text[
        :80
    ]
    assert f"({LEAD.link})" in text


def test_discord_shows_the_severity_and_mentions_nobody() -> None:
    said = written("discord", with_title("@everyone"))
    assert said["allowed_mentions"] == {"parse": []}
    assert said["content"].startswith(f"\\@{GAP}everyone")
    assert said["embeds"][0]["color"] == 0xF29900
    assert said["embeds"][0]["url"] == LEAD.link


def test_discord_is_asked_for_the_message_that_it_made() -> None:
    with Receiver(Reply(200, '{"id": "1234"}')) as receiver:
        assert send(receiver, "discord") == Sent(reference="1234")
    assert receiver.requests[0].line.split()[1].endswith("?wait=true")


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://d.example/h?thread_id=5", "https://d.example/h?thread_id=5&wait=true"),
        ("https://d.example/h?wait=false", "https://d.example/h?wait=false"),
    ],
)
def test_an_address_of_discord_keeps_what_it_says(address: str, asked: str) -> None:
    assert FORMATS["discord"].address(address) == asked


def test_the_link_of_a_markdown_message_has_no_markdown_in_it() -> None:
    link = "https://en.wiki.example/Wall_(a)_*b*"
    text = written("slack", telling(lead=replace(LEAD, link=link)))["text"]
    assert "(https://en.wiki.example/Wall%5F%28a%29%5F%2Ab%2A)" in text


def test_a_digest_is_a_list_of_links() -> None:
    text = written("slack", DIGEST)["text"]
    assert text.count(f"]({LEAD.link})") == 1
    assert "2 more sources" in text
    assert "What came in quiet hours." in text


def test_a_notice_keeps_its_lines() -> None:
    lines = replace(NOTICE, message=Message(headline="h", body="- one\n# two\n3. three"))
    for form in CHATS:
        judge_one(form, lines)


def judge_one(form: str, alert: Alert) -> None:
    JUDGES[form]("", json.dumps(written(form, alert), ensure_ascii=False).encode())


# --- what the receivers answer


def later(reason: str, seconds: float | None = None, *, throttled: bool = False) -> TryLater:
    pause = None if seconds is None else timedelta(seconds=seconds)
    said = f"the receiver answered {reason}"
    return TryLater(reason=said, retry_after=pause, throttled=throttled)


def refused(reason: str, *, gone: bool = False) -> Refused:
    return Refused(reason=f"the receiver answered {reason}", gone=gone)


CLOUDEVENTS = [
    (Reply(202, ""), Sent()),
    (Reply(503, ""), later("503")),
    (Reply(429, "", {"Retry-After": "5"}), later("429", 5, throttled=True)),
    (Reply(400, "no"), refused("400: no")),
    (Reply(302, ""), refused("302")),
    (Reply(410, ""), refused("410", gone=True)),
]
SLACK = [
    (Reply(200, "ok"), Sent()),
    (Reply(200, '{"success":true}'), Sent()),
    (Reply(200, '{"success":false}'), refused('200: {"success":false}')),
    (Reply(400, "Invalid webhook"), refused("400: Invalid webhook")),
    (Reply(404, ""), refused("404")),
    (Reply(500, ""), later("500")),
    (Reply(429, ""), later("429", throttled=True)),
    (Reply(302, ""), refused("302")),
    (Reply(410, ""), refused("410", gone=True)),
]
DISCORD = [
    (Reply(200, '{"id":"7"}'), Sent(reference="7")),
    (Reply(204, ""), Sent()),
    (
        Reply(429, '{"retry_after":0.376,"global":false}'),
        later('429: {"retry_after":0.376,"global":false}', 0.376, throttled=True),
    ),
    (
        Reply(429, '{"retry_after":64.57}', {"Retry-After": "65"}),
        later('429: {"retry_after":64.57}', 64.57, throttled=True),
    ),
    (
        Reply(429, '{"retry_after":1e400}'),
        later('429: {"retry_after":1e400}', 86_400, throttled=True),
    ),
    (
        Reply(429, '{"retry_after":"soon"}', {"Retry-After": "65"}),
        later('429: {"retry_after":"soon"}', 65, throttled=True),
    ),
    (Reply(400, '{"code":50035}'), refused('400: {"code":50035}')),
    (Reply(401, ""), refused("401")),
    (Reply(404, '{"code":10015}'), refused('404: {"code":10015}', gone=True)),
    (Reply(502, ""), later("502")),
    (Reply(302, ""), refused("302")),
]
TEAMS = [
    (Reply(202, ""), Sent()),
    (Reply(200, "1"), Sent()),
    (Reply(413, ""), refused("413")),
    (Reply(429, ""), later("429", throttled=True)),
    (Reply(502, ""), later("502")),
    (Reply(401, ""), refused("401")),
    (
        Reply(404, '{"error":{"code":"WorkflowNotFound"}}'),
        refused('404: {"error":{"code":"WorkflowNotFound"}}', gone=True),
    ),
    (
        Reply(400, '{"error":{"code":"WorkflowTriggerIsNotEnabled"}}'),
        refused('400: {"error":{"code":"WorkflowTriggerIsNotEnabled"}}', gone=True),
    ),
    (Reply(400, '{"error":"odd"}'), refused('400: {"error":"odd"}')),
    (Reply(302, ""), refused("302")),
]


def judged(form: str, behaviour: Behaviour, outcome: Outcome) -> None:
    with Receiver(behaviour) as receiver:
        assert send(receiver, form) == outcome
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(("behaviour", "outcome"), CLOUDEVENTS, ids=repr)
def test_every_answer_to_a_cloud_event_has_its_outcome(
    behaviour: Behaviour, outcome: Outcome
) -> None:
    judged("cloudevents", behaviour, outcome)


@pytest.mark.parametrize(("behaviour", "outcome"), CLOUDEVENTS, ids=repr)
def test_every_answer_to_json_of_ones_own_has_its_outcome(
    behaviour: Behaviour, outcome: Outcome
) -> None:
    judged("custom", behaviour, outcome)


@pytest.mark.parametrize(("behaviour", "outcome"), SLACK, ids=repr)
def test_every_answer_of_mattermost_has_its_outcome(behaviour: Behaviour, outcome: Outcome) -> None:
    judged("slack", behaviour, outcome)


@pytest.mark.parametrize(("behaviour", "outcome"), DISCORD, ids=repr)
def test_every_answer_of_discord_has_its_outcome(behaviour: Behaviour, outcome: Outcome) -> None:
    judged("discord", behaviour, outcome)


@pytest.mark.parametrize(("behaviour", "outcome"), TEAMS, ids=repr)
def test_every_answer_of_teams_has_its_outcome(behaviour: Behaviour, outcome: Outcome) -> None:
    judged("teams", behaviour, outcome)


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "watcher"])
@pytest.mark.parametrize("trouble", [HANG, RESET, CLOSE])
def test_an_answer_that_is_lost_is_doubtful(form: str, trouble: Behaviour) -> None:
    with Receiver(trouble) as receiver:
        made = replace(settings(receiver.url, form), timeout=timedelta(seconds=0.3))
        assert isinstance(open_channel(made, FakeClock()).send(ALERT), Doubtful)


# --- settings


def test_a_format_that_nobody_reads_is_the_operators_mistake() -> None:
    assert channel_faults(settings("https://a.example/", "morse")) == (
        "`format` must be one of watcher, cloudevents, slack, discord, teams, custom",
    )


@pytest.mark.parametrize("form", CHATS)
def test_a_chat_checks_no_signature(form: str) -> None:
    signed = replace(
        settings("https://a.example/", form),
        secrets=(Secret("whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"),),
    )
    assert channel_faults(signed) == (
        f"`secrets` have no use: nobody checks them in the format {form}",
    )


@pytest.mark.parametrize("form", FORMATS)
def test_programs_tell_repeats_apart_and_chats_go_by_their_policy(form: str) -> None:
    made = settings("https://a.example/", form)
    held = replace(made, doubtful=Repeats.HOLD)
    told = (
        (Repeats.RESEND, Repeats.HOLD) if form in (*CHATS, "custom") else (Repeats.TOLD_APART,) * 2
    )
    assert (repeats_of(made), repeats_of(held)) == told
