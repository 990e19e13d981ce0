"""The tables of release 0.1.0."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "feed",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("configured", sa.Boolean, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("first_read_at", sa.BigInteger),
        sa.Column("last_visit_at", sa.BigInteger),
        sa.Column("last_read_at", sa.BigInteger),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("last_modified", sa.Text, nullable=False),
        sa.Column("validators_url", sa.Text, nullable=False),
        sa.Column("body_hash", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("trouble", sa.Text, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.Column("interval", sa.BigInteger),
        sa.Column("last_fresh_at", sa.BigInteger),
    )
    op.create_index("feed_due", "feed", ["due_at"])
    op.create_table(
        "item",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("id", NAME, nullable=False, unique=True),
        sa.Column("feed", NAME, nullable=False),
        sa.Column("guid", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("normal_link", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("authors", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("published", sa.BigInteger),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
        sa.Column("links", sa.Text, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("last_seen_at", sa.BigInteger, nullable=False),
        sa.Column("has_text", sa.Boolean, nullable=False),
    )
    op.create_index("item_seen", "item", ["seen_at"])
    op.create_index("item_last_seen", "item", ["last_seen_at"])
    op.create_table(
        "item_version",
        sa.Column("item", NAME, sa.ForeignKey("item.id", ondelete="CASCADE"), nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("item", "text_hash"),
    )
    op.create_table(
        "story",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("lead", NAME, sa.ForeignKey("item.id", ondelete="CASCADE"), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger, nullable=False),
        sa.Column("last_seen_at", sa.BigInteger, nullable=False),
    )
    op.create_index("story_lead", "story", ["lead"])
    op.create_index("story_last_seen", "story", ["last_seen_at"])
    op.create_table(
        "placement",
        sa.Column("item", NAME, sa.ForeignKey("item.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("story", NAME, sa.ForeignKey("story.id", ondelete="CASCADE"), nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("of", NAME),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
    )
    op.create_index("placement_story", "placement", ["story"])
    op.create_table(
        "hit",
        sa.Column("item", NAME, sa.ForeignKey("item.id", ondelete="CASCADE"), nullable=False),
        sa.Column("rule", NAME, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("notify", sa.Text, nullable=False),
        sa.Column("updates", sa.Text, nullable=False),
        sa.Column("occurrences", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("item", "rule"),
    )
    op.create_table(
        "plan",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("item", NAME, sa.ForeignKey("item.id", ondelete="CASCADE"), nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("alert", NAME),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("plan_item", "plan", ["item"])
    op.create_table(
        "alert",
        sa.Column("key", NAME, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("channel", NAME, nullable=False),
        sa.Column("story", NAME),
        sa.Column("item", NAME),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("last_outcome", sa.Text, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
    )
    op.create_index("alert_due", "alert", ["channel", "state", "due_at"])
    op.create_index("alert_story", "alert", ["story"])
    op.create_index("alert_created", "alert", ["created_at"])
    op.create_table(
        "attempt",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("alert", NAME, sa.ForeignKey("alert.key", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_index("attempt_alert", "attempt", ["alert"])
    op.create_table(
        "known_by",
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.Column("item", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key", "item"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_claim",
        sa.Column("link", sa.BigInteger, nullable=False),
        sa.Column("item", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("link", "item"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_word",
        sa.Column("word", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("item", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("word", "seen_at", "item"),
        sqlite_with_rowid=False,
    )
