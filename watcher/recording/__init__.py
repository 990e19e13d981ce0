"""What visits got, on disk: recorded by the daemon, or as timelines of somebody else's keeping.

    record     one visit's answer as a noun, and as bytes
    pages      what came of items' pages, likewise
    recorder   writes a folder of records, within bounds
    ports      the ports to the network, recorded
    folder     reads such a folder
    timeline   reads one feed at many moments: an archive, or a folder of documents
    sources    what a path holds; all of it in the order of time

Nothing here knows what a feed looks like inside: a body is bytes.
"""

from watcher.recording.pages import PagesTold
from watcher.recording.ports import RecordingFetcher, RecordingPages
from watcher.recording.record import Record
from watcher.recording.recorder import MEGABYTE, Recorder
from watcher.recording.sources import Source, Survey, merged, sources_in, surveyed

__all__ = [
    "MEGABYTE",
    "PagesTold",
    "Record",
    "Recorder",
    "RecordingFetcher",
    "RecordingPages",
    "Source",
    "Survey",
    "merged",
    "sources_in",
    "surveyed",
]
