"""Every page in a real browser: at a desk and on a telephone, by day and by night, with and without
scripts. `make test-browser` runs these; Playwright drives Debian's Chromium.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import left_out_or_failed
from tests.web.scene import GUARDED, PASSWORD, Page, Scene, page_of
from watcher.web.site import PAGES

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
DESK, PHONE = 1280, 390
MACHINES = {"/healthz", "/readyz", "/metrics", "/alerts.atom", "/alerts.json"}
STILL = sorted(path for path in PAGES if "{" not in path and path not in MACHINES)
ALL = (
    *STILL,
    "/feeds/m.example",
    "/rules/flood?try=river",
    "{alert}",
    "{story}",
    "{beside}",
    "/nowhere",
)

WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective));
"""
CONTRASTS = """() => {
  const parts = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const linear = c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const [x, y, z] = [r, g, b].map(c => linear(c / 255));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const paper = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parts(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || element.closest('svg') || !element.getClientRects().length) continue;
    const [a, b] = [light(parts(getComputedStyle(element).color)), light(paper(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) poor.push(`${element.tagName} ${element.className} ${contrast.toFixed(2)}`);
  }
  return poor;
}"""
REACHABLE = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary'
)].filter(e => e.getClientRects().length).length"""


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    if not CHROMIUM.exists():
        left_out_or_failed(request, "Chromium is not here: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api", reason="make test-browser installs it")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(page: Page, played: Scene) -> Callable[[str], str]:
    with played.world.store.reading() as tx:
        alert, story = tx.alerts_page(limit=1)[0].key, tx.stories_page(limit=1)[0].id
        copied = next(each.id for each in tx.stories_page(limit=50) if each.items > 1)
        _, (copy, _) = tx.story_items(copied)
    names = {
        "{alert}": f"/alerts/{alert}",
        "{story}": f"/stories/{story}",
        "{beside}": f"/stories/{copied}?beside={copy.id}",
    }
    return lambda path: page.base + names.get(path, path)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_pages_fit_and_can_be_read(
    browser: Any, address: Callable[[str], str], width: int, scheme: str, scripts: bool
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
    )
    context.add_init_script(WATCH)
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    for path in ALL:
        answer = tab.goto(address(path))
        assert answer.status in (200, 404)
        assert tab.locator("h1").count() == 1, path
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, path
        assert tab.evaluate(CONTRASTS) == [], path
        if scripts:
            assert tab.evaluate("violations") == [], path
    context.close()
    assert [text for text in said if "404" not in text] == []


@pytest.mark.parametrize("path", ALL)
def test_everything_is_reached_by_keyboard(
    browser: Any, address: Callable[[str], str], path: str
) -> None:
    tab = browser.new_page()
    tab.goto(address(path))
    wanted = tab.evaluate(REACHABLE)
    reached = set()
    for _ in range(wanted + 5):
        tab.keyboard.press("Tab")
        reached.add(
            tab.evaluate(
                "[...document.querySelectorAll('*')].indexOf(document.activeElement) + ' ' + "
                "(document.activeElement === document.body ? 'body' : "
                "getComputedStyle(document.activeElement).outlineStyle)"
            )
        )
    tab.close()
    there = {one for one in reached if not one.endswith("body")}
    assert len(there) >= wanted
    assert not [one for one in there if one.endswith("none")], "focus that cannot be seen"


def test_without_scripts_one_logs_in_and_silences_something(browser: Any, played: Scene) -> None:
    with page_of(played, GUARDED) as served:
        context = browser.new_context(java_script_enabled=False)
        tab = context.new_page()
        tab.goto(f"{served.base}/silences")
        tab.get_by_label("Password").fill(PASSWORD.reveal())
        tab.get_by_role("button", name="Log in").click()
        assert tab.url == f"{served.base}/silences"
        tab.get_by_label("feed", exact=True).fill("browser-*")
        tab.get_by_role("button", name="Silence", exact=True).click()
        assert "The silence is in force." in tab.locator("main").inner_text()
        assert "feed=browser-*" in tab.locator("main").inner_text()
        tab.get_by_role("button", name="Log out").click()
        assert tab.url == f"{served.base}/login"
        context.close()


@pytest.mark.parametrize(("width", "level"), [(DESK, True), (PHONE, False)])
def test_a_copy_is_beside_its_lead_on_a_desk_and_below_it_on_a_telephone(
    browser: Any, address: Callable[[str], str], width: int, level: bool
) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto(address("{beside}"))
    lead, copy = tab.locator(".pair").first.locator("p").all()
    assert (lead.bounding_box()["y"] == copy.bounding_box()["y"]) is level
    assert lead.bounding_box()["y"] <= copy.bounding_box()["y"]
    assert "firm" in lead.inner_text()
    assert "company" in copy.inner_text()
    lines = "e => getComputedStyle(e).textDecorationLine"
    assert lead.locator("del").first.evaluate(lines) == "line-through"
    assert copy.locator("ins").first.evaluate(lines) == "underline"
    tab.close()


def test_what_feeds_wrote_runs_nowhere(browser: Any, address: Callable[[str], str]) -> None:
    tab = browser.new_page()
    alerted: list[str] = []

    def dismiss(dialog: Any) -> None:
        alerted.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", dismiss)
    for path in ALL:
        tab.goto(address(path))
    tab.close()
    assert alerted == []
