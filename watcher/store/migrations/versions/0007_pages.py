"""What became of items' pages."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of notes about pages."""
    name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "page",
        sa.Column("item", name, sa.ForeignKey("item.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("used", sa.Boolean, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("mark", name, nullable=False),
    )
    op.create_index("page_mark", "page", ["mark"])
