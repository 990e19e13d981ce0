"""The status page: pages for people, an API, feeds and numbers for programs.

    given        what it is given: the store, and what is in service
    server       uvicorn in a thread
    connections  how long a client may take, and how many there may be
    guard        what every request must pass, and what every answer carries
    site         all addresses
    desk         the frame of all pages; `pages/` has a file for each thing they are about
    state        how everything is, and what is wrong
    writing      whether the database can be written
    beside       a copy beside its lead; `day`: the last 24 hours of a feed

It shows, and does what a person asks for on a page; it decides nothing by itself. What is named
here is light; who serves imports `server` and `site`, which bring Starlette, uvicorn and Jinja2.
"""

from watcher.web.counters import Counters
from watcher.web.given import ChannelCard, Given, InService, Loading, RuleCard, Section
from watcher.web.passwords import hashed
from watcher.web.settings import WebSettings, is_loopback, web_faults

__all__ = [
    "ChannelCard",
    "Counters",
    "Given",
    "InService",
    "Loading",
    "RuleCard",
    "Section",
    "WebSettings",
    "hashed",
    "is_loopback",
    "web_faults",
]
