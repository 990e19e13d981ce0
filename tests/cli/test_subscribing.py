"""watcher feeds import and export."""

from pathlib import Path

from tests.cli.conftest import Setting, Watcher

LIST = "https://a.example/feed\nnonsense\nhttps://www.a.example/feed/\nhttps://b.example/feed\n"


def test_import_adds_feeds_and_tells_what_became_of_the_list(
    watcher: Watcher, tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_text(LIST)
    told = watcher("feeds", "import", tmp_path / "list.txt", "--to", tmp_path / "feeds.yaml")
    assert told.code == 1
    assert told.out == f"{tmp_path}/feeds.yaml: 2 feeds added, 1 there already, 1 no feeds\n"
    assert f"{tmp_path}/list.txt:2: error O005: nonsense: this is not an http" in told.err
    assert f"{tmp_path}/list.txt:3: warning O004: https://www.a.example/feed/: is there" in told.err


def test_import_tells_all_of_it_in_json(watcher: Watcher, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(LIST)
    told = watcher("feeds", "import", tmp_path / "list.txt", "--to", tmp_path / "f.yaml", "--json")
    (record,) = told.records
    assert record["added"] == ["a.example", "b.example"]
    assert [len(record[key]) for key in ("doubles", "faults")] == [1, 1]  # type: ignore[arg-type]
    manual = (Path(__file__).parents[2] / "docs/command-line.md").read_text("utf-8")
    documented = manual.partition("`feeds import`: ")[2].partition("\n\n")[0]
    assert all(key in documented for key in record)


def test_import_shows_the_first_faults_and_how_many_more(watcher: Watcher, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("nonsense\n" * 25)
    told = watcher("feeds", "import", tmp_path / "list.txt", "--to", tmp_path / "feeds.yaml")
    assert told.err.splitlines()[-1] == "… and 5 more like these (--json tells all)"
    assert not (tmp_path / "feeds.yaml").exists()


def test_a_feed_that_may_not_or_cannot_be_fetched_is_not_added_and_the_reason_is_said(
    watcher: Watcher, tmp_path: Path
) -> None:
    target = tmp_path / "feeds.yaml"
    told = watcher("feeds", "add", "http://127.0.0.1:9/feed", "--to", target)
    assert told.code == 1
    assert told.err.startswith("http://127.0.0.1:9/feed cannot be fetched: ")
    assert "allow_networks" in told.err
    assert not target.exists()


def test_broken_opml_is_the_operators_mistake_and_adds_nothing(
    watcher: Watcher, tmp_path: Path
) -> None:
    (tmp_path / "good.txt").write_text(LIST)
    (tmp_path / "bad.opml").write_text("<opml>\n<body></opml>")
    files = (tmp_path / "good.txt", tmp_path / "bad.opml")
    told = watcher("feeds", "import", *files, "--to", tmp_path / "feeds.yaml")
    assert told.code == 2
    assert told.err == f"{tmp_path}/bad.opml:2:9: error O002: broken XML: mismatched tag\n"
    assert not (tmp_path / "feeds.yaml").exists()


def test_what_was_exported_and_imported_again_is_a_good_configuration(
    watcher: Watcher, setting: Setting, tmp_path: Path
) -> None:
    exported = watcher("feeds", "export", "-c", setting.config)
    assert exported.err == ""
    (tmp_path / "out.opml").write_text(exported.out)
    (tmp_path / "feeds.yaml").unlink()
    watcher("feeds", "import", tmp_path / "out.opml", "--to", tmp_path / "feeds.yaml")
    assert watcher("check", "-c", setting.config).code == 0
    assert watcher("feeds", "export", "-c", setting.config).out == exported.out


def test_export_warns_of_addresses_that_hold_secrets(
    watcher: Watcher, setting: Setting, tmp_path: Path
) -> None:
    (tmp_path / "feeds.yaml").write_text(
        "version: 1\nfeeds: [{id: a, url: 'https://me:secret@a.example/'}]\n"
    )
    told = watcher("feeds", "export", "-c", setting.config)
    assert "1 addresses hold what may be a secret" in told.err
