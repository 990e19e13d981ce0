"""Full text: whose page is wanted, and what of it becomes part of the item."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from watcher.model import (
    Feed,
    Filled,
    FullText,
    Item,
    ItemId,
    PageNote,
    PageRead,
    PageResult,
    PagesGot,
    Shown,
    Source,
    ToldApart,
    Wished,
    content_id,
)
from watcher.parse.fields import TEXT_AT_MOST
from watcher.text.links import host, normal_link, site
from watcher.text.markup import text_clean, unmarked

SHORT = 600  # characters; a feed that says so much about an item says enough for `auto`
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\[&hellip;\])\W*(?:\w+ ){0,3}\w*\W*$")
_DIGITS = re.compile(r"\d+")


def wished(
    feed: Feed,
    entries: Iterable[Item | Shown],
    apart: ToldApart,
    silent: Mapping[ItemId, str],
    most: int,
) -> Wished:
    """Choose the pages that a visit needs: of what is new or edited, and may alert.

    `silent` names the items that may not, with the reason. A first visit brings hundreds of them:
    the baseline is compared with later copies by what the feed says, which is cheaper by far.
    Document order decides who comes first: feeds put the newest on top.
    """
    if feed.full_text is FullText.NO:
        return Wished(unwished={})
    shared = Counter(item.normal_link for item in entries)
    addresses: dict[str, None] = {}
    unwished: dict[ItemId, str] = {}
    for item in (*apart.fresh, *apart.edited):
        why_not = silent.get(item.id, "") or _needless(item, feed.full_text, shared)
        if not why_not and len(addresses) >= most:
            why_not = f"this visit had more than {most} items to fetch pages for"
        if why_not:
            unwished[item.id] = f"not asked for: {why_not}"
        else:
            addresses[item.link] = None
    return Wished(addresses=tuple(addresses), unwished=unwished)


def _needless(item: Item, wanted: FullText, shared: Mapping[str, int]) -> str:
    """Say why an item's page would be of no use."""
    if urlsplit(item.link).scheme not in ("http", "https"):
        return "the item has no link to a page"
    if shared[item.normal_link] > 1:
        return "other items have the same link, so that it leads to none of them"
    if wanted is FullText.AUTO and not _is_teaser(_longest(item)):
        return f"the feed's own text has {SHORT} characters or more"
    return ""


def _is_teaser(text: str) -> bool:
    return len(text) < SHORT or bool(_CUT_OFF.search(text[-60:]))


def _longest(item: Item) -> str:
    return max(item.summary, item.content, key=len)


# --- what came


def clean_pages(got: PagesGot) -> dict[str, PageResult]:
    """Bring a visit's pages into the form of items' texts, and drop claims that mean nothing.

    An address on the page's own site says where else the page can be read there. One that several
    pages name is the mistake of a template.
    """
    read = [page for page in got.values() if isinstance(page, PageRead)]
    named = Counter(address for page in read for address in {one.url for one in page.sources})
    return {
        address: _cleaned(page, named) if isinstance(page, PageRead) else page
        for address, page in got.items()
    }


def _cleaned(page: PageRead, named: Mapping[str, int]) -> PageRead:
    lines = (unmarked(text_clean(line)) for line in page.text.split("\n"))
    return replace(
        page,
        text="\n".join(filter(None, lines))[:TEXT_AT_MOST].rstrip(),
        sources=tuple(
            one
            for one in page.sources
            if named[one.url] == 1 and site(host(one.url)) != site(host(page.url))
        ),
    )


def page_mark(page: PageResult) -> str:
    """Give the fingerprint of a site's page; blind to digits, because refusals are numbered."""
    if not isinstance(page, PageRead):
        return ""
    return content_id("page", site(host(page.url)), _DIGITS.sub("0", page.text))


def filled(item: Item, page: PageResult, twins: Collection[str]) -> Filled:
    """Let an item say what its page says, where that is more than the feed says.

    `twins` are the addresses of other items' pages with the same mark. The feed's own words stay,
    and their fingerprint remains the one by which an edit is known.
    """
    if not isinstance(page, PageRead):
        return Filled(item=item, note=PageNote(item=item.id, used=False, outcome=page.reason))
    mark = page_mark(page)
    why_not = _useless(item, page, twins)
    note = PageNote(item=item.id, used=not why_not, outcome=why_not, url=page.url, mark=mark)
    if why_not:
        return Filled(item=item, note=note)
    return Filled(
        item=_with_text(item, page),
        note=replace(note, outcome=f"read: {len(page.text):,} characters"),
    )


def _useless(item: Item, page: PageRead, twins: Collection[str]) -> str:
    """Say why a page's text is not the item's."""
    own = len(_longest(item))
    if len(page.text) <= own:
        return f"it says no more ({len(page.text):,} characters) than the feed ({own:,})"
    if any(normal_link(twin) != normal_link(page.url) for twin in twins):
        # a notice to log in or to accept cookies would make one story of all that stand behind it
        return "another page of the site says the same: it is no article"
    return ""


def _with_text(item: Item, page: PageRead) -> Item:
    """Put the page's text into `content`; what the feed had there goes below its summary."""
    summary, links = item.summary, item.links
    if item.content:
        start = len(summary) + 1 if summary else 0
        summary = f"{summary}\n{item.content}" if summary else item.content
        links = tuple(
            replace(link, field="summary", start=link.start + start, end=link.end + start)
            if link.field == "content"
            else link
            for link in links
        )
    return replace(
        item,
        summary=summary,
        content=page.text,
        links=links,
        sources=tuple(dict.fromkeys((*item.sources, *_claims(item, page)))),
        feed_hash=item.text_hash,
    )


def _claims(item: Item, page: PageRead) -> Iterator[Source]:
    """Give the sources that are not merely where the item's own link led by way of others."""
    own = site(host(item.link))
    yield from (source for source in page.sources if site(host(source.url)) != own)
