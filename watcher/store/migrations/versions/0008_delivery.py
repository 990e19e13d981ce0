"""Digests, threads and progress of alerts; silences; how channels do."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Alerts so far went out alone; nothing is silenced, and no channel is known to fail."""
    key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    for name in ("in_thread", "doubtful"):
        op.add_column(
            "alert", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())
        )
    for name in ("bundle", "reference", "progress"):
        op.add_column("alert", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("alert", sa.Column("digest", key))
    op.create_index("alert_route", "alert", ["route", "state", "due_at"])
    op.create_table(
        "silence",
        sa.Column("id", key, primary_key=True),
        sa.Column("matches", sa.Text, nullable=False),
        sa.Column("begins_at", sa.BigInteger, nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "channel",
        sa.Column("name", key, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", sa.BigInteger),
        sa.Column("next_try_at", sa.BigInteger),
        sa.Column("trouble", sa.Text, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("last_sent_at", sa.BigInteger),
    )
