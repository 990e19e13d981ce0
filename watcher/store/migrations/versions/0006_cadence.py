"""What visits teach of a feed, and what its server and documents ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Know nothing of it yet; the next visit begins to learn."""
    for name in ("last_body_at", "gap_at", "quiet_at"):
        op.add_column("feed", sa.Column(name, sa.BigInteger))
    for name in ("same_bodies", "gaps"):
        op.add_column("feed", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.add_column("feed", sa.Column("asking", sa.Text, nullable=False, server_default="both"))
    for name in ("because", "wishes", "habits", "move", "look_back", "recent"):
        op.add_column("feed", sa.Column(name, sa.Text, nullable=False, server_default=""))
