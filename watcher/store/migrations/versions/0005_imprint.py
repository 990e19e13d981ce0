"""What is remembered of a feed's last document, to read only what is new in the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of imprints, empty: every feed's next document is read whole."""
    name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "imprint",
        sa.Column("feed", name, primary_key=True),
        sa.Column("stored", sa.LargeBinary, nullable=False),
    )
