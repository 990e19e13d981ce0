"""The tables as they are today. Migrations never import this file; a test compares the two.

Nouns refer to each other by their ids, as everywhere in the program. The three index tables at the
end (`known_by`, `story_claim`, `story_text`) are large and only speed up looking, so they hold
keys instead of texts (`types.key_of`, 64 bits; `stories.key_of_word`, 32 bits), the item's `number`
instead of its id, and no foreign keys; `housekeeping` sweeps them.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    false,
    text,
)

from watcher.store.types import Moment, Name, Span, Words

metadata = MetaData()
VERSION_TABLE = "watcher_schema"  # not Alembic's own name: another program may share the server

# SQLite numbers rows by itself only where the type is INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")

# What the configuration says of a feed (`settings`, JSON) and what we remember of it.
feed = Table(
    "feed",
    metadata,
    Column("id", Name, primary_key=True),
    Column("configured", Boolean, nullable=False),  # false: history of a feed that was removed
    Column("settings", Words, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("lease_until", Moment),  # somebody is visiting it
    Column("first_read_at", Moment),
    Column("last_visit_at", Moment),
    Column("last_read_at", Moment),
    Column("etag", Words, nullable=False),
    Column("last_modified", Words, nullable=False),
    Column("validators_url", Words, nullable=False),
    Column("body_hash", Words, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("trouble", Words, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("interval", Span),
    Column("last_fresh_at", Moment),
    Column("because", Words, nullable=False, server_default=""),
    Column("last_body_at", Moment),
    Column("asking", Words, nullable=False, server_default="both"),
    Column("same_bodies", Integer, nullable=False, server_default="0"),
    Column("gaps", Integer, nullable=False, server_default="0"),
    Column("gap_at", Moment),
    Column("quiet_at", Moment),
    # nouns of `model.memory`, JSON; empty: as they are at first
    Column("wishes", Words, nullable=False, server_default=""),
    Column("habits", Words, nullable=False, server_default=""),
    Column("move", Words, nullable=False, server_default=""),
    Column("look_back", Words, nullable=False, server_default=""),
    Column("recent", Words, nullable=False, server_default=""),
    Index("feed_due", "due_at"),
)

# What is remembered of a feed's last document, to read only what is new in the next one; written
# with its entries, and void without them.
imprint = Table(
    "imprint",
    metadata,
    Column("feed", Name, primary_key=True),
    Column("stored", LargeBinary, nullable=False),  # compressed JSON
)

# An entry of a feed with its latest text; `authors` to `links` are JSON.
item = Table(
    "item",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", Name, nullable=False, unique=True),
    Column("feed", Name, nullable=False),  # no reference: items may come from outside a feed
    Column("guid", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("normal_link", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("content", Words, nullable=False),
    Column("authors", Words, nullable=False),
    Column("tags", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("published", Moment),
    Column("seen_at", Moment, nullable=False),
    Column("sources", Words, nullable=False),
    Column("links", Words, nullable=False),
    Column("text_hash", Words, nullable=False),  # outlives the text
    Column("last_seen_at", Moment, nullable=False),
    Column("has_text", Boolean, nullable=False),  # false: forgotten, only identity is left
    Index("item_seen", "seen_at"),
    Index("item_last_seen", "last_seen_at"),
)

# A text that an item had before it was edited.
item_version = Table(
    "item_version",
    metadata,
    Column("item", Name, ForeignKey("item.id", ondelete="CASCADE"), nullable=False),
    Column("text_hash", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("content", Words, nullable=False),
    Column("until", Moment, nullable=False),  # when another text took its place
    PrimaryKeyConstraint("item", "text_hash"),
)

# What became of an item's page, where one was wished for. `mark` is of the page's site and text.
page = Table(
    "page",
    metadata,
    Column("item", Name, ForeignKey("item.id", ondelete="CASCADE"), primary_key=True),
    Column("used", Boolean, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("mark", Name, nullable=False),
    Index("page_mark", "mark"),
)

# Near-copies told as one.
story = Table(
    "story",
    metadata,
    Column("id", Name, primary_key=True),
    Column("lead", Name, ForeignKey("item.id", ondelete="CASCADE"), nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Index("story_lead", "lead"),
    Index("story_last_seen", "last_seen_at"),
)

# Where an item belongs, and on what evidence (`because`, JSON).
placement = Table(
    "placement",
    metadata,
    Column("item", Name, ForeignKey("item.id", ondelete="CASCADE"), primary_key=True),
    Column("story", Name, ForeignKey("story.id", ondelete="CASCADE"), nullable=False),
    Column("verdict", Words, nullable=False),
    Column("of", Name),
    Column("score", Double, nullable=False),
    Column("because", Words, nullable=False),
    Column("by_hand", Boolean, nullable=False, server_default=false()),
    Index("placement_story", "story"),
)

# A rule's yes to an item, with the rule as it was the last time; `notify` and `occurrences` are
# JSON, `at` is the first time.
hit = Table(
    "hit",
    metadata,
    Column("item", Name, ForeignKey("item.id", ondelete="CASCADE"), nullable=False),
    Column("rule", Name, nullable=False),
    Column("title", Words, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("notify", Words, nullable=False),
    Column("updates", Words, nullable=False),
    Column("occurrences", Words, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("item", "rule"),
    Index("hit_rule", "rule", "at"),
)

# A rule that is or was in service, and which notices about it are open. No reference from hits:
# they may be of rules that came and went before there was this table.
rule = Table(
    "rule",
    metadata,
    Column("id", Name, primary_key=True),
    Column("in_service", Boolean, nullable=False),
    Column("since", Moment, nullable=False),  # in service, the last time it came into it
    Column("last_hit_at", Moment),  # as far as hits were forgotten
    Column("quiet_since", Moment),
    Column("noisy_since", Moment),
)

# What was decided about an item for a route; nothing is ever taken back, only added.
plan = Table(
    "plan",
    metadata,
    Column("number", Number, primary_key=True),
    Column("item", Name, ForeignKey("item.id", ondelete="CASCADE"), nullable=False),
    Column("route", Words, nullable=False),
    Column("decision", Words, nullable=False),
    Column("because", Words, nullable=False),
    Column("alert", Name),
    Column("at", Moment, nullable=False),
    Index("plan_item", "item"),
)

# In literals, as a part of the index that it makes: a parameter would not be known to be in it.
UNSETTLED = text("state IN ('held', 'pending', 'doubtful', 'sending')")

# A promise; `message` is JSON. Its story and item may be forgotten before it is.
alert = Table(
    "alert",
    metadata,
    Column("key", Name, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("route", Words, nullable=False),
    Column("channel", Name, nullable=False),
    Column("story", Name),
    Column("item", Name),
    Column("revision", Integer, nullable=False),
    Column("message", Words, nullable=False),
    Column("because", Words, nullable=False),
    Column("state", Name, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("last_outcome", Words, nullable=False),
    Column("settled_at", Moment),
    Column("in_thread", Boolean, nullable=False, server_default=false()),
    Column("bundle", Words, nullable=False, server_default=""),
    Column("digest", Name),  # the key of the alert that told of it
    Column("reference", Words, nullable=False, server_default=""),
    Column("progress", Words, nullable=False, server_default=""),
    Column("doubtful", Boolean, nullable=False, server_default=false()),
    Index("alert_due", "channel", "state", "due_at"),
    Index("alert_route", "route", "state", "due_at"),
    Index("alert_story", "story"),
    Index("alert_created", "created_at"),
    Index(
        "alert_unsettled",
        "channel",
        "created_at",
        "revision",
        "key",
        sqlite_where=UNSETTLED,
        postgresql_where=UNSETTLED,
    ),
)

# What keeps alerts in for a while; `matches` is JSON.
silence = Table(
    "silence",
    metadata,
    Column("id", Name, primary_key=True),
    Column("matches", Words, nullable=False),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("author", Words, nullable=False),
    Column("comment", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# How a channel does; a channel without a row is well.
channel = Table(
    "channel",
    metadata,
    Column("name", Name, primary_key=True),
    Column("failures", Integer, nullable=False),  # in a row
    Column("failing_since", Moment),
    Column("next_try_at", Moment),  # the breaker is open until then
    Column("trouble", Words, nullable=False),
    Column("told", Integer, nullable=False),  # how often the operator was told that it fails
    Column("last_sent_at", Moment),
)

# One try to deliver. Its number is not unique: a throttled try does not count.
attempt = Table(
    "attempt",
    metadata,
    Column("id", Number, primary_key=True),
    Column("alert", Name, ForeignKey("alert.key", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Index("attempt_alert", "alert"),
)

# Every guid, link, normal link and title that an item was ever seen under.
known_by = Table(
    "known_by",
    metadata,
    Column("key", BigInteger, nullable=False),
    Column("item", BigInteger, nullable=False),
    PrimaryKeyConstraint("key", "item"),
    sqlite_with_rowid=False,
)

# The originals that items name as theirs.
story_claim = Table(
    "story_claim",
    metadata,
    Column("link", BigInteger, nullable=False),
    Column("item", BigInteger, nullable=False),
    PrimaryKeyConstraint("link", "item"),
    sqlite_with_rowid=False,
)

# The texts of placed items, each version by itself, as `stories.Recall` holds them in memory.
story_text = Table(
    "story_text",
    metadata,
    Column("id", Number, primary_key=True),
    Column("item", BigInteger, nullable=False),
    Column("seen_at", Moment, nullable=False),  # of the item
    Column("words", LargeBinary, nullable=False),  # 32-bit keys, little-endian
    Column("text", LargeBinary, nullable=False),  # 16 bits of each word, little-endian
    Index("story_text_item", "item"),
    Index("story_text_seen", "seen_at"),
)
