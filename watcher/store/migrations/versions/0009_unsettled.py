"""The alerts of a channel that are still to be sent, oldest first."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only they are in the index: what was sent is most of the table, and not looked for."""
    unsettled = sa.text("state IN ('held', 'pending', 'doubtful', 'sending')")
    op.create_index(
        "alert_unsettled",
        "alert",
        ["channel", "created_at", "revision", "key"],
        sqlite_where=unsettled,
        postgresql_where=unsettled,
    )
