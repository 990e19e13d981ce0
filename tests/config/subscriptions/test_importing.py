"""Feeds are added to a file of feeds, of which nothing else changes."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.cadence import Pace
from watcher.config.feeds import Feeds
from watcher.config.files import read_file
from watcher.config.findings import Findings
from watcher.config.subscriptions import Imported, import_lists, read_lists, write_opml
from watcher.config.subscriptions.listed import Listed
from watcher.errors import ConfigError
from watcher.model import Feed, FeedId

OLD = "https://old.example/feed"


def listed(url: str, title: str = "", *groups: str, line: int = 1, **more: str) -> Listed:
    return Listed(url=url, title=title, groups=groups, file="list", line=line, **more)  # type: ignore[arg-type]


PAPER = listed("https://paper.example/feed", "The Paper", "Press")
WIRE = listed("https://wire.example/rss", "Wire: now", line=2)


def feeds_in(path: Path) -> tuple[Feed, ...]:
    findings = Findings()
    sheet = read_file(path, findings)
    assert sheet is not None
    feeds = Feeds(findings, Pace())
    feeds.add(sheet)
    findings.stop_if_any()
    return tuple(feeds.feeds)


def told(path: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {feed.id: (feed.url, feed.tags) for feed in feeds_in(path)}


NEW = {
    "the-paper": ("https://paper.example/feed", ("Press",)),
    "wire-now": ("https://wire.example/rss", ()),
}


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    assert import_lists([PAPER, WIRE], path).added == ("the-paper", "wire-now")
    assert path.read_text() == (
        "version: 1\n"
        "feeds:\n"
        '  - {id: wire-now, url: https://wire.example/rss, title: "Wire: now"}\n'
        "groups:\n"
        "  Press:\n"
        "    - {id: the-paper, url: https://paper.example/feed, title: The Paper}\n"
    )
    assert told(path) == NEW


FORMS = {
    "nothing": """\
version: 1""",
    "comments": """\
# ours
version: 1 # the first

# the end
""",
    "lists": """\
version: 1
feeds:
- id: old  # dear to us
  url: {OLD}

# groups now
groups:
    Press:
      # the press
      - {id: older, url: {OLD}/2} # kept

  # end""",
    "deeper": """\
feeds:
     - id: old
       url: {OLD}
       tags:
       - x # tag

version: 1
""",
    "brackets": """\
version: 1
feeds: [{id: old, url: '{OLD}'}]  # one
groups: {Press: [], More: []}
""",
    "brackets over lines": """\
version: 1
feeds: [
  {id: old, url: '{OLD}'}, # one
]
""",
    "empty brackets": """\
version: 1
feeds: []
groups: {}
""",
    "windows": """\
version: 1
feeds:
  - id: old
    url: {OLD}
# end
""".replace("\n", "\r\n"),
    "long texts": """\
version: 1
feeds:
  - id: old
    url: {OLD}
    title: >
      Old and
      long

# x
""",
    "other groups": """\
version: 1
groups:
  More:
  - id: old
    url: {OLD}
# end of groups
feeds: []
""",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_line_that_was_there_is_there_in_its_order(tmp_path: Path, form: str) -> None:
    path = tmp_path / "feeds.yaml"
    before = FORMS[form].replace("{OLD}", OLD)
    path.write_bytes(before.encode())
    had = told(path)
    import_lists([PAPER, WIRE], path)
    after = path.read_bytes().decode()
    assert told(path) == {**had, **NEW}
    rest = iter(after)
    assert all(character in rest for character in before)  # what was there, in its order
    comments = [line[line.index("#") :] for line in before.splitlines() if "#" in line]
    assert all(any(line.endswith(one) for line in after.splitlines()) for one in comments)
    assert ("\r\n" in before) == ("\r\n" in after)
    assert "\n" not in after.replace("\r\n", "") or "\r\n" not in after


def test_a_feed_is_added_right_behind_the_last_one_of_its_list(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(FORMS["long texts"].replace("{OLD}", OLD))
    import_lists([WIRE], path)
    lines = path.read_text().splitlines()
    assert [line.strip()[:12] for line in lines[-4:]] == ["long", "- {id: wire-", "", "# x"]


@pytest.mark.parametrize(
    "content",
    [
        "version: 1\nfeeds:\n  - {id: old, url: 'https://old.example/'}\n...\n",
        "feeds: &all\n  - {id: old, url: 'https://old.example/'}\ngroups: {Press: *all}\n",
        "{version: 1}",
    ],
)
def test_a_file_that_cannot_be_added_to_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(content)
    with pytest.raises(ConfigError, match="cannot be added without changing what is there"):
        import_lists([PAPER, WIRE], path)
    assert path.read_text() == content


@pytest.mark.parametrize("content", ["feeds: [", "- a\n", "text", "\x00", "version: 1\nfeeds:\n"])
def test_a_file_that_is_no_file_of_feeds_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(content)
    with pytest.raises(ConfigError):
        import_lists([PAPER], path)
    assert path.read_text() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_feed_that_is_there_is_told_with_its_place_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("version: 1\nfeeds:\n  - {id: old, url: https://www.old.example/feed/}\n")
    before = path.read_bytes()
    done = import_lists([listed("http://old.example/feed"), PAPER], path)
    assert done.added == ("the-paper",)
    assert [fault.message for fault in done.doubles] == [
        f"http://old.example/feed: is there already: {path}:3"
    ]
    again = import_lists([PAPER], path)
    assert (again.added, len(again.doubles)) == ((), 1)
    assert before != path.read_bytes()


def test_the_same_address_on_two_lines_is_one_feed(tmp_path: Path) -> None:
    done = import_lists([PAPER, listed(PAPER.url, line=9)], tmp_path / "feeds.yaml")
    assert [(one.line, one.message) for one in done.doubles] == [
        (9, "https://paper.example/feed: is there already: list:1")
    ]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("paper.example/feed", "not an http or https address; it begins with https://"),
        ("ftp://paper.example/", "not an http or https address"),
        ("https://a b.example/", "not an http or https address"),
        ("javascript:alert(1)", "not an http or https address"),
        ("https://me:hunter2@[bad/", "https://***@[bad/: this is not an http or https address"),
    ],
)
def test_what_is_no_address_is_told_with_its_line(tmp_path: Path, url: str, message: str) -> None:
    done = import_lists([listed(url, line=7), PAPER], tmp_path / "feeds.yaml")
    (fault,) = done.faults
    assert (fault.file, fault.line) == ("list", 7)
    assert message in fault.message
    assert "hunter2" not in fault.message
    assert done.added == ("the-paper",)


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("feed://paper.example/x", "http://paper.example/x"),
        ("feeds://paper.example/x", "https://paper.example/x"),
        ("feed:https://paper.example/x", "https://paper.example/x"),
    ],
)
def test_addresses_for_feed_readers_are_understood(tmp_path: Path, url: str, meant: str) -> None:
    import_lists([listed(url)], tmp_path / "feeds.yaml")
    assert [feed.url for feed in feeds_in(tmp_path / "feeds.yaml")] == [meant]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Café’s Blog — №1!", "the-cafes-blog-no1"),
        ("", "paper.example"),
        ("Новости", "paper.example"),
        ("...", "paper.example"),
        ("x" * 300, "x" * 60),
    ],
)
def test_ids_are_made_of_titles_else_of_hosts(tmp_path: Path, title: str, name: str) -> None:
    done = import_lists([listed("https://www.paper.example/feed", title)], tmp_path / "f.yaml")
    assert done.added == (name,)


def test_no_two_feeds_have_one_id(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("version: 1\nfeeds: [{id: news-2, url: 'https://old.example/'}]\n")
    many = [listed(f"https://{n}.example/", "News") for n in range(4)]
    assert import_lists(many, path).added == ("news", "news-3", "news-4", "news-5")
    assert len(told(path)) == 5


def test_groups_in_any_script_have_names_of_their_own(tmp_path: Path) -> None:
    titles = ("Новости", "Спорт", "UI / UX", "UI_-_UX")
    many = [listed(f"https://{n}.example/", "", group) for n, group in enumerate(titles)]
    import_lists(many, tmp_path / "feeds.yaml")
    groups = [feed.tags[0] for feed in feeds_in(tmp_path / "feeds.yaml")]
    assert groups[2:] == ["UI-UX", "UI_-_UX"]
    assert len(set(groups)) == 4


def test_the_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("version: 1\n")
    (tmp_path / "real.yaml").chmod(0o640)
    (tmp_path / "feeds.yaml").symlink_to("real.yaml")
    import_lists([PAPER], tmp_path / "feeds.yaml")
    assert (tmp_path / "feeds.yaml").is_symlink()
    assert (tmp_path / "real.yaml").stat().st_mode & 0o777 == 0o640
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        import_lists([PAPER], tmp_path / "nowhere" / "feeds.yaml")


@given(title=st.text(max_size=60), path=st.text(max_size=20), group=st.text(max_size=20))
def test_any_title_and_group_is_written_such_that_the_file_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, title: str, path: str, group: str
) -> None:
    file = tmp_path_factory.mktemp("any") / "feeds.yaml"
    one = listed(f"https://paper.example/{path}", title, *([group] if group else []))
    done = import_lists([one], file)
    assert len(done.added) + len(done.faults) == 1
    if done.added:
        (feed,) = feeds_in(file)
        assert feed.id == done.added[0]


def test_what_is_exported_is_imported_to_the_same_feeds(tmp_path: Path) -> None:
    feeds = (
        Feed(
            id=FeedId("b"), url="https://b.example/", every=timedelta(minutes=90), language="de-AT"
        ),
        Feed(
            id=FeedId("1984"), url="https://a.example/?x=1&y=2", title='"A" <é>', tags=("no", "x.y")
        ),
        Feed(id=FeedId("c"), url="https://c.example/", tags=("no",), backfill=timedelta(days=14)),
        Feed(id=FeedId("d"), url="https://d.example/", tags=("z",), backfill=20, title="D"),
    )
    (tmp_path / "out.opml").write_text(write_opml(feeds))
    lists = read_lists([tmp_path / "out.opml"])
    done: Imported = import_lists(lists.listed, tmp_path / "feeds.yaml")
    assert (done.faults, done.doubles) == ((), ())
    assert feeds_in(tmp_path / "feeds.yaml") == feeds
