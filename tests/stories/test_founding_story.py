"""The repost that this project began with, and what must not be taken for one."""

import json
from pathlib import Path

import pytest

from tests.stories.telling import beside, item, told
from watcher.model import Item, Verdict
from watcher.stories import claims, place

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "blackberry-pakistan-spun-repost.txt"
FIXTURES = ROOT / ".." / "shared" / "data" / "dedup" / "dev" / "blackberry_pakistan.jsonl"
SOURCE = "http://mashable.com/2015/11/30/blackberry-pakistan-exit/"


def repost(text: str) -> Item:
    return item("repost", title=text.splitlines()[0], content=text)


@pytest.fixture(scope="module")
def seed() -> str:
    return SEED.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def fixtures() -> dict[str, Item]:
    if not FIXTURES.exists():
        pytest.skip(
            f"{FIXTURES} is not there: the founding story is tested without its look-alikes"
        )
    records = map(json.loads, FIXTURES.read_text(encoding="utf-8").splitlines())
    return {
        f"{r['label']} {r['id']}": item(
            r["id"], title=r["title"], summary=r["summary"], content=r["body"]
        )
        for r in records
    }


def test_the_repost_names_its_source(seed: str) -> None:
    assert [source.url for source in claims(repost(seed))] == [
        "mashable.com/2015/11/30/blackberry-pakistan-exit"
    ]
    assert claims(repost(seed.replace(SOURCE, ""))) == ()


def test_the_repost_folds_onto_a_bare_link_to_its_source(seed: str) -> None:
    source = item("source", title="Out of Pakistan", link=SOURCE)
    placed = place(repost(seed), (), (told(source),), ())
    assert (placed.verdict, placed.of) == (Verdict.COPY, "source")


def test_the_repost_folds_onto_a_straightened_sentence_of_it(seed: str) -> None:
    teaser = item(
        "teaser",
        title="BlackBerry to exit Pakistan after authorities demand ‘back door’ access to servers",
        summary="BlackBerry now announced it would stop operations in Pakistan and exit fully by"
        " Dec. 30. The step comes after the Pakistan authorities asked the phone builder to give it"
        " open access to the secure BlackBerry Enterprise Service (BES) servers.",
    )
    placed = beside(repost(seed.replace(SOURCE, "")), teaser)
    assert (placed.verdict, placed.of) == (Verdict.COPY, "teaser")
    assert "replaced one for one" in placed.because[0]


def test_the_repost_folds_without_its_source_line_and_look_alikes_do_not(
    seed: str, fixtures: dict[str, Item]
) -> None:
    original = fixtures.pop("O orig")
    placed = beside(repost(seed.replace(f"Article source: {SOURCE}", "")), original)
    assert (placed.verdict, placed.of) == (Verdict.COPY, "orig")
    copies = {name for name, one in fixtures.items()
              if beside(one, original).verdict is Verdict.COPY}  # fmt: skip
    assert copies == {name for name in fixtures if name.startswith("D ")}


@pytest.mark.parametrize(("was", "now"), [("Pakistan", "India"), ("BlackBerry", "Nokia")])
def test_the_same_text_about_another_name_stays_apart(seed: str, was: str, now: str) -> None:
    text = seed.replace(SOURCE, "")
    other = item(
        "other", title=text.splitlines()[0].replace(was, now), content=text.replace(was, now)
    )
    assert beside(other, repost(text)).verdict is Verdict.NEW
