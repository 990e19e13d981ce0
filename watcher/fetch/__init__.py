"""HTTP in: feeds, fetched politely and within bounds.

    settings    what may be set, with the defaults
    address     a feed's address as we ask for it; `redacted` for showing it
    guard       which network addresses we may connect to
    lifeline    the deadline of a whole visit, and the watchdog that enforces it
    wire        connections to checked addresses under one shared TLS context
    body        reading and decompressing with caps
    unpacking   the kinds of compression
    answer      what a status and its headers mean to us
    holds       hosts that asked to be left alone
    trouble     exceptions of the world, told in words
    visit       one visit, from the first request over redirects to the answer
    gate        how many requests may be under way to one host
    traffic     many requests at once: the pool and its threads
    fetcher     feeds
    witness     the same, for people who want to see how an answer came
    pages       pages of items, for their full text
    rounds      whose turn it is among pages, and whose time is over
    robots      what sites allow robots to ask for
    reader      the process that reads pages, and is killed when it takes too long
    extractor   the script that it runs

Nothing here knows what a feed looks like inside: a body is bytes.
"""

from watcher.fetch.address import host_of, redacted
from watcher.fetch.fetcher import HttpFetcher, fetch_one
from watcher.fetch.settings import FetchSettings, PageBudget
from watcher.fetch.witness import Witness

__all__ = [
    "FetchSettings",
    "HttpFetcher",
    "PageBudget",
    "Witness",
    "fetch_one",
    "host_of",
    "redacted",
]
