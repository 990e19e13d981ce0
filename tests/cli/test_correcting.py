"""Stories are shown with their differences, split and joined from the command line."""

from tests.cli.conftest import Setting, Watcher
from tests.stories.telling import SPUN_SUMMARY, SPUN_TITLE, SUMMARY, TITLE, item
from watcher.model import Item
from watcher.pipeline import place_stream
from watcher.store import open_store

FIRST = item("aa11", title=TITLE, summary=SUMMARY)
SPUN = item("bb22", title=SPUN_TITLE, summary=SPUN_SUMMARY, days=1)
OTHER = item("cc33", title="Harbour bridge shut for repairs until May", summary="", days=1)


def told(setting: Setting, *items: Item) -> dict[str, str]:
    """Place items as the daemon would; give the story of each."""
    store = open_store(str(setting.config.parent / "watcher.db"))
    try:
        with store.transaction() as tx:
            return {item.id: placed.story for item, placed in place_stream(tx, items)}
    finally:
        store.close()


def test_a_copy_is_shown_with_what_was_changed(setting: Setting, watcher: Watcher) -> None:
    told(setting, FIRST, SPUN)
    shown = watcher("stories", "show", "aa11", "-c", setting.config).out
    assert "[-recalls-] {+remembers+}" in shown
    assert "[-engineers find hidden access-] {+technicians discover concealed entrance+}" in shown
    assert "because same sentences as" in shown


def test_a_split_holds_for_later_copies(setting: Setting, watcher: Watcher) -> None:
    assert told(setting, FIRST, SPUN) == {"aa11": "aa11", "bb22": "aa11"}
    said = watcher("stories", "split", "bb22", "-c", setting.config)
    assert (said.code, "leads story bb22 now" in said.err) == (0, True)
    again = item("dd44", title=SPUN_TITLE, summary=SPUN_SUMMARY, days=2)
    once_more = item("ee55", title=TITLE, summary=SUMMARY, days=2)
    assert told(setting, again, once_more) == {"dd44": "bb22", "ee55": "aa11"}
    why = watcher("why", "bb22", "-c", setting.config).out
    assert "split off from story aa11 by hand" in why


def test_a_join_holds_for_later_copies(setting: Setting, watcher: Watcher) -> None:
    assert told(setting, FIRST, OTHER) == {"aa11": "aa11", "cc33": "cc33"}
    said = watcher("stories", "join", "cc33", "aa11", "-c", setting.config)
    assert (said.code, f"is told as “{TITLE}” now" in said.err) == (0, True)
    again = item("dd44", title=OTHER.title, days=2)
    assert told(setting, again) == {"dd44": "aa11"}


def test_mistakes_are_said(setting: Setting, watcher: Watcher) -> None:
    told(setting, FIRST, SPUN)
    lead = watcher("stories", "split", "aa11", "-c", setting.config)
    assert (lead.code, "split off the others instead" in lead.err) == (1, True)
    one = watcher("stories", "join", "bb22", "aa11", "-c", setting.config)
    assert (one.code, "aa11 is one story already" in one.err) == (1, True)
    unknown = watcher("stories", "split", "zz99", "-c", setting.config)
    assert (unknown.code, "no item 'zz99' is known" in unknown.err) == (2, True)
