"""What came of items' pages, as a noun and as bytes.

Pages are known by a fingerprint of the address that was asked for: addresses are veiled on a disk,
and a veiled one no longer tells which item's page it was.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from watcher.model import PageMissed, PageRead, PageResult, PagesGot, Source, content_id

NOT_RECORDED = PageMissed(reason="not asked for: no page of it was recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesTold:
    """What came of the pages that a visit asked for."""

    results: Mapping[str, PageResult]  # by the fingerprint of the address

    def of(self, addresses: Iterable[str]) -> PagesGot:
        """Give what is told of these addresses."""
        return {one: self.results.get(page_key(one), NOT_RECORDED) for one in addresses}


def page_key(address: str) -> str:
    """Give the fingerprint of a page's address."""
    return content_id("page", address)


def told_of(got: PagesGot) -> PagesTold:
    """Give what is to be kept of pages."""
    return PagesTold(results={page_key(address): page for address, page in got.items()})


def pages_as_bytes(told: PagesTold) -> bytes:
    """Write what came of pages; one a line."""
    lines = (json.dumps([key, _written(page)]) for key, page in told.results.items())
    return "\n".join(lines).encode()


def pages_from_bytes(body: bytes) -> PagesTold:
    """Read what came of pages; raises ValueError, KeyError or TypeError where it is not that."""
    read = (json.loads(line) for line in body.split(b"\n") if line)
    return PagesTold(results={str(key): _read(page) for key, page in read})


def _written(page: PageResult) -> dict[str, object]:
    if isinstance(page, PageMissed):
        return {"missed": page.reason}
    sources = [[one.url, one.how] for one in page.sources]
    return {"from": page.url, "text": page.text, "sources": sources}


def _read(told: Mapping[str, Any]) -> PageResult:
    if "missed" in told:
        return PageMissed(reason=str(told["missed"]))
    sources = tuple(Source(url=str(url), how=str(how)) for url, how in told["sources"])
    return PageRead(url=str(told["from"]), text=str(told["text"]), sources=sources)
