"""Takes the pictures of docs/pictures: `make pictures`, or only some: `… -m tools.pictures mail`.

Every mail is looked at on a desk and on a telephone, in the light and in the dark. The run fails
where a mail is wider than its screen.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tools.pictures.console import terminal
from tools.pictures.slack import conversation
from tools.pictures.status import status_pages
from tools.pictures.stories import ALERTS, DIGEST, STORY, quoted
from watcher.alerts.render import as_html

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
DESK, PHONE = 800, 390
STATUS_DESK = 1040
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Picture:
    """What is shown on which screen."""

    name: str
    page: str
    width: int
    scheme: Literal["light", "dark"] = "light"


def mails() -> Iterator[Picture]:
    for name, alert in ALERTS.items():
        page = as_html(alert)
        for width, screen in ((DESK, "desk"), (PHONE, "phone")):
            yield Picture(f"mail-{name}-{screen}-light", page, width)
            yield Picture(f"mail-{name}-{screen}-dark", page, width, "dark")


def chats() -> Iterator[Picture]:
    yield Picture("slack", conversation((STORY, DIGEST)), 760)
    yield Picture("console", terminal((STORY, DIGEST)), 900)


def long_words() -> Picture:
    """Show a mail in which nothing can be broken between words; nobody keeps it."""
    word = "W" * 250
    link = f"https://{'long.' * 20}example/{word}"
    cited = replace(STORY.message.copies[0], link=link, title=word, feed_title=word)
    rule = replace(STORY.message.rules[0], title=word, quotes=(quoted("title", f"[{word}]"),))
    told = replace(STORY.message, headline=word, lead=cited, rules=(rule,), copies=(cited,))
    told = replace(told, original=link, evidence=(word,), body=word)
    return Picture("long words", as_html(replace(STORY, message=told, because=word)), PHONE)


def served(browser: Browser) -> None:
    """Take pictures of the status page; with --all each in the light and in the dark, and small."""
    looks = [(width, screen, scheme) for width, screen in ((STATUS_DESK, "desk"), (PHONE, "phone"))
             for scheme in SCHEMES]  # fmt: skip
    with status_pages() as (site, places):
        for name, path in places.items():
            for width, screen, scheme in looks:
                kept = name == "overview" or (screen, scheme) == ("desk", "light")
                if kept or "--all" in sys.argv:
                    picture = Picture(f"status-{name}-{screen}-{scheme}", "", width, scheme)
                    keep(picture.name, take(browser, picture, site.base + path))


def take(browser: Browser, picture: Picture, address: str = "") -> bytes:
    """Take the picture of a whole page, which must not be wider than the screen."""
    page = browser.new_page(
        viewport={"width": picture.width, "height": 200}, color_scheme=picture.scheme
    )
    if address:
        page.goto(address)
    else:
        page.set_content(picture.page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > picture.width:
        sys.exit(f"{picture.name}: {wide} pixels wide on a screen of {picture.width}")
    taken = page.screenshot(full_page=True)
    page.close()
    return taken


def keep(name: str, taken: bytes) -> None:
    """Write a picture in few colours, which a text does not miss: a third of the bytes."""
    with Image.open(io.BytesIO(taken)) as image:
        small = image.convert("RGB").quantize(
            128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
    small.save(FOLDER / f"{name}.png", optimize=True)
    print(name)


def main() -> None:
    if not Path(CHROMIUM).exists():
        sys.exit("as root, on Debian: apt-get install chromium fonts-liberation")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        take(browser, long_words())
        for picture in (*mails(), *chats()):
            if not sys.argv[1:] or picture.name.startswith(tuple(sys.argv[1:])):
                keep(picture.name, take(browser, picture))
        if not sys.argv[1:] or "status" in sys.argv:
            served(browser)
        browser.close()


if __name__ == "__main__":
    main()
