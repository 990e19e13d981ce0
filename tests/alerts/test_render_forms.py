"""What an alert says, in each of its forms, and that nothing else can get into them."""

import html.parser
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from tests.channels.samples import (
    ALERT,
    COPY,
    DIGEST,
    HOSTILE,
    HOSTILE_LINKS,
    LEAD,
    MESSAGE,
    NOTICE,
    RULE,
    UPDATE,
    digest_of,
    hostile_alerts,
    with_title,
)
from watcher.alerts.render import as_html, as_json, as_text, headline, retold, tidy, web_link
from watcher.alerts.render.dress import DARK, LIGHT, PILL_TEXT, PILLS, style_sheet
from watcher.model import Alert, AlertKind, Message, Severity

SCHEMA = Path(__file__).parents[2] / "watcher" / "channels" / "schema" / "alert.schema.json"
BIG = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
ORIGINAL = "https://first.example/story"
STORY = replace(
    MESSAGE,
    copies=(COPY,),
    original=ORIGINAL,
    evidence=("spun repost of first.example, 2026-03-01", "9 of 10 sentences are the same"),
)
FULL = replace(ALERT, message=STORY)


def telling(**changes: object) -> Alert:
    return replace(ALERT, message=replace(MESSAGE, **changes))  # type: ignore[arg-type]


# --- plain text


def test_the_plain_text_says_all_that_there_is() -> None:
    assert as_text(FULL, width=100) == (
        "Phone maker leaves country over ‘back doors’ · Example News\n"
        "https://news.example/phone?a=1&b=2\n"
        "Example News, published 2026-03-02 08:00 UTC, seen 2026-03-02 08:05 UTC\n"
        "\n"
        "Rule back-door (high): Access to customers' data\n"
        "  title: Phone maker leaves country over ‘*back doors*’\n"
        "\n"
        "Names as its original: https://first.example/story\n"
        "\n"
        "Also at:\n"
        "  http://spun.example/copy (spun)\n"
        "\n"
        "Held to be the same story because:\n"
        "  - spun repost of first.example, 2026-03-01\n"
        "  - 9 of 10 sentences are the same\n"
        "\n"
        "Why: watcher why a1b2c3d4e5f60718"
    )


def test_a_notice_says_its_text_and_names_no_item() -> None:
    assert as_text(NOTICE) == (
        "Feed Example News is failing\n"
        "\n"
        "example-news <https://news.example/feed>\n"
        "it answers 500 since 08:00"
    )


def test_the_first_line_says_what_is_critical_and_what_is_an_update() -> None:
    critical = telling(severity=Severity.CRITICAL)
    assert headline(replace(critical, kind=AlertKind.UPDATE)).startswith("CRITICAL: Update: Phone")
    assert headline(replace(NOTICE, kind=AlertKind.TEST)).startswith("Test: Feed Example")


def test_a_story_without_a_title_has_a_first_line_all_the_same() -> None:
    assert headline(telling(headline=" ", lead=None)) == "(no title)"


def test_an_item_without_a_date_is_said_to_have_none() -> None:
    assert "Example News, no date given, seen" in as_text(
        telling(lead=replace(LEAD, published=None))
    )


def test_a_copy_without_a_link_is_named_by_what_it_says() -> None:
    bare = replace(COPY, link="", title="", summary="")
    said = [as_text(telling(copies=(copy,))) for copy in (replace(bare, summary="In short"), bare)]
    assert "  In short (spun)" in said[0]
    assert f"  {COPY.item} (spun)" in said[1]


def test_copies_beyond_twenty_are_counted() -> None:
    many = telling(copies=tuple(replace(COPY, link=f"http://c.example/{n}") for n in range(30)))
    assert "\n  and 10 more\n" in as_text(many)
    assert "http://c.example/20" not in as_text(many)
    assert ">and 10 more</li>" in as_html(many)
    assert as_html(many).count("<li ") == 21


def test_evidence_is_introduced_by_what_it_shows() -> None:
    evidence = ("it says so",)
    assert "Held to be a copy because:" in as_text(telling(evidence=evidence, original=ORIGINAL))
    assert "Its place among the stories:" in as_text(telling(evidence=evidence))


def test_long_lines_are_wrapped_and_links_are_not() -> None:
    link = "https://long.example/" + "x" * 200
    told = as_text(telling(lead=replace(LEAD, link=link), evidence=("word " * 40,)), width=60)
    assert link in told.splitlines()
    assert all(len(line) <= 60 for line in told.splitlines()[1:] if line != link)


# --- JSON


def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("alert", [ALERT, NOTICE, FULL], ids=["story", "notice", "full"])
def test_the_published_schema_describes_what_we_say(alert: Alert) -> None:
    validator().validate(as_json(alert))


@pytest.mark.parametrize("kind", AlertKind)
def test_the_schema_knows_every_kind_of_alert(kind: AlertKind) -> None:
    validator().validate(as_json(replace(ALERT, kind=kind)))


def test_the_schema_tolerates_nothing_else() -> None:
    told = as_json(ALERT)
    told["more"] = 1
    assert not validator().is_valid(told)


def test_the_schema_names_no_key_that_we_never_send() -> None:
    said = as_json(FULL)["data"]
    assert isinstance(said, dict)
    wanted = json.loads(SCHEMA.read_text())["$defs"]
    assert set(wanted["data"]["properties"]) == set(said)
    assert set(wanted["cited"]["properties"]) == set(said["lead"])
    assert set(wanted["rule"]["properties"]) == set(said["rules"][0])
    assert set(wanted["quote"]["properties"]) == set(said["rules"][0]["quotes"][0])


def test_json_says_the_facts() -> None:
    told = as_json(FULL)
    data = told["data"]
    assert isinstance(data, dict)
    assert told["type"] == "story.matched"
    assert told["timestamp"] == "2026-03-02T08:05:00Z"
    assert data["key"] == ALERT.key
    assert data["lead"]["published"] == "2026-03-02T08:00:00Z"
    assert data["copies"][0]["published"] is None
    assert data["rules"][0]["quotes"][0]["marks"] == [{"start": 33, "end": 43}]
    assert data["why"] == "watcher why a1b2c3d4e5f60718"
    assert (data["original"], data["copies_total"]) == (ORIGINAL, 1)


def test_copies_that_are_not_listed_are_counted() -> None:
    data = as_json(telling(copies=(COPY,) * 150))["data"]
    assert isinstance(data, dict)
    assert (len(data["copies"]), data["copies_total"]) == (100, 150)


def test_a_digest_says_its_alerts_and_how_many_more_there_are() -> None:
    digest = replace(DIGEST, message=replace(DIGEST.message, entries_left_out=7))
    assert as_text(digest, width=90) == (
        "2 alerts of the last day\n"
        "\n"
        "What came in quiet hours.\n"
        "\n"
        "HIGH: Phone maker leaves country over ‘back doors’\n"
        "  https://news.example/phone?a=1&b=2\n"
        "  Example News, published 2026-03-02 08:00 UTC, seen 2026-03-02 08:05 UTC; rules:\n"
        "    back-door; 2 more sources\n"
        "\n"
        "HIGH: Phone maker leaves country over ‘back doors’\n"
        "\n"
        "… and 7 more alerts: watcher alerts list"
    )


def test_entries_that_are_not_listed_are_counted_in_every_form() -> None:
    many = digest_of(1_000)
    assert "… and 940 more alerts" in as_text(many)
    assert "… and 940 more alerts" in as_html(many)
    data = as_json(many)["data"]
    assert isinstance(data, dict)
    assert (len(data["entries"]), data["entries_total"]) == (60, 1_000)


def test_json_of_a_digest_and_of_a_reply_is_what_the_schema_says() -> None:
    for alert in (DIGEST, UPDATE, replace(NOTICE, kind=AlertKind.CHANNEL)):
        validator().validate(as_json(alert))
    digest, reply = as_json(DIGEST), as_json(UPDATE)["data"]
    assert digest["type"] == "digest.ready"
    assert isinstance(reply, dict)
    assert reply["thread"] == ALERT.key
    alone = as_json(replace(UPDATE, in_thread=False))["data"]
    assert isinstance(alone, dict)
    assert alone["thread"] is None


def test_the_schema_names_every_key_of_an_entry() -> None:
    data = as_json(DIGEST)["data"]
    assert isinstance(data, dict)
    wanted = json.loads(SCHEMA.read_text())["$defs"]["entry"]
    assert set(wanted["properties"]) == set(wanted["required"]) == set(data["entries"][0])


def test_a_message_retold_keeps_its_links_and_its_marks() -> None:
    told = retold(replace(STORY, entries=DIGEST.message.entries), lambda text: f"<{text}>")
    assert told.headline == f"<{LEAD.title}>"
    assert told.lead
    assert (told.lead.link, told.original) == (LEAD.link, ORIGINAL)
    [quote] = told.rules[0].quotes
    assert [quote.text[start:end] for start, end in quote.marks] == ["<back doors>"]
    assert told.entries[0].headline == f"<{LEAD.title}>"
    assert retold(STORY, str) == STORY


# --- HTML


class Reader(html.parser.HTMLParser):
    """Reads HTML as a mail program would: which elements, which attributes, which text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.names: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.said = ""
        self.sheets = ""
        self._in_sheet = False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self._in_sheet = tag == "style"
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self._in_sheet = False

    def handle_data(self, data: str) -> None:
        if self._in_sheet:
            self.sheets += data
        else:
            self.said += data


OURS = set(
    "html head meta title style body div h1 p a b blockquote span ul li code br".split()  # noqa: SIM905
)
OUR_ATTRIBUTES = {"style", "class", "lang", "charset", "name", "content", "href", "rel"}


def test_html_says_what_the_plain_text_says() -> None:
    page = Reader(as_html(FULL))
    told = (LEAD.title, "back doors", RULE.title, "back-door · high", "seen 2026-03-02 08:05 UTC")
    for said in (*told, ORIGINAL, *STORY.evidence, "watcher why a1b2", ALERT.because):
        assert said in page.said
    assert page.links == [LEAD.link, ORIGINAL, COPY.link]
    assert 'rel="noopener noreferrer nofollow"' in as_html(FULL)


def test_html_of_a_notice_keeps_its_lines() -> None:
    assert "feed&gt;<br>it answers 500" in as_html(NOTICE)


def test_html_without_a_link_is_only_text() -> None:
    bare = telling(lead=replace(LEAD, link="javascript:alert(1)"), copies=(replace(COPY, link=""),))
    assert Reader(as_html(bare)).links == []


def test_html_says_first_how_much_it_matters_and_why() -> None:
    urgent = telling(severity=Severity.CRITICAL)
    assert first_of(urgent) == "CRITICAL\xa0 Access to customers' data"
    assert first_of(replace(urgent, kind=AlertKind.UPDATE)).startswith("CRITICAL\xa0 Update · ")
    assert first_of(NOTICE) == "HIGH\xa0 Notice"
    assert first_of(DIGEST) == "HIGH\xa0 Digest"


def first_of(alert: Alert) -> str:
    """What a mail program shows of a letter beside its subject."""
    body = as_html(alert).partition("<body")[2].partition(">")[2]
    return Reader(body).said.strip().split("\n")[0]


def test_html_of_a_digest_says_of_each_alert_where_when_which_rules_and_who_else() -> None:
    page = Reader(as_html(DIGEST))
    about = "Example News · 2026-03-02 08:00 UTC · back-door · 2 more sources"
    assert f"HIGH\xa0 {LEAD.title}{about}" in page.said
    assert page.links == [LEAD.link]


def test_html_loads_nothing_from_anywhere() -> None:
    page = as_html(FULL) + as_html(DIGEST)
    assert not re.search(r"url\(|@import|src=|<img|<link|<script", page)


PALETTES = {"light": LIGHT, "dark": DARK}


@pytest.mark.parametrize("palette", PALETTES)
def test_every_text_stands_out_from_its_ground(palette: str) -> None:
    """At least 4.5 to 1, as WCAG 2.2 wants it for text (1.4.3)."""
    its = PALETTES[palette]
    pairs = [(text, its.card) for text in (its.text, its.faint, its.link)]
    pairs += [(its.marked, its.mark), *((PILL_TEXT, ground) for ground in PILLS.values())]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_all_that_is_painted_for_the_light_is_painted_for_the_dark() -> None:
    for name in ("card", "text", "faint", "link", "line", "mark", "marked", "ground"):
        assert getattr(LIGHT, name) in as_html(FULL)
        assert f"{getattr(DARK, name)}!important" in style_sheet()


# --- what feeds may write


FORBIDDEN = set("\x00\x07\x1b\x7f\x85\x9b\u2028\u2029\r\x0b\x0c") | {
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000))
}


@BIG
@given(hostile_alerts())
def test_what_feeds_write_stays_text_in_every_form(alert: Alert) -> None:
    plain, page = as_text(alert), as_html(alert)
    assert not FORBIDDEN & set(plain)
    assert not FORBIDDEN & set(page)
    assert "\n" not in headline(alert)
    assert len(headline(alert)) <= 400
    read = Reader(page)
    assert read.sheets == style_sheet()
    assert read.names <= OURS
    assert {name for _, name in read.attributes} <= OUR_ATTRIBUTES
    assert all(link.startswith(("http://", "https://")) for link in read.links)
    validator().validate(as_json(alert))
    json.dumps(as_json(alert), ensure_ascii=False).encode()


@BIG
@given(hostile_alerts())
def test_a_tidy_message_is_tidy(alert: Alert) -> None:
    once = tidy(alert.message)
    assert tidy(once) == once


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_no_title_breaks_out_of_its_line(text: str) -> None:
    lines = as_text(with_title(text), width=5_000).splitlines()
    assert lines[1] == LEAD.link
    assert lines[2].endswith("seen 2026-03-02 08:05 UTC")


@pytest.mark.parametrize("link", HOSTILE_LINKS)
def test_a_hostile_link_is_made_safe_or_dropped(link: str) -> None:
    safe = web_link(link)
    assert safe == "" or safe.startswith("https://evil.example/") or "пример" in safe
    assert not set(safe) & set('<>"| \n\t')


def test_a_link_that_grows_too_long_when_made_safe_is_dropped() -> None:
    assert web_link("https://long.example/" + "|" * 1_500) == ""


def test_a_link_is_otherwise_left_as_it_is() -> None:
    assert web_link(LEAD.link) == LEAD.link


def test_a_message_keeps_what_is_within_its_bounds() -> None:
    assert tidy(STORY) == STORY
    assert tidy(Message(headline="H", body="one\ntwo")).body == "one\ntwo"
    assert len(tidy(replace(STORY, rules=(RULE,) * 80)).rules) == 50
