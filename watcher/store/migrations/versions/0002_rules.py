"""How rules do: when each came into service, and which hits it had when."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table of rules; index hits by rule and time."""
    op.create_table(
        "rule",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("in_service", sa.Boolean, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("last_hit_at", sa.BigInteger),
        sa.Column("quiet_since", sa.BigInteger),
        sa.Column("noisy_since", sa.BigInteger),
    )
    op.create_index("hit_rule", "hit", ["rule", "at"])
