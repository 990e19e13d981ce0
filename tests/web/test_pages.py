"""Every page says what it is for, and feed text is nothing but text on it."""

from datetime import timedelta

import pytest

from tests.web.scene import HOSTILE, NO_LINK, Page, Scene
from watcher.model import AlertState, Item, Story
from watcher.web.site import PAGES

STILL = [path for path in PAGES if "{" not in path]


def alerts(played: Scene, state: AlertState | None = None) -> list[str]:
    with played.world.store.reading() as tx:
        return [alert.key for alert in tx.alerts_page((state,) if state else (), limit=50)]


def stories(played: Scene) -> list[str]:
    with played.world.store.reading() as tx:
        return [story.id for story in tx.stories_page(limit=50)]


@pytest.mark.parametrize("path", STILL)
def test_every_page_is_there(page: Page, path: str) -> None:
    assert page.get(path).status_code == 200


def test_the_overview_says_first_what_is_wrong(page: Page) -> None:
    text = page.get("/").text
    assert "2 things need you" in text
    assert text.index("1 alert for phone was given up") < text.index("Matches in 24 hours")
    assert "m.example is failing" in text
    assert "503 Service Unavailable, 3 times in a row; last read 2026-03-02 08:40 UTC" in text
    assert "3 in the busiest hour" in text


def test_a_feed_tells_its_trouble_and_its_visits(page: Page) -> None:
    text = page.get("/feeds/m.example").text
    assert "503 Service Unavailable, 3 times in a row" in text
    assert text.count("<svg") == 1
    assert "m.example in the last 24 hours: 6 visits, 0 new items, 3 failed (10:00–10:30" in text
    assert "<span>1 visit, 1 failed, nothing new</span>" in text


def test_a_job_that_shows_no_sign_of_life_needs_somebody(page: Page, played: Scene) -> None:
    played.silent["poll"] = 600.0
    text, about = page.get("/").text, page.get("/about").text
    played.silent.clear()
    assert "The job “poll” shows no sign of life" in text
    assert "for 10 minutes" in text
    assert "The job “poll” shows no sign of life" in about


def test_rules_are_offered_where_alerts_are_narrowed_to_one(page: Page) -> None:
    assert '<option value="back-door"></option>' in page.get("/alerts").text


def test_what_is_grave_is_seen_in_the_list_of_alerts(page: Page) -> None:
    row = page.get("/alerts?rule=back-door").text.split("<li>")[1].split("</li>")[0]
    assert '<span class="badge warn">high</span>' in row
    assert ">info<" not in page.get("/alerts?rule=flood").text


def test_a_rule_that_never_matched_says_so(page: Page) -> None:
    assert "0 hits in 30 days · none yet · to phone" in page.get("/rules").text
    assert "<dd>none yet</dd>" in page.get("/rules/never").text


def test_times_of_one_thing_are_told_without_pointing_at_them(page: Page, played: Scene) -> None:
    (dead,) = alerts(played, AlertState.DEAD)
    text = page.get(f"/alerts/{dead}").text
    assert '5 hours ago</time> <span class="faint">(2026-03-02 08:20)</span>' in text
    assert "Try 1, " in text


def test_feeds_that_need_somebody_come_first(page: Page) -> None:
    text = page.get("/feeds").text
    assert text.index("/feeds/m.example") < text.index("/feeds/gadgets.example")


def test_an_alert_tells_why_it_matched_and_what_became_of_it(page: Page, played: Scene) -> None:
    (dead,) = alerts(played, AlertState.DEAD)
    text = page.get(f"/alerts/{dead}").text
    assert "<mark>Flood</mark>" in text
    assert "404 no such hook" in text
    assert "Send again" in text


def test_a_story_tells_who_copied_it_and_how_we_know(page: Page, played: Scene) -> None:
    texts = [page.get(f"/stories/{story}").text for story in stories(played)]
    (orvane,) = [text for text in texts if "gadgets.example" in text]
    assert "copies Orvane will leave Tarsia" in orvane
    assert '<ul class="evidence"><li>' in orvane


def story_of_two(played: Scene) -> tuple[Story, Item]:
    """Find the story that has a copy, and the copy."""
    with played.world.store.reading() as tx:
        (found,) = [story for story in tx.stories_page(limit=50) if story.items > 1]
        _, (copy, _) = tx.story_items(found.id)
    return found, copy


def test_a_copy_stands_beside_its_lead_with_each_swapped_word(page: Page, played: Scene) -> None:
    found, _ = story_of_two(played)
    text = page.get(f"/stories/{found.id}").text
    assert "<del>enforcement</del> → <ins>coercion</ins>" in text
    assert "Law <del>enforcement</del> agencies of Tarsia had <del>asked</del> for one" in text
    assert "Law <ins>coercion</ins> agencies of Tarsia had <ins>begged</ins> for one" in text
    assert '<p class="both" dir="auto">Parliament votes on the bill on Thursday.</p>' in text
    assert "45 of its 49 words are the lead’s" in text


def test_only_the_copy_that_is_asked_for_is_open(page: Page, played: Scene) -> None:
    found, copy = story_of_two(played)
    assert "<details open>" not in page.get(f"/stories/{found.id}").text
    asked = page.get(f"/stories/{found.id}", params={"beside": copy.id}).text
    assert asked.count("<details open>") == 1
    assert page.get(f"/stories/{found.id}?beside=%3Cscript%3E").status_code == 200


def test_of_many_copies_the_later_ones_are_a_link_away(
    page: Page, played: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.web.pages.stories.AT_ONCE", 0)
    found, copy = story_of_two(played)
    path = f"/stories/{found.id}"
    assert "<ins>" not in page.get(path).text
    assert f'href="{path}?beside={copy.id}#{copy.id}"' in page.get(path).text
    assert "<ins>coercion</ins>" in page.get(f"{path}?beside={copy.id}").text


def test_an_expression_is_tried_on_what_was_seen_last(page: Page) -> None:
    text = page.get("/rules", params={"try": "river"}).text
    assert "<b>1</b> of 4 items match" in text
    assert "The <mark>river</mark> rose" in text


def test_a_faulty_expression_is_told_with_its_place(page: Page) -> None:
    assert "at character" in page.get("/rules/flood", params={"try": "flood AND ("}).text


@pytest.mark.parametrize("path", ["/", "/alerts", "/stories", "/rules?try=flood", "/rules/flood"])
def test_feed_text_never_becomes_markup(page: Page, path: str) -> None:
    text = page.get(path).text
    assert HOSTILE not in text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_links_of_feeds_lead_to_the_web_or_nowhere(page: Page, played: Scene) -> None:
    pages = [page.get(f"/stories/{story}").text for story in stories(played)]
    pages += [page.get(f"/alerts/{alert}").text for alert in alerts(played)]
    assert not any(f'href="{NO_LINK}' in text for text in pages)
    linked = [text for text in pages if 'href="https://harbour.example/orvane"' in text]
    assert linked
    assert all('orvane" rel="noopener noreferrer nofollow"' in text for text in linked)


def test_what_is_not_there_is_said_plainly(page: Page) -> None:
    answer = page.get("/alerts/nothing")
    assert answer.status_code == 404
    assert "there is no alert “nothing”" in answer.text


def test_a_dead_alert_is_sent_again_under_its_key(page: Page, played: Scene) -> None:
    (dead,) = alerts(played, AlertState.DEAD)
    answer = page.send(f"/alerts/{dead}/retry", back="outbox")
    assert answer.headers["location"] == "/outbox?said=retry"
    assert "sent again now" in page.get(answer.headers["location"]).text
    with played.world.store.reading() as tx:
        found = tx.alert(dead)
    assert found is not None
    assert found.state is AlertState.PENDING


def test_a_waiting_alert_is_dropped(page: Page, played: Scene) -> None:
    (pending,) = alerts(played, AlertState.PENDING)
    page.send(f"/alerts/{pending}/drop")
    with played.world.store.reading() as tx:
        found = tx.alert(pending)
    assert found is not None
    assert found.state is AlertState.SUPPRESSED


def test_a_silence_is_made_and_ended(page: Page, played: Scene) -> None:
    page.send("/silences/add", rule="back-*", **{"for": "1d"}, author="Bob")
    now = played.world.clock.now()
    with played.world.store.reading() as tx:
        (made,) = [one for one in tx.silences(now) if one.author == "Bob"]
    assert made.matches == (("rule", "back-*"),)
    assert made.ends_at - now == timedelta(days=1)
    page.send(f"/silences/{made.id}/expire")
    with played.world.store.reading() as tx:
        assert made.id not in [one.id for one in tx.silences(now)]


def test_a_silence_of_everything_is_not_made(page: Page) -> None:
    answer = page.send("/silences/add", **{"for": "1d"})
    assert answer.status_code == 400
    assert "would keep in all" in answer.text


def test_a_channel_is_tried_by_the_way_that_all_alerts_go(page: Page, played: Scene) -> None:
    answer = page.send("/channels/phone/test")
    key = answer.headers["location"].split("/")[2].split("?")[0]
    played.world.deliver()
    assert "This is a test of the channel phone" in page.get(f"/alerts/{key}").text
    assert "This is a test of the channel phone" in played.world.phone.headlines


def test_long_lists_of_feeds_and_rules_are_cut(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.web.desk.IN_ONE", 2)
    for path, names in (("/feeds", 3), ("/rules", 3)):
        first, second = page.get(path).text, page.get(f"{path}?page=2").text
        assert f'href="{path}?page=2"' in first
        assert "?page=3" not in second
        assert first.count('class="name"') + second.count('class="name"') == names
    assert page.get("/feeds?page=0").status_code == 400
