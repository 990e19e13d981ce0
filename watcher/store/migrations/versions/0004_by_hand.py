"""Which placements a person decided."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of all placements so far that nobody decided them by hand."""
    column = sa.Column("by_hand", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("placement", column)
