"""`watcher dedupe` on streams that are broken: what is wrong is told with its place, no more."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Said, Watcher

BODY = (
    "The river rose two metres overnight and the council of Northam closed the bridge to all "
    "traffic at six in the morning; engineer Jane Doe expects it to stay shut until Friday."
)


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    return tmp_path / "items.jsonl"


def write(stream: Path, *records: object) -> Path:
    lines = (one if isinstance(one, str) else json.dumps(one) for one in records)
    stream.write_text("".join(f"{line}\n" for line in lines))
    return stream


def flood(number: str, **more: object) -> dict[str, object]:
    return {"id": number, "feed": number, "title": "Flood closes bridge", "summary": BODY, **more}


def placed(said: Said) -> list[tuple[object, object]]:
    return [(record["id"], record["verdict"]) for record in said.records]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{broken", "not JSON: Expecting property name"),
        ('{"title": "cut', "not JSON: "),
        ('"a text"', "not a JSON object"),
        ("[1]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"a":' + "[" * 100_000, "far too deep"),
        ('{"title": 5}', "title must be a text, not a number"),
        ('{"id": "x"}', "an item needs a title, a summary or a content"),
        ('{"title": "x", "published": "garbage"}', "published is no ISO 8601 time: 'garbage'"),
        ('{"title": "x", "seen": "9999-12-31T23:59:59-14:00"}', "seen is out of the calendar"),
        ('{"title": "x", "published": 1e400}', "published is out of the calendar: inf"),
        ("\x00", "not JSON"),
    ],
)
def test_a_broken_line_is_told_by_file_and_number_and_the_others_are_placed(
    watcher: Watcher, stream: Path, line: str, told: str
) -> None:
    said = watcher("dedupe", "--json", write(stream, flood("one"), "", line, flood("two")))
    assert said.code == 2
    (fault,) = said.err.splitlines()
    assert fault.startswith(f"{stream}:3: ")
    assert told in fault
    assert placed(said) == [("one", "new"), ("two", "copy")]


def test_bytes_that_are_no_text_do_not_stop_the_stream(watcher: Watcher, stream: Path) -> None:
    write(stream, flood("one"))
    stream.write_bytes(stream.read_bytes() + b'\xff\xfe\n{"id": "b", "title": "caf\xe9"}\n')
    said = watcher("dedupe", "--json", stream)
    assert said.code == 2
    assert f"{stream}:2: not JSON" in said.err
    assert placed(said) == [("one", "new"), ("b", "new")]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Flood\x00 closes bridge\x00"},
        {"title": "\ud800Flood closes bridge"},
        {"summary": f"\udfff{BODY}\x00"},
        {"title": None},
        {"title": ""},
        {"link": "http://[", "guid": "\ud800"},
        {"summary": f"<p><b>{BODY}</i><script>x()</script><!-- "},
        {"content": "<" * 100_000},
    ],
)
def test_a_copy_with_odd_characters_is_found_all_the_same(
    watcher: Watcher, stream: Path, change: dict[str, object]
) -> None:
    said = watcher("dedupe", "--json", write(stream, flood("one"), {**flood("two"), **change}))
    assert said.code == 0
    assert placed(said) == [("one", "new"), ("two", "copy")]
    assert "copy" in watcher("dedupe", stream).out


@pytest.mark.parametrize("date", ["9999-12-31T23:59:59Z", "9999-12-31", "2999-01-01T00:00:00Z"])
@pytest.mark.parametrize("key", ["published", "seen"])
def test_a_date_far_ahead_is_no_time_of_arrival(
    watcher: Watcher, stream: Path, key: str, date: str
) -> None:
    early = flood("one", seen="2026-03-02T08:00:00Z")
    late = {"id": "other", "title": "Choir sings", "seen": "2026-03-02T09:00:00Z"}
    said = watcher("dedupe", "--json", write(stream, early, flood("two", **{key: date}), late))
    assert said.code == 0
    assert placed(said) == [("one", "new"), ("two", "copy"), ("other", "new")]


@pytest.mark.parametrize("year", ["0001-01-01T00:00:00Z", "0001-01-09", "1066-10-14"])
def test_a_date_long_ago_is_one_like_any_other(watcher: Watcher, stream: Path, year: str) -> None:
    said = watcher("dedupe", "--json", write(stream, flood("one", seen=year), flood("two")))
    assert said.code == 0
    assert placed(said) == [("one", "new"), ("two", "copy")]


def test_items_that_were_seen_backwards_are_placed_in_order_of_time(
    watcher: Watcher, stream: Path
) -> None:
    days = [flood(f"day-{day}", seen=f"2026-03-0{day}T08:00:00Z") for day in (5, 4, 3, 2)]
    said = watcher("dedupe", "--json", write(stream, *days))
    assert [record["story"] for record in said.records] == ["day-2"] * 4
    assert placed(said)[0] == ("day-2", "new")


def test_an_empty_stream_is_no_trouble(watcher: Watcher, stream: Path) -> None:
    assert watcher("dedupe", "--json", write(stream, "", "  ")) == Said(0, "", "")
